import csv
import io

import pytest

from reports.tables import (
    arm_rows,
    clean,
    condition_rows,
    conditions_csv,
    count_verdicts,
    csv_cell,
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


def test_the_table_for_the_readme_has_one_line_per_claim(record):
    text = verdict_table_markdown([record(), record(statement="a | b")])
    lines = text.strip().splitlines()
    assert lines[0].startswith("2 claims: 2 supported, 0 conditional")
    assert len(lines) == 1 + 1 + 2 + 2
    assert lines[-1].count("|") == 4
