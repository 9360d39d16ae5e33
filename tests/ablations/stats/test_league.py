import math

import numpy as np
import pytest
from scipy import stats

from ablations.stats.league import critical_distance, league


def test_mean_ranks_equal_scipys_ranks():
    scores = np.random.default_rng(0).integers(0, 4, (12, 5))
    ranks = stats.rankdata(-scores, axis=1).mean(axis=0)
    assert league(scores, higher_is_better=True).mean_ranks == pytest.approx(ranks)


def test_a_clear_winner_stands_alone_at_the_top():
    scores = np.random.default_rng(0).normal(size=(15, 3)) + np.array([0, 5, 0])
    result = league(scores, higher_is_better=True)
    assert result.order[0] == 1
    assert result.top == (1,)
    assert (result.p_values[1, [0, 2]] <= 0.05).all()


def test_lower_is_better_reverses_the_order():
    scores = np.random.default_rng(1).normal(size=(15, 3)) + np.array([0, 5, 9])
    up, down = (league(scores, higher_is_better=flag) for flag in (True, False))
    assert up.order == down.order[::-1] == (2, 1, 0)
    assert up.p_values == pytest.approx(down.p_values)


def test_pairs_are_adjusted_as_one_family():
    scores = np.random.default_rng(2).normal([0, 0.4, 0.9], 1, (9, 3))
    raw = [
        stats.wilcoxon(scores[:, i] - scores[:, j], method="exact").pvalue
        for i, j in [(0, 1), (0, 2), (1, 2)]
    ]
    p_values = league(scores, higher_is_better=True).p_values
    smallest = np.argmin(raw)
    adjusted = p_values[[0, 0, 1], [1, 2, 2]]
    assert adjusted[smallest] == pytest.approx(min(1, 3 * raw[smallest]))
    assert (p_values == p_values.T).all()
    assert np.diag(p_values).tolist() == [1, 1, 1]


def test_a_diverged_arm_ranks_last_and_two_of_them_tie():
    scores = np.array([[0.2, math.inf, math.inf]] * 8)
    result = league(scores, higher_is_better=False)
    assert result.mean_ranks.tolist() == [1, 2.5, 2.5]
    assert result.p_values[1, 2] == 1.0
    assert result.p_values[0, 1] == pytest.approx(3 * 2 / 2**8)


def test_few_blocks_leave_every_arm_at_the_top():
    scores = np.tile([1.0, 2.0, 3.0], (5, 1))
    result = league(scores, higher_is_better=True)
    assert result.order == (2, 1, 0)
    assert result.top == (2, 1, 0)


def test_without_blocks_all_arms_are_equal():
    result = league(np.empty((0, 3)), higher_is_better=True)
    assert result.mean_ranks.tolist() == [2, 2, 2]
    assert result.p_values.tolist() == np.ones((3, 3)).tolist()
    assert league([[1.0], [2.0]], higher_is_better=True).top == (0,)


def test_a_league_needs_arms_and_numbers():
    with pytest.raises(ValueError, match="at least one arm"):
        league(np.empty((3, 0)), higher_is_better=True)
    with pytest.raises(ValueError, match="NaN"):
        league([[1.0, math.nan]], higher_is_better=True)


def test_renaming_the_arms_renames_the_result():
    scores = np.random.default_rng(3).normal(size=(10, 4))
    order = np.array([3, 1, 0, 2])
    ours = league(scores, higher_is_better=True)
    renamed = league(scores[:, order], higher_is_better=True)
    assert renamed.mean_ranks.tolist() == ours.mean_ranks[order].tolist()
    # The same chances, summed from the other end.
    assert renamed.p_values == pytest.approx(ours.p_values[order][:, order])


def test_arms_that_tie_keep_their_order_however_many():
    result = league(np.zeros((7, 60)), higher_is_better=True)
    assert result.order == result.top == tuple(range(60))
    assert result.n == 7


def test_a_level_that_the_blocks_just_attain_tells_arms_apart():
    # Six blocks: p = 2 / 2^6 = 1 - 0.96875, exact in binary.
    scores = np.tile([1.0, 2.0], (6, 1))
    result = league(scores, higher_is_better=True, confidence=1 - 2**-5)
    assert result.p_values[0, 1] == 2**-5
    assert result.top == (1,)


def test_arms_that_tie_in_groups_keep_their_order_in_each():
    group = np.random.default_rng(0).integers(0, 5, 60)
    result = league(np.tile(group, (7, 1)), higher_is_better=False)
    assert result.order == tuple(sorted(range(60), key=lambda arm: group[arm]))


def test_the_critical_distance_is_that_of_demsars_example():
    assert critical_distance(4, 14) == pytest.approx(2.569 * (20 / 84) ** 0.5, abs=1e-3)
    assert critical_distance(2, 9) == pytest.approx(1.96 / 3, abs=1e-3)
