"""Effort of update rules: the rules in place against the printed ones."""

import numpy as np
import pytest

from ablations.measures.optimizers import effort


@pytest.mark.parametrize("rule", ["sgd", "adam"])
def test_a_rule_in_place_makes_as_many_operations_as_are_counted(rule, monkeypatch):
    calls = []

    class Counting:
        def __getattr__(self, name):
            if name in ("float32", "zeros_like"):
                return getattr(np, name)

            def called(*arguments, **options):
                calls.append(name)
                return getattr(np, name)(*arguments, **options)

            return called

    monkeypatch.setattr(effort, "np", Counting())
    step = effort.rule_on(rule, np.ones(3, np.float32), np.ones(3, np.float32))
    step()
    assert len(calls) == effort.PER_WEIGHT[rule]


def test_adam_in_place_moves_weights_as_its_equations_say():
    w, g = np.zeros(2, np.float32), np.array([3.0, -0.5], np.float32)
    step = effort.rule_on("adam", w, g)
    step()
    m, v = 0.1 * g, 0.001 * g**2
    np.testing.assert_allclose(w, -1e-9 * m / (np.sqrt(v) + 1e-7), rtol=1e-4)


def test_the_gradient_is_that_of_half_the_squared_error():
    step, w, g = effort.gradient_step(rows=4, depth=2, width=3)
    step()
    rng = np.random.default_rng(0)
    rng.standard_normal(18, dtype=np.float32)
    x, y = (rng.standard_normal((4, 3), dtype=np.float32) for _ in range(2))

    def loss(weights):
        first, second = weights.astype(np.float64).reshape(2, 3, 3)
        outputs = np.maximum(np.maximum(x @ first, 0.0) @ second, 0.0)
        return 0.5 * np.sum((outputs - y) ** 2)

    for place in range(w.size):
        moved = 1e-4 * np.eye(w.size)[place]
        slope = (loss(w + moved) - loss(w - moved)) / 2e-4
        assert g[place] == pytest.approx(slope, abs=2e-3)
