"""Runs that stop early say when, and keep what they say they keep."""

import keras
import numpy as np
import pytest

from ablations.experiments.readouts.stopping import KEPT, EarlyStoppedConfig
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from ablations.training.config import (
    EarlyStoppingConfig,
    OptimizerConfig,
    TrainingConfig,
)
from ablations.training.stopping_rule import stops
from ablations.training.train import train_stack
from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp

SEEDS = np.arange(8)
EPOCHS = 15
TASK = TaskConfig(
    name="random_labels",
    num_train=24,
    num_val=10,
    num_test=30,
    num_inputs=4,
    num_classes=2,
    targets="single",
)
MODEL = MLPConfig(input_units=4, hidden_units=(6,), output_activation="sigmoid")
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.02),
    loss="binary_crossentropy",
    batch_size=8,
    epochs=EPOCHS,
    early_stopping=EarlyStoppingConfig(patience=3, restore_best_weights=True),
)


def stopped(**changes) -> EarlyStoppedConfig:
    fields = {"task": TASK, "model": MODEL, "training": TRAINING}
    return EarlyStoppedConfig(**(fields | changes))


def test_what_is_kept_is_what_the_restored_weights_give():
    config = stopped()
    arrays, _ = checked(config, SEEDS, config.run(SEEDS))
    task = make_task(TASK)
    training = TRAINING.replace(metrics=KEPT)
    # The size of the stacks that are compiled anyway.
    size = config.chunk_size
    result = train_stack(MODEL, training, SEEDS, task.rows(SEEDS), pad_to=size)
    model = build_mlp(MODEL, stackable=True)
    model.compile(loss="binary_crossentropy", metrics=["accuracy"], run_eagerly=True)
    for run, seed in enumerate(SEEDS):
        model.set_weights([weight[run] for weight in result.weights])
        data = task.rows_of_run(seed)
        for part, rows in (
            ("val", (data.x_val, data.y_val)),
            ("test", (data.x_test, data.y_test)),
        ):
            loss, accuracy = model.evaluate(*rows, verbose=0)
            # Other sums of float32.
            assert arrays[f"curve.{part}_loss_kept"][run, 0] == pytest.approx(
                loss, rel=1e-4
            )
            assert arrays[f"curve.{part}_accuracy_kept"][run, 0] == pytest.approx(
                accuracy, abs=1e-6
            )


def test_epochs_are_those_of_the_rule_on_the_whole_curve():
    arrays = stopped().run(SEEDS)
    long = TRAINING.replace(
        early_stopping=None,
        metrics=("val_loss",),
        log_steps=tuple(range(3, 3 * EPOCHS + 1, 3)),
    )
    task = make_task(TASK)
    curves = train_stack(MODEL, long, SEEDS, task.rows(SEEDS)).curves["val_loss"]
    ends = stops(curves, 3)
    made = np.where(ends.stopped, ends.stopped, EPOCHS)
    np.testing.assert_array_equal(arrays["curve.stopped_after"][:, 0], made)
    np.testing.assert_array_equal(arrays["curve.kept_epoch"][:, 0], ends.kept)
    early = arrays["curve.stopped_early"][:, 0]
    np.testing.assert_array_equal(early, ends.stopped > 0)
    assert 0 < early.sum()
    assert len(set(made)) > 2


def test_the_printed_program_has_71_numbers():
    from ablations.rigs.regularization.stopping import printed_program

    config = printed_program().config
    assert config.model.parameter_count()[1] == 71
    assert make_task(config.task).num_rows == 100
    assert config.recorded_steps() == (400,)
    layers = build_mlp(config.model, stackable=True).layers
    kinds = {
        layer.kernel_initializer.__class__.__name__
        for layer in layers
        if isinstance(layer, keras.layers.Dense)
    }
    assert kinds == {"HeNormal", "GlorotUniform"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"training": TRAINING.replace(early_stopping=None)}, "training"),
        ({"task": TASK.replace(num_val=0)}, "task"),
        ({"task": TaskConfig(name="teacher")}, "task"),
    ],
)
def test_what_cannot_stop_or_be_tested_is_refused(changes, field):
    with pytest.raises(ConfigError, match=f"`{field}` must"):
        stopped(**changes)
