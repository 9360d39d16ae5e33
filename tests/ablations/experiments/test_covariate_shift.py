"""Gradients are those of Keras, and change only where earlier layers were updated."""

import numpy as np
import pytest
from keras import ops

from ablations.experiments.covariate_shift import (
    MEASURES,
    CovariateShiftConfig,
    Runs,
    change,
    drift,
    row_orders,
    turn,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.backend import value_and_gradients
from models.config import ConfigError, MLPConfig
from models.initializers import initial_weights
from models.mlp import build_mlp, initializers_of

SEEDS = np.array([8, 3])
TASK = TaskConfig(name="spirals", num_train=64, num_val=10, num_test=50)


def shift(**changes) -> CovariateShiftConfig:
    fields = {
        "task": TASK,
        "model": MLPConfig(
            input_units=2,
            hidden_units=(8, 8, 8),
            activation="tanh",
            output_units=2,
            batch_norm=changes.pop("batch_norm", None),
        ),
        "learning_rate": 0.1,
        "batch_size": 16,
        "passes": 2,
    }
    return CovariateShiftConfig(**(fields | changes))


def by_keras(model, weights, state, x, y):
    """Return the gradients of one run by Keras alone."""

    def loss(values):
        outputs, _ = model.stateless_call(values, state, x, training=True)
        total = ops.mean(
            ops.categorical_crossentropy(y, outputs, from_logits=True), axis=-1
        )
        return total, total

    tensors = [ops.convert_to_tensor(w) for w in weights]
    _, gradients = value_and_gradients(loss, tensors)
    return [ops.convert_to_numpy(g) for g in gradients]


@pytest.mark.parametrize("batch_norm", [None, "before"])
def test_the_change_is_that_of_keras_gradients_after_earlier_layers_moved(batch_norm):
    config = shift(batch_norm=batch_norm)
    model = build_mlp(config.model, stackable=True)
    weights, state = initial_weights(model, SEEDS, initializers_of(config.model))
    orders = row_orders(SEEDS, 0, 64)
    data = make_task(TASK).rows(SEEDS)
    found = config._gradient_changes(Runs(SEEDS, data, weights, state, orders))
    owners = [
        v.path.split("/")[-2].rpartition("_")[2] for v in model.trainable_variables
    ]
    owners = np.array([4 if owner == "output" else int(owner) for owner in owners])
    kernels = [k for k, v in enumerate(model.trainable_variables) if v.name == "kernel"]
    for run in range(2):
        rows = orders[run, 0, :16]
        batch = data.x[run][rows], data.y[run][rows]
        old = [w[run] for w in weights]
        own_state = [s[run] for s in state]
        before = by_keras(model, old, own_state, *batch)
        new = [w - 0.1 * g for w, g in zip(old, before, strict=True)]
        for place, layer in enumerate((2, 3, 4)):
            mixed = [
                n if owner < layer else o
                for o, n, owner in zip(old, new, owners, strict=True)
            ]
            after = by_keras(model, mixed, own_state, *batch)
            pair = [g[kernels[layer - 1]].reshape(1, -1) for g in (before, after)]
            # Differences of float32 gradients.
            np.testing.assert_allclose(
                found["gradient_change"][run, place], change(*pair)[0], rtol=1e-3
            )
            np.testing.assert_allclose(
                found["gradient_turn"][run, place], turn(*pair)[0], rtol=0.02, atol=1e-6
            )


def test_runs_are_measured_in_every_pass_and_learn_between():
    config = shift(learning_rate=0.5, passes=20)
    arrays, diverged_at = checked(config, SEEDS, config.run(SEEDS))
    assert arrays["steps"][0].tolist() == list(range(4, 81, 4))
    for name in MEASURES:
        assert arrays[f"probe.{name}"].shape == (2, 20, 3)
    loss = arrays["curve.loss"]
    assert (loss[:, -1] < loss[:, 0]).all()
    assert (diverged_at == -1).all()


def test_curves_are_logarithms_of_means_over_layers_and_passes_so_far():
    arrays = shift().run(SEEDS)
    probe = arrays["probe.gradient_change"]
    np.testing.assert_allclose(
        arrays["curve.log10_gradient_change"][:, 1],
        np.log10(probe.mean(axis=(1, 2))),
        rtol=1e-5,
    )


def test_a_seed_is_the_same_alone_and_in_a_crowd():
    crowd, alone = shift().run(SEEDS), shift().run(SEEDS[1:])
    for name, array in crowd.items():
        np.testing.assert_allclose(array[1:], alone[name], rtol=1e-6, err_msg=name)


def test_drift_is_the_distance_of_normal_distributions_over_their_spread():
    mean, std = np.zeros((1, 2)), np.array([[1.0, 2.0]])
    moved = drift([(mean, std)], [(mean + 3.0, std + 1.0)])
    np.testing.assert_allclose(moved, np.sqrt((9 + 1) / 2.5))
    assert drift([(mean, std)], [(mean, std)]) == 0.0


def test_equal_gradients_neither_change_nor_turn():
    g = np.array([[3.0, 4.0]])
    assert change(g, g) == turn(g, g) == 0.0
    assert change(g, 2 * g) == 1.0
    assert turn(g, 2 * g) == pytest.approx(0.0)
    assert turn(g, -g) == pytest.approx(2.0)


def test_a_batch_must_divide_the_rows():
    with pytest.raises(ConfigError, match="`batch_size` must divide"):
        shift(batch_size=15).recorded_steps()


def test_one_layer_has_no_earlier_ones_to_shift_under_it():
    one = MLPConfig(input_units=2, hidden_units=(8,), output_units=2)
    with pytest.raises(ConfigError, match="`hidden_units` must be two layers"):
        shift(model=one)
