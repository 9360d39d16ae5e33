import dataclasses
import re

import numpy as np
import pytest

from ablations.study.settings.recipe import Recipe
from ablations.study.settings.score import LOG_UNITS, Score
from ablations.study.table.groups import Roles
from reports.study import words

NUMBER = re.compile(r"\d[\d,.]*")


@pytest.mark.parametrize(
    ("kind", "task", "said"),
    [
        (
            "net",
            "classification",
            "Use a neural network with two hidden layers of 8 units: it gets about"
            " 83.1 % of new rows right.",
        ),
        (
            "net",
            "regression",
            "Use a neural network with two hidden layers of 8 units: its root mean"
            " squared error on new rows is about 11.7, in the unit of kilograms.",
        ),
        (
            "baseline",
            "classification",
            "Use a linear model (logistic regression), not a neural network: it gets"
            " about 78.1 % of new rows right.",
        ),
        ("nothing", "classification", "Use 'dummy'."),
    ],
)
def test_the_first_sentence_says_what_to_use_and_how_good_it_is(
    study, kind, task, said
):
    found = words.headline(study(kind=kind, task=task))
    assert found == said
    assert len(found.split()) <= 27
    assert len(NUMBER.findall(found)) <= 2


def test_an_error_of_the_logarithm_is_told_as_a_factor():
    score = Score("rmsle", False, 0.03, LOG_UNITS["log"])
    assert words.achievement(score, 0.308) == (
        "its root mean squared logarithmic error on new rows is about 0.308, a factor"
        " of 1.36"
    )
    zeros = Score("rmsle", False, 0.03, LOG_UNITS["log1p"])
    assert "factor" not in words.achievement(zeros, 0.308)


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        (
            ("better", "worse", "undecided"),
            "What helps, of all that you varied: dropout=0.2 (better by 3 points).",
        ),
        (
            ("undecided", "worse", "same"),
            "Nothing that you varied helps, and some of it harms: depth=4 (worse by 5"
            " points).",
        ),
        (
            ("same", "undecided", "same"),
            "Nothing that you varied is sure to matter here.",
        ),
        (
            ("same", "same", "same"),
            "Nothing you varied matters here: stop tuning.",
        ),
        (("not tested",) * 3, ""),
    ],
)
def test_the_second_sentence_says_whether_anything_matters(study, verdicts, said):
    result = study()
    changed = result.effects.assign(verdict=[*verdicts, "undecided"])
    assert words.what_matters(dataclasses.replace(result, effects=changed)) == said


@pytest.mark.parametrize(
    ("kind", "verdict", "said"),
    [
        ("net", "undecided", "A random forest comes to 81.0 %, a difference within"),
        ("net", "same", "A random forest comes to 81.0 %, too small a difference to"),
        ("net", "better", "A random forest comes to 81.0 %, which is really worse."),
        ("net", "not tested", "A random forest comes to 81.0 %."),
        ("baseline", "worse", "The best neural network comes to 83.1 %, which is rea"),
        ("nothing", "not tested", ""),
    ],
)
def test_the_rival_has_a_sentence_of_its_own(study, kind, verdict, said):
    result = study(kind=kind)
    chosen = dataclasses.replace(result.recommendation, better_than_baseline=verdict)
    found = words.beside(dataclasses.replace(result, recommendation=chosen))
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_a_rival_with_the_same_score_comes_to_it_too(study):
    result = study()
    _, rival = words.best_baseline(result)
    chosen = dataclasses.replace(
        result.recommendation,
        better_than_baseline="same",
        score=float(rival.removesuffix(" %")) / 100,
    )
    found = words.beside(dataclasses.replace(result, recommendation=chosen))
    assert found == f"A random forest comes to {rival}, too."


def test_guessing_is_told_apart_from_the_models(study):
    told = "For comparison: always giving the same answer comes to 49.8 %."
    assert words.guessing(study()) == told
    assert words.explanation(study())[0].endswith(told)


def test_without_baselines_nothing_is_compared(study):
    result = study()
    none = dataclasses.replace(result, baselines=result.baselines.iloc[:0])
    assert words.beside(none) == words.guessing(none) == ""
    assert words.best_baseline(none) is None
    assert all(words.explanation(none))


def test_a_net_without_hidden_layers_is_called_so(study):
    result = study()
    flat = dict.fromkeys(result.recipes, Recipe(depth=0))
    said = words.headline(dataclasses.replace(result, recipes=flat))
    assert said.startswith("Use a neural network with no hidden layers: ")


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
        "in fewer than 5 % of studies",
        "within 1 point on both sides",
        "4 nets from dropout (0, 0.2); depth (2, 4); width (8, 16)",
    ):
        assert part in said, part


@pytest.mark.parametrize(("depth", "is_said"), [(2, True), (0, False)])
def test_what_batch_norm_was_judged_with_is_said_where_a_net_has_it(
    study, depth, is_said
):
    result = study()
    some = {**result.recipes, "normed": Recipe(batch_norm="before", depth=depth)}
    said = words.method_sentences(dataclasses.replace(result, recipes=some))
    assert any("means and variances of all" in one for one in said) == is_said


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
