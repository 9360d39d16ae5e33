"""Momentum on bowls: algebra against descents, at settings nobody judges."""

import numpy as np
import pytest

from ablations.measures.landscapes import acceleration
from ablations.measures.landscapes.descent import descend, sgd
from ablations.measures.landscapes.valleys import bowl
from ablations.measures.optimizers.rules import momentum


@pytest.mark.parametrize(("rate", "gamma"), [(0.3, 0.5), (1.2, 0.7), (0.05, 0.3)])
def test_the_factor_is_what_is_left_of_a_long_descent_per_update(rate, gamma):
    def rule(memory, g, rate):
        return momentum(memory, g, rate, gamma)

    path = np.abs(descend(rule, bowl(), np.ones(()), 400, rate))
    # Complex roots turn, so that the largest of many places is compared.
    found = (path[300:340].max() / path[100:140].max()) ** (1 / 200)
    factor = acceleration.factor(np.array(rate), 1.0, np.array(gamma))
    assert found == pytest.approx(float(factor), rel=2e-3)


def test_the_best_rates_are_those_of_the_textbook():
    condition = 50.0
    root = np.sqrt(condition)
    plain = acceleration.updates_per_digit(condition, np.zeros(1))
    own = acceleration.updates_per_digit(condition, acceleration.GAMMAS)
    textbook = [(condition - 1) / (condition + 1), (root - 1) / (root + 1)]
    assert plain == pytest.approx(-np.log(10) / np.log(textbook[0]), rel=0.02)
    assert own == pytest.approx(-np.log(10) / np.log(textbook[1]), rel=0.02)


@pytest.mark.parametrize(
    ("planted", "is_root", "is_power"),
    [
        (lambda condition: condition, True, True),
        (lambda condition: 1.3 * condition, False, True),
        (lambda condition: condition**1.2, False, False),
    ],
    ids=["as it is", "wrong constant", "wrong power"],
)
def test_the_gain_is_the_root_of_the_condition_and_what_is_wrong_in_it_is_noticed(
    planted, is_root, is_power
):
    conditions = np.array([15.0, 150.0, 1500.0])
    gains = [
        acceleration.updates_per_digit(condition, np.zeros(1))
        / acceleration.updates_per_digit(condition, acceleration.GAMMAS)
        for condition in planted(conditions)
    ]
    # 5 % for conditions that are not large and for the grids of rates.
    assert (gains == pytest.approx(np.sqrt(conditions), rel=0.05)) == is_root
    power = acceleration.fitted_power(conditions, np.array(gains))
    assert (abs(power - 0.5) <= 0.05) == is_power


@pytest.mark.parametrize("gamma", [0.0, 0.6])
def test_moments_are_those_of_many_noisy_descents(gamma):
    condition, noise, rate = 5.0, 0.2, 0.2
    needed = acceleration.noisy_updates(condition, gamma, noise, np.array([rate]))
    rng = np.random.default_rng(0)
    h = np.array([[1.0], [1.0 / condition]])
    w = np.repeat(1.0 / h, 4000, axis=1)
    v, losses = np.zeros_like(w), []
    for _ in range(int(needed) + 1):
        v = gamma * v + rate * (h * w + noise * rng.standard_normal(w.shape))
        w = w - v
        losses.append((h * w**2).mean(axis=1).sum())
    left = np.array(losses) / (1.0 + condition)
    # The spread of 4,000 descents.
    assert left[int(needed) - 1] == pytest.approx(acceleration.LEFT, rel=0.2)
    assert left[int(needed) - 3] > acceleration.LEFT


def test_plain_descent_is_momentum_without_any():
    start = np.ones(())
    path = descend(sgd, bowl(), start, 5, 0.4)
    factor = float(acceleration.factor(np.array(0.4), 1.0, np.array(0.0)))
    np.testing.assert_allclose(path, factor ** np.arange(6))
