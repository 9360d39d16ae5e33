"""Describe how a run is trained: optimizer, schedule, batches, clipping, stopping.

Everything here is plain data.
A training splits into its *structure*, which decides the compiled program, and its
*hyperparameters*, which are numbers that may differ between the runs of one stack.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from models.config import (
    ConfigError,
    FrozenConfig,
    NonNegative,
    NonNegativeInt,
    Positive,
    PositiveInt,
    Rate,
    one_of,
    requirement,
)

OPTIMIZERS: dict[str, dict[str, float]] = {
    "sgd": {},
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9},
    "adagrad": {"initial_accumulator": 0.1, "epsilon": 1e-7},
    "adadelta": {"rho": 0.95, "epsilon": 1e-7},
    "rmsprop": {"rho": 0.9, "epsilon": 1e-7, "momentum": 0.0},
    "adam": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "adamw": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "nadam": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "adamax": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "lion": {"beta_1": 0.9, "beta_2": 0.99},
    "muon": {"momentum": 0.95, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7},
    "schedule_free_adamw": {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-8},
}
"""The numbers each optimizer reads, with the defaults of `keras.optimizers`."""

FORMS: dict[str, dict[str, bool]] = {
    "adagrad": {"epsilon_inside_root": True},
    "rmsprop": {"epsilon_inside_root": True, "centered": False},
    "adam": {"amsgrad": False, "bias_correction": True, "epsilon_corrected": False},
    "adamw": {"amsgrad": False, "bias_correction": True, "epsilon_corrected": False},
}
"""The switches that change an optimizer's rule, with the choice Keras makes."""

WEIGHT_DECAY = {"adamw": 0.004, "muon": 0.004}
"""The weight decay of Keras by default, where there is any."""

CANNOT_STACK = {
    "adafactor": "its step is scaled by the norm of the whole tensor, runs included",
    "lamb": "its trust ratio is a norm over the whole tensor, runs included",
    "loss_scale_optimizer": "its scale is shared by all runs",
    "ftrl": "its rule is not implemented for stacks",
}
"""Keras optimizers that are refused by name, with the reason."""

SCHEDULES: dict[str, tuple[str, ...]] = {
    "constant": (),
    "linear": ("decay_steps", "final_learning_rate"),
    "cosine": ("decay_steps", "final_learning_rate"),
    "step": ("decay_steps", "factor"),
    "exponential": ("decay_steps", "factor"),
}
"""The fields each learning-rate schedule reads."""

SCHEDULE_NUMBERS = ("schedule", "decay_steps", "final_learning_rate", "factor")
"""The hyperparameters that say how a rate changes, of no use where none does."""

ABSENT = -1.0
"""Stands in a hyperparameter array where a run does not use that hyperparameter."""

MOVING = "moving_"
"""What the name of a metric begins with that is measured with the moving averages of
batch norm, where the others are measured with statistics of the training rows."""

KEPT = "patience_"
"""What the hyperparameters of `OutputsConfig` begin with; its place follows."""


