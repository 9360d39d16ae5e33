"""Arms that are compared differ in what they are said to differ in, and in no more."""

import pytest

from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.training.heads import CLASSES, HEADS, classifier, regressor
from ablations.rigs.training.networks import biased, fitted, linear, taught
from ablations.tasks import make_task

OUTPUTS = ("ReLU", "linear")


@pytest.mark.parametrize("depth", [2, 4])
def test_errors_are_handed_down_in_three_ways_and_all_else_is_equal(depth):
    chain, random, none = (
        taught("clusters", error, depth) for error in ("chain", "random", "none")
    )
    assert random.config.model == chain.config.model == none.config.model
    assert random.config.training == chain.config.training
    assert none.config.training.frozen_layers == depth
    unfrozen = none.config.training.replace(frozen_layers=0)
    assert unfrozen == chain.config.training
    assert random.tune == chain.tune == none.tune
    assert not isinstance(random.config, ArmConfig)


def test_a_network_without_biases_has_none():
    bare, usual = biased("digits", False), biased("digits", True)
    assert not any("bias" in path for path in bare.config.model.weight_shapes())
    assert bare.config.model.replace(use_bias=True) == usual.config.model


def test_labels_change_and_networks_do_not():
    true, wrong = fitted("clusters"), fitted("clusters", "random labels")
    assert true.config.program() == wrong.config.program()
    assert true.config.task != wrong.config.task


def test_without_hidden_layers_a_linear_network_is_one_layer():
    assert set(linear("digits", 0).config.model.weight_shapes()) == {
        "output/kernel",
        "output/bias",
    }


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("task", ["spirals", "breast cancer", "affairs"])
def test_a_head_has_as_many_outputs_as_its_task_has_targets(task, head):
    config = classifier(task, head).config
    data = make_task(config.task).rows_of_run(900_000)
    assert data.y.shape[-1] == config.model.output_units
    assert data.x.shape[-1] == config.model.input_units == CLASSES[task][1]


def test_outputs_for_numbers_differ_in_their_activation_only():
    bent, straight = (regressor("diabetes", "from zero up", o) for o in OUTPUTS)
    model = bent.config.model.replace(output_activation="linear")
    assert model == straight.config.model
    assert (make_task(bent.config.task).rows_of_run(900_000).y >= 0.0).all()
