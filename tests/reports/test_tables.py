import csv
import io

import pytest

from ablations.protocol.kinds import Comparison, Equivalence
from ablations.protocol.score import ScoreConfig
from reports.tables import (
    arm_rows,
    clean,
    condition_rows,
    conditions_csv,
    count_verdicts,
    csv_cell,
    design_notes,
    own_reason,
    sentence,
    short_finding,
    verdict_table_markdown,
    verdicts_csv,
)


def test_what_cannot_be_shown_is_replaced():
    hostile = "a\0b\x1b]52;c\x07 \ud800 \u202eright\u2028left\r\nnext"
    assert clean(hostile) == "a�b�]52;c� � �right left\nnext"
    assert clean({"a": ["\0"], "n": 1, "none": None}) == {
        "a": ["�"],
        "n": 1,
        "none": None,
    }


def test_cleaned_text_can_be_written(record):
    clean(record(statement="\ud800"))["statement"].encode()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1"])
def test_text_never_starts_a_formula(text):
    assert csv_cell(text).startswith("'")


def test_numbers_stay_numbers_in_csv(record):
    assert csv_cell(-0.5) == -0.5
    (row,) = csv.DictReader(io.StringIO(verdicts_csv([record(low=-0.5)])))
    assert float(row["low"]) == -0.5
    assert row["rows"] == "T-1"


def test_the_conditions_file_has_every_condition_with_its_role(record, condition):
    records = [
        record(controls=[condition("c")], shown=[condition("s")]),
        record(id="b", conditions=[]),
    ]
    rows = list(csv.DictReader(io.StringIO(conditions_csv(records))))
    assert [(row["claim"], row["role"]) for row in rows] == [
        ("a_claim", "condition"),
        ("a_claim", "control"),
        ("a_claim", "shown"),
    ]


def test_verdicts_are_counted_and_absent_ones_are_zero(record):
    counts = count_verdicts([record(), record(verdict="refuted")])
    assert counts == {
        "supported": 1,
        "conditional": 0,
        "refuted": 1,
        "inconclusive": 0,
        "not tested": 0,
    }


def test_a_short_finding_stays_whole_with_a_capital(record):
    assert short_finding(record(finding="runs: 3.")) == "Runs: 3."
    assert sentence("he_normal: 3") == "he_normal: 3"
    assert sentence("") == ""


def test_a_long_finding_becomes_counts_and_one_example_per_side(record, condition):
    conditions = [
        condition("first"),
        condition("second"),
        condition("third", outcome="fails"),
        condition("fourth", outcome="undecided"),
    ]
    changes = {"finding": "x" * 1000, "conditions": conditions}
    text = short_finding(record(verdict="conditional", **changes))
    assert text.startswith("Of 4 conditions 2 hold, 1 fails, 1 is undecided. Holds: f")
    assert "Fails: third" in text
    assert len(text) < 300


def test_a_long_finding_quotes_the_condition_whose_numbers_head_the_claim(
    record, condition
):
    conditions = [condition("first", estimate=0.1), condition("second")]
    text = short_finding(record(finding="x" * 1000, conditions=conditions))
    assert text.startswith("All 2 conditions hold, among them second")


def test_a_long_conditional_finding_keeps_the_boundary(record, condition):
    conditions = [
        condition(f"width {value}", outcome=outcome, factor="width", value=value)
        for value, outcome in ((2, "fails"), (4, "holds"), (8, "holds"))
    ]
    changes = {"finding": "x" * 1000, "conditions": conditions}
    text = short_finding(record(verdict="conditional", **changes))
    assert "1 fails. It holds from width 4 on, fails up to 2. Holds: width 4" in text


def test_a_reason_is_said_once(record, condition):
    reason = "a condition: 100 seeds do not decide."
    undecided = condition(outcome="undecided", reason=reason)
    shown = record(reason=reason, conditions=[undecided])
    assert own_reason(shown) == ""
    assert condition_rows(shown)[0]["reason"] == "100 seeds do not decide."
    assert own_reason(record(reason="A control does not hold.")) != ""


def test_shares_that_are_only_shown_have_no_bound(record, condition):
    rows = condition_rows(record(shown=[condition("s", bound=0.0)]))
    assert [(row["bound"], row["outcome"]) for row in rows] == [
        ("≥ 40.0 %", "holds"),
        ("\N{EN DASH}", "not judged"),
    ]


