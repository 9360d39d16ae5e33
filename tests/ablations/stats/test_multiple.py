import math

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from ablations.stats.multiple import holm, max_t, simultaneous_confidence
from ablations.stats.paired import sign_flip_p_value


def generator():
    return np.random.default_rng(0)


@pytest.mark.parametrize(
    "p_values", [[0.01], [0.04, 0.01, 0.03, 0.03], [1.0, 0.9, 0.0], [0.2, 0.2, 0.2]]
)
def test_holm_equals_statsmodels(p_values):
    theirs = multipletests(p_values, method="holm")[1]
    # The same products.
    assert holm(p_values) == pytest.approx(theirs, abs=1e-15)


def test_holm_by_hand():
    # 3 * 0.01, 2 * 0.03 and the running maximum of 1 * 0.04.
    assert holm([0.03, 0.01, 0.04]) == pytest.approx([0.06, 0.03, 0.06])


def test_holm_of_nothing_is_nothing_and_refuses_what_is_no_probability():
    assert holm([]).size == 0
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, 1.2])
    with pytest.raises(ValueError, match="NaN"):
        holm([0.5, math.nan])


def test_a_family_shares_the_level():
    assert simultaneous_confidence(1) == 0.95
    assert simultaneous_confidence(5) == pytest.approx(0.99)
    with pytest.raises(ValueError, match="positive"):
        simultaneous_confidence(0)


@pytest.mark.parametrize("n", [4, 9, 25])
def test_max_t_of_one_arm_is_its_sign_flip_test(n):
    differences = np.random.default_rng(n).normal(0.5, 1, n)
    alone = sign_flip_p_value(differences, rng=generator())
    adjusted = max_t(differences[None], rng=generator())
    # Beyond 16 pairs the two draw different signs: four standard errors.
    tolerance = 0.0 if n <= 16 else 4 * math.sqrt(alone / 100_000)
    assert adjusted == pytest.approx([alone], abs=tolerance)


def test_max_t_equals_the_step_down_definition():
    differences = np.random.default_rng(1).normal([[0.2], [1.1], [0.7]], 1, (3, 8))
    bits = (np.arange(2**8)[:, None] >> np.arange(8)) & 1
    norms = np.sqrt((differences**2).sum(axis=1))
    flipped = np.abs((1 - 2 * bits) @ differences.T) / norms
    observed = flipped[0]
    order = np.argsort(-observed)
    expected, running = np.empty(3), 0.0
    for place, arm in enumerate(order):
        largest = flipped[:, order[place:]].max(axis=1)
        running = max(running, np.mean(largest >= observed[arm] - 1e-12))
        expected[arm] = running
    assert max_t(differences, rng=generator()) == pytest.approx(expected, abs=1e-15)


def test_no_arm_is_rejected_before_one_with_a_larger_statistic():
    # Here the third arm's own p-value is below that of the arm ranked before it.
    differences = np.random.default_rng(0).normal([[0.2], [0.5], [0.5]], 1, (3, 8))
    statistics = np.abs(differences.sum(axis=1)) / np.sqrt((differences**2).sum(axis=1))
    adjusted = max_t(differences, rng=generator())
    order = np.argsort(-statistics)
    assert (np.diff(adjusted[order]) >= 0).all()
    assert adjusted[order[0]] == adjusted[order[1]]


def test_sums_equal_but_for_rounding_are_ties_in_the_family_too():
    rounded = [0.3 - 0.2, 0.1 - 0.2, 0.4 - 0.3, 0.2 - 0.3, 0.6 - 0.5, 0.1, 0.2]
    exact = [1, -1, 1, -1, 1, 1, 2]
    other = np.arange(7) - 2
    ours = max_t([rounded, other], rng=generator())
    assert ours.tolist() == max_t([exact, other], rng=generator()).tolist()


@pytest.mark.parametrize("n", [9, 25])
def test_max_t_ignores_order_scale_and_direction(n):
    differences = np.random.default_rng(n).normal(0.4, 1, (4, n))
    ours = max_t(differences, rng=generator())
    arms, seeds = np.array([2, 0, 3, 1]), np.random.default_rng(5).permutation(n)
    assert max_t(differences[arms], rng=generator()).tolist() == ours[arms].tolist()
    assert max_t(differences[:, seeds], rng=generator()).tolist() == ours.tolist()
    assert max_t(-differences, rng=generator()).tolist() == ours.tolist()
    scaled = differences * np.array([[1], [2], [4], [1024]])
    assert max_t(scaled, rng=generator()).tolist() == ours.tolist()


def test_an_arm_without_differences_is_never_rejected():
    strong = np.linspace(1, 2, 8)
    adjusted = max_t(np.stack([strong, np.zeros(8)]), rng=generator())
    assert adjusted.tolist() == [2 / 2**8, 1.0]
    assert max_t(np.empty((0, 5)), rng=generator()).size == 0
    assert max_t(np.empty((2, 0)), rng=generator()).tolist() == [1.0, 1.0]


def test_arms_that_repeat_each_other_cost_nothing():
    differences = np.random.default_rng(0).normal(0.9, 1, 9)
    copies = np.tile(differences, (6, 1))
    alone = sign_flip_p_value(differences, rng=generator())
    assert max_t(copies, rng=generator()).tolist() == [alone] * 6


@pytest.mark.parametrize("method", ["holm", "max_t"])
def test_a_family_of_null_arms_errs_at_most_at_the_level(method):
    rng = np.random.default_rng(13)
    draws, wrong = 400, 0
    for _ in range(draws):
        baseline = rng.normal(size=10)
        differences = rng.normal(size=(20, 10)) - baseline
        if method == "max_t":
            adjusted = max_t(differences, rng=rng)
        else:
            adjusted = holm([sign_flip_p_value(row, rng=rng) for row in differences])
        wrong += adjusted.min() <= 0.05
    # Four standard errors of a 5 % share.
    assert wrong / draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / draws)


def test_equal_p_values_get_one_value_however_many():
    p_values = np.tile([0.001, 0.4, 0.0001], 40)
    adjusted = holm(p_values)
    assert {len(set(adjusted[i::3].tolist())) for i in range(3)} == {1}
