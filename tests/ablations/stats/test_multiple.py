import math

import numpy as np
import pytest
from scipy import integrate, special, stats
from statsmodels.stats.multitest import multipletests

from ablations.stats.multiple import (
    holm,
    max_t,
    simultaneous_confidence,
    smallest_p_values,
)


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


def test_equal_p_values_get_one_value_however_many():
    p_values = np.tile([0.001, 0.4, 0.0001], 40)
    adjusted = holm(p_values)
    assert {len(set(adjusted[i::3].tolist())) for i in range(3)} == {1}


def against_one_reference(num_arms):
    return np.full((num_arms, num_arms), 0.5) + 0.5 * np.eye(num_arms)


def test_the_smallest_p_value_of_arms_with_one_reference_is_that_of_dunnett():
    drawn = smallest_p_values([1e6] * 5, against_one_reference(5), generator())

    def chance_of_less(size):
        def given(common):
            inside = special.ndtr(math.sqrt(2) * size - common)
            inside -= special.ndtr(-math.sqrt(2) * size - common)
            return inside**5 * stats.norm.pdf(common)

        return integrate.quad(given, -8, 8)[0]

    critical = -special.ndtri(np.quantile(drawn.min(axis=1), 0.05) / 2)
    # 20,000 draws know the share to 0.0015.
    assert chance_of_less(critical) == pytest.approx(0.95, abs=0.005)
    assert critical == pytest.approx(2.51, abs=0.03)  # Dunnett's table


@pytest.mark.parametrize("freedom", [3.0, 10.0, 200.0])
def test_each_drawn_p_value_is_uniform(freedom):
    drawn = smallest_p_values([freedom] * 3, against_one_reference(3), generator())
    for column in drawn.T:
        assert stats.kstest(column, "uniform").statistic < 0.015


def test_what_is_known_to_go_together_costs_less_than_holm():
    same = np.ones((8, 8))
    drawn = smallest_p_values([1e6] * 8, same, generator())
    p_values = np.array([0.02, *[0.5] * 7])
    assert max_t(p_values, drawn)[0] < 0.05 < holm(p_values)[0]
    apart = smallest_p_values([1e6] * 8, np.eye(8), generator())
    assert max_t(p_values, apart)[0] > 0.1


def test_max_t_lies_between_the_p_values_and_holm_and_keeps_their_order():
    rng = generator()
    drawn = smallest_p_values([30.0] * 6, against_one_reference(6), rng)
    for _ in range(20):
        p_values = rng.random(6) ** 3
        adjusted = max_t(p_values, drawn)
        assert (adjusted <= holm(p_values)).all()
        assert (adjusted >= p_values - 1e-3).all()
        assert (np.diff(adjusted[np.argsort(p_values)]) >= 0).all()
