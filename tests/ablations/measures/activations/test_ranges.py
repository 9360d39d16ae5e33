"""Ranges of activations, against numbers that one can work out by hand."""

import numpy as np
import pytest

from ablations.measures.activations import ranges
from ablations.measures.activations.ranges import (
    all_halves,
    elu_range,
    gates,
    leaky_relu_range,
    of_keras,
    output_kinds,
    sigmoid_range,
    tanh_range,
)


def test_every_finite_half_precision_number_is_there_once():
    halves = all_halves()
    # 2^16 patterns, less 2,048 for infinities and NaN, and one for minus zero.
    assert len(halves) == 2**16 - 2**11 - 1
    assert halves.min() == -65504
    assert halves.max() == 65504
    assert (np.diff(np.float64(halves)) > 0).all()


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "elu"])
def test_functions_are_those_of_keras(name):
    x = np.array([-2.0, -0.5, 0.0, 1.5])
    formula = {
        "sigmoid": 1 / (1 + np.exp(-x)),
        "tanh": np.tanh(x),
        "relu": np.maximum(x, 0),
        "elu": np.where(x > 0, x, np.expm1(x)),
    }
    np.testing.assert_allclose(of_keras(name, x), formula[name], atol=1e-6)


def test_a_function_that_reaches_its_border_is_noticed(monkeypatch):
    monkeypatch.setattr(ranges, "_sigmoid", lambda x: 1 if x > 0 else 0)
    assert sigmoid_range()["real_inputs_that_give_zero_or_one"] > 3000


def test_borders_are_reached_where_float32_rounds_to_them():
    # One less half its last digit, 2^-25, is the sigmoid of 17.3 and the tanh of 9.01.
    assert 16 < sigmoid_range()["smallest_input_that_gives_one"] < 18
    # Approximations of tanh by polynomials end a little earlier, at 7.9.
    assert 7 < tanh_range()["smallest_input_that_gives_one"] < 10
    assert elu_range()["share_of_negative_inputs_that_give_minus_alpha"].shape == (3,)


def test_numbers_below_zero_are_missed_by_relu_alone():
    missed = leaky_relu_range()
    assert missed["share_missed_with_slope_0"] == pytest.approx(1000 / 2001)
    assert missed["share_missed_with_slope_0_3"] == 0


def test_a_gate_does_not_move_below_zero():
    spread = gates()
    assert spread["spread_below_zero_of_step"] == 0
    assert spread["spread_below_zero_of_linear"] == pytest.approx(0.5)
    # From -0.2 x 6 to 0, of -1.2 to 6.
    assert spread["spread_below_zero_of_leaky_relu"] == pytest.approx(1 / 6, rel=1e-5)


def test_kinds_of_outputs_are_counted():
    kinds = output_kinds()
    assert kinds["values_of_step"] == 2
    assert kinds["values_of_linear"] == len(all_halves())
    assert kinds["highest_of_relu"] == 65504
