"""Networks of equal loss walk down their gradient, as far as their weights are long."""

import numpy as np
import pytest

from ablations.experiments.smoothness import (
    SmoothnessConfig,
    flat,
    loss_of,
    walked,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import MLPConfig

SEEDS = np.array([900_006, 900_004])


def config(**model) -> SmoothnessConfig:
    network = {"input_units": 2, "hidden_units": (8, 6), "output_units": 2}
    return SmoothnessConfig(
        task=TaskConfig(name="spirals", num_train=64, num_val=10, num_test=20),
        model=MLPConfig(**(network | model)),
        training=TrainingConfig(
            optimizer=OptimizerConfig(name="adam", learning_rate=0.02),
            loss="categorical_crossentropy",
            from_logits=True,
            batch_size=16,
            num_steps=100,
            log_steps=tuple(range(0, 101, 10)),
            batch_norm_statistics="training_rows",
        ),
        target_loss=0.65,
    )


def test_a_walk_is_as_long_as_told_and_goes_down_the_gradient():
    weights = [np.array([[[3.0]]], np.float32), np.array([[4.0]], np.float32)]
    gradient = [np.array([[[0.0]]], np.float32), np.array([[2.0]], np.float32)]
    there = walked(weights, gradient, 0.1)
    # The weights are 5 long, so that the step is 0.5.
    np.testing.assert_allclose(flat(there), [[3.0, 3.5]])
    # A gradient twice as long changes nothing.
    longer = walked(weights, [2.0 * g for g in gradient], 0.1)
    np.testing.assert_array_equal(flat(longer), flat(there))


@pytest.fixture(scope="module")
def normed():
    return config(batch_norm="before")


def test_the_gradient_is_that_of_finite_differences_and_loss_falls_along_it(normed):
    trained, _ = normed.train_to_loss(SEEDS, normed.target_loss)
    weights, data = trained.result.weights, trained.data
    gradient = normed._gradient(trained, weights)
    loss = loss_of(normed.model, weights, data.x, data.y)
    distance = 1e-3
    there = walked(weights, gradient, distance)
    fallen = loss - loss_of(normed.model, there, data.x, data.y)
    lengths = [np.linalg.norm(flat(each), axis=1) for each in (weights, gradient)]
    # To first order the loss falls by the length of the step times the gradient's.
    np.testing.assert_allclose(fallen, distance * lengths[0] * lengths[1], rtol=0.05)


def test_networks_are_taken_at_the_target_and_their_walk_is_recorded(normed):
    found, _ = checked(normed, SEEDS, normed.run(SEEDS))
    assert (found["curve.loss"] <= np.float32(0.65 + 1e-4)).all()
    assert (found["curve.gradient_turn"] > 0).all()
    assert np.isfinite(found["curve.log10_loss_range"]).all()
