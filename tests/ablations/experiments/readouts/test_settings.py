"""Limits are found by halving, and settings at which networks learn are counted."""

import keras
import numpy as np
import pytest

from ablations.experiments.readouts.settings import (
    RateLimitConfig,
    TrainableSettingsConfig,
    halved,
    scaled_kernels,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp

SEEDS = np.array([900_006, 900_004])
FIELDS = {
    "task": TaskConfig(name="spirals", num_train=64, num_val=10, num_test=20),
    "model": MLPConfig(input_units=2, hidden_units=(8,), output_units=2),
    "training": TrainingConfig(
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.1),
        loss="categorical_crossentropy",
        from_logits=True,
        batch_size=16,
        num_steps=40,
    ),
}


def test_halving_closes_in_on_the_limit_of_each():
    limits = np.array([0.3, 3.9, -1.0, 9.0])
    low, high = halved(np.zeros(4), np.full(4, 4.0), lambda x: x < limits, 5)
    np.testing.assert_allclose(high - low, 4.0 / 2**5)
    assert ((low < limits) & (limits <= high))[:2].all()
    # Where no point or every point is below the limit, it tends to an end.
    assert (low[2], high[3]) == (0.0, 4.0)


def test_the_limit_is_the_same_as_one_rate_after_the_other_gives():
    config = RateLimitConfig(
        **FIELDS, lowest=0.01, highest=1e4, halvings=2, networks_each=3, needed=2
    )
    found, _ = checked(config, SEEDS, config.run(SEEDS))
    assert found["curve.learns_at_highest"].tolist() == [[0.0], [0.0]]
    # Intervals of 6 orders of magnitude, halved twice, leave 1.5; their middles are
    assert set(found["curve.log10_largest_rate"].ravel()) <= {-1.25, 0.25, 1.75, 3.25}
    alone = config.run(SEEDS[1:])["curve.log10_largest_rate"]
    np.testing.assert_array_equal(alone, found["curve.log10_largest_rate"][1:])


def test_kernels_are_scaled_and_nothing_else():
    model = FIELDS["model"].replace(batch_norm="before")
    built = build_mlp(model, seed=1)
    first = map(keras.ops.convert_to_numpy, built.trainable_weights)
    drawn = [np.stack([one, 2.0 * one]) for one in first]
    scaled = scaled_kernels(model, drawn, np.array([1.0, 4.0]))
    for variable, before, after in zip(
        built.trainable_weights, drawn, scaled, strict=True
    ):
        gain = 4.0 if variable.name == "kernel" else 1.0
        expected = np.stack([before[0], gain * before[0], before[1], gain * before[1]])
        np.testing.assert_array_equal(after, expected)


def test_settings_that_learn_are_counted_rate_by_rate_and_gain_by_gain():
    rates, gains = (1e-9, 0.5), (1e-3, 1.0, 1e6)
    config = TrainableSettingsConfig(**FIELDS, rates=rates, gains=gains, learns=0.6)
    found, _ = checked(config, SEEDS, config.run(SEEDS))
    there = found["settings_that_learn"]
    assert there.shape == (2, 2, 3)
    share = np.float32(there.mean(axis=(1, 2)))[:, None]
    np.testing.assert_array_equal(found["curve.share_that_learn"], share)
    # Tiny kernels do not learn at a tiny rate; from the usual ones a good rate does.
    assert not there[:, 0, 0].any()
    assert there[:, 1, 1].all()


def test_unusable_settings_are_refused():
    with pytest.raises(ConfigError, match="`lowest` must be below `highest`"):
        RateLimitConfig(**FIELDS, lowest=1.0, highest=0.1)
    with pytest.raises(ConfigError, match="`needed` must be at most"):
        RateLimitConfig(**FIELDS, lowest=0.1, highest=1.0, needed=6)
