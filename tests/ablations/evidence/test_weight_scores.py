"""Scores from weights, against their definition and the symmetries of XOR."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablations.evidence.weight_scores import (
    WEIGHT_SCORES,
    cut_corners,
    distance_from_least_squares,
    folds_difference,
    folds_sum,
)
from ablations.store.table import RunTable
from models.config import ConfigError

CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]
# kernel by rows, bias, output kernel, output bias
HAND_MADE = np.array([[1, 1, 1, 1, 0, -1, 1, -2, 0]], np.float32)
MIRROR = np.array([[1, -1, -1, 1, 0, 0, 1, 1, 0]], np.float32)
WEIGHTS = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).normal(size=(50, 9))
)


def corner_alone(row: np.ndarray, unit: int) -> tuple[int, int] | str | None:
    """Return the corner that a unit cuts off, "edge" or None, from the definition."""
    w1, w2, bias = row[unit], row[2 + unit], row[4 + unit]
    sides: dict[bool, list] = {True: [], False: []}
    for x1, x2 in CORNERS:
        sides[w1 * x1 + w2 * x2 + bias > 0].append((x1, x2))
    for side in sides.values():
        if len(side) == 1:
            return side[0]
    return "edge" if len(sides[True]) == 2 else None


@given(WEIGHTS)
def test_folds_follow_from_the_corners_that_the_units_cut_off(weights):
    for row, difference, total in zip(
        weights, folds_difference(weights), folds_sum(weights), strict=True
    ):
        cuts = {corner_alone(row, 0), corner_alone(row, 1)} - {None}
        assert difference == (bool(cuts) and cuts <= {(0, 1), (1, 0)})
        assert total == (bool(cuts) and cuts <= {(0, 0), (1, 1)})


@given(WEIGHTS, st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_order_and_positive_scales_of_units_change_no_fold(weights, first, second):
    changed = weights[:, [1, 0, 3, 2, 5, 4, 7, 6, 8]]
    scales = np.array([first, second, first, second, first, second])
    changed[:, :6] *= scales
    assert (folds_difference(changed) == folds_difference(weights)).all()
    assert (folds_sum(changed) == folds_sum(weights)).all()


@given(WEIGHTS)
def test_reflecting_one_input_turns_one_fold_into_the_other(weights):
    # x2 -> 1 - x2 turns w2 into -w2 and adds w2 to the bias.
    reflected = weights.copy()
    reflected[:, 2:4] *= -1.0
    reflected[:, 4:6] += weights[:, 2:4]
    assert (folds_difference(reflected) == folds_sum(weights)).all()


def test_the_hand_made_network_folds_the_sum_and_a_mirror_the_difference():
    assert (folds_sum(HAND_MADE), folds_difference(HAND_MADE)) == (1, 0)
    assert (folds_sum(MIRROR), folds_difference(MIRROR)) == (0, 1)


def test_units_that_are_silent_or_linear_cut_nothing_off():
    silent = np.array([[1, 1, 1, 1, -9, 9, 1, 1, 0]], np.float32)
    cuts, splits = cut_corners(silent)
    assert not cuts.any()
    assert not splits.any()
    assert (folds_sum(silent), folds_difference(silent)) == (0, 0)


def test_a_unit_that_splits_the_edges_is_no_fold():
    edge = np.array([[1, 1, 0, 1, -0.5, -1, 1, -2, 0]], np.float32)
    cuts, splits = cut_corners(edge)
    assert splits.tolist() == [[True, False]]
    assert not cuts[:, 0].any()
    assert folds_sum(edge) == 0


def test_a_run_that_diverged_folds_nothing():
    broken = HAND_MADE.copy()
    broken[0, 8] = np.nan
    assert (folds_sum(broken), folds_difference(broken)) == (0, 0)


def test_the_distance_from_least_squares_is_the_largest_of_the_three():
    weights = np.array([[0, 0, 0.5], [0.25, -0.5, 0.5], [0, 0, -1]], np.float32)
    assert distance_from_least_squares(weights).tolist() == [0.0, 0.5, 1.5]


@pytest.mark.parametrize("score", [folds_sum, folds_difference])
def test_networks_of_another_size_are_refused(score):
    with pytest.raises(ConfigError, match=r"`weights` must hold 9 numbers per run"):
        score(np.zeros((4, 3)))


def final_weights(name: str) -> RunTable:
    size = 3 if "least_squares" in name else 9
    return RunTable(
        seeds=np.arange(5),
        status=np.full(5, "ok"),
        diverged_at=np.full(5, -1),
        arrays={"weights": np.ones((5, size), np.float32)},
    )


@pytest.mark.parametrize("name", WEIGHT_SCORES)
def test_a_score_of_weights_gives_one_number_per_run(name):
    assert WEIGHT_SCORES[name](final_weights(name), None).shape == (5,)


@pytest.mark.parametrize("name", WEIGHT_SCORES)
def test_weights_are_not_known_in_the_middle_of_training(name):
    with pytest.raises(ConfigError, match="`at` must be None"):
        WEIGHT_SCORES[name](final_weights(name), 100)
