"""Rows are damaged as said, in a copy, and nothing else is."""

import numpy as np
import pytest

from ablations.experiments.readouts.rows import (
    LEAK,
    SCALE,
    DamagedRowsConfig,
    damaged,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.train import train_stack
from models.config import ConfigError, MLPConfig

SEEDS = np.array([5, 2])
TASK = TaskConfig(name="gmm10", num_classes=3, num_train=40, num_val=20, num_test=30)
MODEL = MLPConfig(input_units=20, hidden_units=(8,), output_units=3)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.02),
    loss="categorical_crossentropy",
    from_logits=True,
    batch_size=10,
    num_steps=60,
    log_steps=(0, 30, 90),
    metrics=("loss", "val_accuracy", "test_accuracy"),
)


def config(damage: str, **changes) -> DamagedRowsConfig:
    fields = {"task": TASK, "model": MODEL, "training": TRAINING, "damage": damage}
    return DamagedRowsConfig(**(fields | changes))


def test_every_second_held_out_input_comes_in_another_unit():
    rows = make_task(TASK).rows(SEEDS)
    found = damaged(rows, "held_out_scaled")
    np.testing.assert_array_equal(found.x, rows.x)
    for name in ("x_val", "x_test"):
        before, after = getattr(rows, name), getattr(found, name)
        np.testing.assert_allclose(after[..., ::2], SCALE * before[..., ::2])
        np.testing.assert_array_equal(after[..., 1::2], before[..., 1::2])


def test_a_leak_gives_the_label_away_in_training_rows_alone():
    rows = make_task(TASK).rows(SEEDS)
    kept = rows.x.copy()
    found = damaged(rows, "label_in_inputs")
    np.testing.assert_array_equal(found.x[..., 0] / LEAK, rows.y.argmax(axis=-1))
    assert not found.x_val[..., 0].any()
    assert not found.x_test[..., 0].any()
    np.testing.assert_array_equal(found.x_test[..., 1:], rows.x_test[..., 1:])
    np.testing.assert_array_equal(rows.x, kept)


def test_labels_slip_by_one_row_in_training_rows_alone():
    rows = make_task(TASK).rows(SEEDS)
    kept = rows.y.copy()
    found = damaged(rows, "labels_of_other_rows")
    np.testing.assert_array_equal(found.y[:, 1:], rows.y[:, :-1])
    np.testing.assert_array_equal(found.y[:, 0], rows.y[:, -1])
    # Neighbors share one of three classes by chance, not as sorted rows would.
    assert np.mean((found.y == rows.y).all(axis=-1)) < 0.6
    for name in ("x", "x_val", "y_val", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(found, name), getattr(rows, name))
    np.testing.assert_array_equal(rows.y, kept)


def test_rows_without_damage_train_as_ever():
    whole = config("none")
    arrays, _ = checked(whole, SEEDS, whole.run(SEEDS))
    # The size of the stacks that are compiled anyway.
    size, rows = whole.chunk_size, make_task(TASK).rows(SEEDS)
    result = train_stack(MODEL, TRAINING, SEEDS, rows, pad_to=size)
    assert whole.recorded_steps() == (0, 30, 60)
    np.testing.assert_array_equal(arrays["steps"][0], result.log_steps)
    for name in TRAINING.metrics:
        np.testing.assert_allclose(
            arrays[f"curve.{name}"], result.curves[name], rtol=1e-4, atol=1e-6
        )


@pytest.mark.parametrize(
    "damage", ["held_out_scaled", "label_in_inputs", "labels_of_other_rows"]
)
def test_damage_shows_on_held_out_rows(damage):
    def right(name: str) -> float:
        return float(config(name).run(SEEDS)["curve.test_accuracy"][:, -1].mean())

    assert right(damage) < right("none") - 0.1


@pytest.mark.parametrize("task", [TaskConfig(name="teacher"), TASK.replace(num_val=0)])
def test_tasks_without_classes_or_held_out_rows_are_refused(task):
    with pytest.raises(ConfigError, match="`task` must"):
        config("none", task=task)
