"""Networks and classical models meet on the same rows, with as many settings."""

import pytest

from ablations.experiments.classical import TRIALS
from ablations.rigs.depth.classical import (
    DIABETES,
    DIGITS,
    NUM_TRIALS,
    RATES,
    RECIPES,
    SIZES,
    classical,
    network,
)
from ablations.rigs.readings import error
from ablations.tasks import TaskConfig, make_task
from models.config import ConfigError


@pytest.mark.parametrize(("name", "features"), SIZES)
def test_networks_have_the_inputs_and_outputs_of_their_task(name, features):
    task = TaskConfig(name=name, features=features)
    made = make_task(task)
    model = network(task, 2).config.model
    assert (model.input_units, model.output_units) == (
        made.num_inputs,
        made.num_outputs,
    )


def test_grids_are_as_long_as_the_lists_of_settings():
    assert {len(rates) for rates in RATES.values()} == {5}
    assert set(NUM_TRIALS) == set(TRIALS)
    assert set(NUM_TRIALS.values()) == {3, 5}
    assert classical("rbf_svm", DIGITS).config.count_settings() == 5


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_starts_in_the_middle_of_its_grid(recipe):
    arm = network(DIGITS, 2, recipe)
    assert arm.config.get_learning_rate() == RATES[recipe][2]
    assert arm.tune.score.quantity == "val_accuracy"


def test_numbers_are_tuned_and_scored_by_their_error():
    arm = network(DIABETES, 2)
    assert (arm.config.get_loss(), arm.tune.score) == ("mse", error("val_loss"))
    assert error().better == "lower"


def test_an_unknown_recipe_is_refused():
    with pytest.raises(ConfigError, match="`recipe` must be one of"):
        network(DIGITS, 2, "new")