class OptimizerConfig(FrozenConfig):
    """Name an update rule and its numbers; unset numbers take the Keras defaults.

    Args:
        name: One of `OPTIMIZERS`.
        learning_rate: The rate before any schedule.
        weight_decay: Decoupled decay, applied to every trainable weight as
            `w <- w - learning_rate * weight_decay * w` before the update.
        epsilon_inside_root: `g / sqrt(r + epsilon)` (Keras) or, if false,
            `g / (sqrt(r) + epsilon)` (the printed textbook form).
        epsilon_corrected: Add epsilon to the bias-corrected root, as the Adam paper's
            listing does; Keras adds it to the uncorrected one.
        bias_correction: Divide Adam's moments by `1 - beta**t`.

    Raises:
        ConfigError: If a field does not belong to the named optimizer.
    """

    name: str
    learning_rate: NonNegative
    momentum: Rate | None = None
    rho: Rate | None = None
    beta_1: Rate | None = None
    beta_2: Rate | None = None
    epsilon: NonNegative | None = None
    initial_accumulator: NonNegative | None = None
    weight_decay: NonNegative | None = None
    amsgrad: bool | None = None
    centered: bool | None = None
    bias_correction: bool | None = None
    epsilon_inside_root: bool | None = None
    epsilon_corrected: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_defaults(cls, values: Any) -> Any:
        if not isinstance(values, dict) or not isinstance(values.get("name"), str):
            return values
        name = values["name"]
        if name.lower() in CANNOT_STACK:
            raise ConfigError(
                f"`optimizer` {name!r} cannot be stacked: {CANNOT_STACK[name.lower()]}."
                f" Use one of {tuple(OPTIMIZERS)}."
            )
        one_of("optimizer", name, tuple(OPTIMIZERS))
        defaults: dict[str, Any] = {**OPTIMIZERS[name], **FORMS.get(name, {})}
        defaults["weight_decay"] = WEIGHT_DECAY.get(name, 0.0)
        allowed = {"name", "learning_rate", *defaults}
        for field, value in values.items():
            if field not in allowed and field in cls.model_fields and value is not None:
                raise ConfigError(
                    f"`{field}` is not a field of the optimizer {name!r}, which reads"
                    f" {tuple(sorted(allowed - {'name'}))}. Received: {value!r}."
                )
        given = {k: v for k, v in values.items() if v is not None}
        return {**defaults, **given}

    @model_validator(mode="after")
    def _can_divide(self) -> Self:
        if self.name == "schedule_free_adamw" and not self.beta_1:
            must = "must be greater than 0 for 'schedule_free_adamw'"
            raise requirement("beta_1", must, self.beta_1)
        return self

    def numbers(self) -> dict[str, float]:
        """Return every number the update rule reads, by name."""
        names = ("learning_rate", "weight_decay", *OPTIMIZERS[self.name])
        return {name: float(getattr(self, name)) for name in names}


class ScheduleConfig(FrozenConfig):
    r"""Describe how the learning rate eta_k depends on the update k = 0, 1, ...

    With `a = min(k / decay_steps, 1)`, eta_0 the optimizer's rate and eta_T
    `final_learning_rate`:

    - `constant`: eta_0
    - `linear`: `(1 - a) eta_0 + a eta_T`, constant afterwards
    - `cosine`: `eta_T + (eta_0 - eta_T) (1 + cos(pi a)) / 2`
    - `step`: `eta_0 * factor ** floor(k / decay_steps)`
    - `exponential`: `eta_0 * factor ** (k / decay_steps)`
    """

    name: str = "constant"
    decay_steps: PositiveInt | None = None
    final_learning_rate: NonNegative | None = None
    factor: Positive | None = None

    @model_validator(mode="after")
    def _check_fields(self) -> Self:
        one_of("schedule", self.name, tuple(SCHEDULES))
        for field in ("decay_steps", "final_learning_rate", "factor"):
            value = getattr(self, field)
            if field in SCHEDULES[self.name] and value is None:
                raise ConfigError(
                    f"`schedule` {self.name!r} must have `{field}`. Received: None."
                )
            if field not in SCHEDULES[self.name] and value is not None:
                raise ConfigError(
                    f"`{field}` is not a field of the schedule {self.name!r}."
                    f" Received: {value!r}."
                )
        return self


class EarlyStoppingConfig(FrozenConfig):
    """Stop a run after `patience` epochs without improvement of the monitored metric.

    The rule is that of `keras.callbacks.EarlyStopping`: an epoch improves when
    `value + min_delta < best`. `loss` is the loss of all training rows after the epoch,
    without dropout; Keras would average those of the batches on the way.
    """

    monitor: Literal["loss", "val_loss"] = "val_loss"
    patience: NonNegativeInt = 0
    min_delta: NonNegative = 0.0
    restore_best_weights: bool = False


