"""Mini-batches and rare features: laws against draws, at settings nobody judges."""

import math

import numpy as np
import pytest

from ablations.measures.landscapes import sampling


def drawn_errors(share, rate, size, noise, updates):
    """Return the mean squared error of 20,000 weights after each update."""
    rng = np.random.default_rng(0)
    error, found = np.ones(20_000), []
    for _ in range(updates):
        shown = rng.binomial(size, share, error.size)
        shaken = np.sqrt(shown) * noise * rng.standard_normal(error.size)
        error = error - rate / size * (shown * error - shaken)
        found.append(np.mean(error**2))
    return found


@pytest.mark.parametrize(("share", "rate", "size"), [(0.3, 0.4, 1), (0.1, 1.5, 5)])
def test_the_law_of_errors_is_what_draws_give(share, rate, size):
    found = drawn_errors(share, rate, size, 0.2, 40)
    for updates in (1, 10, 40):
        law = sampling.error_after(share, np.array(rate), size, 0.2, updates)
        assert law == pytest.approx(found[updates - 1], rel=0.06)


def test_updates_needed_are_those_after_which_the_law_is_below_the_error():
    setting = (0.3, np.array(0.1), 4, 0.3)
    needed = sampling.updates_needed(*setting)
    before, after = (
        sampling.error_after(*setting, round_(needed)) for round_ in (np.floor, np.ceil)
    )
    assert after <= sampling.ERROR < before


def test_a_weight_is_never_learned_beyond_two_over_its_share_or_in_much_noise():
    assert sampling.updates_needed(0.5, np.array(4.1), math.inf, 0.0) == np.inf
    assert sampling.updates_needed(0.5, np.array(1.0), 1, 0.5) == np.inf
    # One step of the right length.
    assert sampling.updates_needed(0.5, np.array(2.0), math.inf, 0.0) == 1.0


def test_own_rates_gain_only_where_weights_want_different_ones():
    assert sampling.gain_of_own_rates(np.array([[1.0, 2.0], [3.0, 4.0]])) == 1.0
    assert sampling.gain_of_own_rates(np.array([[1.0, 9.0], [6.0, 2.0]])) == 3.0


def test_all_pairs_of_three_rows_have_the_variance_that_one_counts_by_hand():
    rows = np.array([0.0, 3.0, 6.0])
    pairs = np.array([[0, 1], [0, 2], [1, 2]])
    # Means 1.5, 3 and 4.5.
    assert sampling.spread_over(rows, pairs) == (3.0, 1.5)
