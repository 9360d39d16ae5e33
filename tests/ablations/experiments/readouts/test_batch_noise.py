"""The noise of batches is the variance of what a row becomes, over its mean square."""

import keras
import numpy as np
import pytest

from ablations.experiments.readouts.batch_noise import (
    BatchNoiseConfig,
    noise_share,
    row_orders,
)
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig
from models.numpy_mlp import Networks

MODEL = MLPConfig(
    input_units=1,
    hidden_units=(1,),
    activation="linear",
    batch_norm="before",
    batch_norm_epsilon=1e-12,
)


def one_unit(gamma: float = 1.0) -> Networks:
    """Return a linear unit that hands its input to batch norm `[1, ...]`."""
    one, zero = np.ones((1, 1, 1)), np.zeros((1, 1))
    return Networks(MODEL, [one, zero, np.array([[gamma]]), zero, one, zero])


def test_two_rows_of_four_become_minus_one_and_one():
    # In batches of two the lower row becomes -1 and the upper one 1. The first and the
    # last of four always do; the others meet a lower row in 1 or 2 of 3 batches, which
    # is a variance of 4 x 1/3 x 2/3. All squares are 1.
    x = np.array([[[-3.0], [0.5], [1.0], [7.0]]])
    orders = row_orders(np.array([900_000]), 2000, 4)
    expected = (0 + 8 / 9 + 8 / 9 + 0) / 4
    found = noise_share(one_unit(), x, 2, orders)
    assert found == pytest.approx([expected], abs=0.02)  # 2,000 random orders
    # A scale is no noise, and one batch of all rows leaves none.
    scaled = noise_share(one_unit(3.0), x, 2, orders)
    np.testing.assert_allclose(scaled, found, rtol=1e-9)
    assert noise_share(one_unit(), x, 4, orders[:, :5]) == pytest.approx([0.0])


def test_dropout_of_keras_makes_its_rate_the_share_of_noise():
    outputs = np.random.default_rng(0).gamma(1.0, size=(1, 50)).astype(np.float32)
    layer = keras.layers.Dropout(0.3, seed=0)
    dropped = layer(np.repeat(outputs, 20_000, axis=0), training=True).numpy()
    share = dropped.var(axis=0).mean() / (dropped**2).mean()
    assert share == pytest.approx(0.3, abs=0.01)


def test_batches_must_fit_and_there_must_be_batch_norm():
    training = TrainingConfig(
        optimizer=OptimizerConfig(name="adam", learning_rate=0.01),
        loss="categorical_crossentropy",
        from_logits=True,
        batch_size=7,
        num_steps=5,
    )
    task = TaskConfig(name="spirals", num_train=32, num_val=10, num_test=20)
    model = MLPConfig(input_units=2, hidden_units=(4,), output_units=2)
    fields = {"task": task, "training": training}
    with pytest.raises(ConfigError, match="`batch_norm` must be 'before'"):
        BatchNoiseConfig(**fields, model=model)
    with pytest.raises(ConfigError, match="`batch_size` must divide"):
        BatchNoiseConfig(**fields, model=model.replace(batch_norm="before"))