class OutputsConfig(FrozenConfig):
    """Keep what a run says of its validation and test rows, with chosen weights.

    Attributes:
        monitor: Metric that chooses among the weights at every record; less is better.
        patience: For each entry, outputs with the weights that the rule of
            `keras.callbacks.EarlyStopping` restores after so many records without a
            smaller value; the training itself goes on. 0 takes the last weights.
    """

    monitor: str = "val_loss"
    patience: tuple[NonNegativeInt, ...] = (0,)

    def numbers(self) -> dict[str, float]:
        """Return the numbers that may differ between runs, by name."""
        return {f"{KEPT}{i}": float(value) for i, value in enumerate(self.patience)}


class TrainingConfig(FrozenConfig):
    """Describe one training, everything but the model, the data and the seed.

    Args:
        loss: `binary_crossentropy` and `categorical_crossentropy` read probabilities,
            or logits with `from_logits`; `huber` turns from squares to distances at 1.
        batch_size: Rows per update; None takes all rows at once.
        num_steps: Number of updates; give this or `epochs`.
        shuffle: A new order each epoch, one random order for all, or as stored; an
            update of all rows takes them as stored.
        drop_remainder: Skip the short last batch of an epoch; Keras trains on it.
        clip_value: Clip each gradient entry; `clip_norm` clips each tensor's norm and
            `clip_global_norm` the norm over all tensors, always within one run.
        frozen_layers: Number of hidden layers, the first ones, whose kernels, biases
            and other trainable weights stay as they start; convolutions do so with
            the first.
        log_steps: Numbers of updates after which metrics are recorded; the last
            update is always recorded, and with early stopping every epoch.
        metrics: Names from `ablations.training.metrics`; `crossentropy` needs two
            outputs or more.
        record_weights: Keep the final weights of every run.
        probes: Names from `ablations.training.probes`; they cost nothing when empty.
        outputs: Which outputs to keep, if any.
        batch_norm_statistics: Mean and variance that batch norm has wherever metrics
            are recorded, weights chosen and outputs kept: the "moving" averages of
            Keras, or those of all "training_rows", taken anew before every record, by
            one more pass over them with dropout and noise off. Updates are the same,
            and a metric whose name begins with `moving_` still has the averages.
    """

    silent_defaults: ClassVar[frozenset[str]] = frozenset(
        {"batch_norm_statistics", "frozen_layers", "outputs"}
    )

    optimizer: OptimizerConfig
    loss: Literal[
        "mse",
        "mae",
        "huber",
        "binary_crossentropy",
        "categorical_crossentropy",
        "hinge",
    ] = "mse"
    from_logits: bool = False
    batch_size: PositiveInt | None = None
    num_steps: NonNegativeInt | None = None
    epochs: NonNegativeInt | None = None
    shuffle: Literal["reshuffled", "once", "none"] = "reshuffled"
    drop_remainder: bool = False
    schedule: ScheduleConfig = ScheduleConfig()
    clip_value: Positive | None = None
    clip_norm: Positive | None = None
    clip_global_norm: Positive | None = None
    early_stopping: EarlyStoppingConfig | None = None
    frozen_layers: NonNegativeInt = 0
    log_steps: tuple[NonNegativeInt, ...] = ()
    metrics: tuple[str, ...] = ("loss",)
    record_weights: bool = False
    probes: tuple[str, ...] = ()
    outputs: OutputsConfig | None = None
    batch_norm_statistics: Literal["moving", "training_rows"] = "moving"

    @model_validator(mode="after")
    def _check_choices(self) -> Self:
        if (self.num_steps is None) == (self.epochs is None):
            raise ConfigError(
                "Exactly one of `num_steps` and `epochs` must be given. Received:"
                f" num_steps={self.num_steps}, epochs={self.epochs}."
            )
        clips = ("clip_value", "clip_norm", "clip_global_norm")
        used = [name for name in clips if getattr(self, name) is not None]
        if len(used) > 1:
            raise ConfigError(f"At most one of {clips} must be given. Received: {used}")
        if self.from_logits and "crossentropy" not in self.loss:
            raise ConfigError(
                "`from_logits` must be False unless the loss is a cross-entropy."
                f" Received: from_logits=True, loss={self.loss!r}."
            )
        if list(self.log_steps) != sorted(set(self.log_steps)):
            raise ConfigError(
                f"`log_steps` must increase strictly. Received: {self.log_steps}."
            )
        if self.frozen_layers and self.optimizer.name == "schedule_free_adamw":
            must = (
                "must be 0 for 'schedule_free_adamw', whose gradients are taken beside"
                " the weights"
            )
            raise requirement("frozen_layers", must, self.frozen_layers)
        averaged = [name for name in self.measured if name.startswith(MOVING)]
        if averaged and self.batch_norm_statistics == "moving":
            raise ConfigError(
                f"`metrics` must begin with {MOVING!r} only where"
                " `batch_norm_statistics` is 'training_rows'; else all have moving"
                f" averages. Received: {averaged}."
            )
        return self

    @property
    def measured(self) -> tuple[str, ...]:
        """Metrics that are recorded, or that choose weights."""
        choosing = (self.early_stopping, self.outputs)
        return (*self.metrics, *(one.monitor for one in choosing if one))

    @property
    def clip_kind(self) -> Literal["value", "norm", "global_norm"] | None:
        """What the gradients are clipped by, if they are."""
        if self.clip_value is not None:
            return "value"
        if self.clip_norm is not None:
            return "norm"
        return None if self.clip_global_norm is None else "global_norm"

    def steps_per_epoch(self, num_rows: int) -> int:
        """Return the number of updates that one pass over `num_rows` rows makes."""
        size = num_rows if self.batch_size is None else min(self.batch_size, num_rows)
        return num_rows // size if self.drop_remainder else -(-num_rows // size)

    def total_steps(self, num_rows: int) -> int:
        """Return the number of updates of the whole training on `num_rows` rows."""
        if self.num_steps is not None:
            return self.num_steps
        return (self.epochs or 0) * self.steps_per_epoch(num_rows)

    def hyperparameters(self, num_rows: int) -> dict[str, float]:
        """Return the numbers that may differ between the runs of a stack, by name."""
        schedule, stopping = self.schedule, self.early_stopping
        return {
            **self.optimizer.numbers(),
            "schedule": float(list(SCHEDULES).index(schedule.name)),
            "decay_steps": float(schedule.decay_steps or 1),
            "final_learning_rate": float(schedule.final_learning_rate or 0.0),
            "factor": float(1.0 if schedule.factor is None else schedule.factor),
            "clip": float(
                self.clip_value or self.clip_norm or self.clip_global_norm or ABSENT
            ),
            "patience": float(stopping.patience if stopping else ABSENT),
            "min_delta": float(stopping.min_delta if stopping else 0.0),
            "num_steps": float(self.total_steps(num_rows)),
            "frozen_layers": float(self.frozen_layers),
            **(self.outputs.numbers() if self.outputs else {}),
        }

    def structure(self) -> TrainingConfig:
        """Return a copy that keeps only what decides the compiled program.

        Two trainings with equal structures run in one stack, each run with its own
        `hyperparameters`.
        """
        optimizer = OptimizerConfig(
            name=self.optimizer.name,
            learning_rate=0.0,
            weight_decay=1.0 if self.optimizer.weight_decay else 0.0,
            **{
                form: getattr(self.optimizer, form)
                for form in FORMS.get(self.optimizer.name, {})
            },
        )
        stopping, outputs = self.early_stopping, self.outputs
        return self.replace(
            optimizer=optimizer,
            schedule=ScheduleConfig(),
            num_steps=0,
            epochs=None,
            log_steps=(),
            clip_value=1.0 if self.clip_value else None,
            clip_norm=1.0 if self.clip_norm else None,
            clip_global_norm=1.0 if self.clip_global_norm else None,
            early_stopping=stopping and stopping.replace(patience=0, min_delta=0.0),
            frozen_layers=1 if self.frozen_layers else 0,
            outputs=outputs and outputs.replace(patience=(0,) * len(outputs.patience)),
        )
