"""What layers and dead units are: numbers by hand, and gradients by differences."""

import numpy as np
import pytest

from ablations.measures.backpropagation import layers


@pytest.fixture(scope="module")
def network():
    """Return rows, targets, kernels and biases of two small networks."""
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, 5, 4)), rng.standard_normal((2, 5, 1))
    w = [rng.standard_normal((2, m, n)) for m, n in ((4, 3), (3, 3), (3, 1))]
    b = [rng.standard_normal((2, 1, n)) for n in (3, 3, 1)]
    return x, y, w, b


def loss(x, y, w, b):
    return 0.5 * np.mean((layers._forward(x, w, b)[1][-1] - y) ** 2, axis=1).sum()


@pytest.mark.parametrize("layer", range(3))
def test_gradients_are_changes_of_the_loss(network, layer):
    x, y, w, b = network
    by_w, by_b = layers._gradients(y, w, *layers._forward(x, w, b))
    for weights, found in ((w, by_w), (b, by_b)):
        moved = [value.copy() for value in weights]
        moved[layer][0, 0, 0] += 1e-6
        changed = (moved, b) if weights is w else (w, moved)
        change = (loss(x, y, *changed) - loss(x, y, w, b)) / 1e-6
        assert found[layer][0, 0, 0] == pytest.approx(change, abs=1e-5)


def test_a_step_lets_no_gradient_through_and_a_sigmoid_all():
    found = layers.step_gradients()
    assert found["share_of_weights_reached_with_step"] == 0.0
    assert found["share_of_weights_reached_with_sigmoid"] == 1.0


def test_a_neuron_without_its_bias_is_another():
    found = layers.neuron_formula()
    assert found["deviation_of_tanh"] < 1e-5 < found["deviation_without_the_bias"]


def test_units_far_below_zero_are_mostly_dead_on_rows_of_deviation_one():
    # A row makes a unit active with probability Phi(-3.2); 300 rows must all fail.
    expected = (1 - 0.000687) ** layers.NUM_ROWS
    share = layers.dead_outputs()["share_of_units_that_are_dead"]
    assert share == pytest.approx(expected, abs=0.02)
