"""Loss surfaces, of XOR by hand and of convex losses, which no one may mistake."""

import numpy as np
import pytest

from ablations.measures.landscapes import surfaces

SIZES = (3, 4, 1)


@pytest.fixture(scope="module")
def problem():
    """Return a network, rows, and targets that are not the network's own."""
    rng = np.random.default_rng(99)
    x, y = rng.standard_normal((7, 3)), rng.standard_normal(7)
    return surfaces.draw(rng, SIZES), x, y


def test_outputs_are_those_of_layers_one_after_the_other(problem):
    numbers, x, _ = problem
    (w, b), (v, c) = surfaces.layers_of(numbers, SIZES)
    assert (w.shape, b.shape, v.shape, c.shape) == ((3, 4), (4,), (4, 1), (1,))
    by_hand = np.tanh(x @ w + b) @ v[:, 0] + c
    np.testing.assert_allclose(surfaces.outputs(numbers, SIZES, x), by_hand)
    both = surfaces.outputs(np.stack([numbers, 0 * numbers]), SIZES, x)
    np.testing.assert_allclose(both, [by_hand, 0 * by_hand])


def test_putting_out_the_mean_has_a_loss_of_one(problem):
    _, x, y = problem
    zero = surfaces.at_zero_weights(y, SIZES)
    assert surfaces.loss_on(x, y, SIZES)(zero) == pytest.approx(1.0)


def test_complex_steps_give_gradients_and_curvatures(problem):
    numbers, x, y = problem
    loss, move = surfaces.loss_on(x, y, SIZES), 1e-6 * np.eye(numbers.size)
    changes = [(loss(numbers + e) - loss(numbers - e)) / 2e-6 for e in move]
    np.testing.assert_allclose(surfaces.gradient(loss, numbers), changes, atol=1e-7)

    def bent(numbers):
        return numbers[..., 0] * numbers[..., 1] + numbers[..., 2] ** 2

    found = surfaces.curvatures(bent, np.zeros(3))
    np.testing.assert_allclose(found, [-1.0, 1.0, 2.0], atol=1e-9)


def test_a_twin_is_the_same_function_at_another_place(problem):
    numbers, x, _ = problem
    other = surfaces.twin(numbers, SIZES)
    assert np.abs(other - numbers).max() > 0.1
    found = surfaces.outputs(other, SIZES, x)
    np.testing.assert_allclose(found, surfaces.outputs(numbers, SIZES, x))


def test_bowls_and_slopes_are_no_saddles(problem):
    numbers, _, _ = problem

    def bowl(w):
        return np.sum((w - numbers) ** 2, axis=-1)

    def saddle(w):
        return (w - numbers)[..., 0] ** 2 - (w - numbers)[..., 1] ** 2

    assert surfaces.rarer_side(bowl, numbers, SIZES) == 0.0
    assert surfaces.rarer_side(saddle, numbers, SIZES) == pytest.approx(0.5, abs=0.1)


def test_a_saturated_layer_hides_the_rows_from_those_above(problem):
    _, x, y = problem
    flat = surfaces.saturated(np.random.default_rng(7), x, y, SIZES)
    np.testing.assert_allclose(surfaces.outputs(flat, SIZES, x), y.mean(), atol=1e-4)
