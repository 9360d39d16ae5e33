"""Two valleys: their places by hand, and descents that cannot leave."""

import numpy as np
import pytest

from ablations.measures.landscapes import wells


def test_the_minima_have_no_slope_and_the_right_one_is_deeper():
    shallow, deep = wells.minima()
    for x in (shallow, deep):
        slope = (wells.loss(x + 1e-5) - wells.loss(x - 1e-5)) / 2e-5
        assert slope == pytest.approx(0.0, abs=1e-9)
    assert shallow < 0.0 < deep
    assert wells.loss(deep) < wells.loss(shallow)


def test_without_noise_a_descent_stays_where_it_starts():
    found = wells.ends(np.full(50, 0.2), noise=0.0)
    np.testing.assert_allclose(found, wells.minima()[0], atol=1e-9)


def test_much_noise_carries_some_over_the_ridge():
    found = wells.ends(np.full(50, 0.5), noise=2.0, seed=9)
    assert 0.1 < np.mean(found > 0.0) < 0.9
    assert np.abs(found).max() <= wells.FARTHEST
