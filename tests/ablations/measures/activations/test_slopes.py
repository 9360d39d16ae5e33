"""Slopes of activations, against numbers that one can work out by hand."""

import numpy as np
import pytest

from ablations.measures.activations.slopes import (
    autodiff,
    centers,
    leaky_relu_slopes,
    preset_slopes,
    relu_linearity,
    relu_slopes,
    sigmoid_formula,
    smoothness,
    tanh_forms,
    unit_gradients,
)


def test_automatic_slopes_are_those_of_finite_differences():
    x = np.array([-1.5, -0.3, 0.4, 2.0])
    differences = (np.tanh(x + 1e-6) - np.tanh(x - 1e-6)) / 2e-6
    np.testing.assert_allclose(autodiff("tanh", x), differences, atol=1e-6)
    np.testing.assert_allclose(
        autodiff("leaky_relu", x, negative_slope=0.2), [0.2, 0.2, 1, 1], rtol=1e-6
    )


def test_the_largest_slope_of_the_sigmoid_is_a_quarter():
    found = sigmoid_formula()
    assert found["largest_slope"] == pytest.approx(0.25)
    tail = np.exp(-5) / (1 + np.exp(-5)) ** 2
    assert found["relative_slope_at_5"] == pytest.approx(4 * tail, rel=1e-4)


def test_exponentials_of_800_leave_no_number():
    assert tanh_forms()["share_of_finite_quotients_at_800"] == 0


def test_relu_misses_sums_across_zero_only():
    found = relu_linearity()
    # Of ten and minus ten.
    assert found["deviation_of_sums"] == pytest.approx(10.0)
    assert found["deviation_of_sums_above_zero"] < 1e-5
    assert relu_slopes()["largest_slope_below_zero"] == 0


@pytest.mark.parametrize("active", [0, 1, 5, 9])
def test_a_unit_learns_from_the_rows_for_which_it_is_active(active):
    found = unit_gradients()
    assert found[f"gradient_of_relu_active_in_{active}"] == pytest.approx(active / 10)
    leaky = (active + 0.1 * (10 - active)) / 10
    assert found[f"gradient_of_leaky_0_1_active_in_{active}"] == pytest.approx(leaky)


def test_a_slope_above_one_is_not_the_larger_of_both():
    found = leaky_relu_slopes()
    assert found["deviation_of_the_larger_with_slope_1"] == 0
    assert found["deviation_of_the_larger_with_slope_2"] > 1
    assert found["through_ten_layers_of_slope_0_1"] == pytest.approx(1e-10, rel=1e-4)


def test_prelu_learns_one_slope_per_unit():
    assert preset_slopes()["trainable_numbers_of_prelu"] == 8


def test_a_jump_is_told_from_a_steep_slope():
    found = smoothness()
    assert found["jump_at_zero_of_relu"] == 1
    assert found["jump_at_zero_of_elu_2"] == pytest.approx(1, abs=1e-3)
    assert found["jump_at_zero_of_sigmoid"] < 1e-4
    assert found["largest_change_of_sigmoid"] == pytest.approx(
        1 / (6 * np.sqrt(3)), rel=1e-4
    )


def test_outputs_of_one_sign_give_gradients_of_one_sign():
    found = centers()
    assert found["same_signs_above_sigmoid"] == 1
    # Eight normal signs agree in 2 of 256 rows.
    assert found["same_signs_above_tanh"] < 0.03
    assert found["mean_of_sigmoid_for_deviation_1"] == pytest.approx(0.5, abs=1e-6)
