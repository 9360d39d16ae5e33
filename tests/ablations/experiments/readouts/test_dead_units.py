"""Dead units are counted, and which of them a learned bias keeps off."""

import keras
import numpy as np
import pytest

from ablations.experiments.readouts.dead_units import (
    DeadUnitsConfig,
    dead_and_revived,
    with_dead_units,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp
from models.numpy_mlp import Networks

SEEDS = np.array([6, 4])
TASK = TaskConfig(name="spirals", num_train=32, num_val=10, num_test=20)
MODEL = MLPConfig(input_units=2, hidden_units=(8, 5), output_units=2)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="sgd", learning_rate=0.1),
    loss="categorical_crossentropy",
    from_logits=True,
    num_steps=20,
    metrics=("loss", "accuracy"),
)


def one_layer(kernel, bias, bias_start=0.0) -> Networks:
    """Return a network of one input and three units `[1, ...]`."""
    config = MLPConfig(input_units=1, hidden_units=(3,), bias_start=bias_start)
    out = [np.ones((1, 3, 1)), np.zeros((1, 1))]
    return Networks(config, [np.array([[kernel]]), np.array([bias]), *out])


def test_a_unit_is_dead_for_its_bias_if_it_is_on_without_what_was_learned():
    x = np.array([[[-1.0], [2.0]]])
    # On for 2; off by its bias alone; off by its kernel, which only -3 would switch on.
    networks = one_layer([1.0, 1.0, 0.0], [0.5, -4.0, -3.0])
    dead, revived = dead_and_revived(networks, x)
    assert dead.tolist() == [[False, True, True]]
    assert revived.tolist() == [[False, True, False]]
    # Of a bias that began at -3, only the last unit has learned nothing.
    started = one_layer([1.0, 1.0, 0.0], [0.5, -4.0, -3.0], bias_start=-3.0)
    _, revived = dead_and_revived(started, x)
    assert not revived.any()


def test_dead_units_put_out_zero_in_keras_and_the_others_are_left_as_drawn():
    model = build_mlp(MODEL, seed=1, stackable=True)
    drawn = [np.array(w)[None] for w in model.get_weights()]
    weights = with_dead_units(MODEL, drawn, 0.5)
    model.set_weights([w[0] for w in weights])
    x = np.float32(np.random.default_rng(0).normal(size=(50, 2)))
    hidden = [model.get_layer(f"activation_{k}").output for k in (1, 2)]
    first, second = keras.Model(model.input, hidden)(x)
    assert not first.numpy()[:, :4].any()
    assert not second.numpy()[:, :2].any()
    for place in (0, 2, 4, 5):
        np.testing.assert_array_equal(weights[place], drawn[place])
    assert (weights[1][:, 4:] == drawn[1][:, 4:]).all()


def test_networks_train_with_the_units_that_are_left():
    config = DeadUnitsConfig(task=TASK, model=MODEL, training=TRAINING, dead_share=0.6)
    found, diverged_at = checked(config, SEEDS, config.run(SEEDS))
    # Four of eight and three of five are dead, and stay so.
    assert (found["curve.share_of_dead_units"] >= np.float32(7 / 13)).all()
    assert (diverged_at == -1).all()
    start = config.replace(training=TRAINING.replace(num_steps=0)).run(SEEDS)
    assert (found["curve.loss"] < start["curve.loss"]).all()
    whole = config.replace(dead_share=0.0).run(SEEDS)
    assert (whole["curve.loss"] < found["curve.loss"]).all()


@pytest.mark.parametrize(
    "model",
    [MODEL.replace(activation="elu"), MODEL.replace(batch_norm="before")],
)
def test_only_plain_relu_networks_are_asked(model):
    with pytest.raises(ConfigError, match="must be 'relu' without batch norm"):
        DeadUnitsConfig(task=TASK, model=model, training=TRAINING)
