"""Say which multi-layer perceptrons a search may try, without Keras or KerasTuner."""

from __future__ import annotations

import math
from typing import Annotated, Any, Self

import pydantic

from models.config import (
    ACTIVATIONS,
    INITIALIZERS,
    Finite,
    FrozenConfig,
    MLPConfig,
    NonNegative,
    PositiveInt,
    Rate,
    one_of,
    requirement,
)
from models.frozen import at_most

OPTIMIZERS = (
    "sgd",
    "momentum",
    "nesterov",
    "adagrad",
    "adadelta",
    "rmsprop",
    "adam",
    "adamw",
    "nadam",
    "adamax",
    "lion",
    "muon",
)
"""Those whose weights are what Keras has after `fit`."""

OFF = "off"
"""Stands for None, which no choice of KerasTuner may hold."""

NAMES = {
    "activation": ACTIVATIONS,
    "initializer": INITIALIZERS,
    "batch_norm": (OFF, "before", "after"),
    "skip": (OFF, "residual"),
    "optimizer": OPTIMIZERS,
}
"""What may be chosen by name."""


RANGES = ("dropout", "l2", "learning_rate")
"""What may be drawn from a range."""


class Range(FrozenConfig):
    """A range of numbers to draw from, in logarithms where `log` is true."""

    low: Finite
    high: Finite
    log: bool = False

    @pydantic.model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if not self.low < self.high:
            must = f"must be greater than `low` ({self.low:g})"
            raise requirement("high", must, self.high)
        if self.log and self.low <= 0:
            must = "must be a positive number for logarithms"
            raise requirement("low", must, self.low)
        return self

    def levels(self, number: int) -> tuple[float, ...]:
        """Return values in equal distances from `low` to `high`, both included.

        One level is the middle of the range.
        """
        shares = [i / (number - 1) for i in range(number)] if number > 1 else [0.5]
        if not self.log:
            return tuple(self.low + s * (self.high - self.low) for s in shares)
        low, high = math.log(self.low), math.log(self.high)
        # Twelve digits, so that the ends are what was asked for.
        values = (math.exp(low + s * (high - low)) for s in shares)
        return tuple(float(f"{value:.12g}") for value in values)


def parse_field(text: str) -> tuple[str, tuple[Any, ...] | Range]:
    """Read `width=16,32` or `learning_rate=1e-4:1e-1:log`, as typed by a user.

    Raises:
        ConfigError: If it is neither choices nor a range of a field.
    """
    field, equals, told = (part.strip() for part in text.partition("="))
    one_of("space", field, SearchSpace.model_fields)
    if not equals or not told:
        must = f"must be choices, {field}=A,B, or a range, {field}=LOW:HIGH[:log]"
        raise requirement("space", must, text)
    if ":" in told:
        if field not in RANGES:
            raise requirement("space", f"must be choices, {field}=A,B", text)
        ends, log = told.removesuffix(":log"), told.endswith(":log")
        low, _, high = ends.partition(":")
        return field, Range(low=_number(text, low), high=_number(text, high), log=log)
    choices = [choice.strip() for choice in told.split(",")]
    if field in NAMES:
        return field, tuple(choices)
    numbers = [_number(text, choice) for choice in choices]
    whole = field in ("depth", "width", "batch_size")
    return field, tuple(
        int(number) if whole and number.is_integer() else number for number in numbers
    )


def _number(text: str, told: str) -> float:
    try:
        return float(told)
    except ValueError:
        raise requirement("space", "must hold numbers", text) from None


Words = tuple[str, ...]
Counts = tuple[PositiveInt, ...]
Depths = tuple[Annotated[PositiveInt, at_most(1000)], ...]
Widths = tuple[Annotated[PositiveInt, at_most(100_000)], ...]


