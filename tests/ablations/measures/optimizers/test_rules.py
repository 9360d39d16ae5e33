"""The printed rules: numbers by hand, Keras, and faults that are noticed."""

from functools import partial

import numpy as np
import pytest

from ablations.measures.optimizers import rules

SEED, SIZE = 7, 0.05
"""Others than those that are judged."""

BY_HAND = {
    "momentum": (2.0, 0.9 * 2.0 - 1.0),
    "adagrad": (1.0, -1.0 / np.sqrt(5.0)),
    "rmsprop": (2.0 / np.sqrt(0.4), -1.0 / np.sqrt(0.46)),
    "adam": (1.0, (0.08 / 0.19) / np.sqrt(0.004996 / 0.001999)),
}
"""Two updates over the rate, for gradients of two and minus one."""


@pytest.mark.parametrize("name", rules.RULES)
def test_two_updates_are_those_computed_by_hand(name):
    updates, _ = rules.trace(rules.RULES[name], np.array([[2.0], [-1.0]]))
    expected = np.array(BY_HAND[name]) * rules.RATE
    np.testing.assert_allclose(updates[:, 0], expected, rtol=1e-7)


def test_the_small_term_stands_beside_the_root_or_where_keras_has_it():
    g = np.array([1e-4])
    for name, mean in (("adagrad", 1.0), ("rmsprop", 0.1)):
        r = mean * g**2
        printed, inside = rules.RULES[name]({}, g)[0], rules.AS_KERAS[name]({}, g)[0]
        np.testing.assert_allclose(printed, rules.RATE * g / (np.sqrt(r) + 1e-8))
        np.testing.assert_allclose(inside, rules.RATE * g / np.sqrt(r + 1e-8))
    late = rules.AS_KERAS["adam"]({}, g)[0] / rules.RATE
    np.testing.assert_allclose(late, g / (g + 1e-8 / np.sqrt(0.001)), rtol=1e-9)


@pytest.mark.parametrize("name", rules.RULES)
def test_keras_takes_the_rules_with_its_own_small_term(name):
    gradients = rules.draw_gradients(SEED, SIZE)
    optimizer = rules.keras_optimizer(**rules.SETTINGS[name])
    found, _ = rules.keras_trace(optimizer, gradients)
    expected, _ = rules.trace(rules.AS_KERAS[name], gradients)
    # Keras rounds 0.999 to float32, which moves 1 - 0.999^t by a part in 100,000.
    assert rules.deviation(found, expected) < 2e-5


@pytest.mark.parametrize("name", rules.RULES)
def test_a_wrong_rule_is_noticed(name):
    gradients = rules.draw_gradients(SEED)
    right, _ = rules.trace(rules.RULES[name], gradients)
    wrong, _ = rules.trace(rules.FAULTS[name], gradients)
    assert rules.deviation(wrong, right) > 0.1
    turned, _ = rules.trace(partial(rules.RULES[name], rate=-rules.RATE), gradients)
    assert rules.deviation(turned, right) == pytest.approx(2.0)


def test_a_deviation_is_over_the_largest_update():
    assert rules.deviation(np.array([1.0, -3.0]), np.array([1.0, -4.0])) == 0.25
    assert rules.how_far(np.array([1.0, -3.0])) == 4.0
