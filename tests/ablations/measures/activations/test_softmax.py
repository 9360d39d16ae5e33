"""What softmax makes of logits, against numbers that one can work out by hand."""

import numpy as np
import pytest

from ablations.measures.activations import softmax as module
from ablations.measures.activations.softmax import (
    paths_of_both,
    share_of_probabilities,
    softmax,
    softmax_example,
    softmax_gradients,
    softmax_jacobian,
    softmax_leads,
    softmax_losers,
    softmax_overflow,
    softmax_sums,
    softmax_temperatures,
)


def test_shares_are_exponentials_over_their_sum():
    np.testing.assert_allclose(softmax(np.log([1.0, 2.0, 7.0])), [0.1, 0.2, 0.7])
    sums = softmax_sums()
    assert sums["deviation_from_the_formula"] < 1e-6
    assert sums["deviation_of_the_sum_of_1000"] < 1e-5


def test_a_share_of_zero_is_told_from_a_small_one():
    losers = softmax_losers()
    expected = -50 / np.log(10)
    assert losers["log10_share_behind_by_50"] == pytest.approx(expected, rel=1e-4)
    assert losers["log10_share_behind_by_200"] == -300


def test_a_lead_of_the_logarithm_of_the_others_is_half():
    leads = softmax_leads()
    for k in (2, 3, 10, 1000):
        assert leads[f"share_of_{k}_at_that_lead"] == pytest.approx(0.5, abs=1e-6)
    assert leads["share_of_2_by_1"] == pytest.approx(1 / (1 + np.exp(-1)), rel=1e-5)


def test_a_tie_is_shared_in_the_cold():
    found = softmax_temperatures()
    assert found["deviation_from_one_winner_in_a_tie"] == pytest.approx(0.5)


def test_a_missing_term_of_the_derivative_is_noticed():
    found = softmax_jacobian()
    assert found["deviation_from_differences"].max() < 1e-8
    assert found["deviation_without_the_second_term"].min() > 0.01


def test_the_example_has_its_shares_and_powers():
    found = softmax_example()
    percents = [v for k, v in found.items() if k.startswith("percent")]
    assert sum(percents) == pytest.approx(100)
    assert found["power_neutral"] == pytest.approx(np.e)
    assert found["sum_of_powers"] == pytest.approx(np.exp([3, 1, 0.5]).sum())


def test_only_the_shifted_form_takes_large_logits():
    found = softmax_overflow()
    assert found["finite_up_to_50"]
    assert not found["finite_up_to_100"]
    assert found["shifted_is_finite"]


def test_gradients_are_those_of_the_formulas():
    found = softmax_gradients()
    p = 1 / (1 + np.exp(5.0))
    largest = max(
        2 * 2 * q * q * (1 - q) for q in 1 / (1 + np.exp(-np.linspace(0, 20, 41)))
    )
    # Squared error: 2 (1 - p) twice, times the slope p (1 - p).
    expected = 4 * (1 - p) * p * (1 - p) / largest
    assert found["relative_gradient_of_squared_error_at_5"] == pytest.approx(
        expected, rel=1e-3
    )
    assert found["relative_gradient_of_cross_entropy_at_5"] == pytest.approx(
        1 - p, rel=1e-3
    )


def test_a_softmax_at_another_rate_leaves_the_path_of_the_sigmoid(monkeypatch):
    apart = "difference_of_paths_at_half_the_rate"
    assert paths_of_both(20, 3, rate=0.5)[apart] < 1e-12
    monkeypatch.setattr(module, "softmax", lambda z: softmax(1.5 * z))
    assert paths_of_both(20, 3, rate=0.5)[apart] > 0.01


def test_only_numbers_between_zero_and_one_are_probabilities():
    sums = np.array([-0.5, 0.0, 0.25, 0.75, 1.0, 3.0])
    assert share_of_probabilities("relu", sums) == pytest.approx(2 / 6)