def test_an_exact_check_has_no_interval(record, condition):
    exact = condition(kind="exact", unit="bytes", estimate=36.0, direction="equal")
    (row,) = condition_rows(record(conditions=[exact]))
    assert (row["interval"], row["estimate"]) == ("exact", "36")


def test_the_tuning_grid_is_shown_with_its_choice(record):
    (arm,) = record()["arms"]
    tuned = {**arm, "learning_rate": 0.1, "tried": {"0.01": 0.25, "0.1": 0.75}}
    (row,) = arm_rows(record(arms=[tuned]))
    assert row["tuning"] == "0.01: 0.25, 0.1: 0.75 (chosen)"


def test_the_tables_for_the_readme_count_and_link_every_statement(record):
    records = [record(), record(statement="a | b"), record(chapter="cnn", id="deep")]
    text = verdict_table_markdown(records, "published")
    counts = [line for line in text.splitlines() if line.startswith("| ")]
    assert counts[0].startswith("| chapter | claims | supported | conditional")
    assert counts[2].startswith("| XOR | 2 | 2 | 0")
    assert counts[3].startswith("| CNN | 1 | 1 | 0")
    assert counts[4].startswith("| all | 3 | 3 | 0")
    assert "<summary>XOR: 2 statements</summary>" in text
    assert "| supported | [a &#124; b](published/xor.md#" in text
    assert "](published/cnn.md#deep) |" in text


LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")
ARMS = {"treatment": "quick", "control": "slow", "score": LOSS}
KINDS = (
    Comparison(label="less", **ARMS, margin=0.01, direction="less", at=("width", 4)),
    Equivalence(label="alike", **ARMS, margin=0.5),
)


def test_an_equivalence_has_a_bound_on_both_sides_and_its_own_confidence(made_up):
    less, alike = condition_rows(made_up(*KINDS).record)
    assert less["bound"] == "≤ -0.01"
    assert alike["bound"] == "±0.5"
    assert alike["interval"].endswith(" (90 %)")
    assert "(" not in less["interval"]


def test_failed_runs_and_families_are_told_with_their_numbers(made_up):
    less, _ = condition_rows(made_up(*KINDS, family=("less", "alike")).record)
    assert "In a family of 2: p at the bound, adjusted by Holm, " in less["reason"]
    assert "3 runs failed; counted as worst holds with -0.05" in less["reason"]
    assert "left out holds with -0.0" in less["reason"]
    assert less["interval"].endswith(" (97.5 %)")


def test_the_conditions_file_has_what_details_hold(made_up):
    record = made_up(*KINDS, family=("less", "alike")).record
    less, alike = csv.DictReader(io.StringIO(conditions_csv([record])))
    assert (less["factor"], less["value"], alike["factor"]) == ("width", "4.0", "")
    assert (less["family_size"], less["num_failed"]) == ("2", "3")
    assert less["outcome_without_failed"] == "holds"
    assert float(less["low_without_failed"]) < float(less["estimate_without_failed"])
    assert 0 < float(less["p_bound"]) <= float(less["p_adjusted"]) <= 1


def test_lock_looks_seeds_and_machines_are_told(record):
    lock = {"digest": "ab" * 32, "versions": "1.1", "sequence": 7}
    looks = [
        {"look": 1, "of": 2, "seeds": 100, "confidence": 0.975}
        | {"verdict": "inconclusive", "outcomes": {}}
    ]
    full = record(
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
    assert design_notes(record()) == []
    (row,) = csv.DictReader(io.StringIO(verdicts_csv([full])))
    assert (row["num_looks"], row["relocked"]) == ("1", "1")
    assert row["seeds_that_decide"] == "8000"


def test_what_tuning_brought_is_told(record):
    (arm,) = record()["arms"]
    tuned = {**arm, "learning_rate": 0.1, "tried": {"0.1": 0.75}, "num_widened": 1}
    tuned |= {"tuned": 0.7, "default": {"learning_rate": 0.01, "score": 0.5}}
    (row,) = arm_rows(record(arms=[tuned | {"at_edge": True}]))
    assert row["tuning"] == (
        "0.1: 0.75 (chosen); widened by 1 rate; the best is at the edge; on the seeds"
        " that judge 0.7, at the default rate 0.01 0.5"
    )
