"""Configs of the parts of a network that are chosen by name, and their parsers.

A field takes a part as itself, as its name or as its fields; some take one per layer.
"""

from collections.abc import Callable
from typing import Annotated, Any, Self, TypeVar

import pydantic

from models.frozen import (
    ConfigError,
    Finite,
    FrozenConfig,
    Positive,
    Rate,
    one_of,
    requirement,
)

ACTIVATIONS = (
    "linear",
    "sigmoid",
    "hard_step",
    "tanh",
    "relu",
    "relu6",
    "leaky_relu",
    "prelu",
    "elu",
    "selu",
    "gelu",
    "swish",
    "softplus",
    "softmax",
    "square",
    "cosine",
)
INITIALIZERS = (
    "zeros",
    "constant",
    "uniform",
    "normal",
    "glorot_uniform",
    "glorot_normal",
    "he_uniform",
    "he_normal",
    "lecun_uniform",
    "lecun_normal",
    "orthogonal",
)
# Keras starts LeakyReLU at 0.2 and PReLU at 0.
DEFAULT_SLOPES = {"leaky_relu": 0.2, "prelu": 0.0}
# Keras: RandomUniform(-0.05, 0.05) and RandomNormal(stddev=0.05).
DEFAULT_SCALES = {"uniform": 0.05, "normal": 0.05}


class ActivationConfig(FrozenConfig):
    """Choose an activation y = c f(a x + b) + d.

    Attributes:
        name: The function f, one of `ACTIVATIONS`.
        slope: Slope for x < 0 of `leaky_relu`, or the slope from which `prelu`
            starts to learn (one per unit). None takes the default of Keras.
        input_scale: a.
        input_shift: b.
        output_scale: c.
        output_shift: d.
    """

    name: str
    slope: Finite | None = None
    input_scale: Finite = 1.0
    output_scale: Finite = 1.0
    input_shift: Finite = 0.0
    output_shift: Finite = 0.0

    @pydantic.field_validator("name", mode="before")
    @classmethod
    def _known(cls, value: Any) -> str:
        return one_of("name", value, ACTIVATIONS)

    @pydantic.model_validator(mode="after")
    def _slope_is_used(self) -> Self:
        if self.slope is not None and self.name not in DEFAULT_SLOPES:
            raise requirement(
                "slope",
                f"must be None for {self.name!r}, only "
                f"{tuple(DEFAULT_SLOPES)} have one",
                self.slope,
            )
        return self

    @property
    def start_slope(self) -> float | None:
        """Slope in use, None for an activation without one."""
        if self.slope is None:
            return DEFAULT_SLOPES.get(self.name)
        return self.slope

    def affine(self) -> dict[str, float]:
        """Return the scales and shifts that are on, by name."""
        off = {
            "input_scale": 1.0,
            "input_shift": 0.0,
            "output_scale": 1.0,
            "output_shift": 0.0,
        }
        values = {name: getattr(self, name) for name in off}
        return {name: value for name, value in values.items() if value != off[name]}

    def continuous(self) -> dict[str, float]:
        """Return every continuous attribute of the activation layer that is on."""
        values = self.affine()
        if self.name == "leaky_relu" and self.start_slope is not None:
            values["negative_slope"] = self.start_slope
        return values

    def structure(self) -> Self:
        """Return the representative of all activations with the same graph."""
        # 2 is no value that means "off", for a scale (1) or a shift (0).
        return type(self)(name=self.name, **dict.fromkeys(self.affine(), 2.0))


class InitializerConfig(FrozenConfig):
    """Choose the distribution a weight starts from.

    Attributes:
        name: One of `INITIALIZERS`.
        scale: Half width of `uniform`, standard deviation of `normal` (default 0.05).
        value: The value of `constant` (required by it).
        gain: Factor on every drawn weight, so the variance has factor gain^2.
    """

    name: str
    scale: Positive | None = None
    value: Finite | None = None
    gain: Positive = 1.0

    @pydantic.field_validator("name", mode="before")
    @classmethod
    def _known(cls, value: Any) -> str:
        return one_of("name", value, INITIALIZERS)

    @pydantic.model_validator(mode="after")
    def _settings_are_used(self) -> Self:
        if self.scale is not None and self.name not in DEFAULT_SCALES:
            raise requirement(
                "scale",
                f"must be None for {self.name!r}; only {tuple(DEFAULT_SCALES)} have "
                "one, use `gain`",
                self.scale,
            )
        if (self.value is not None) != (self.name == "constant"):
            must = "must be a number" if self.name == "constant" else "must be None"
            raise requirement("value", f"{must} for {self.name!r}", self.value)
        if self.name == "zeros" and self.gain != 1.0:
            raise requirement("gain", "must be 1 for 'zeros'", self.gain)
        return self

    @property
    def width(self) -> float | None:
        """Scale in use by `uniform` and `normal`, before the gain."""
        if self.scale is None:
            return DEFAULT_SCALES.get(self.name)
        return self.scale


Named = TypeVar("Named", ActivationConfig, InitializerConfig)


def _named(config: type[Named], names: tuple[str, ...]) -> Callable[[Any, str], Named]:
    """Return a parser of a config given as itself, its name or its fields."""

    def parse(value: Any, field: str) -> Named:
        if isinstance(value, config):
            return value
        if not isinstance(value, dict):
            return config(name=one_of(field, value, names))
        try:
            return config(**value)
        except ConfigError as error:
            lines = str(error).splitlines()
            named = [line.replace("`", f"`{field}.", 1) for line in lines]
            raise ConfigError("\n".join(named)) from None

    return parse


_RATE = pydantic.TypeAdapter(Rate)


def _rate(value: Any, field: str) -> float:
    try:
        return _RATE.validate_python(value)
    except pydantic.ValidationError:
        raise requirement(field, "must be at least 0 and less than 1", value) from None


def _single(parse: Callable[[Any, str], Any]) -> pydantic.BeforeValidator:
    def check(value: Any, info: pydantic.ValidationInfo) -> Any:
        return parse(value, str(info.field_name))

    return pydantic.BeforeValidator(check)


def _per_layer(parse: Callable[[Any, str], Any]) -> pydantic.BeforeValidator:
    def check(value: Any, info: pydantic.ValidationInfo) -> Any:
        field = str(info.field_name)
        if isinstance(value, list | tuple):
            return tuple(parse(v, f"{field}[{i}]") for i, v in enumerate(value))
        return parse(value, field)

    return pydantic.BeforeValidator(check)


_activation = _named(ActivationConfig, ACTIVATIONS)
_initializer = _named(InitializerConfig, INITIALIZERS)
Activation = Annotated[ActivationConfig, _single(_activation)]
Initializer = Annotated[InitializerConfig, _single(_initializer)]
Activations = Annotated[
    ActivationConfig | tuple[ActivationConfig, ...], _per_layer(_activation)
]
Initializers = Annotated[
    InitializerConfig | tuple[InitializerConfig, ...], _per_layer(_initializer)
]
Rates = Annotated[float | tuple[float, ...], _per_layer(_rate)]
