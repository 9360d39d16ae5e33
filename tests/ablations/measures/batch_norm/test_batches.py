"""What depends on the rows of a batch, against what one can work out by hand."""

import numpy as np
import pytest

from ablations.measures.batch_norm.batches import (
    handed_down,
    normalized,
    share_handed_down,
    small_batches,
    spread,
    told_by_outputs,
)


def test_gradients_are_those_of_finite_differences():
    rng = np.random.default_rng(1)
    x, above = rng.standard_normal((2, 4, 5))
    found = handed_down(x, above, 0.1)
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-6
        up, down = (normalized(x + s, 0.1) for s in (step, -step))
        expected = np.sum(above * (up - down)) / 2e-6
        assert found[place] == pytest.approx(expected, abs=1e-8)


def test_outputs_that_follow_inputs_tell_all_of_them():
    x = np.tile([-1.0, 0.0, 1.0], (4, 1))
    assert told_by_outputs(x, 0.0) == pytest.approx(1)
    assert told_by_outputs(x + np.arange(4)[:, None] * 1e9, 1e-5) < 0.01
    assert told_by_outputs(np.arange(4.0)[:, None], 1e-5) == 0


def test_two_of_m_directions_of_a_gradient_are_lost():
    x, above = np.random.default_rng(2).standard_normal((2, 20_000, 8))
    assert share_handed_down(x, above, 0.0) == pytest.approx(6 / 8, abs=0.01)
    assert small_batches((5,), 50)["deviation_from_keras"] < 1e-9


def test_spreads_are_those_of_the_laws_and_skewed_ones_are_not():
    found = spread((16,), 20_000)
    assert found["spread_of_means_of_16"] == pytest.approx(1 / 4, rel=0.03)
    assert found["spread_of_variances_over_its_law_of_16"] == pytest.approx(1, abs=0.03)
    skewed = found["spread_of_skewed_variances_of_16"]
    assert skewed > 1.3 * found["spread_of_variances_of_16"]
