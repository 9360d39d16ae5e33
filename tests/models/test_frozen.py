from typing import Literal

import numpy as np
import pytest

from models.frozen import (
    ConfigError,
    Finite,
    Fraction,
    FrozenConfig,
    NonNegative,
    NonNegativeInt,
    Positive,
    PositiveInt,
    Rate,
    one_of,
)


class InnerConfig(FrozenConfig):
    width: PositiveInt
    kind: Literal["wide", "narrow"] | None = None


class OuterConfig(FrozenConfig):
    inner: InnerConfig
    steps: NonNegativeInt = 0
    gain: Positive = 1.0
    shift: Finite = 0.0
    penalty: NonNegative = 0.0
    rate: Rate = 0.0
    momentum: Fraction = 0.9
    names: tuple[str, ...] = ()


GOOD = {"inner": {"width": 3}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"steps": -1}, "`steps` must be a non-negative integer. Received: -1."),
        ({"steps": 1.0}, "`steps` must be a non-negative integer. Received: 1.0."),
        ({"steps": 2**63}, "`steps` must be a non-negative integer, of 64 bits."),
        ({"gain": 10**400}, "`gain` must be a positive number, of 64 bits."),
        ({"steps": True}, "`steps` must be a non-negative integer. Received: True."),
        ({"steps": "3"}, "`steps` must be a non-negative integer. Received: '3'."),
        ({"gain": 0}, "`gain` must be a positive number. Received: 0."),
        ({"gain": float("inf")}, "`gain` must be a positive number. Received: inf."),
        ({"shift": float("nan")}, "`shift` must be a finite number. Received: nan."),
        ({"shift": None}, "`shift` must be a finite number. Received: None."),
        ({"penalty": -1e-9}, "`penalty` must be a non-negative number. Received: -1e"),
        ({"rate": 1.0}, "`rate` must be at least 0 and less than 1. Received: 1.0."),
        ({"momentum": 1.5}, "`momentum` must be between 0 and 1. Received: 1.5."),
        ({"names": "ab"}, "`names` must be a tuple. Received: 'ab'."),
        ({"stps": 3}, "`stps` is not a field of OuterConfig. Did you mean `steps`?"),
        (
            {"inner": {"width": -3}},
            "`inner.width` must be a positive integer. Received: -3.",
        ),
        ({"inner": {}}, "`inner.width` is required by InnerConfig."),
        (
            {"inner": {"width": 1, "kind": "wid"}},
            "`inner.kind` must be one of ('wide', 'narrow'). Received: 'wid'. "
            "Did you mean 'wide'?",
        ),
    ],
)
def test_a_bad_value_is_named_with_what_must_hold(changes, message):
    with pytest.raises(ConfigError) as caught:
        OuterConfig(**{**GOOD, **changes})
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_every_problem_has_a_line_of_its_own():
    with pytest.raises(ConfigError) as caught:
        OuterConfig(inner={"width": 0, "wdth": 1}, steps=-1, rate=2)
    fields = [line.split("`")[1] for line in str(caught.value).splitlines()]
    assert sorted(fields) == ["inner.wdth", "inner.width", "rate", "steps"]


@pytest.mark.parametrize(
    "make",
    [
        lambda: OuterConfig(inner={"width": 0}),
        lambda: OuterConfig.model_validate({"inner": {"width": 0}}),
        lambda: OuterConfig.model_validate_json('{"inner": {"width": 0}}'),
        lambda: OuterConfig(**GOOD).replace(inner={"width": 0}),
    ],
)
def test_every_way_to_make_a_config_gives_the_same_error(make):
    with pytest.raises(ConfigError, match=r"^`inner.width` must be a positive integer"):
        make()


def test_text_that_is_no_json_is_a_config_error():
    with pytest.raises(ConfigError, match="EOF while parsing"):
        OuterConfig.model_validate_json("{")


def test_a_long_value_does_not_fill_the_screen():
    with pytest.raises(ConfigError) as caught:
        OuterConfig(**GOOD, steps="x" * 10_000)
    assert len(str(caught.value)) < 300


def test_a_variant_is_validated_and_leaves_the_original_alone():
    config = OuterConfig(**GOOD)
    variant = config.replace(steps=7)
    assert (config.steps, variant.steps) == (0, 7)
    assert variant.inner is config.inner
    with pytest.raises(ConfigError, match="Did you mean `steps`"):
        config.replace(step=7)


def test_a_config_cannot_be_changed():
    config = OuterConfig(**GOOD)
    with pytest.raises(ValueError, match="frozen"):
        config.steps = 3


def test_numbers_of_numpy_become_those_of_python():
    config = OuterConfig(
        inner={"width": np.int64(3)}, steps=np.uint8(2), gain=np.float32(0.5)
    )
    assert type(config.steps) is int
    assert type(config.gain) is float
    assert OuterConfig.model_validate_json(config.model_dump_json()) == config


def test_a_name_without_a_close_spelling_gets_no_guess():
    with pytest.raises(ConfigError) as caught:
        one_of("activation", 3, ("relu", "tanh"))
    expected = "`activation` must be one of ('relu', 'tanh'). Received: 3."
    assert str(caught.value) == expected


def test_an_allowed_name_is_returned():
    assert one_of("activation", "relu", ("relu", "tanh")) == "relu"
