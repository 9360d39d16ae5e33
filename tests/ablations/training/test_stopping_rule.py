"""The rule for whole curves is that of Keras's callback, number by number."""

import numpy as np
import pytest

from ablations.measures.regularization.stopping import random_curves, replay
from ablations.training.stopping_rule import lowest, stops
from models.config import ConfigError

NUM_CURVES = 120


@pytest.fixture(scope="module")
def curves() -> np.ndarray:
    """Return curves with plateaus, NaN and infinities, some of them at the start."""
    values = random_curves(NUM_CURVES, 25, seed=4)
    values[::20, 0] = np.nan
    values[1::20, 0] = np.inf
    values[2::20, 5] = -np.inf
    values[3::20] = 0.5
    values[4::20] = np.nan
    return values


@pytest.mark.parametrize(
    ("patience", "min_delta"), [(0, 0.0), (1, 0.0), (3, 0.0), (5, 0.05), (25, 0.0)]
)
def test_runs_stop_and_are_restored_as_by_the_callback_of_keras(
    curves, patience, min_delta
):
    ours = stops(curves, patience, min_delta)
    theirs = replay(curves.tolist(), patience, min_delta=min_delta)
    expected = [end.num_epochs if end.stopped else 0 for end in theirs]
    np.testing.assert_array_equal(ours.stopped, expected)
    np.testing.assert_array_equal(ours.kept, [end.best for end in theirs])
    np.testing.assert_array_equal(ours.kept, [end.weights_of for end in theirs])
    # All cases have to occur, or nothing was tested.
    assert len(set(expected)) > {1: 5, 3: 10, 5: 10}.get(patience, 0)
    assert np.isnan(curves[:, 0]).sum() >= 10


def test_a_curve_stops_the_same_whatever_comes_after_the_stop(curves):
    ends = stops(curves, 3)
    spoiled = curves.copy()
    for run, stopped in enumerate(ends.stopped):
        if stopped:
            spoiled[run, stopped:] = -1.0
    again = stops(spoiled, 3)
    np.testing.assert_array_equal(again.stopped, ends.stopped)
    np.testing.assert_array_equal(again.kept, ends.kept)


def test_a_longer_patience_stops_no_run_earlier_and_keeps_nothing_worse(curves):
    finite = np.nan_to_num(curves, nan=9.0, posinf=9.0, neginf=-9.0)
    runs = np.arange(len(finite))
    before = stops(finite, 1)
    for patience in (2, 3, 5, 9):
        after = stops(finite, patience)
        made = np.where(after.stopped, after.stopped, 99)
        assert (made >= np.where(before.stopped, before.stopped, 99)).all()
        assert (finite[runs, after.kept - 1] <= finite[runs, before.kept - 1]).all()
        before = after


def test_the_lowest_epoch_is_the_first_of_equals_and_never_nan():
    values = np.array([[np.nan, 2.0, 1.0, 1.0], [0.0, 0.0, np.nan, 0.0]])
    np.testing.assert_array_equal(lowest(values), [3, 1])


def test_a_run_of_one_epoch_never_stops():
    ends = stops(np.array([[1.0], [np.nan]]), 0)
    np.testing.assert_array_equal(ends.stopped, [0, 0])
    np.testing.assert_array_equal(ends.kept, [1, 1])


@pytest.mark.parametrize(
    ("values", "patience", "field"),
    [
        (np.zeros(3), 1, "values"),
        (np.zeros((3, 0)), 1, "values"),
        (np.zeros((3, 2)), -1, "patience"),
    ],
)
def test_what_is_no_curve_or_patience_is_refused(values, patience, field):
    with pytest.raises(ConfigError, match=f"`{field}` must be"):
        stops(values, patience)
