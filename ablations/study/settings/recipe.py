"""Say what a network of a study is made of, and turn it into our own configs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, Literal

from pydantic import field_validator

from ablations.training.config import OptimizerConfig, ScheduleConfig, TrainingConfig
from models.config import (
    ACTIVATIONS,
    INITIALIZERS,
    ActivationConfig,
    FrozenConfig,
    InitializerConfig,
    MLPConfig,
    NonNegative,
    NonNegativeInt,
    PositiveInt,
    Rate,
    one_of,
)
from models.frozen import at_most
from models.search_space import OPTIMIZERS

LOSSES = {
    "classification": ("crossentropy", "mse", "binary_crossentropy"),
    "regression": ("mse", "huber", "mae"),
}
"""Losses by task; the first is the one of the plain recipe."""

ProgramLoss = Literal[
    "mse", "mae", "huber", "binary_crossentropy", "categorical_crossentropy"
]
PROGRAM_LOSSES: dict[str, ProgramLoss] = {
    "crossentropy": "categorical_crossentropy",
    "binary_crossentropy": "binary_crossentropy",
    "mse": "mse",
    "mae": "mae",
    "huber": "huber",
}
"""What the losses are called in a training."""

SCHEDULES = ("constant", "cosine", "linear")
PARTS_OFF = {
    "dropout": 0.0,
    "l2": 0.0,
    "weight_decay": 0.0,
    "batch_norm": "none",
    "skip": "none",
    "schedule": "constant",
    "early_stopping": 0,
    "class_weight": "none",
    "target_transform": "none",
    "scaling": "standard",
}
"""Parts that a recipe can do without, with the value that stands for without."""

BATCH_NORM_MOMENTUM = 0.9
"""The 0.99 of Keras needs hundreds of updates before moving averages are right. Here
they judge nothing: `Recipe.training` takes the statistics of all training rows."""

ALMOST_NO_DECAY = 1e-30
"""Decay that changes no weight in single precision, but keeps the part in a program."""

WITH_PARTS = {"dropout": 0.5, "l2": 1.0}
SHARED_PARTS = (*WITH_PARTS, "weight_decay")
"""Parts whose strength is a number, 0 for without, so that networks with and without
them can train in one compiled program; the strength that stands for with."""

MOST_LAYERS, MOST_UNITS = 1000, 20_000

Option = str | int | float | bool


class Recipe(FrozenConfig):
    """Choose every ingredient of a network and its training but the learning rate.

    Attributes:
        activation: Of the hidden layers.
        initializer: Of the hidden kernels; the output layer keeps Glorot's uniform.
        depth: Hidden layers; 0 makes a linear model.
        width: Units of every hidden layer.
        dropout: Share of hidden units dropped in training.
        l2: Factor of the sum of squared kernels in the loss.
        weight_decay: Decoupled decay: a weight loses this share times the rate.
        batch_norm: `before` or `after` the activation, or `none`.
        skip: `residual` adds a layer's input to its output.
        optimizer: Update rule.
        schedule: How the learning rate goes down to zero, if it does.
        batch_size: Rows per update.
        early_stopping: Epochs without a better validation loss after which training
            ends and the best weights come back; 0 trains to the end.
        loss: What is minimized; must suit the task.
        class_weight: `balanced` lets all classes count alike in the loss, however many
            rows they have: each row of a class by (rows) / (classes x rows of the
            class), of the training rows.
        target_transform: What is learned in place of a number: its `log` (that of 1
            more where there are zeros), or the normal score of its rank, `quantile`.
            Answers are turned back.
        scaling: How columns of numbers enter: `standard` (mean 0 and variance 1), or
            `quantile`, the normal scores of their ranks.
        ensemble: Networks that are trained from other seeds, and whose outputs are
            averaged.
        options: Factors that only a factory of the user's knows, by name.
    """

    activation: str = "relu"
    initializer: str = "he_normal"
    depth: Annotated[NonNegativeInt, at_most(MOST_LAYERS)] = 2
    width: Annotated[PositiveInt, at_most(MOST_UNITS)] = 64
    dropout: Rate = 0.0
    l2: NonNegative = 0.0
    weight_decay: NonNegative = 0.0
    batch_norm: Literal["none", "before", "after"] = "none"
    skip: Literal["none", "residual"] = "none"
    optimizer: str = "adam"
    schedule: str = "constant"
    batch_size: PositiveInt = 32
    early_stopping: NonNegativeInt = 0
    loss: str = "crossentropy"
    class_weight: Literal["none", "balanced"] = "none"
    target_transform: Literal["none", "log", "quantile"] = "none"
    scaling: Literal["standard", "quantile"] = "standard"
    ensemble: PositiveInt = 1
    options: tuple[tuple[str, Option], ...] = ()

    @field_validator("activation")
    @classmethod
    def _known_activation(cls, value: str) -> str:
        return one_of("activation", value, ACTIVATIONS)

    @field_validator("initializer")
    @classmethod
    def _known_initializer(cls, value: str) -> str:
        # A constant needs a value, which a level has no place for.
        return one_of(
            "initializer", value, [n for n in INITIALIZERS if n != "constant"]
        )

    @field_validator("optimizer")
    @classmethod
    def _known_optimizer(cls, value: str) -> str:
        return one_of("optimizer", value, OPTIMIZERS)

    @field_validator("schedule")
    @classmethod
    def _known_schedule(cls, value: str) -> str:
        return one_of("schedule", value, SCHEDULES)

    @field_validator("loss")
    @classmethod
    def _known_loss(cls, value: str) -> str:
        return one_of("loss", value, PROGRAM_LOSSES)

    def level(self, factor: str) -> Option:
        """Return the level of a factor, an ingredient or an option."""
        if factor in type(self).model_fields:
            return getattr(self, factor)
        return dict(self.options)[factor]

    def with_levels(self, levels: dict[str, Option]) -> Recipe:
        """Return a variant; names that are no ingredient become options."""
        own = {k: v for k, v in levels.items() if k in type(self).model_fields}
        rest = {k: v for k, v in levels.items() if k not in own}
        options = tuple(sorted({**dict(self.options), **rest}.items()))
        return self.replace(**own, options=options)

    def settings(self) -> dict[str, Option]:
        """Return every ingredient and option by name."""
        fields = {k: v for k, v in self if k != "options"}
        return {**fields, **dict(self.options)}

    def parts(self) -> tuple[str, ...]:
        """Return the parts that are on, of those a recipe can do without."""
        return tuple(k for k, off in PARTS_OFF.items() if getattr(self, k) != off)

    @property
    def has_batch_norm(self) -> bool:
        """Whether hidden layers, if there are any, have batch norm."""
        return self.batch_norm != "none" and self.depth > 0

    def model(self, num_inputs: int, num_outputs: int) -> MLPConfig:
        """Return the network.

        It says logits for the cross-entropies, and shares that sum to 1 where classes
        are trained with another loss.
        """
        shares = self.loss == "mse" and num_outputs > 1
        return MLPConfig(
            input_units=num_inputs,
            hidden_units=(self.width,) * self.depth,
            activation=ActivationConfig(name=self.activation),
            kernel_initializer=InitializerConfig(name=self.initializer),
            dropout=self.dropout,
            l2=self.l2,
            batch_norm=None if self.batch_norm == "none" else self.batch_norm,
            batch_norm_momentum=BATCH_NORM_MOMENTUM,
            skip=None if self.skip == "none" else self.skip,
            output_units=num_outputs,
            output_activation=ActivationConfig(name="softmax" if shares else "linear"),
        )

    def training(
        self,
        learning_rate: float,
        num_rows: int,
        epochs: int,
        *,
        metrics: tuple[str, ...] = ("loss",),
    ) -> TrainingConfig:
        """Return the training, of which every epoch is recorded.

        Early stopping is not part of it: it changes nothing before it stops, so that
        what it keeps is read off the curves of a whole training.

        Args:
            learning_rate: The rate before any schedule.
            num_rows: Training rows.
            epochs: Passes over them. An epoch leaves out the rows that do not fill its
                last batch, others every time.
            metrics: Curves to record.
        """
        per_epoch = steps_per_epoch(self.batch_size, num_rows)
        total = per_epoch * epochs
        schedule = ScheduleConfig()
        if self.schedule != "constant":
            schedule = ScheduleConfig(
                name=self.schedule, decay_steps=total, final_learning_rate=0.0
            )
        return TrainingConfig(
            optimizer=OptimizerConfig(
                name=self.optimizer,
                learning_rate=learning_rate,
                weight_decay=self.weight_decay,
            ),
            loss=PROGRAM_LOSSES[self.loss],
            from_logits=self.loss in ("crossentropy", "binary_crossentropy"),
            batch_size=self.batch_size,
            num_steps=total,
            drop_remainder=True,
            schedule=schedule,
            log_steps=tuple(range(per_epoch, total + 1, per_epoch)),
            metrics=metrics,
            batch_norm_statistics=(
                "training_rows" if self.has_batch_norm else "moving"
            ),
        )


def steps_per_epoch(batch_size: int, num_rows: int) -> int:
    """Return the number of full batches in a pass over the rows, at least one."""
    return max(1, num_rows // batch_size)


def with_parts(model: MLPConfig, parts: Collection[str]) -> MLPConfig:
    """Return the network of a program that has these parts, whatever their strength.

    A rate or factor of 0 is a number like any other, so that networks with and without
    dropout or penalties train in one program.
    """
    if not model.hidden_units:
        return model
    off = {
        name: on
        for name, on in WITH_PARTS.items()
        if name in parts and not getattr(model, name)
    }
    return model.replace(**off)


def layer_numbers(model: MLPConfig, parts: Collection[str]) -> dict[str, float]:
    """Return the numbers of a network's layers in its program, by `layer.attribute`."""
    own = model.continuous()
    return {path: own.get(path, 0.0) for path in with_parts(model, parts).continuous()}


class Net(Recipe):
    """What a factory of the user's is called with: a recipe, and the data's sizes.

    Attributes:
        num_inputs: Columns of the prepared inputs.
        num_outputs: Columns of the targets: one per class, 1 for numbers.
        task: `classification` or `regression`.

    Examples:
        A factory builds any stackable Keras model; it says logits for the loss
        `crossentropy`::

            def build(config):
                hidden = keras.layers.Dense(config.width, activation=config.activation)
                output = keras.layers.Dense(config.num_outputs)
                return keras.Sequential([keras.Input((config.num_inputs,)), hidden,
                                         output])
    """

    num_inputs: PositiveInt
    num_outputs: PositiveInt
    task: Literal["classification", "regression"]

    @classmethod
    def of(cls, recipe: Recipe, num_inputs: int, num_outputs: int, task: Any) -> Net:
        """Return a recipe together with the sizes of the data."""
        return cls(
            **dict(recipe), num_inputs=num_inputs, num_outputs=num_outputs, task=task
        )
