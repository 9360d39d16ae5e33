"""Falling rates against noise: the law of errors, at settings nobody judges."""

import numpy as np
import pytest

from ablations.measures.landscapes import settling


def test_the_law_of_errors_is_what_draws_give():
    rates, noise = settling.falling(0.3, 30), 0.7
    rng = np.random.default_rng(0)
    w = np.full(20_000, 2.0)
    for rate in rates:
        w = w - rate * (w + noise * rng.standard_normal(w.size))
    law = settling.error_after(rates, noise, start=4.0)[-1]
    assert law == pytest.approx(np.mean(w**2), rel=0.05)


def test_a_constant_rate_leaves_rate_over_two_less_rate_of_the_noise():
    left = settling.error_after(np.full(500, 0.25), 2.0)[-1]
    assert left == pytest.approx(4.0 * 0.25 / 1.75)


def test_a_rate_that_falls_begins_where_it_is_told_and_nearly_ends_at_zero():
    np.testing.assert_allclose(settling.falling(0.8, 4), [0.8, 0.6, 0.4, 0.2])
