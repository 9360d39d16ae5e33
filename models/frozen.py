"""Frozen, validated configs and the one error they raise."""

import difflib
import math
import numbers
import re
from collections.abc import Callable, Iterable
from typing import Annotated, Any, ClassVar, Self

import pydantic

MAX_RECEIVED_CHARACTERS = 200
LARGEST_INTEGER = 2**63 - 1
"""Stores, arrays and TOML have integers of 64 bits."""


class ConfigError(ValueError):
    """Report input that cannot be used, one sentence per problem.

    The command line prints the text on stderr and exits with code 2.
    """


def describe(value: Any) -> str:
    """Return `repr(value)`, cut when it would fill the screen."""
    text = repr(value)
    if len(text) > MAX_RECEIVED_CHARACTERS:
        return text[:MAX_RECEIVED_CHARACTERS] + "..."
    return text


def requirement(field: str, must: str, received: Any) -> ConfigError:
    """Make the error `` `field` must be ... Received: ... ``."""
    return ConfigError(f"`{field}` {must}. Received: {describe(received)}.")


def one_of(field: str, value: Any, allowed: Iterable[str]) -> str:
    """Return `value` if it is one of the allowed names.

    Args:
        field: Name of the setting, as the user wrote it.
        value: What was received.
        allowed: Names that may be chosen.

    Raises:
        ConfigError: If `value` is not allowed; names the closest spelling, if any.
    """
    names = tuple(allowed)
    if isinstance(value, str) and value in names:
        return value
    message = f"`{field}` must be one of {names}. Received: {describe(value)}."
    raise ConfigError(message + _did_you_mean(value, names, quote="'"))


def _did_you_mean(value: Any, names: Iterable[str], quote: str) -> str:
    close = difflib.get_close_matches(str(value).lower(), list(names), n=1)
    return f" Did you mean {quote}{close[0]}{quote}?" if close else ""


def _number(
    must: str, accepts: Callable[[Any], bool], *, integer: bool = False
) -> pydantic.BeforeValidator:
    kind = numbers.Integral if integer else numbers.Real

    def check(value: Any) -> int | float:
        # A bool is an Integral and a NaN compares false with everything.
        usable = isinstance(value, kind) and not isinstance(value, bool)
        if usable and isinstance(value, int) and abs(value) > LARGEST_INTEGER:
            raise ValueError(f"{must}, of 64 bits")
        if not (usable and math.isfinite(value) and accepts(value)):
            raise ValueError(must)
        return int(value) if integer else float(value)

    return pydantic.BeforeValidator(check)


def at_most(limit: int) -> pydantic.AfterValidator:
    """Return a validator that refuses more, for what would fill memory or never end."""

    def check(value: int) -> int:
        if value > limit:
            raise ValueError(f"must be at most {limit:,}")
        return value

    return pydantic.AfterValidator(check)


PositiveInt = Annotated[
    int, _number("must be a positive integer", lambda v: v > 0, integer=True)
]
NonNegativeInt = Annotated[
    int, _number("must be a non-negative integer", lambda v: v >= 0, integer=True)
]
Finite = Annotated[float, _number("must be a finite number", lambda v: True)]
Positive = Annotated[float, _number("must be a positive number", lambda v: v > 0)]
NonNegative = Annotated[
    float, _number("must be a non-negative number", lambda v: v >= 0)
]
Rate = Annotated[
    float, _number("must be at least 0 and less than 1", lambda v: 0 <= v < 1)
]
Fraction = Annotated[float, _number("must be between 0 and 1", lambda v: 0 <= v <= 1)]


