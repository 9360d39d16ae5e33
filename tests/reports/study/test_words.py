import dataclasses
import math

import pytest

from ablations.study.settings.recipe import Recipe
from reports.study import words


@pytest.mark.parametrize(
    ("kind", "task", "start", "end"),
    [
        (
            "net",
            "classification",
            "Use a neural network with 2 hidden layers of 8 units: about 83.",
            " % accuracy on new rows; a random forest reaches 81.",
        ),
        (
            "net",
            "regression",
            "Use a neural network with 2 hidden layers of 8 units: a root mean squared"
            " error of about 11.",
            " on new rows; a random forest reaches 11.",
        ),
        (
            "baseline",
            "classification",
            "Use a linear model (logistic regression), not a neural network: about 78.",
            " % accuracy on new rows; the best net reaches 83.",
        ),
    ],
)
def test_the_headline_says_what_to_use_and_beside_what(study, kind, task, start, end):
    said = words.headline(study(kind=kind, task=task))
    assert said.startswith(start), said
    assert end in said
    assert "always giving the same answer" in said
    assert said.endswith(".")
    assert said.count(".") <= 4


def test_the_headline_says_where_a_net_is_not_surely_better(study):
    result = study()
    for verdict, words_of_it in (
        ("undecided", " (a difference within noise), always giving"),
        ("same", " (too small a difference to matter), always giving"),
        ("better", " %, always giving"),
    ):
        chosen = dataclasses.replace(
            result.recommendation, better_than_baseline=verdict
        )
        said = words.headline(dataclasses.replace(result, recommendation=chosen))
        assert words_of_it in said


def test_without_baselines_the_headline_compares_with_nothing(study):
    result = study()
    none = dataclasses.replace(result, baselines=result.baselines.iloc[:0])
    assert words.headline(none).endswith("accuracy on new rows.")
    assert words.best_baseline(none) is None


def test_a_net_without_hidden_layers_is_called_so(study):
    result = study()
    flat = dict.fromkeys(result.recipes, Recipe(depth=0))
    said = words.headline(dataclasses.replace(result, recipes=flat))
    assert said.startswith("Use a neural network without hidden layers: ")


def test_what_every_ingredient_is_stands_in_one_sentence(study):
    recipe = Recipe(
        dropout=0.2,
        l2=1e-3,
        weight_decay=0.1,
        batch_norm="after",
        skip="residual",
        early_stopping=10,
    )
    result = study()
    all_on = dataclasses.replace(result, recipes=dict.fromkeys(result.recipes, recipe))
    assert words.net_sentence(all_on) == (
        "In the tables it is called “dropout=0.2”: relu after he_normal, with dropout"
        " 0.2, L2 0.001, weight decay 0.1, batch norm after the activation, skip"
        " connections, early stopping, trained by adam on batches of 32 at a learning"
        " rate of 0.003."
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
    assert words.what_would_tell(row) == said


def test_comparisons_stand_by_how_sure_and_how_large_they_are(study):
    rows = words.effect_rows(study())
    verdicts = [row["verdict"] for row in rows]
    assert verdicts == ["better", "worse", "undecided", "undecided"]
    assert rows[2]["size"] > rows[3]["size"]
    assert {row["label"] for row in rows} == set(study().effects["comparison"])


def test_the_sign_says_which_way_and_the_word_whether_it_is_good(study):
    rows = {row["label"]: row for row in words.effect_rows(study(task="regression"))}
    row = rows["dropout=0.2 vs plain"]
    assert row["difference"] == "\N{MINUS SIGN}0.3 kilograms"
    assert row["said"] == "better by 0.3 kilograms"


def test_the_summary_leaves_baselines_to_their_own_place(study):
    labels = [
        row["label"] for column in words.summary(study()) for row in column["rows"]
    ]
    assert len(labels) == 3
    assert not any("forest" in label for label in labels)


def test_a_factorial_tells_of_its_interactions_too(factorial):
    labels = [row["label"] for row in words.effect_rows(factorial)]
    assert "activation and dropout together" in labels
    aliased = factorial.interactions.assign(aliases="width x depth")
    result = dataclasses.replace(factorial, interactions=aliased)
    labels = [row["label"] for row in words.effect_rows(result)]
    assert "activation and dropout together (or width x depth)" in labels


def test_the_recipe_marks_what_differs_from_the_reference(study):
    rows = words.recipe_rows(study())
    assert [row["name"] for row in rows if row["differs"]] == ["dropout"]
    assert rows[-1] == {
        "name": "learning_rate (tuned)",
        "value": "0.003",
        "reference": "0.003",
        "differs": False,
    }


def test_the_method_names_folds_seeds_trials_and_the_test(study):
    said = " ".join(words.method_sentences(study()))
    for part in (
        "2 cross-validations of 5 folds",
        "2 trainings in each of the 10 splits",
        "3 trials",
        "40 times over its rows",
        "Nadeau and Bengio, adjusted by Holm for all 4 comparisons",
        "within 1.0 points on both sides",
        "4 nets from dropout (0, 0.2); depth (2, 4); width (8, 16)",
    ):
        assert part in said, part


def test_the_data_are_told_by_rows_columns_and_classes(study):
    facts = dict(words.data_facts(study()))
    assert facts["Rows"] == "120"
    assert facts["Columns"] == "4 inputs (1 numeric, 1 date, 1 categorical, 1 boolean)"
    assert facts["To predict"] == "kind, classes"
    assert facts["Classes"].startswith("bad ")
