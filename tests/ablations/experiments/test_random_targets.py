"""The printed network on noise: its data, its size and its guess."""

import numpy as np
import pytest

from ablations.experiments import random_targets
from ablations.experiments.random_targets import RandomTargetsConfig, draw_rows
from ablations.measures.regularization.penalties import printed_network
from ablations.protocol.experiment import checked
from ablations.training.train import train_stack
from models.config import ConfigError
from models.mlp import build_mlp

SEEDS = np.array([6, 3])


@pytest.fixture
def few_rows(monkeypatch):
    """Let an epoch be three updates, none of a short batch that is compiled apart."""
    monkeypatch.setattr(random_targets, "NUM_TRAIN", 96)


def test_the_data_are_those_of_the_printed_code():
    data = draw_rows(SEEDS)
    assert (data.x.shape, data.y.shape) == ((2, 1000, 32), (2, 1000, 1))
    assert (data.x_val.shape, data.y_val.shape) == ((2, 200, 32), (2, 200, 1))
    for array in data.arrays().values():
        assert 0.0 <= array.min() < 0.01
        assert 0.99 < array.max() < 1.0
    np.testing.assert_array_equal(draw_rows(SEEDS[1:]).x_val[0], data.x_val[1])


def test_the_network_is_the_printed_one():
    mine = build_mlp(RandomTargetsConfig().get_model(), stackable=True)
    printed = printed_network()
    shapes = [tuple(w.shape) for w in printed.trainable_variables]
    assert [tuple(w.shape) for w in mine.trainable_variables] == shapes
    assert mine.count_params() == printed.count_params() == 12545


def test_ten_epochs_are_320_updates():
    assert RandomTargetsConfig().recorded_steps() == (320, 3200)


@pytest.mark.usefixtures("few_rows")
def test_the_guess_is_the_training_mean():
    config = RandomTargetsConfig(epochs=(1, 2))
    arrays, _ = checked(config, SEEDS, config.run(SEEDS))
    np.testing.assert_array_equal(arrays["steps"], [[3, 6]] * 2)
    data = draw_rows(SEEDS)
    guess = data.y.mean(axis=1, dtype=np.float64)[:, None]
    expected = ((data.y_val - guess) ** 2).mean(axis=(1, 2))
    found = arrays["curve.val_squared_error_of_constant"]
    assert found == pytest.approx(np.stack([expected] * 2, axis=1), rel=1e-5)


@pytest.mark.usefixtures("few_rows")
def test_errors_are_those_of_an_ordinary_training_without_the_penalty():
    config = RandomTargetsConfig(l2=0.01, epochs=(20,))
    found = config.run(SEEDS)
    ordinary = config.get_model().replace(l2=0.01, dropout=0.0)
    result = train_stack(ordinary, config.get_training(), SEEDS, draw_rows(SEEDS))
    assert found["curve.val_squared_error"][:, 0] == pytest.approx(
        result.curves["val_squared_error"][:, -1], rel=1e-3
    )
    data = draw_rows(SEEDS)
    w, b, v, c, u, d = (weight[1].astype(np.float64) for weight in result.weights)
    hidden = np.maximum(np.maximum(data.x_val[1] @ w + b, 0) @ v + c, 0)
    error = np.mean((hidden @ u + d - data.y_val[1]) ** 2)
    assert found["curve.val_squared_error"][1, 0] == pytest.approx(error, rel=1e-3)


def test_epochs_must_increase():
    with pytest.raises(ConfigError, match="must increase"):
        RandomTargetsConfig(epochs=(10, 10))
