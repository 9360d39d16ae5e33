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
from ablations.tasks.data import Data
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import MLPConfig, one_of, requirement
from models.initializers import initial_weights
from models.mlp import build_mlp

LOSSES = {
    "mse": keras.losses.MeanSquaredError,
    "mae": keras.losses.MeanAbsoluteError,
    "huber": keras.losses.Huber,
    "binary_crossentropy": keras.losses.BinaryCrossentropy,
    "categorical_crossentropy": keras.losses.CategoricalCrossentropy,
    "hinge": keras.losses.Hinge,
}


METRICS = ("loss", "max_error", "solved")
"""What can be recorded; all of it always is."""


def keras_optimizer(config: OptimizerConfig) -> keras.optimizers.Optimizer:
    """Return the Keras optimizer of the same rule.

    Raises:
        ConfigError: If Keras has no such form.
    """
    if config.name == "schedule_free_adamw":
        # Keras ends at the place of the next gradient, not at the mean. On TensorFlow
        # Keras 3.15 also takes that mean from weights already changed, and lets copies
        # of the weights begin at zero if `fit` makes them.
        must = "must be one of which Keras evaluates the weights that are meant"
        raise requirement("optimizer", must, config.name)
    rate = config.learning_rate
    decay = {"weight_decay": config.weight_decay} if config.weight_decay else {}
    for form, keras_has in (
        ("epsilon_inside_root", True),
        ("bias_correction", True),
        ("epsilon_corrected", False),
    ):
        chosen = getattr(config, form)
        if chosen is not None and chosen != keras_has:
            raise requirement(form, f"must be {keras_has}, as in Keras", chosen)
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
        "muon": lambda: keras.optimizers.Muon(
            rate,
            *(config.beta_1, config.beta_2, config.weight_decay, config.epsilon),
            weight_decay=config.weight_decay,
            momentum=config.momentum,
        ),
    }
    return make[config.name]()


class _Recorder(keras.callbacks.Callback):
    """Measure the network after chosen epochs, 0 before the first."""

    def __init__(self, data: Data, epochs: Sequence[int], loss: Any) -> None:
        super().__init__()
        self._data, self._epochs, self._loss = data, set(epochs), loss
        self.rows: list[dict[str, float]] = []

    def on_train_begin(self, logs: Any = None) -> None:
        self._record(0)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self._record(epoch + 1)

    def _record(self, epoch: int) -> None:
        if epoch not in self._epochs:
            return
        p = ops.convert_to_numpy(self.model(self._data.x, training=False))
        y = self._data.y
        self.rows.append(
            {
                "loss": float(self._loss(y, p)),
                "max_error": float(np.abs(p - y).max()),
                "solved": float(np.all(np.round(p) == y)),
            }
        )


def _check(model: MLPConfig, training: TrainingConfig, num_rows: int) -> None:
    """Refuse what `fit` cannot do from a seed alone, or this module does not do."""
    must = "for the engine 'fit'"
    for name in ("early_stopping", "clip_value", "clip_norm", "clip_global_norm"):
        if getattr(training, name) is not None:
            raise requirement(name, f"must be None {must}", getattr(training, name))
    for name in ("record_weights", "probes", "from_logits"):
        if getattr(training, name):
            raise requirement(name, f"must be off {must}", getattr(training, name))
    for metric in training.metrics:
        one_of("metrics", metric, METRICS)
    if training.batch_norm_statistics != "moving":
        must, received = f"must be 'moving' {must}", training.batch_norm_statistics
        raise requirement("batch_norm_statistics", must, received)
    if training.schedule.name != "constant":
        raise requirement("schedule", f"must be constant {must}", training.schedule)
    if model.l1 or model.l2:
        raise requirement("l2", f"must be 0 {must}, as `l1`", (model.l1, model.l2))
    per_epoch = training.steps_per_epoch(num_rows)
    if per_epoch > 1 and (training.shuffle != "none" or training.drop_remainder):
        raise requirement(
            "shuffle", f"must be 'none' {must} and batches, all used", training.shuffle
        )
    ends = (*training.log_steps, training.total_steps(num_rows))
    if any(step % per_epoch for step in ends):
        must = f"must hold whole epochs of {per_epoch} updates {must}"
        raise requirement("log_steps", must, ends)


def _batches(data: Data, training: TrainingConfig) -> dict[str, Any]:
    """Return the arguments of `fit` that feed the rows in their stored order.

    On TensorFlow a data set that never ends takes a third of the time of one that
    starts anew in every epoch.
    """
    size = min(training.batch_size or data.num_rows, data.num_rows)
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        rows = tf.data.Dataset.from_tensor_slices((data.x, data.y)).batch(size)
        per_epoch = training.steps_per_epoch(data.num_rows)
        return {"x": rows.repeat(), "steps_per_epoch": per_epoch, "shuffle": False}
    return {"x": data.x, "y": data.y, "batch_size": size, "shuffle": False}


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
    num_rows = task.num_rows
    _check(model, training, num_rows)
    network = build_mlp(model, stackable=True)
    loss = LOSSES[training.loss]()
    network.compile(optimizer=keras_optimizer(training.optimizer), loss=loss)
    network.optimizer.build(network.trainable_variables)
    fresh = [ops.convert_to_numpy(v) for v in network.optimizer.variables]
    trainable, state = initial_weights(network, np.asarray(seeds))
    variables = [*network.trainable_variables, *network.non_trainable_variables]
    total = training.total_steps(num_rows)
    per_epoch = training.steps_per_epoch(num_rows)
    steps = sorted({k for k in training.log_steps if k <= total} | {total})
    rows = []
    for run, seed in enumerate(seeds):
        if run == 0 or task.per_seed:
            data = task.rows_of_run(seed)
            feed = _batches(data, training)
        for variable, value in zip(network.optimizer.variables, fresh, strict=True):
            variable.assign(value)
        for variable, values in zip(variables, (*trainable, *state), strict=True):
            variable.assign(values[run])
        recorder = _Recorder(data, [step // per_epoch for step in steps], loss)
        network.fit(**feed, epochs=total // per_epoch, verbose=0, callbacks=[recorder])
        rows.append(recorder.rows)
    arrays = {
        f"curve.{name}": np.array([[r[name] for r in run] for run in rows], np.float32)
        for name in METRICS
    }
    arrays["steps"] = np.tile(np.array(steps, np.int32), (len(rows), 1))
    return arrays