class SearchSpace(FrozenConfig):
    """What a search may choose, one field per hyperparameter of the same name.

    A field holds its choices, of which the first is the default, or a `Range` of
    numbers. A field of one choice is fixed and no dimension of the search.
    `batch_size` acts in `fit`, all the others where the model is built and compiled.

    Attributes:
        activation: Names from `models.config.ACTIVATIONS`, of all hidden layers.
        initializer: Names from `models.config.INITIALIZERS`, of the hidden kernels.
        depth: Numbers of hidden layers.
        width: Units of every hidden layer.
        dropout: Shares of units dropped after every hidden layer.
        l2: Factors of the squared hidden kernels in the loss; 0 leaves them out.
        batch_norm: "off", or "before" or "after" the activation.
        skip: "off", or "residual" around every hidden layer.
        optimizer: Names from `OPTIMIZERS`, with the other settings of Keras.
        learning_rate: Rates of the optimizer.
        batch_size: Rows per update.
    """

    activation: Words = ("relu", "tanh", "elu", "swish")
    initializer: Words = ("glorot_uniform", "he_normal")
    depth: Depths = (2, 1, 3)
    width: Widths = (32, 16, 64)
    dropout: tuple[Rate, ...] | Range = Range(low=0.0, high=0.5)
    l2: tuple[NonNegative, ...] | Range = Range(low=1e-6, high=1e-2, log=True)
    batch_norm: Words = (OFF, "before")
    skip: Words = (OFF,)
    optimizer: Words = ("adam",)
    learning_rate: tuple[NonNegative, ...] | Range = Range(
        low=1e-4, high=1e-1, log=True
    )
    batch_size: Counts = (32,)

    @pydantic.model_validator(mode="after")
    def _holds_choices(self) -> Self:
        for field in type(self).model_fields:
            values = getattr(self, field)
            if isinstance(values, Range):
                if values.low < 0:
                    raise requirement(f"{field}.low", "must not be negative", values)
                if field == "dropout" and values.high >= 1:
                    raise requirement(f"{field}.high", "must be less than 1", values)
                continue
            if not values or len(set(values)) < len(values):
                raise requirement(field, "must hold different choices", values)
            for value in values if field in NAMES else ():
                one_of(field, value, NAMES[field])
        return self

    def size(self, levels: int) -> int:
        """Return the number of points of the full grid.

        Args:
            levels: Number of values taken from a range.
        """
        fields = (getattr(self, field) for field in type(self).model_fields)
        return math.prod(
            levels if isinstance(values, Range) else len(values) for values in fields
        )

    @property
    def num_points(self) -> int | None:
        """Number of combinations of values, None where a field is a range."""
        fields = (getattr(self, field) for field in type(self).model_fields)
        return None if any(isinstance(v, Range) for v in fields) else self.size(1)

    def declare(self, hp: Any) -> dict[str, Any]:
        """Return the value of every field, and declare what is searched.

        Args:
            hp: The `keras_tuner.HyperParameters` of a trial.
        """
        return {field: self._declare(hp, field) for field in type(self).model_fields}

    def _declare(self, hp: Any, field: str) -> Any:
        values = getattr(self, field)
        if isinstance(values, Range):
            sampling = "log" if values.log else "linear"
            return hp.Float(field, values.low, values.high, sampling=sampling)
        if len(values) == 1:
            return hp.Fixed(field, values[0])
        # In order, KerasTuner's Gaussian process knows which widths are neighbours.
        ordered = list(values) if field in NAMES else sorted(values)
        return hp.Choice(field, ordered, default=values[0])


def configure(base: MLPConfig, values: dict[str, Any]) -> MLPConfig:
    """Return the network that the values of a search space choose.

    Args:
        base: Everything that is not searched: inputs, outputs, further settings.
        values: As `SearchSpace.declare` returns them.
    """
    return base.replace(
        hidden_units=(values["width"],) * values["depth"],
        activation=values["activation"],
        kernel_initializer=values["initializer"],
        dropout=values["dropout"],
        l2=values["l2"],
        batch_norm=None if values["batch_norm"] == OFF else values["batch_norm"],
        skip=None if values["skip"] == OFF else values["skip"],
    )
