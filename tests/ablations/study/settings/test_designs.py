import itertools

import numpy as np
import pytest

from ablations.study.settings.designs import (
    alias_groups,
    column_words,
    defining_words,
    make_arms,
)
from models.config import ConfigError

FACTORS = {"depth": (2, 1, 4), "dropout": (0.0, 0.5), "skip": ("none", "residual")}


def two_levels(number: int) -> dict[str, tuple[int, int]]:
    """Return factors `a`, `b`, ... of two levels."""
    return {chr(ord("a") + place): (0, 1) for place in range(number)}


def signs(number: int) -> np.ndarray:
    """Return the design of a fraction as -1 and 1 `[runs, factors]`."""
    arms = make_arms("fractional_factorial", two_levels(number)).arms
    return np.array([[2 * bit - 1 for bit in arm.levels.values()] for arm in arms])


def test_one_at_a_time_changes_one_factor_of_the_plain_recipe():
    arms = make_arms("one_at_a_time", FACTORS).arms
    assert [arm.name for arm in arms] == [
        "base",
        "depth=1",
        "depth=4",
        "dropout=0.5",
        "skip=residual",
    ]
    assert arms[0].levels == {"depth": 2, "dropout": 0.0, "skip": "none"}
    for arm in arms[1:]:
        changed = [k for k, v in arm.levels.items() if v != arms[0].levels[k]]
        assert changed == [arm.factor]
        assert arm.level == arm.levels[arm.factor]


def test_leave_one_out_takes_each_factor_out_of_the_full_recipe():
    arms = make_arms("leave_one_out", FACTORS).arms
    assert arms[0].levels == {"depth": 4, "dropout": 0.5, "skip": "residual"}
    assert [arm.factor for arm in arms] == [None, "depth", "dropout", "skip", None]
    assert arms[2].levels == {"depth": 4, "dropout": 0.0, "skip": "residual"}
    assert arms[-1].levels == {"depth": 2, "dropout": 0.0, "skip": "none"}


def test_a_full_factorial_has_every_combination_once_and_the_plain_one_first():
    arms = make_arms("full_factorial", FACTORS).arms
    found = [tuple(arm.levels.values()) for arm in arms]
    assert found == list(itertools.product(*FACTORS.values()))
    assert arms[0].name == "base"
    assert len({arm.name for arm in arms}) == len(arms)


# The sizes and resolutions of the table in Box, Hunter and Hunter (2005), chapter 6.
@pytest.mark.parametrize(
    ("number", "num_runs", "resolution"),
    [
        (4, 8, 4),
        (5, 16, 5),
        (6, 16, 4),
        (7, 16, 4),
        (8, 16, 4),
        (9, 32, 4),
        (16, 32, 4),
    ],
)
def test_a_fraction_has_the_size_and_resolution_of_the_tables(
    number, num_runs, resolution
):
    arms = make_arms("fractional_factorial", two_levels(number))
    assert len(arms.arms) == num_runs
    assert arms.resolution == resolution
    assert arms.arms[0].levels == dict.fromkeys(two_levels(number), 0)


@pytest.mark.parametrize("number", range(1, 4))
def test_few_factors_are_crossed_in_full(number):
    arms = make_arms("fractional_factorial", two_levels(number))
    assert len(arms.arms) == 2**number
    assert arms.resolution is None
    assert not arms.aliases


@pytest.mark.parametrize("number", [4, 5, 6, 7, 8, 11, 16])
def test_in_a_fraction_no_main_effect_is_mixed_with_another_or_with_a_pair(number):
    x = signs(number)
    assert (x.sum(axis=0) == 0).all()
    np.testing.assert_array_equal(x.T @ x, len(x) * np.eye(number))
    for a, b in itertools.combinations(range(number), 2):
        np.testing.assert_array_equal(x.T @ (x[:, a] * x[:, b]), 0)


def test_the_aliases_of_four_factors_in_eight_runs_are_those_of_the_book():
    arms = make_arms("fractional_factorial", two_levels(4))
    assert arms.generators == ("d = a x b x c",)
    assert arms.aliases == (
        (("a", "b"), ("c", "d")),
        (("a", "c"), ("b", "d")),
        (("a", "d"), ("b", "c")),
    )


@pytest.mark.parametrize("number", [4, 5, 6, 8, 9])
def test_pairs_are_named_as_aliases_exactly_where_their_columns_are_equal(number):
    x = signs(number)
    words = defining_words(column_words(number))
    named = {
        frozenset((first, second))
        for group in alias_groups(number, words)
        for first, second in itertools.combinations(group, 2)
    }
    pairs = [frozenset(p) for p in itertools.combinations(range(number), 2)]
    mixed = {
        frozenset((first, second))
        for first, second in itertools.combinations(pairs, 2)
        if abs((x[:, sorted(first)].prod(1) * x[:, sorted(second)].prod(1)).sum())
        == len(x)
    }
    assert named == mixed


def test_a_generator_of_an_even_number_of_factors_turns_the_sign():
    x = signs(5)
    assert make_arms("fractional_factorial", two_levels(5)).generators == (
        "e = -a x b x c x d",
    )
    np.testing.assert_array_equal(x[:, 4], -x[:, :4].prod(axis=1))


@pytest.mark.parametrize(
    ("design", "factors", "words"),
    [
        ("one_at_a_time", {}, "at least one factor"),
        ("one_at_a_time", {"depth": (2,)}, "at least two levels for 'depth'"),
        ("one_at_a_time", {"depth": (2, 2)}, "different levels"),
        ("fractional_factorial", FACTORS, "two levels for 'depth'"),
        ("fractional_factorial", two_levels(17), "at most 16"),
        ("full_factorial", two_levels(9), "at most 256 arms"),
        ("ofat", FACTORS, "one_at_a_time"),
    ],
)
def test_an_impossible_design_is_refused_with_the_reason(design, factors, words):
    with pytest.raises(ConfigError, match=words):
        make_arms(design, factors)
