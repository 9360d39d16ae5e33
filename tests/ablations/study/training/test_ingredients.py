"""What the data call for is said and, unless factors are named, tried."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.settings.config import StudyConfig
from ablations.study.settings.recipe import Recipe
from ablations.study.table.dataset import load_dataset
from ablations.study.training.baselines import (
    BASELINES,
    run_baseline,
    specification,
)
from ablations.study.training.chosen_score import describe_score, scores_of
from ablations.study.training.ingredients import (
    check_suits,
    describe_ingredients,
    suggested_factors,
)
from ablations.study.training.setup import set_up
from models.config import ConfigError

generator = np.random.default_rng(2)
RARE = np.where(np.arange(400) % 31 == 0, "fraud", "none")
WIDE = np.append(np.exp(generator.normal(6, 3, 400)), [2e-7, 3456789.4])


def frame(y, **columns) -> pd.DataFrame:
    """Return a table with a target."""
    x = generator.normal(size=(2, len(y)))
    return pd.DataFrame({"x": x[0], "z": x[1], "y": y, **columns})


def notes(y, score="rmse", **ingredients) -> dict[str, tuple[str, str]]:
    """Return severity and text of what is said where all nets have one recipe."""
    recipes = [Recipe(**ingredients)]
    found = describe_ingredients(load_dataset(frame(y), "y"), recipes, score)
    return {note.code: (note.severity, note.text) for note in found}


def study(y, **settings):
    """Lay a small study out."""
    config = StudyConfig(data="frame", target="y", folds=4, repeats=1, **settings)
    return set_up(config, frame=frame(y))


def test_rare_classes_call_for_class_weights():
    severity, text = notes(RARE)["try_class_weights"]
    assert severity == "warning"
    assert "--factor class_weight=none,balanced" in text
    assert suggested_factors(load_dataset(frame(RARE), "y")) == {
        "class_weight": ("none", "balanced")
    }
    assert "try_class_weights" not in notes(RARE, class_weight="balanced")


def test_a_target_over_orders_of_magnitude_calls_for_its_logarithm():
    severity, text = notes(WIDE)["wide_target"]
    assert severity == "warning"
    assert "orders of magnitude, from 0.0000002 to 3,460,000:" in text
    assert "`--target-transform log`" in text
    assert suggested_factors(load_dataset(frame(WIDE), "y")) == {
        "target_transform": ("none", "log")
    }
    severity, text = notes(WIDE, target_transform="log")["wide_target"]
    assert severity == "info"
    assert "Try" not in text
    assert "many rows" in text
    assert "`--score rmsle`" in text
    _, text = notes(WIDE, "rmsle", target_transform="log")["wide_target"]
    assert "many rows" not in text


def test_equal_classes_and_usual_numbers_call_for_nothing():
    assert not notes(np.arange(400) % 2)
    assert not notes(generator.normal(size=400))


def test_it_is_said_where_the_logarithm_is_that_of_one_more():
    assert "log_of_one_more" in notes(np.append(WIDE, 0.0), target_transform="log")
    assert "log_of_one_more" not in notes(WIDE, target_transform="log")


def test_what_is_called_for_is_tried_unless_something_else_is_said():
    assert study(RARE).factors["class_weight"] == ("none", "balanced")
    assert study(WIDE).factors["target_transform"] == ("none", "log")
    own = {"dropout": (0, 0.3)}
    assert "class_weight" not in study(RARE, factors=own).factors
    # Without the logarithm nets may learn nothing.
    called_for = {"target_transform": ("none", "log")}
    assert study(WIDE, factors=own).factors == {**own, **called_for}
    for settings in (
        {"factors": own, "recipe": {"target_transform": "none"}},
        {"factors": own, "design": "full_factorial"},
        {"design": "leave_one_out"},
        {"target_transform": "none"},
        {"recipe": {"target_transform": "quantile"}},
    ):
        assert "target_transform" not in study(WIDE, **settings).factors


def test_a_target_over_orders_of_magnitude_is_judged_by_ratios():
    for y, unit in ((WIDE, ""), (np.append(WIDE, 0.0), " of 1 more")):
        setup = study(y)
        assert setup.score.name == "rmsle"
        assert setup.score.unit == f"in the logarithm{unit}"
        (note,) = describe_score(setup.config, setup.dataset, setup.score)
        assert "'y' spans orders of magnitude" in note.text
        assert ("of 1 plus the target" in note.text) == bool(unit)
    assert study(WIDE, score="rmse").score.name == "rmse"
    assert study(generator.normal(size=400)).score.name == "rmse"


def test_ratios_are_shown_beside_other_scores_where_the_target_spans_orders():
    usual = load_dataset(frame(np.abs(generator.normal(9, 2, 400))), "y")
    assert "rmsle" in scores_of(load_dataset(frame(WIDE), "y"), "mae")
    assert "rmsle" in scores_of(usual, "rmsle")
    assert "rmsle" not in scores_of(usual, "rmse")


def test_ratios_of_negative_numbers_are_refused_by_name_and_value():
    with pytest.raises(ConfigError, match=r"`score`.*smallest of 'y' is -2\.5"):
        study(np.append(WIDE, -2.5), score="rmsle")


def test_always_the_same_answer_is_the_median_where_distances_count():
    setup = study(WIDE, score="mae", factors={"dropout": [0, 0.3]})
    dummy = BASELINES[0]
    said = run_baseline(dummy, setup.splits, 0, setup.ways)["outputs.test"]
    plain, known = setup.splits.prepared(0), WIDE[setup.splits.folds[0].train]
    np.testing.assert_allclose(plain.in_units(said), np.median(known), rtol=1e-4)
    mean = run_baseline(dummy, setup.splits, 0)["outputs.test"]
    np.testing.assert_allclose(plain.in_units(mean), known.mean(), rtol=1e-4)
    usual = specification(dummy, setup.splits)
    assert specification(dummy, setup.splits, setup.ways) != usual


def test_a_transform_that_is_chosen_is_that_of_every_net():
    setup = study(WIDE, target_transform="log", factors={"dropout": [0, 0.3]})
    assert {r.target_transform for r in setup.recipes.values()} == {"log"}
    assert [way.target_transform for way in setup.ways.preparations] == ["log"]


def test_a_transform_is_either_chosen_or_compared():
    with pytest.raises(ConfigError, match="one of the `factors`"):
        study(WIDE, target_transform="log", factors={"target_transform": ["none"]})


@pytest.mark.parametrize(
    ("y", "ingredients", "words"),
    [
        (WIDE, {"class_weight": "balanced"}, "`class_weight` must be 'none'"),
        (RARE, {"target_transform": "log"}, "`target_transform` must be 'none'"),
        (-WIDE, {"target_transform": "log"}, "must not be 'log'"),
        (WIDE, {"loss": "crossentropy"}, "`loss` must be"),
    ],
)
def test_an_ingredient_that_does_not_suit_the_data_is_refused(y, ingredients, words):
    dataset = load_dataset(frame(y), "y")
    loss = "crossentropy" if dataset.classes else "mse"
    with pytest.raises(ConfigError, match=words):
        check_suits(Recipe(**{"loss": loss, **ingredients}), dataset)


def test_nets_that_differ_in_class_weights_alone_train_in_one_stack():
    setup = study(RARE, factors={"class_weight": ["none", "balanced"]})
    assert len(setup.work.sizes) == 1
    specs = [candidate.nets[0].specification() for candidate in setup.candidates]
    assert specs[0]["data"] != specs[1]["data"]
    assert specs[0]["data"] == setup.splits.digest
    alone = study(RARE, factors={"dropout": [0, 0.3]})
    assert alone.splits.weighted is False
