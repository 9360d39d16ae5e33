"""A slope that is learned is told from one that is not."""

import numpy as np
import pytest

from ablations.measures.activations import learned_slopes as measure


def test_the_gradient_by_hand_is_that_of_finite_differences():
    x, planted = np.array([-2.0, -1.0, 3.0]), 0.5

    def error(slope):
        out, target = (np.where(x > 0, x, s * x) for s in (slope, planted))
        return np.mean((out - target) ** 2)

    # By hand at 0.25: 2 (-0.25) (4 + 1) / 3.
    assert measure.gradient_by_hand(x, 0.25, planted) == pytest.approx(-5 / 6)
    assert (error(0.25 + 1e-6) - error(0.25 - 1e-6)) / 2e-6 == pytest.approx(-5 / 6)


def test_a_slope_that_is_not_updated_stays_far_from_the_planted_one():
    learned, gradient = measure.learn(0.5, 0.25)
    assert learned == pytest.approx(0.5, abs=1e-4)
    assert measure.learn(0.5, 0.25, rate=0.0) == (0.25, pytest.approx(gradient))
