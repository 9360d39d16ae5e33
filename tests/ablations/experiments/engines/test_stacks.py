"""Runs come out of several stacks as they would out of one."""

import numpy as np

from ablations.experiments.engines.stacks import train_in_stacks
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.train import train_stack
from models.config import MLPConfig

TASK = TaskConfig(name="gmm10", num_train=32, num_val=16, num_test=16, num_classes=3)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.01),
    loss="categorical_crossentropy",
    from_logits=True,
    batch_size=8,
    num_steps=20,
    log_steps=(0, 10),
    metrics=("accuracy", "test_accuracy"),
)
SEEDS = np.array([5, 2, 9, 4, 7])


def network(**changes) -> MLPConfig:
    fields = {"input_units": 20, "hidden_units": (6,), "output_units": 3}
    return MLPConfig(**(fields | changes))


def test_runs_in_several_stacks_are_those_of_one():
    data = make_task(TASK).rows(SEEDS)
    apart = train_in_stacks(network(), TRAINING, SEEDS, data, size=2)
    together = train_stack(network(), TRAINING, SEEDS, data)
    np.testing.assert_array_equal(apart.log_steps, together.log_steps)
    for name, curve in together.curves.items():
        np.testing.assert_array_equal(apart.curves[name], curve)
    for mine, theirs in zip(apart.weights, together.weights, strict=True):
        # Stacks of other sizes may sum in another order.
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=1e-6)
    assert apart.diverged_at.tolist() == [-1] * 5


def test_a_strength_of_zero_is_a_network_without_that_part():
    data = make_task(TASK).rows(SEEDS)
    strengths = {"hidden_1.kernel_regularizer.l2": 0.0, "dropout_1.rate": 0.0}
    held_back = network(l2=1.0, dropout=0.5)
    off = train_in_stacks(
        held_back, TRAINING, SEEDS, data, size=5, attributes=strengths
    )
    plain = train_stack(network(), TRAINING, SEEDS, data)
    for mine, theirs in zip(off.weights, plain.weights, strict=True):
        # Another program may round otherwise, over 20 updates.
        np.testing.assert_allclose(mine, theirs, rtol=1e-3, atol=1e-5)


def test_every_run_has_a_strength_of_its_own():
    data = make_task(TASK).rows(SEEDS)
    strengths = {"hidden_1.kernel_regularizer.l2": np.linspace(0.0, 1.0, 5)}
    result = train_in_stacks(
        network(l2=1.0), TRAINING, SEEDS, data, size=2, attributes=strengths
    )
    alone = train_in_stacks(
        network(l2=0.75),
        TRAINING,
        SEEDS[3:4],
        data.of_runs(np.array([3])),
        size=2,
    )
    np.testing.assert_allclose(
        result.weights[0][3], alone.weights[0][0], rtol=1e-3, atol=1e-5
    )
