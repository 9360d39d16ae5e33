"""Later rows test, the latest before them validate, and all splits are of one size."""

import itertools

import numpy as np
import pytest

from ablations.study.table.chain import chain_rows
from models.config import ConfigError


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.mark.parametrize("num_rows", [60, 101, 1000])
@pytest.mark.parametrize("num_splits", [4, 5, 10])
@pytest.mark.parametrize("per_time", [1, 3])
def test_training_is_before_validation_and_validation_before_test(
    num_rows, num_splits, per_time
):
    times = rng().permutation(num_rows) // per_time
    parts = chain_rows(times, num_splits, rng())
    assert len(parts) == num_splits
    assert len({tuple(map(len, one)) for one in parts}) == 1
    for train, val, test in parts:
        assert times[train].max() < times[val].min()
        assert times[val].max() < times[test].min()
    tested = np.concatenate([test for _, _, test in parts])
    assert len(np.unique(tested)) == len(tested) >= num_rows // 2 - 3 * num_splits
    for (*_, before), (*_, after) in itertools.pairwise(parts):
        assert times[before].max() < times[after].min()


def test_a_window_is_the_half_of_the_rows_before_a_test_part():
    (train, val, test), *_, last = chain_rows(np.arange(100), 5, rng())
    np.testing.assert_array_equal(train, np.arange(40))
    np.testing.assert_array_equal(val, np.arange(40, 50))
    np.testing.assert_array_equal(test, np.arange(50, 60))
    np.testing.assert_array_equal(last[0], np.arange(40, 80))


@pytest.mark.parametrize("times", [np.zeros(50, int), np.arange(50) // 10])
def test_too_few_times_for_the_splits_are_refused(times):
    with pytest.raises(ConfigError, match=r"`folds` must .* different times"):
        chain_rows(times, 8, rng())