class FrozenConfig(pydantic.BaseModel):
    """Validate settings when made and never change afterwards.

    Unknown fields, NaN and infinity are refused. Every failure, also one inside a
    nested config, surfaces as a `ConfigError` with one line per problem.

    Fields named in `silent_defaults` are left out of dumps while they hold their
    default: a field that is added later then changes no key that is stored already.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
    silent_defaults: ClassVar[frozenset[str]] = frozenset()

    @pydantic.model_serializer(mode="wrap")
    def _without_silent_defaults(
        self, handler: pydantic.SerializerFunctionWrapHandler
    ) -> dict[str, Any]:
        fields = type(self).model_fields
        silent = {
            name
            for name in self.silent_defaults
            if getattr(self, name) == fields[name].default
        }
        dumped: dict[str, Any] = handler(self)
        return {k: value for k, value in dumped.items() if k not in silent}

    def __init__(self, /, **data: Any) -> None:
        """Validate the fields given by keyword.

        Raises:
            ConfigError: If a field is missing, unknown or out of range.
        """
        try:
            super().__init__(**data)
        except pydantic.ValidationError as error:
            raise _config_error(error, type(self)) from None

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Make a config from a mapping; see `pydantic.BaseModel.model_validate`.

        Raises:
            ConfigError: If a field is missing, unknown or out of range.
        """
        try:
            return super().model_validate(obj, **options)
        except pydantic.ValidationError as error:
            raise _config_error(error, cls) from None

    @classmethod
    def model_validate_json(
        cls, json_data: str | bytes | bytearray, **options: Any
    ) -> Self:
        """Make a config from JSON; see `pydantic.BaseModel.model_validate_json`.

        Raises:
            ConfigError: If the text is not JSON or a field is not usable.
        """
        try:
            return super().model_validate_json(json_data, **options)
        except pydantic.ValidationError as error:
            raise _config_error(error, cls) from None

    def replace(self, **changes: Any) -> Self:
        """Return a variant with some fields changed, validated again.

        Raises:
            ConfigError: If a changed field is unknown or out of range.
        """
        # Cached properties are kept beside the fields.
        known = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self)(**{**known, **changes})


def _config_error(
    error: pydantic.ValidationError, config: type[pydantic.BaseModel]
) -> ConfigError:
    lines: list[str] = []
    for problem in error.errors(include_url=False):
        for line in _sentences(problem, config):
            if line not in lines:
                lines.append(line)
    return ConfigError("\n".join(lines))


def _sentences(problem: Any, config: type[pydantic.BaseModel]) -> list[str]:
    field = _dotted(problem["loc"])
    kind, received = problem["type"], problem["input"]
    cause = problem.get("ctx", {}).get("error")
    if isinstance(cause, ConfigError):
        return [_within(field, line) for line in str(cause).splitlines()]
    if kind == "missing":
        return [f"`{field}` is required by {config.__name__}."]
    if kind == "extra_forbidden":
        guess = _did_you_mean(field, config.model_fields, quote="`")
        return [f"`{field}` is not a field of {config.__name__}.{guess}"]
    if cause is not None:
        must = str(cause)
    elif kind == "literal_error":
        names = getattr(_annotation(config, problem["loc"]), "__args__", ())
        if names and all(isinstance(name, str) for name in names):
            try:
                one_of(field, received, names)
            except ConfigError as choice:
                return [str(choice)]
        must = f"must be one of {problem['ctx']['expected']}"
    else:
        must = _must(problem["msg"])
    return [f"`{field}` {must}. Received: {describe(received)}."]


def _must(message: str) -> str:
    message = re.sub(r"^Input should be (a valid )?", "must be ", message)
    message = re.sub(r"^must be (integer|array)", r"must be an \1", message)
    message = re.sub(
        r"^must be (string|number|boolean|tuple|list|dictionary)",
        r"must be a \1",
        message,
    )
    return message[:1].lower() + message[1:]


def _dotted(location: tuple[str | int, ...]) -> str:
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text or "config"


def _within(field: str, line: str) -> str:
    """Put the outer field before the name a nested error begins with."""
    match = re.match(r"`([^`]*)`", line)
    if field == "config" or match is None:
        return line
    name = match.group(1)
    if name == field or name.startswith((f"{field}.", f"{field}[")):
        return line
    return f"`{field}.{name}`" + line[match.end() :]


def _annotation(config: type[pydantic.BaseModel], location: tuple) -> Any:
    """Return the annotation of a top-level field without its `None`."""
    field = config.model_fields.get(str(location[0])) if len(location) == 1 else None
    if field is None:
        return None
    arguments = getattr(field.annotation, "__args__", ())
    nested = [a for a in arguments if hasattr(a, "__args__")]
    return nested[0] if nested else field.annotation
