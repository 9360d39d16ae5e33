import pytest

from ablations.protocol.kinds import Comparison, Equivalence
from ablations.protocol.score import ScoreConfig
from reports.rows import (
    ROLES,
    arm_rows,
    design_notes,
    outcome_rows,
    own_reason,
    rule_lines,
    sentence,
)


def rows_of(verdict):
    return [row for rows in outcome_rows(verdict).values() for row in rows]


def test_a_sentence_has_a_capital_unless_it_begins_with_a_name():
    assert sentence("runs: 3.") == "Runs: 3."
    assert sentence("he_normal: 3") == "he_normal: 3"
    assert sentence("") == ""


def test_rows_stand_under_the_part_of_the_rule_in_plain_words(verdict, outcome):
    roles = ("control", "core", "beside", "core")
    found = outcome_rows(verdict(outcomes=tuple(outcome(r, role=r) for r in roles)))
    assert {words: [row["label"] for row in rows] for words, rows in found.items()} == {
        ROLES["core"]: ["core", "core"],
        ROLES["beside"]: ["beside"],
        ROLES["control"]: ["control"],
    }


def test_a_reason_is_said_once(verdict, outcome):
    reason = "a condition: 100 seeds do not decide."
    undecided = outcome(outcome="undecided", reason=reason)
    shown = verdict(reason=reason, outcomes=(undecided,))
    assert own_reason(shown) == ""
    assert rows_of(shown)[0]["reason"] == "100 seeds do not decide."
    assert own_reason(verdict(reason="A control does not hold.")) != ""


def test_shares_that_are_only_shown_have_no_bound(verdict, outcome):
    rows = rows_of(verdict(outcomes=(outcome(), outcome("s", bound=0.0, role="shown"))))
    assert [(row["bound"], row["outcome"]) for row in rows] == [
        ("≥ 40.0 %", "holds"),
        ("\N{EN DASH}", "not judged"),
    ]


def test_an_exact_check_has_no_interval(verdict, outcome):
    exact = outcome(kind="exact", unit="bytes", estimate=36.0, direction="equal")
    (row,) = rows_of(verdict(outcomes=(exact,)))
    assert (row["interval"], row["estimate"]) == ("exact", "36")


def test_a_time_is_not_called_exact(verdict, outcome):
    fields = {"unit": "seconds", "estimate": 1.25, "direction": "at_most"}
    timed = outcome(kind="exact", details={"timed": True}, **fields)
    (row,) = rows_of(verdict(outcomes=(timed,)))
    assert (row["interval"], row["estimate"]) == ("timed", "1.25")


def test_conditions_that_are_judged_alike_share_a_line_and_nothing_else_does():
    rule = "a: holds if x.\nb: holds if y.\nc: holds if x.\nQuick: a.\nUsual: all."
    assert rule_lines(rule) == [
        "a / c: holds if x.",
        "b: holds if y.",
        "Quick: a.",
        "Usual: all.",
    ]


def test_the_tuning_grid_is_shown_with_its_choice(verdict):
    (arm,) = verdict().arms
    tuned = {**arm, "learning_rate": 0.1, "tried": {"0.01": 0.25, "0.1": 0.75}}
    (row,) = arm_rows(verdict(arms=(tuned,)))
    assert row["tuning"] == "0.01: 0.25, 0.1: 0.75 (chosen)"


LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")


@pytest.fixture
def kinds(speeds):
    """Return a function that compares and equates two arms."""

    def make(**changes):
        arms = {"treatment": speeds["quick"], "control": speeds["slow"], "score": LOSS}
        fields = {**arms, "at": ("width", 4), **changes}
        return (
            Comparison(key="a", label="less", margin=0.01, direction="less", **fields),
            Equivalence(key="b", label="alike", margin=0.5, **arms, **changes),
        )

    return make


def test_an_equivalence_has_a_bound_on_both_sides_and_its_own_confidence(
    made_up, kinds
):
    less, alike = rows_of(made_up(*kinds()).verdict)
    assert less["bound"] == "≤ -0.01"
    assert alike["bound"] == "±0.5"
    assert alike["interval"].endswith(" (90 %)")
    assert "(" not in less["interval"]


def test_failed_runs_and_families_are_told_with_their_numbers(made_up, kinds):
    less, _ = rows_of(made_up(*kinds(family=True)).verdict)
    assert "In a family of 2: p at the bound, adjusted by Holm, " in less["reason"]
    assert "3 runs failed; counted as worst holds with -0.05" in less["reason"]
    assert "left out holds with -0.0" in less["reason"]
    assert less["interval"].endswith(" (97.5 %)")


def test_lock_looks_seeds_and_machines_are_told(verdict):
    lock = {"digest": "ab" * 32, "versions": "1.1", "sequence": 7}
    looks = (
        {"look": 1, "of": 2, "seeds": 100, "confidence": 0.975}
        | {"verdict": "inconclusive", "outcomes": {}},
    )
    full = verdict(
        locked=lock | {"relocked": 1, "runs_before": 0},
        looks=looks,
        seeds_that_decide=8000,
        mixture="The runs come from unlike machines: keras 3 and 4.",
    )
    notes = design_notes(full)
    assert "abababababab" in notes[0]
    assert "changed once" in notes[0]
    assert notes[1] == ("Look 1 of 2 at 100 seeds with 97.5 % intervals: inconclusive.")
    assert "8,000 seeds would decide" in notes[2]
    assert "keras 3 and 4" in notes[3]
    assert design_notes(verdict()) == []


def test_what_tuning_brought_is_told(verdict):
    (arm,) = verdict().arms
    tuned = {**arm, "learning_rate": 0.1, "tried": {"0.1": 0.75}, "num_widened": 1}
    tuned |= {"tuned": 0.7, "default": {"learning_rate": 0.01, "score": 0.5}}
    (row,) = arm_rows(verdict(arms=(tuned | {"at_edge": True},)))
    assert row["tuning"] == (
        "0.1: 0.75 (chosen); widened by 1 rate; the best is at the edge; on the seeds"
        " that judge 0.7, at the default rate 0.01 0.5"
    )
