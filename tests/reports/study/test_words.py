import dataclasses

import numpy as np
import pytest

from ablations.study.settings.recipe import Recipe
from ablations.study.table.groups import Roles
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


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (Roles(), "2 cross-validations of"),
        (Roles(group_name="who", groups=np.arange(3)), "keep the rows of one 'who'"),
        (Roles(time_name="day", times=np.arange(3)), "stretches of time"),
    ],
)
def test_how_rows_were_split_is_said(study, roles, said):
    result = study()
    dataset = dataclasses.replace(result.dataset, roles=roles)
    told = words.method_sentences(dataclasses.replace(result, dataset=dataset))
    assert said in told[0]
