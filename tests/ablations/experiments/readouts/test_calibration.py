"""Calibration errors of a few rows by hand, and temperatures that are known."""

import numpy as np
import pytest

from ablations.experiments.readouts.calibration import (
    CalibrationConfig,
    best_temperature,
    calibration_error,
    sureness,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig

TASK = TaskConfig(name="spirals", num_train=32, num_val=20, num_test=40)
MODEL = MLPConfig(input_units=2, hidden_units=(8, 8), output_units=2)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.01),
    loss="categorical_crossentropy",
    from_logits=True,
    num_steps=20,
)


def test_an_error_is_the_gap_between_what_is_said_and_what_is_so():
    # Fewer rows than bins: each row is a bin of its own.
    said, right = np.array([0.9, 0.6]), np.array([True, False])
    assert calibration_error(said, right) == pytest.approx((0.1 + 0.6) / 2)
    # Fifteen bins of two rows, one of them right in each: said 0.7, true 0.5.
    said, right = np.full(30, 0.7), np.tile([True, False], 15)
    assert calibration_error(said, right) == pytest.approx(0.2)


def test_what_is_sure_and_wrong_is_noticed():
    rng = np.random.default_rng(0)
    said = rng.uniform(0.5, 1.0, 60_000)
    right = rng.random(60_000) < said
    assert calibration_error(said, right) < 0.01
    assert calibration_error(np.minimum(said + 0.1, 1.0), right) > 0.07


def test_the_temperature_undoes_a_factor_on_the_logits():
    rng = np.random.default_rng(0)
    logits = rng.normal(0.0, 2.0, (8_000, 3))
    powers = np.exp(logits)
    shares = powers / powers.sum(axis=1, keepdims=True)
    labels = (rng.random((8_000, 1)) > shares.cumsum(axis=1)).sum(axis=1)
    # Temperatures lie seven in a hundred apart.
    assert best_temperature(logits, labels) == pytest.approx(1.0, rel=0.1)
    assert best_temperature(3.0 * logits, labels) == pytest.approx(3.0, rel=0.1)
    said, right = sureness(3.0 * logits, labels)
    assert said.mean() > right.mean() + 0.1


def test_networks_are_read_run_by_run():
    config = CalibrationConfig(task=TASK, model=MODEL, training=TRAINING)
    seeds = np.array([900_001, 900_002])
    found, _ = checked(config, seeds, config.run(seeds))
    alone, _ = checked(config, seeds[1:], config.run(seeds[1:]))
    for name in config.recorded_metrics():
        curve = found[f"curve.{name}"]
        assert np.isfinite(curve).all()
        np.testing.assert_allclose(curve[1:], alone[f"curve.{name}"], rtol=1e-5)
    assert (found["curve.confidence"] >= 0.5).all()


def test_outputs_that_are_no_logits_are_refused():
    training = TRAINING.replace(from_logits=False)
    with pytest.raises(ConfigError, match="read logits"):
        CalibrationConfig(task=TASK, model=MODEL, training=training)
