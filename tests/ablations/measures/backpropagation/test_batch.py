"""The audit of the printed equations of a batch: what is wrong is noticed."""

import numpy as np
import pytest

from ablations.measures.backpropagation import batch


def test_differences_are_derivatives_by_every_entry():
    at = np.array([[1.0, -2.0], [0.5, 3.0]])
    found = batch.differences(lambda w: float(np.sum(w**3)), at)
    np.testing.assert_allclose(found, 3 * at**2, rtol=1e-6)


@pytest.mark.parametrize("fault", ["factor", "sign", "transposed"])
def test_what_misses_is_noticed(fault):
    true = np.array([[1.0, -2.0, 4.0]])
    wrong = {"factor": 5 * true, "sign": -true, "transposed": true.T}[fault]
    assert batch.missed(wrong, true) > 0.5
    assert batch.missed(true + 1e-9, true) < 1e-8


def test_losses_are_means_over_rows():
    a, y = np.array([[0.5, 0.25]]), np.array([[1.0, 0.0]])
    assert batch.binary_loss(a, y) == pytest.approx(-np.log(0.5 * 0.75) / 2)
    shares, classes = np.array([[0.2, 0.5], [0.8, 0.5]]), np.array([[1, 0], [0, 1.0]])
    assert batch.class_loss(shares, classes) == pytest.approx(-np.log(0.1) / 2)


def test_a_complete_list_of_lines_reaches_every_layer():
    lines = batch.printed_lines(3)
    assert batch.share_of_gradients([*lines, *batch.recursion(3)], 3) == 1.0
    # Whatever single line is missing, some layer gets no gradient.
    for left_out in batch.recursion(3):
        rest = [line for line in [*lines, *batch.recursion(3)] if line != left_out]
        assert batch.share_of_gradients(rest, 3) < 1.0


def test_delta_of_one_slope_for_each_entry_needs_independent_entries():
    found = batch.printed_delta()
    assert max(found[f"deviation_of_{n}"] for n in ("sigmoid", "tanh", "relu")) < 1e-6
    # Every output of softmax depends on every logit.
    assert found["deviation_of_softmax"] > 0.01


def test_the_printed_mean_is_divided_by_rows_once():
    found = batch.printed_gradients()
    for name in ("by_weights_given", "by_biases_summed", "of_the_chain"):
        assert found[f"deviation_{name}_5"] < 1e-6
    assert found["factor_by_weights_followed_1"] == pytest.approx(1.0, abs=1e-6)
    assert found["factor_by_weights_followed_5"] == pytest.approx(5.0, abs=1e-5)


def test_updates_lower_a_bowl_up_to_twice_the_inverse_of_its_curvature():
    found = batch.repeated_updates()
    assert found["share_of_updates_that_lower_it_at_1"] == 1.0
    # At the rate r the loss falls by (1 - r / 10)^2 along the flat direction at last.
    flat = 100 * np.log10((1 - 0.05) ** 2) + np.log10(1 / 11)
    assert found["log10_left_at_0_5"] == pytest.approx(flat, abs=0.01)
