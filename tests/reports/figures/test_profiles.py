import numpy as np
import pytest

from reports.figures.profiles import (
    Profile,
    brief,
    decade_ticks,
    layer_ticks,
    merge,
    recorded_at,
)


def test_a_median_leaves_out_what_is_no_number():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    assert Profile("a", 2, values).median == pytest.approx([2.0, np.nan], nan_ok=True)


def test_a_median_between_infinities_is_infinite():
    values = np.array([[1.0], [np.inf], [np.inf], [np.inf]])
    assert Profile("a", 1, values).median[0] == np.inf


def test_quantiles_agree_with_numpy():
    values = np.random.default_rng(0).normal(size=(11, 3))
    for share in (0.0, 0.3, 1.0):
        found = Profile("a", 3, values).quantile(share)
        # Two ways to interpolate between the same numbers.
        assert found == pytest.approx(np.quantile(values, share, axis=0), rel=1e-12)


def test_each_run_is_read_at_its_own_record_of_an_update():
    steps = np.array([[0, 10], [10, 20], [-1, -1]])
    values = np.arange(6.0).reshape(3, 2, 1)
    found = recorded_at(steps, values, 10)
    assert found[:, 0] == pytest.approx([1.0, 2.0, np.nan], nan_ok=True)


@pytest.mark.parametrize("depth", [1, 2, 5, 20, 33, 50, 100, 200, 1000])
def test_layers_are_numbered_from_the_first_to_the_last(depth):
    ticks = layer_ticks(depth)
    assert (ticks[0], ticks[-1]) == (1, depth)
    assert ticks == sorted(set(ticks))
    assert len(ticks) <= 6


@pytest.mark.parametrize("ends", [(-1.5, 1.5), (-23.4, 2.1), (0.0, 3.0), (-40.0, 38.0)])
def test_few_exponents_are_numbered_and_zero_is_one(ends):
    ticks = decade_ticks(*ends)
    assert 0 in ticks
    assert 2 <= len(ticks) <= 6
    assert ends[0] <= min(ticks)
    assert max(ticks) <= ends[1]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0"),
        (0.871, "0.87"),
        (-0.02, "-0.02"),
        (4.7e-4, "0.00047"),
        (25.4, "25"),
        (9876.5, "9,900"),
        (3e-24, "10⁻²⁴"),
        (-1.3e15, "\N{MINUS SIGN}10¹⁵"),
        (np.inf, "overflow"),
        (np.nan, "no number"),
    ],
)
def test_numbers_are_written_as_briefly_as_one_says_them(value, words):
    assert brief(value) == words


def profiles(*arms):
    """Return profiles of two layers by their levels and their first number."""
    return [
        Profile("", 2, np.array([[value, 1.0]])).called(levels)
        for value, levels in arms
    ]


def test_equal_profiles_are_one_called_by_the_levels_they_share():
    same = profiles(
        (0.1, {"activation": "sigmoid", "optimizer": "SGD"}),
        (0.1, {"activation": "sigmoid", "optimizer": "Adam"}),
        (0.2, {"activation": "ReLU", "optimizer": "SGD"}),
    )
    assert [p.name for p in merge(same)] == ["sigmoid", "ReLU, SGD"]


def test_profiles_that_share_no_level_or_would_share_a_name_keep_their_first():
    same = profiles((0.1, {"a": "a", "b": "x"}), (0.1, {"a": "b", "b": "y"}))
    assert [p.name for p in merge(same)] == ["a, x"]
    clash = profiles(
        *((0.1, {"a": "a", "b": word}) for word in "xy"),
        *((0.2, {"a": "a", "b": word}) for word in "zw"),
    )
    assert [p.name for p in merge(clash)] == ["a, x", "a, z"]
