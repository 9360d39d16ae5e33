"""Cells are networks with dropout of their rates, and the best is chosen unseen."""

import numpy as np
import pytest

from ablations.experiments.readouts.dropout import (
    RetentionSurfaceConfig,
    cell_metric,
)
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.train import train_stack
from models.config import ConfigError, MLPConfig

SEEDS = np.array([7, 3])
TASK = TaskConfig(name="spirals", num_train=64, num_val=40, num_test=200)
NUMBERS = TaskConfig(name="regression8", num_train=64, num_val=40, num_test=100)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.02),
    loss="categorical_crossentropy",
    from_logits=True,
    batch_size=16,
    num_steps=150,
)


def model(task: TaskConfig, **changes) -> MLPConfig:
    made = make_task(task)
    fields = {"hidden_units": (16, 16), **changes}
    return MLPConfig(
        input_units=made.num_inputs, output_units=made.num_outputs, **fields
    )


def surface(task: TaskConfig = TASK, **changes) -> RetentionSurfaceConfig:
    training = TRAINING
    if task.is_regression:
        training = TRAINING.replace(loss="mse", from_logits=False)
    fields = {
        "task": task,
        "model": model(task),
        "training": training,
        "hidden": (1.0, 0.5),
        "inputs": (1.0, 0.75),
    }
    return RetentionSurfaceConfig(**(fields | changes))


def trained(config: RetentionSurfaceConfig, *metrics: str) -> dict[str, np.ndarray]:
    """Return the last of each metric by seed and cell, by networks with dropout."""
    task = config.task
    networks = [
        model(task, dropout=1.0 - hidden, input_dropout=1.0 - inputs)
        for _ in SEEDS
        for hidden, inputs in config.cells
    ]
    copies = np.repeat(np.arange(len(SEEDS)), len(config.cells))
    result = train_stack(
        networks,
        config.training.replace(metrics=metrics),
        SEEDS[copies],
        make_task(task).rows(SEEDS).of_runs(copies),
        pad_to=config.networks_per_stack,  # the size of stack that is compiled anyway
    )
    return {
        name: result.curves[name][:, -1].reshape(len(SEEDS), -1) for name in metrics
    }


@pytest.mark.parametrize("task", [TASK, NUMBERS], ids=lambda task: task.name)
def test_cells_have_dropout_of_what_is_not_kept_and_the_best_is_chosen_unseen(task):
    config = surface(task, hidden=(0.9, 0.5), inputs=(0.95, 0.75))
    arrays, _ = checked(config, SEEDS, config.run(SEEDS))
    val, test = f"val_{config.metric}", f"test_{config.metric}"
    expected = trained(config, val, test)
    for place, cell in enumerate(config.cells):
        found = arrays[f"curve.{cell_metric(config.metric, cell)}"][:, 0]
        np.testing.assert_allclose(found, expected[test][:, place], rtol=1e-2)
    chosen = arrays["best_cell"]
    sign = -1.0 if task.is_regression else 1.0
    best = (sign * expected[val]).max(axis=1)
    own = sign * expected[val][np.arange(len(SEEDS)), chosen]
    np.testing.assert_allclose(own, best, atol=0.026)  # one of 40 rows
    for run, place in enumerate(chosen):
        of_best = arrays[f"curve.test_{config.metric}_of_best"][run]
        name = cell_metric(config.metric, config.cells[place])
        assert of_best == arrays[f"curve.{name}"][run]


def test_a_cell_that_keeps_everything_is_a_network_without_dropout():
    config = surface(hidden=(1.0,), inputs=(1.0,))
    arrays = config.run(SEEDS)
    (name,) = {cell_metric("accuracy", cell) for cell in config.cells}
    found = trained(config, "test_accuracy")["test_accuracy"]
    # Another program rounds otherwise: one of 200 rows.
    np.testing.assert_allclose(arrays[f"curve.{name}"], found, atol=0.0051)


def test_a_seed_is_the_same_alone_and_in_a_crowd():
    crowd, alone = surface().run(SEEDS), surface().run(SEEDS[1:])
    for name, array in crowd.items():
        np.testing.assert_array_equal(array[1:], alone[name], err_msg=name)


def test_names_of_cells_are_percentages():
    assert cell_metric("accuracy", (0.6, 0.8)) == "test_accuracy_at_60_80"
    assert cell_metric("loss", (1.0, 0.125)) == "test_loss_at_100_12.5"


def test_a_model_that_drops_units_by_itself_is_refused():
    with pytest.raises(ConfigError, match="`dropout` must be 0"):
        surface(model=model(TASK, dropout=0.5))
    with pytest.raises(ConfigError, match="`dropout` must be 0"):
        surface(model=model(TASK, input_dropout=0.5))
