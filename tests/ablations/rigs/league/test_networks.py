"""The league is fair: the same rows and trials, and weights that suit each."""

import numpy as np
import pytest

from ablations.rigs.league.networks import (
    ACTIVATIONS,
    TARGETS,
    TASKS,
    learned,
    network,
    on_test_rows,
    sooner,
)
from ablations.tasks import make_task


@pytest.mark.parametrize("task", TASKS)
def test_networks_have_the_inputs_and_classes_of_their_task(task):
    config, num_inputs, num_classes = TASKS[task]
    data = make_task(config).rows_of_run(0)
    assert data.x.shape[-1] == num_inputs
    assert data.y.shape[-1] == num_classes
    model = network("ReLU", task).config.model
    assert (model.input_units, model.output_units) == (num_inputs, num_classes)


def test_every_activation_tries_the_same_rates_on_the_same_rows():
    arms = [network(name, "digits", 6) for name in ACTIVATIONS]
    assert len({arm.tune for arm in arms}) == 1
    assert len({arm.config.task for arm in arms}) == 1
    kept = {arm.config.training for arm in arms}
    assert len(kept) == 1


def test_saturating_activations_start_from_xaviers_weights_and_others_from_hes():
    starts = {
        name: network(name).config.model.kernel_initializer.name for name in ACTIVATIONS
    }
    glorot = {name for name, start in starts.items() if start == "glorot_uniform"}
    assert glorot == {name for name in ACTIVATIONS if "sigmoid" in name} | {
        "linear",
        "softmax",
        "tanh",
    }
    assert set(starts.values()) == {"glorot_uniform", "he_normal"}


def test_a_steep_centered_sigmoid_is_half_a_tanh_of_twice_the_input():
    settings = ACTIVATIONS["steep centered sigmoid"]
    z = np.linspace(-3.0, 3.0, 13)
    ours = 1.0 / (1.0 + np.exp(-settings["input_scale"] * z)) + settings["output_shift"]
    np.testing.assert_allclose(ours, np.tanh(2.0 * z) / 2.0, atol=1e-12)


def test_slopes_starts_and_rates_train_in_one_stack():
    leaky = [network(name) for name in ACTIVATIONS if name.startswith("leaky")]
    assert len(leaky) == 4
    assert len({arm.config.structure() for arm in leaky}) == 1
    relu = [network("ReLU"), network("ReLU", gain=4.0), network("ReLU", times=10.0)]
    relu.append(network("ReLU", weights="orthogonal"))
    assert len({arm.config.structure() for arm in relu}) == 1
    assert len({arm.name for arm in relu}) == 4


def test_a_rate_for_speed_is_chosen_from_the_same_runs_but_early():
    usual, fast = network("ELU", "digits", 10), network("ELU", "digits", 10, fast=True)
    assert fast.config == usual.config
    assert fast.tune == usual.tune.replace(score=usual.tune.score.replace(at=200))
    assert fast.name != usual.name


def test_a_target_lies_between_chance_and_certainty():
    for task, share in TARGETS.items():
        chance = 1.0 / TASKS[task][2]
        assert chance < share < 1.0
        assert learned(task).at_least == share
        assert on_test_rows(task).failed_value == chance


def test_sooner_asks_for_the_whole_budget_of_its_arms():
    one, other = network("ELU", depth=10), network("ReLU", depth=10)
    prediction = sooner(one, other, 0.25, key="sooner")
    assert prediction.budget == one.config.training.num_steps == 600
    assert prediction.bound == pytest.approx(0.8)


def test_a_mix_has_an_activation_and_weights_of_its_own_in_every_layer():
    arm = network("tanh then ReLU", "digits")
    model = arm.config.model
    assert [part.name for part in model.activation] == ["tanh", "relu"]
    starts = [part.name for part in model.kernel_initializer]
    assert starts == ["glorot_uniform", "he_normal"]
    assert model.output_kernel_initializer is None
    relu = network("ReLU", "digits")
    assert arm.tune == relu.tune
    assert arm.config.training == relu.config.training
