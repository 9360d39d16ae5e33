from dataclasses import replace

from ablations.judging.verdict import Coverage
from reports.counts import (
    count_runs,
    count_verdicts,
    num_statements,
    origin,
    rerun,
    stamp,
    summary,
)


def test_verdicts_are_counted_and_absent_ones_are_zero(verdict):
    counts = count_verdicts([verdict(), verdict(verdict="refuted")])
    assert counts == {
        "supported": 1,
        "conditional": 0,
        "refuted": 1,
        "inconclusive": 0,
        "not tested": 0,
    }


def test_statements_of_our_own_are_in_no_count(verdict):
    counts = count_verdicts([verdict(), verdict(implied=True)])
    assert counts["supported"] == 1
    assert summary([verdict(implied=True)]) == "Nothing was tested yet."


def test_statements_of_our_own_are_told_apart(verdict):
    noted, own = verdict(), verdict(implied=True)
    assert num_statements([noted]) == "1 statement"
    assert num_statements([noted, noted, own]) == "2 statements and 1 of our own"
    assert num_statements([own]) == "1 of our own"
    assert num_statements([]) == "0 statements"


def test_what_was_judged_in_part_counts_as_nothing_else(verdict):
    counts = count_verdicts([verdict(verdict="incomplete"), verdict()])
    assert counts["incomplete"] == counts["supported"] == 1
    assert "Of 1 statement" in summary([verdict(verdict="incomplete"), verdict()])


def test_the_summary_counts_what_was_tested(verdict):
    words = ["supported"] * 3 + ["refuted", "conditional", "not tested"]
    verdicts = [verdict(verdict=word) for word in words]
    assert summary(verdicts) == (
        "Of 5 statements that were tested, 3 hold as they stand, 1 only under"
        " conditions, 1 not at all; 0 are open."
    )
    assert summary(verdicts[-1:]) == "Nothing was tested yet."


def test_a_verdict_says_its_preset_and_what_it_covers(standing, verdict):
    here = standing(coverage=Coverage(2, 5, 1), preset="quick")
    assert origin(here) == (
        "Judged here, preset quick: 2 of 5 conditions and controls; 1 left no room for"
        " an effect"
    )
    published = replace(here, published=verdict())
    assert origin(published).startswith("Published, preset standard: 1 of 1 ")
    assert origin(replace(here, here=None)) == "Not run"


def test_a_quick_run_is_told_beside_what_is_published(standing, verdict, outcome):
    several = (outcome("a"), outcome("b"), outcome("c"))
    published = verdict(outcomes=several)
    here = standing(published, outcomes=several[:2], preset="quick")
    assert rerun(here) == (
        "Re-run here: 2 of 3 conditions, all the same, preset quick."
    )
    assert rerun(replace(here, published=None)) == ""


def test_counts_say_their_presets_and_whether_rules_are_whole(standing, verdict):
    quick = {"preset": "quick", "verdict": "incomplete", "coverage": Coverage(1, 2)}
    told = stamp(
        [
            standing(),
            standing(implied=True),
            standing(**quick),
            standing(verdict(), **quick),
            standing(verdict="not tested"),
        ]
    )
    assert told == [
        "Judged here, preset standard: 1 statement tested by the whole rule.",
        "Judged here, preset quick: 1 statement tested by a part of the rule, so far.",
        "Published, preset standard: 1 statement tested by the whole rule.",
        "1 statement was run and could not be tested.",
        "1 statement of our own is in no count.",
        "Re-run here, 1 published claim: 1 condition the same, 0 undecided,"
        " 0 contradicting.",
    ]


def test_runs_that_claims_share_count_once(standing, verdict):
    (arm,) = verdict().arms
    other = {**arm, "name": "other", "runs": 5}
    found = [standing(), standing(id="b"), standing(id="c", arms=(arm, other))]
    assert count_runs(found) == arm["runs"] + 5
