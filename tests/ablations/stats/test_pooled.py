"""Effects are pooled as published, and one more is predicted with more doubt."""

import numpy as np
import pytest

from ablations.stats.pooled import pool_effects

# Log risk ratios of 13 trials of a vaccine against tuberculosis with their variances,
# Colditz et al. (1994), as the package metafor ships them.
VACCINE = (
    (-0.8893, 0.3256),
    (-1.5854, 0.1946),
    (-1.3481, 0.4154),
    (-1.4416, 0.0200),
    (-0.2175, 0.0512),
    (-0.7861, 0.0069),
    (-1.6209, 0.2230),
    (0.0120, 0.0040),
    (-0.4694, 0.0564),
    (-1.3713, 0.0730),
    (-0.3394, 0.0124),
    (0.4459, 0.5325),
    (-0.0173, 0.0714),
)


def test_a_published_pooling_comes_out():
    effects, variances = np.array(VACCINE).T
    found = pool_effects(effects, np.sqrt(variances))
    # metafor's Paule-Mandel: tau^2 0.3181; effects and variances above are rounded to
    # four digits. t_11 is 2.201, t_12 2.179.
    assert found.spread**2 == pytest.approx(0.3181, abs=1e-4)
    assert found.mean == pytest.approx(-0.7150, abs=1e-4)
    error = (found.high - found.mean) / 2.179
    reach = 2.201 * np.sqrt(0.3181 + error**2)
    assert found.predicted_low == pytest.approx(found.mean - reach, abs=2e-3)


def test_one_effect_far_from_the_others_widens_what_is_predicted():
    found = pool_effects([0.6, 0.0, 0.01, -0.01, 0.0, 0.02], [0.04] + [0.004] * 5)
    assert found.predicted_low < 0.0 < 0.6 < found.predicted_high


def test_with_equal_errors_all_is_worked_out_by_hand():
    # Variance 14 / 3 of 0, 1, 2, 5 is that of tasks and of errors, 1/4, together.
    found = pool_effects([0, 1, 2, 5], [0.5] * 4)
    assert found.mean == 2.0
    assert found.spread**2 == pytest.approx(14 / 3 - 1 / 4)
    # t_2 at 97.5 % is 4.302653, t_3 3.182446.
    assert found.high == pytest.approx(2 + 3.182446 * np.sqrt(14 / 12), rel=1e-6)
    further = np.sqrt(14 / 3 - 1 / 4 + 14 / 12)
    assert found.predicted_high == pytest.approx(2 + 4.302653 * further, rel=1e-6)


def test_effects_that_differ_by_less_than_their_errors_are_one_effect():
    found = pool_effects([1.0, 1.1, 0.9], [0.5, 0.5, 0.5])
    assert found.spread == 0.0
    assert np.isfinite([found.predicted_low, found.predicted_high]).all()
    same = pool_effects([1.0, 1.0, 1.0], [0.0, 0.0, 0.0])
    assert same.mean == same.low == pytest.approx(same.predicted_high)


def test_too_few_effects_are_refused():
    with pytest.raises(ValueError, match="at least 3"):
        pool_effects([1.0, 2.0], [0.1, 0.1])
