"""Which verdict stands: the published one, or the one from here."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ablations.evidence import versions
from ablations.judging.judgement import give_verdict
from ablations.judging.standing import (
    Reproduction,
    Standing,
    beside_published,
    published_verdicts,
    reproduction,
    standings,
)
from ablations.judging.verdict import INCOMPLETE, Coverage
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm

ALL, NONE, HALF = (
    drawn_arm(name, xor_arm(learning_rate=0.1 + i))
    for i, name in enumerate(("all", "none", "half"))
)


def share(key: str, arm=ALL, bound: float = 0.5, **changes) -> SuccessRate:
    fields = {"key": key, "label": f"share {key}", "arm": arm, "score": solved()}
    return SuccessRate(**fields, bound=bound, **changes)


@pytest.fixture
def give(hand_made):
    """Give the verdict on a claim by a preset."""
    for arm, k in ((ALL, 40), (NONE, 0), (HALF, 20)):
        hand_made.put(arm, np.arange(40) % 40 < k)

    def run(claim, preset="standard"):
        return give_verdict(claim, hand_made.evidence(), preset)

    return run


@pytest.fixture
def claim(make_claim):
    """Return a claim of which the quick preset judges a half."""
    return make_claim(
        share("core"),
        share("more", quick=False),
        beside=(share("beside", NONE),),
        controls=(share("control"),),
    )


# Stored verdicts that count, and those that do not.


def test_a_stored_verdict_counts_while_claim_and_engine_are_the_same(
    claim, make_claim, give, monkeypatch
):
    verdict = give(claim)
    (found,) = standings([claim], [verdict.record()], published={})
    assert found.verdict == verdict
    moved = make_claim(share("core", bound=0.6))
    (changed,) = standings([moved], [verdict.record()], published={})
    assert changed.verdict.verdict == "not tested"
    assert changed.verdict.reason == "The claim has changed since it was judged."
    monkeypatch.setattr(versions, "EVIDENCE_VERSION", "another")
    (older,) = standings([claim], [verdict.record()], published={})
    assert older.verdict.verdict == "not tested"
    assert older.verdict.reason.startswith("Training or measuring has changed")


def test_a_record_of_an_older_format_does_not_count(claim, give):
    old = give(claim).record() | {"format": 1}
    (found,) = standings([claim], [old], published={})
    assert found.here is None
    assert found.verdict.reason == "It was judged by an earlier version of the rules."


def test_verdicts_of_claims_that_are_gone_are_not_shown(claim, give):
    assert standings([], [give(claim).record()], published={}) == []


def test_a_claim_may_be_explained_better_without_a_new_run(make_claim, give):
    verdict = give(make_claim(share("core")))
    explained = make_claim(share("core"), caveats="Only here.")
    (found,) = standings([explained], [verdict.record()], published={})
    assert found.verdict == replace(verdict, caveats="Only here.")


def test_a_claim_without_any_verdict_was_not_run(claim):
    (found,) = standings([claim], [], published={})
    assert found.verdict.reason == "It was not run yet."
    assert found.reproduction is None


# Published, and run again here.


def test_a_quick_run_checks_the_published_verdict_and_never_replaces_it(claim, give):
    published, quick = give(claim), give(claim, "quick")
    assert quick.verdict == INCOMPLETE
    (found,) = standings([claim], [quick.record()], published={claim.id: published})
    assert found.verdict == published
    assert found.here == quick
    seen = found.reproduction
    assert seen == Reproduction(("core", "beside", "control"), (), (), of=4)
    assert seen.describe() == "re-run here: 3 of 4 conditions, all the same"
    record = found.record()
    assert record["published"] is True
    assert record["verdict"] == "supported"
    assert record["rerun"] == {**seen.record(), "preset": "quick"}


def test_a_quick_run_of_a_whole_rule_does_not_replace_it_either(make_claim, give):
    claim = make_claim(share("core"))
    published, quick = give(claim), give(claim, "quick")
    assert quick.verdict == "supported"
    (found,) = standings([claim], [quick.record()], {claim.id: published})
    assert found.verdict == published


@pytest.mark.parametrize("preset", ["standard", "full"])
def test_evidence_of_its_own_stands_for_itself(claim, give, hand_made, preset):
    hand_made.put(ALL, np.ones(40), seeds=range(40, 80))
    published, here = give(claim), give(claim, preset)
    (found,) = standings([claim], [here.record()], {claim.id: published})
    assert found.verdict == here
    assert found.record()["published"] is False


def test_without_a_published_verdict_a_quick_run_of_a_part_has_no_word(claim, give):
    (found,) = standings([claim], [give(claim, "quick").record()], published={})
    assert found.verdict.verdict == INCOMPLETE
    assert found.verdict.answer == "So far: 1 of 1 conditions hold, of 2 in the rule."


def test_a_published_verdict_on_another_rule_does_not_stand(claim, make_claim, give):
    published = give(make_claim(share("core", bound=0.6)))
    (found,) = standings([claim], [], {claim.id: published})
    assert found.published is None
    assert found.verdict.reason == "It was not run yet."


def test_what_was_judged_just_now_stands_beside_the_published(claim, give, monkeypatch):
    published, quick = give(claim), give(claim, "quick")
    monkeypatch.setattr(
        "ablations.judging.standing.published_verdicts", lambda: {claim.id: published}
    )
    (found,) = beside_published([claim], [quick])
    assert (found.verdict, found.here) == (published, quick)


@pytest.mark.parametrize(
    ("here", "published", "word"),
    [
        ("holds", "holds", "same"),
        ("fails", "fails", "same"),
        ("undecided", "undecided", "same"),
        ("holds", "fails", "contradicting"),
        ("fails", "holds", "contradicting"),
        ("undecided", "fails", "undecided"),
        ("holds", "untested", "undecided"),
    ],
)
def test_conditions_agree_are_open_or_contradict(claim, give, here, published, word):
    def told(outcome):
        verdict = give(claim, "quick")
        core = replace(verdict.core[0], outcome=outcome)
        return replace(verdict, outcomes=(core, *verdict.outcomes[1:]))

    seen = reproduction(told(here), told(published))
    assert "core" in getattr(seen, word)
    assert seen.num_judged == seen.of == 3


def test_a_time_of_another_hour_is_told_apart_and_contradicts_nothing(claim, give):
    def told(outcome):
        verdict = give(claim, "quick")
        core = replace(verdict.core[0], outcome=outcome, details={"timed": True})
        return replace(verdict, outcomes=(core, *verdict.outcomes[1:]))

    other = reproduction(told("fails"), told("holds"))
    assert (other.timed, other.undecided, other.contradicting) == (("core",), (), ())
    assert other.describe() == (
        "re-run here: 3 of 3 conditions: 2 the same, 1 timed, which differ between"
        " machines"
    )
    assert "core" in reproduction(told("fails"), told("fails")).same


def test_contradictions_are_counted_and_said(claim, give):
    quick = give(claim, "quick")
    flipped = tuple(replace(o, outcome="fails") for o in quick.outcomes)
    seen = reproduction(quick, replace(quick, outcomes=flipped))
    assert seen.contradicting == ("core", "control")
    assert seen.same == ("beside",)
    assert seen.describe() == (
        "re-run here: 3 of 3 conditions: 1 the same, 2 contradicting"
    )
    open_one = Reproduction(("a",), ("b",), (), of=5)
    assert (
        open_one.describe() == "re-run here: 2 of 5 conditions: 1 the same, 1 undecided"
    )
    one = Reproduction(("a",), (), (), of=5)
    assert one.describe() == "re-run here: 1 of 5 conditions, the same"


# Where published verdicts are.


def test_published_verdicts_are_read_from_every_file_of_their_format(
    claim, give, tmp_path
):
    verdict = give(claim)
    old = verdict.record() | {"id": "old", "format": 1}
    text = json.dumps([verdict.record(), old])
    (tmp_path / "xor.json").write_text(text, encoding="utf-8")
    (tmp_path / "empty.json").write_text("[]", encoding="utf-8")
    assert published_verdicts(tmp_path) == {claim.id: verdict}
    assert published_verdicts(tmp_path / "nowhere") == {}


def test_a_standing_without_anything_says_that_it_was_not_run(claim):
    assert Standing(claim, None, None).verdict.coverage == Coverage()
