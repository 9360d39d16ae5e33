"""Looks at the runs that are laid down beforehand and share the level."""

import math

import numpy as np
import pytest

from ablations.judging.case import Case
from ablations.judging.interim_looks import Look, needs_more_seeds, schedule, spending
from ablations.judging.judgement import give_verdict
from ablations.judging.kinds.comparison import compare
from ablations.judging.kinds.success_rate import judge as judge_success_rate
from ablations.protocol.kinds import Comparison, ExactCheck, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.decisions import compare as compare_many
from ablations.selfcheck.synthetic import drawn_arm

LOSS = ScoreConfig(quantity="loss", words="final loss")
ARM = drawn_arm("arm", xor_arm())
SHARE = SuccessRate(key="s", label="share", arm=ARM, score=solved(), bound=0.5)


def claim_with(make_claim, **changes):
    share = SHARE.replace(arm=changes.pop("arm", ARM))
    return make_claim(share, **changes).claim


# The schedule.


def test_every_look_sees_twice_the_seeds_of_the_one_before(make_claim):
    looks = schedule(claim_with(make_claim), "quick")
    assert [look.num_seeds for look in looks] == [20, 40, 80, 160]
    assert [look.number for look in looks] == [1, 2, 3, 4]
    assert {look.of for look in looks} == {4}
    given = schedule(claim_with(make_claim, max_looks=2), "quick", 15)
    assert [look.num_seeds for look in given] == [15, 30]


@pytest.mark.parametrize("sizes", [[10], [10, 20], [20, 40, 80, 160], [7, 1000]])
def test_the_looks_together_spend_the_level_and_no_more(sizes):
    spent = spending(sizes)
    assert math.isclose(sum(spent), 0.05)
    assert all(level > 0 for level in spent)


def test_the_last_look_is_nearly_as_sure_as_a_single_one(make_claim):
    looks = schedule(claim_with(make_claim), "quick")
    confidences = [look.confidence for look in looks]
    assert confidences == pytest.approx([0.99375, 0.99375, 0.9875, 0.975])
    assert schedule(claim_with(make_claim, max_looks=1), "quick")[0].confidence == 0.95


def test_a_look_that_would_see_no_new_run_is_not_laid_down(make_claim):
    few = claim_with(make_claim, arm=ARM.replace(max_seeds=30))
    assert [look.num_seeds for look in schedule(few, "quick")] == [20, 40]
    exact = ExactCheck(key="e", label="e", measurement="m", quantity="q", expected=0.0)
    assert len(schedule(make_claim(exact).claim, "quick")) == 1


def test_seeds_kept_for_tuning_are_never_looked_at(make_claim):
    looks = schedule(claim_with(make_claim), "quick", 400_000)
    assert [look.num_seeds for look in looks] == [400_000, 800_000]


# What the looks do.


def test_looking_until_decided_errs_no_more_often_than_promised(make_claim):
    """Of arms that are equal; every extra look at 95 % would add to the errors."""
    looks = schedule(claim_with(make_claim, max_looks=4), "quick", 10)
    prediction = Comparison(
        key="c",
        label="c",
        treatment=drawn_arm("a"),
        control=drawn_arm("b"),
        score=LOSS,
        margin=0.0,
    )
    num_draws = 250
    scores = np.zeros((num_draws, 2, looks[-1].num_seeds))
    scores[:, 0] = np.random.default_rng(0).normal(size=scores[:, 0].shape)

    def decided(look: Look, confidence: float) -> np.ndarray:
        seen = scores[:, :, : look.num_seeds]
        words = compare_many(prediction, seen, confidence)
        # The judging function gives those words, one by one.
        for place in {0, *np.flatnonzero(words != "undecided")[:2]}:
            outcome = compare(prediction, confidence, *seen[place])
            assert outcome.outcome == words[place]
        return words != "undecided"

    wrong = np.any([decided(look, look.confidence) for look in looks], axis=0).sum()
    naive = np.any([decided(look, 0.95) for look in looks], axis=0).sum()
    # Four standard errors above 5 %; looking four times at 95 % is seen to fail.
    assert wrong / num_draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / num_draws)
    assert naive > wrong
    assert naive / num_draws > 0.07


def test_a_look_is_judged_at_its_own_confidence(hand_made, make_claim):
    hand_made.put(ARM, np.arange(40) < 28)
    claim = claim_with(make_claim)
    case = Case(claim, hand_made.evidence(), "quick", 40)
    assert judge_success_rate(SHARE, case).outcome == "holds"
    second = schedule(claim, "quick")[1]
    strict = Case(claim, hand_made.evidence(), "quick", 40, second.confidence)
    outcome = judge_success_rate(SHARE, strict)
    assert outcome.outcome == "undecided"
    assert outcome.confidence == 0.99375


# What is still open.


@pytest.mark.parametrize(
    ("successes", "num_seeds", "more"),
    [(20, 20, False), (0, 20, False), (13, 20, True), (9, 9, True)],
)
def test_only_what_is_open_for_want_of_seeds_is_looked_at_again(
    hand_made, make_claim, successes, num_seeds, more
):
    hand_made.put(ARM, np.arange(num_seeds) < successes)
    registered = make_claim(SHARE)
    verdict = give_verdict(registered, hand_made.evidence(), "quick", num_seeds)
    assert needs_more_seeds(verdict) == more
    assert (verdict.seeds_that_decide is not None) == more


def test_what_no_seed_can_mend_is_not_looked_at_again(hand_made, make_claim):
    exact = ExactCheck(key="e", label="e", measurement="m", quantity="q", expected=0.0)
    verdict = give_verdict(make_claim(exact), hand_made.evidence(), "quick")
    assert verdict.verdict == "not tested"
    assert not needs_more_seeds(verdict)


def test_a_look_records_what_it_found(hand_made, make_claim):
    hand_made.put(ARM, np.arange(20) < 13)
    registered = make_claim(SHARE)
    verdict = give_verdict(registered, hand_made.evidence(), "quick", 20)
    assert schedule(registered.claim, "quick")[0].record(verdict) == {
        "look": 1,
        "of": 4,
        "seeds": 20,
        "confidence": 0.99375,
        "verdict": "inconclusive",
        "outcomes": {"s": "undecided"},
    }
