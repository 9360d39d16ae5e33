import csv
import io

import pytest

from ablations.judging.verdict import Coverage
from ablations.protocol.kinds import Comparison, Equivalence
from ablations.protocol.score import ScoreConfig
from reports.tables import (
    conditions_csv,
    csv_cell,
    verdict_table_markdown,
    verdicts_csv,
)


def read(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1"])
def test_text_never_starts_a_formula(text):
    assert csv_cell(text).startswith("'")


def test_numbers_stay_numbers_in_csv(verdict, outcome):
    assert csv_cell(-0.5) == -0.5
    (row,) = read(verdicts_csv([verdict(outcomes=(outcome(low=-0.5),))]))
    assert float(row["low"]) == -0.5
    few = verdict(outcomes=(outcome(low=1 / 3, high=1_234_567.0),))
    (row,) = read(verdicts_csv([few]))
    assert (row["low"], float(row["high"])) == ("0.33333", 1_234_567.0)
    assert row["rows"] == "T-1"


def test_the_verdicts_file_has_strength_answer_reasons_and_coverage(verdict):
    (row,) = read(verdicts_csv([verdict(coverage=Coverage(2, 5))]))
    assert row["strength"] == "usually"
    assert row["answer"] == "Yes, it does."
    assert row["how"] == "We trained 100 of them."
    assert row["coverage"] == "2 of 5 conditions and controls"


def test_the_verdicts_file_tells_of_lock_and_looks(verdict):
    locked = {"digest": "ab", "versions": "1.1", "sequence": 7}
    full = verdict(
        locked=locked | {"relocked": 1, "runs_before": 0},
        looks=({"look": 1},),
        seeds_that_decide=8000,
    )
    (row,) = read(verdicts_csv([full]))
    assert (row["num_looks"], row["relocked"]) == ("1", "1")
    assert row["seeds_that_decide"] == "8000"


def test_the_conditions_file_has_every_prediction_with_its_key_and_role(
    verdict, outcome
):
    outcomes = tuple(
        outcome(f"a {role}", key=role, role=role)
        for role in ("core", "beside", "control", "shown")
    )
    rows = read(conditions_csv([verdict(outcomes=outcomes), verdict(outcomes=())]))
    assert [(row["claim"], row["key"], row["role"]) for row in rows] == [
        ("a_claim", "core", "core"),
        ("a_claim", "beside", "beside"),
        ("a_claim", "control", "control"),
        ("a_claim", "shown", "shown"),
    ]


def test_the_conditions_file_has_what_details_hold(made_up, speeds):
    loss = ScoreConfig(quantity="loss", better="lower", words="final loss")
    fields = {"treatment": speeds["quick"], "control": speeds["slow"], "score": loss}
    fields["family"] = True
    ordered = {"direction": "less", "at": ("width", 4), **fields}
    source = made_up(
        Comparison(key="a", label="less", margin=0.01, **ordered),
        Equivalence(key="b", label="alike", margin=0.5, **fields),
    )
    less, alike = read(conditions_csv([source.verdict]))
    assert (less["factor"], less["value"], alike["factor"]) == ("width", "4.0", "")
    assert (less["family_size"], less["num_failed"]) == ("2", "3")
    assert less["outcome_without_failed"] == "holds"
    assert float(less["low_without_failed"]) < float(less["estimate_without_failed"])
    assert 0 < float(less["p_bound"]) <= float(less["p_adjusted"]) <= 1


def test_the_table_for_the_readme_counts_and_links_every_chapter(verdict):
    verdicts = [verdict(), verdict(implied=True), verdict(chapter="cnn", id="deep")]
    rows = verdict_table_markdown(verdicts, "published").splitlines()
    assert rows[0].startswith("| chapter | claims | supported | conditional")
    assert rows[2].startswith("| [XOR](published/xor.md) | 1 | 1 | 0")
    assert rows[3].startswith("| [CNN](published/cnn.md) | 1 | 1 | 0")
    assert rows[4].startswith("| all | 2 | 2 | 0")
