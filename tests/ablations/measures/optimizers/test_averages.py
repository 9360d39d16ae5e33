"""Running averages: weights by hand, corrections by theory, and a part that stays."""

from functools import partial

import numpy as np
import pytest

from ablations.measures.optimizers import averages
from ablations.measures.optimizers.rules import adam, keras_optimizer, trace


def test_weights_of_old_gradients_halve_where_the_decay_rate_is_a_half():
    for name, setting in (("Adam", "beta_1"), ("RMSprop", "rho")):
        optimizer = keras_optimizer(name, **{setting: 0.5})
        found = averages.impulse_weights(optimizer, 4)
        np.testing.assert_allclose(found, [0.5, 0.25, 0.125, 0.0625], rtol=1e-6)


def test_a_corrected_average_of_equal_gradients_is_the_gradient():
    rule = partial(adam, beta_1=0.7, beta_2=0.6)
    _, memories = trace(rule, np.full((5, 1), 3.0))
    corrected = [[m["m_hat"][0], m["v_hat"][0]] for m in memories]
    np.testing.assert_allclose(corrected, [[3.0, 9.0]] * 5)
    first = memories[0]
    np.testing.assert_allclose([first["m"][0], first["v"][0]], [0.9, 3.6])


@pytest.mark.parametrize("beta_2", [0.5, 0.95])
def test_what_the_correction_changes_is_a_ratio_of_both_averages(beta_2):
    t = np.arange(1, 6)
    ratios = (1 - 0.9**t) / np.sqrt(1 - beta_2**t)
    found = averages.without_over_with(beta_2, 5)
    assert found == pytest.approx(ratios.mean(), rel=1e-6)


def test_adam_is_neither_of_its_parts_before_the_other_is_removed():
    found = averages.parts_of_adam(seed=7)
    assert found["smallest_deviation_with_nothing_removed"] > 0.1
