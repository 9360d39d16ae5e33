import dataclasses
import math

import pytest

from reports.study.rows import (
    effect_rows,
    noise_sentence,
    other_scores,
    recipe_rows,
    summary,
    what_would_tell,
)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"verdict": "better", "runs_to_decide": 4.0}, ""),
        (
            {"verdict": "undecided", "runs_to_decide": 38.0, "rows_to_decide": 9e3},
            "about 38 more runs per net would tell",
        ),
        (
            {"verdict": "undecided", "runs_to_decide": math.nan, "rows_to_decide": 947},
            "about 950 rows of data would tell, more runs would not",
        ),
        (
            {"verdict": "undecided", "runs_to_decide": None, "rows_to_decide": None},
            "nothing within reach would tell",
        ),
        ({"verdict": "undecided"}, ""),
    ],
)
def test_what_would_decide_is_told_only_of_what_is_open(row, said):
    assert what_would_tell(row) == said


def test_comparisons_stand_by_how_sure_and_how_large_they_are(study):
    rows = effect_rows(study())
    verdicts = [row["verdict"] for row in rows]
    assert verdicts == ["better", "worse", "undecided", "undecided"]
    assert rows[2]["size"] > rows[3]["size"]
    assert {row["label"] for row in rows} == set(study().effects["comparison"])


def test_the_sign_says_which_way_and_the_word_whether_it_is_good(study):
    rows = {row["label"]: row for row in effect_rows(study(task="regression"))}
    row = rows["dropout=0.2 vs plain"]
    assert row["difference"] == "\N{MINUS SIGN}0.3"
    assert row["said"] == "better by 0.3"


def test_the_summary_leaves_baselines_to_their_own_place(study):
    real, noise, small = summary(study())
    assert [row["name"] for row in real["rows"]] == ["dropout=0.2", "depth=4"]
    assert (real["count"], noise["count"], small["count"]) == (2, 1, 0)
    assert small["sentence"] == "None."


@pytest.mark.parametrize(
    ("runs", "data", "said"),
    [
        ([40, 300], [None, None], "about 40 to 300 more runs per net would tell."),
        ([40, 41], [None, 9e3], "about 40 to 41 more runs per net would tell."),
        (
            [math.nan, math.nan],
            [947, 20_003],
            "about 950 to 20,000 rows of data would tell, more runs would not.",
        ),
        (
            [40, math.nan],
            [None, 947],
            "about 40 more runs per net would tell for 1 of them, about 950 rows of"
            " data would for 1 of them.",
        ),
        ([math.nan] * 2, [math.nan] * 2, "nothing within reach would tell."),
    ],
)
def test_all_that_is_within_noise_is_one_sentence(runs, data, said):
    rows = [
        {"name": name, "runs": run, "data": datum}
        for name, run, datum in zip(("a", "b"), runs, data, strict=True)
    ]
    assert noise_sentence(rows) == f"a and b: {said}"


def test_many_names_are_counted_and_not_listed():
    rows = [{"name": f"n{k}", "runs": None, "data": None} for k in range(20)]
    assert noise_sentence(rows) == "n0, n1, n2, n3, n4, n5, n6, n7 and 12 more."


def test_a_factorial_tells_of_its_interactions_too(factorial):
    labels = [row["label"] for row in effect_rows(factorial)]
    assert "activation and dropout together" in labels
    aliased = factorial.interactions.assign(aliases="width x depth")
    result = dataclasses.replace(factorial, interactions=aliased)
    labels = [row["label"] for row in effect_rows(result)]
    assert "activation and dropout together (or width x depth)" in labels


def test_the_recipe_marks_what_differs_from_the_reference(study):
    rows = recipe_rows(study())
    assert [row["name"] for row in rows if row["differs"]] == ["dropout"]
    assert rows[-1] == {
        "name": "learning_rate (tuned)",
        "value": "0.003",
        "reference": "0.003",
        "differs": False,
    }


def test_scores_that_were_not_judged_stand_beside_each_other(study):
    result = study()
    assert other_scores(result)["titles"] == []
    runs = result.runs.assign(accuracy=result.runs["score"], auc=0.75, crossentropy=0.5)
    found = other_scores(dataclasses.replace(result, runs=runs))
    assert found["titles"] == ["cross-entropy", "AUC"]
    assert [row["name"] for row in found["rows"]] == list(runs["arm"].unique())
    assert found["rows"][0]["values"] == ["0.500", "75.0 %"]
