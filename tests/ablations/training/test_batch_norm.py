"""What is judged has batch norm's mean and variance of all training rows."""

import keras
import numpy as np
import pytest

from ablations.tasks.data import Data
from ablations.training.batch_norm import batch_norms, statistics_of_rows
from ablations.training.config import OptimizerConfig, OutputsConfig, TrainingConfig
from ablations.training.train import train_stack
from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp, start_from

generator = np.random.default_rng(3)
X, X_VAL = (generator.normal(size=(n, 3)).astype(np.float32) for n in (20, 9))
Y, Y_VAL = (np.tanh(x[:, :1] - x[:, 1:2]) for x in (X, X_VAL))
SEEDS = (5, 8)
NETWORK = MLPConfig(
    input_units=3,
    hidden_units=(6, 5),
    activation="tanh",
    batch_norm="before",
    dropout=0.3,
)
ROWS = TrainingConfig(
    optimizer=OptimizerConfig(name="sgd", learning_rate=0.1),
    batch_size=10,
    epochs=15,
    shuffle="none",
    log_steps=(0,),
    metrics=("loss", "val_loss", "moving_val_loss"),
    outputs=OutputsConfig(monitor="val_loss", patience=(0,)),
    batch_norm_statistics="training_rows",
)
MOVING = ROWS.replace(
    batch_norm_statistics="moving", metrics=("loss", "val_loss"), outputs=None
)


def restate(model: keras.Model) -> None:
    """Set moving statistics layer by layer, to those of what enters at inference."""
    for layer in batch_norms(model.layers):
        z = np.array(keras.Model(model.input, layer.input)(X, training=False))
        layer.moving_mean.assign(z.mean(axis=0))
        layer.moving_variance.assign(z.var(axis=0))


def error(model: keras.Model, x: np.ndarray, y: np.ndarray) -> float:
    """Return the mean squared error at inference."""
    return float(np.square(np.array(model(x, training=False)) - y).mean())


def test_a_fit_of_keras_with_statistics_set_afterwards_is_what_is_judged():
    data = Data(X, Y, X_VAL, Y_VAL, X_VAL, Y_VAL)
    result = train_stack(NETWORK, ROWS, SEEDS, data)
    # Sums in another order: 30 updates of weights near 1 in float32.
    near = {"rtol": 2e-5, "atol": 1e-5}
    model = build_mlp(NETWORK, stackable=True)
    model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=False)
    for run, seed in enumerate(SEEDS):
        start_from(model, seed)
        for row in (0, -1):
            lagging = error(model, X_VAL, Y_VAL)
            averages = [w.numpy() for w in model.non_trainable_variables]
            restate(model)
            for name, expected in (
                ("moving_val_loss", lagging),
                ("val_loss", error(model, X_VAL, Y_VAL)),
                ("loss", error(model, X, Y)),
            ):
                measured = result.curves[name][run, row]
                np.testing.assert_allclose(measured, expected, **near, err_msg=name)
            if row == 0:
                for variable, value in zip(
                    model.non_trainable_variables, averages, strict=True
                ):
                    variable.assign(value)
                model.fit(X, Y, batch_size=10, epochs=15, shuffle=False, verbose=0)
        assert abs(lagging - error(model, X_VAL, Y_VAL)) > 0.01
        said = result.outputs[0]["val"][run]
        expected = np.array(model(X_VAL, training=False))
        np.testing.assert_allclose(said, expected, **near)
        for layer in batch_norms(model.layers):
            for ours in (layer.moving_mean, layer.moving_variance):
                place = [v.path for v in model.non_trainable_variables].index(ours.path)
                np.testing.assert_allclose(
                    result.state[place][run], ours.numpy(), **near
                )


def test_updates_and_moving_averages_are_those_of_a_training_without_it():
    data = Data(X, Y, X_VAL, Y_VAL, X_VAL, Y_VAL)
    with_rows = train_stack(NETWORK, ROWS, SEEDS, data)
    plain = train_stack(NETWORK, MOVING, SEEDS, data)
    for one, other in zip(with_rows.weights, plain.weights, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(
        with_rows.curves["moving_val_loss"], plain.curves["val_loss"], rtol=1e-5
    )


def test_only_batch_norm_learns_of_rows_that_pass_and_only_while_it_is_told_to():
    inner = keras.layers.BatchNormalization(momentum=0.9, renorm=True)
    frozen = keras.layers.BatchNormalization(trainable=False)
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.Sequential([keras.Input((3,)), inner]),
            keras.layers.Dropout(0.5),
            frozen,
        ]
    )
    with statistics_of_rows([inner, frozen]):
        said = np.array(model(X, training=False))
    # Nothing was dropped, and a frozen layer divides by its own variance, of 1.
    expected = (X - X.mean(axis=0)) / np.sqrt(X.var(axis=0) + 1e-3) / np.sqrt(1.001)
    np.testing.assert_allclose(said, expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(inner.moving_mean, X.mean(axis=0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(inner.moving_variance, X.var(axis=0), rtol=1e-4)
    np.testing.assert_array_equal(frozen.moving_mean, np.zeros(3))
    model(X + 1.0, training=False)
    np.testing.assert_allclose(inner.moving_mean, X.mean(axis=0), rtol=1e-4, atol=1e-6)
    assert (inner.momentum, inner.renorm) == (0.9, True)
    assert "call" not in vars(inner)


def test_a_metric_with_moving_averages_is_refused_where_all_have_them():
    with pytest.raises(ConfigError, match=r"^`metrics` must .*'moving_val_loss'"):
        ROWS.replace(batch_norm_statistics="moving")
