"""Train runs one after the other with `keras.Model.fit`: the oracle of the stacks.

Nothing of the stack trainer is used, except the starting weights that a seed means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from ablations.tasks import Task
from ablations.training_config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig
from models.initializers import initial_weights
from models.mlp import build_mlp

LOSSES = {
    "mse": keras.losses.MeanSquaredError,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "hinge": keras.losses.Hinge,
}


def keras_optimizer(config: OptimizerConfig) -> keras.optimizers.Optimizer:
    """Return the Keras optimizer of the same rule.

    Raises:
        ConfigError: If Keras has no such form.
    """
    rate = config.learning_rate
    decay = {"weight_decay": config.weight_decay} if config.weight_decay else {}
    if (
        config.epsilon_inside_root is False
        or config.bias_correction is False
        or (config.epsilon_corrected)
    ):
        raise ConfigError(
            f"`optimizer` {config.name!r} must be in the form Keras has to be trained"
            " with `keras.Model.fit`."
        )
    betas = {"beta_1": config.beta_1, "beta_2": config.beta_2}
    adam = {**betas, "epsilon": config.epsilon}
    make: dict[str, Any] = {
        "sgd": lambda: keras.optimizers.SGD(rate, **decay),
        "momentum": lambda: keras.optimizers.SGD(rate, config.momentum, **decay),
        "nesterov": lambda: keras.optimizers.SGD(
            rate, config.momentum, nesterov=True, **decay
        ),
        "adagrad": lambda: keras.optimizers.Adagrad(
            rate, config.initial_accumulator, epsilon=config.epsilon, **decay
        ),
        "adadelta": lambda: keras.optimizers.Adadelta(
            rate, config.rho, config.epsilon, **decay
        ),
        "rmsprop": lambda: keras.optimizers.RMSprop(
            rate,
            config.rho,
            config.momentum,
            config.epsilon,
            centered=bool(config.centered),
            **decay,
        ),
        "adam": lambda: keras.optimizers.Adam(
            rate, **adam, amsgrad=bool(config.amsgrad), **decay
        ),
        "adamw": lambda: keras.optimizers.AdamW(
            rate,
            weight_decay=config.weight_decay,
            **adam,
            amsgrad=bool(config.amsgrad),
        ),
        "nadam": lambda: keras.optimizers.Nadam(rate, **adam, **decay),
        "adamax": lambda: keras.optimizers.Adamax(rate, **adam, **decay),
        "lion": lambda: keras.optimizers.Lion(rate, **betas, **decay),
    }
    return make[config.name]()


class _Recorder(keras.callbacks.Callback):
    """Measure the network at chosen numbers of updates."""

    def __init__(self, task: Task, steps: Sequence[int], loss: Any) -> None:
        super().__init__()
        self._task, self._steps, self._loss = task, set(steps), loss
        self._made = 0
        self.rows: list[dict[str, float]] = []

    def on_train_begin(self, logs: Any = None) -> None:
        if 0 in self._steps:
            self._record()

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self._made += 1
        if self._made in self._steps:
            self._record()

    def _record(self) -> None:
        p = ops.convert_to_numpy(self.model(self._task.x, training=False))
        y = self._task.y
        self.rows.append(
            {
                "loss": float(self._loss(y, p)),
                "max_error": float(np.abs(p - y).max()),
                "solved": float(np.all(np.round(p) == y)),
            }
        )


def _batches(task: Task, training: TrainingConfig) -> dict[str, Any]:
    """Return the arguments of `fit` that feed the rows.

    All rows at once travel as one ready batch: on TensorFlow that takes a tenth of the
    time of cutting the same batch from arrays in every epoch.
    """
    num_rows = len(task.x)
    if (training.batch_size or num_rows) < num_rows:
        return {
            "x": task.x,
            "y": task.y,
            "batch_size": training.batch_size,
            "shuffle": training.shuffle != "none",
        }
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        rows = tf.data.Dataset.from_tensors((task.x, task.y))
        return {"x": rows, "shuffle": False}
    return {"x": task.x, "y": task.y, "batch_size": num_rows, "shuffle": False}


def train_by_fit(
    model: MLPConfig, training: TrainingConfig, seeds: np.ndarray, task: Task
) -> dict[str, np.ndarray]:
    """Train every seed with `compile` and `fit`.

    The model is built and compiled once; each run starts from its seed's weights and a
    fresh optimizer state.

    Returns:
        `steps` `[S, T]`, `curve.loss`, `curve.max_error` and `curve.solved` `[S, T]`.

    Raises:
        ConfigError: If the training uses what this oracle does not do.
    """
    for name in ("early_stopping", "clip_value", "clip_norm", "clip_global_norm"):
        if getattr(training, name) is not None:
            raise ConfigError(f"`{name}` must be None for the engine 'fit'.")
    if training.schedule.name != "constant" or training.from_logits:
        raise ConfigError(
            "`schedule` must be constant and `from_logits` False for the engine 'fit'."
        )
    network = build_mlp(model)
    loss = LOSSES[training.loss]()
    network.compile(optimizer=keras_optimizer(training.optimizer), loss=loss)
    network.optimizer.build(network.trainable_variables)
    fresh = [ops.convert_to_numpy(v) for v in network.optimizer.variables]
    weights, _ = initial_weights(network, np.asarray(seeds))
    total = training.total_steps(len(task.x))
    per_epoch = training.steps_per_epoch(len(task.x))
    steps = sorted({k for k in training.log_steps if k <= total} | {total})
    feed = _batches(task, training)
    rows = []
    for run in range(len(seeds)):
        for variable, value in zip(network.optimizer.variables, fresh, strict=True):
            variable.assign(value)
        for variable, values in zip(network.trainable_variables, weights, strict=True):
            variable.assign(values[run])
        recorder = _Recorder(task, steps, loss)
        network.fit(
            **feed,
            epochs=max(total // max(per_epoch, 1), 1),
            verbose=0,
            callbacks=[recorder],
        )
        rows.append(recorder.rows)
    arrays = {
        f"curve.{name}": np.array([[r[name] for r in run] for run in rows], np.float32)
        for name in ("loss", "max_error", "solved")
    }
    arrays["steps"] = np.tile(np.array(steps, np.int32), (len(rows), 1))
    return arrays
