"""The verdict rule on claims whose truth is known, and rules that are seen to fail."""

import numpy as np
import pytest

from ablations.judging.combine import Decision, combine
from ablations.judging.family import judge_family
from ablations.judging.outcome import Outcome
from ablations.selfcheck import verdicts
from ablations.selfcheck.verdicts import (
    MEASURES,
    check_verdicts,
    naive_verdict,
    words_together,
)

SHARES = MEASURES[1]


@pytest.fixture(autouse=True)
def _shares_alone(monkeypatch):
    """Leave out means, whose flips take a minute; the self-check has them."""
    monkeypatch.setattr(verdicts, "MEASURES", (SHARES,))


def failed(rows) -> list[str]:
    return [row.check for row in rows if not row.passed]


def test_the_rule_errs_as_rarely_as_promised_and_the_naive_one_does_not():
    rows = check_verdicts(1_000)
    assert failed(rows) == []
    naive = [row for row in rows if "by one condition's word" in row.check]
    assert len(naive) == 4


def test_a_rule_that_takes_one_word_for_it_is_seen():
    def rule(strength, axis, core, together):
        verdict = naive_verdict(strength, [o.outcome for o in core])
        if verdict == "something else":
            return combine(strength, axis, core, together)
        return Decision(verdict)

    assert failed(check_verdicts(400, rule)) == [
        "verdict, `can` that never holds",
        "verdict, `always` that holds, all at the bound",
        "verdict, `usually` with equal effects",
        "verdict, conditional with 1, 2, 4, 8, 24 equal conditions",
    ]


def test_a_rule_that_is_never_conditional_is_seen():
    def rule(strength, axis, core, together):
        return combine(strength, "", core, together)

    found = failed(check_verdicts(200, rule))
    assert found == ["verdict, `usually` with clearly unlike effects"]


def test_many_draws_get_the_words_that_holms_procedure_gives_each(make_claim):
    claim = SHARES.claim(8, "usually").claim
    rng = np.random.default_rng(1)
    effects = SHARES.margin + SHARES.far * np.linspace(-1.0, 1.0, 8)
    scores = SHARES.draw(rng, 40, effects)
    found = words_together(SHARES, scores, SHARES.words(scores, 0.95))
    assert {"holds", "fails", "undecided"} <= set(found.ravel())
    for draw, words in zip(scores, found, strict=True):
        rows = dict(zip((p.key for p in claim.core), draw, strict=True))

        def judge_one(prediction, case, rows=rows):
            (word,) = SHARES.words(rows[prediction.key][None], case.confidence)
            return Outcome(prediction.key, "", "comparison", str(word), "", "")

        family = judge_family(claim.core, verdicts.case_of(claim, {}, 20), judge_one)
        assert [o.outcome for o in family.values()] == words.tolist()
