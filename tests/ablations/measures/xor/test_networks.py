"""Networks with known weights, against the same sums in plain Python."""

import numpy as np
import pytest

from ablations.measures.xor.linear_models import Y
from ablations.measures.xor.networks import (
    HAND_MADE,
    MONOTONE,
    PRINTED_OUTPUTS,
    PRINTED_WEIGHTS,
    bias_free_networks,
    growing_cosine_neuron,
    hand_made_network,
    hidden_space,
    hidden_units,
    keras_outputs,
    network_size,
    output_formula,
    printed_activation,
    printed_weights,
    single_neurons,
    solution_types,
)
from ablations.rigs.xor import PRINTED
from models.config import MLPConfig

CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def forward(weights, slope: float) -> list[float]:
    """Return the outputs of a 2-2-1 network, one multiplication at a time."""
    kernel, bias, output_kernel, output_bias = (w.tolist() for w in weights)
    outputs = []
    for x in CORNERS:
        hidden = []
        for unit in range(2):
            z = bias[unit] + sum(x[i] * kernel[i][unit] for i in range(2))
            hidden.append(z if z > 0 else slope * z)
        total = sum(h * w[0] for h, w in zip(hidden, output_kernel, strict=True))
        outputs.append(total + output_bias[0])
    return outputs


@pytest.mark.parametrize("slope", [0.0, 0.01, 0.1, 0.2, 0.3])
def test_printed_weights_deviate_as_plain_sums_say(slope):
    name = f"deviation_at_slope_{slope:g}".replace(".", "_")
    expected = max(
        abs(found - printed)
        for found, printed in zip(
            forward(PRINTED_WEIGHTS, slope), PRINTED_OUTPUTS[:, 0], strict=True
        )
    )
    # Keras computes in float32, good to 1e-7 of numbers around 1.
    assert printed_weights()[name] == pytest.approx(expected, abs=1e-6)


def test_the_string_deviates_as_the_slope_that_was_measured_for_it():
    slope = printed_activation()["slope_below_zero"]
    found = printed_weights()["deviation_at_keras_string"]
    expected = np.abs(forward(PRINTED_WEIGHTS, slope) - PRINTED_OUTPUTS[:, 0]).max()
    assert found == pytest.approx(expected, abs=1e-6)  # float32 in Keras


def test_the_rig_trains_with_the_activation_that_the_string_names():
    slope = PRINTED.model.per_layer("activation")[0].start_slope
    measured = printed_activation()
    # One float32 number.
    assert measured["slope_below_zero"] == pytest.approx(slope, rel=1e-6)
    assert measured["slope_above_zero"] == 1.0


def test_the_hand_made_network_says_what_plain_sums_say():
    expected = np.abs(np.array(forward(HAND_MADE, 0.0)) - Y).max()
    found = hand_made_network()
    assert found["deviation_of_output"] == expected
    assert found["deviation_of_keras"] == expected
    assert hidden_units()["error_of_two_units"] == expected


def test_a_changed_weight_shows_in_the_outputs():
    config = MLPConfig(input_units=2, hidden_units=(2,), activation="relu")
    changed = [*HAND_MADE[:2], np.array([[1.0], [-1.0]]), HAND_MADE[3]]
    assert keras_outputs(config, changed)[:, 0].tolist() == forward(changed, 0.0)


def test_the_formula_is_legal_in_one_order_only():
    found = output_formula()
    hidden, weights = np.zeros((4, 2)), np.zeros((2, 1))
    assert (hidden @ weights).shape == (4, 1)
    assert found["is_legal_with_weights_on_the_right"] == 1.0
    assert found["is_legal_as_printed"] == float(weights.shape[1] == hidden.shape[0])


def test_relu_brings_the_mixed_points_together_and_makes_room_for_a_line():
    found = hidden_space()
    # 2 h1 - 3 h2 > 1 is true on (1, 0) alone of (0, 0), (1, 0), (2, 1): a line.
    hidden = np.array([[0, 0], [1, 0], [1, 0], [2, 1]])
    assert ((hidden @ [2, -3] > 1) == (Y > 0.5)).all()
    assert found["is_separable_after_relu"] == 1.0
    assert found["num_points_after_relu"] == len({tuple(h) for h in hidden})
    # Before ReLU the points are (s, s - 1): on one line, in the order 0, 1, 1, 2.
    assert found["is_separable_before_relu"] == 0.0
    assert found["is_separable_as_inputs"] == 0.0


@pytest.mark.parametrize("name", MONOTONE)
def test_activations_called_monotone_never_fall(name):
    values = MONOTONE[name](np.linspace(-20.0, 20.0, 4001))
    assert (np.diff(values) >= 0).all()


def test_no_random_monotone_neuron_beats_the_search():
    rng = np.random.default_rng(0)
    weights = rng.normal(scale=3.0, size=(20_000, 3))
    sums = weights @ np.array([[0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1]])
    best = single_neurons()["best_accuracy_if_monotone"]
    for accuracy, function in zip(best, MONOTONE.values(), strict=True):
        drawn = (np.round(function(sums)) == Y).mean(axis=1).max()
        assert drawn <= accuracy


def test_hand_set_neurons_err_as_their_formulas_say():
    found = single_neurons()
    square = [(x1 - x2) ** 2 for x1, x2 in CORNERS]
    assert found["error_of_square"] == np.abs(np.array(square) - Y).max()
    wave = [(1 - np.cos(np.pi * (x1 + x2))) / 2 for x1, x2 in CORNERS]
    # A float32 cosine at multiples of pi.
    assert found["error_of_cosine"] == pytest.approx(np.abs(wave - Y).max(), abs=1e-6)


def test_the_growing_cosine_neuron_is_right_where_it_was_built_to_be():
    w1, w2, bias = growing_cosine_neuron()
    outputs = [z * np.cos(z) for z in (bias, bias + w2, bias + w1, bias + w1 + w2)]
    # The root finder stops at 2e-12 and the slope there is at most 60.
    assert outputs[:3] == pytest.approx([0.0, 1.0, 1.0], abs=1e-9)
    error = single_neurons()["error_of_growing_cosine"]
    assert error == pytest.approx(np.abs(outputs - Y).max(), abs=1e-9)


def test_one_unit_with_an_input_skip_is_xor():
    outputs = [x1 + x2 - 2 * max(x1 + x2 - 1, 0) for x1, x2 in CORNERS]
    expected = np.abs(np.array(outputs) - Y).max()
    assert hidden_units()["error_of_one_unit_with_input_skip"] == expected


def test_no_random_network_with_one_unit_beats_the_search():
    rng = np.random.default_rng(1)
    v = rng.normal(scale=2.0, size=(20_000, 5))
    sums = v[:, :3] @ np.array([[0, 0, 1, 1], [0, 1, 0, 1], [1, 1, 1, 1]])
    best = hidden_units()["best_accuracy_of_one_unit"]
    for accuracy, slope in zip(best, (0.0, 0.2), strict=True):
        outputs = v[:, 3:4] * np.where(sums > 0, sums, slope * sums) + v[:, 4:]
        assert ((outputs > 0.5) == (Y > 0.5)).mean(axis=1).max() <= accuracy


def test_bias_free_networks_err_as_their_formulas_say():
    found = bias_free_networks()
    outputs = [max(x1 - x2, 0) + max(x2 - x1, 0) for x1, x2 in CORNERS]
    assert found["error_on_xor"] == np.abs(np.array(outputs) - Y).max()
    # Without biases every sum at the origin is 0, and the target there is 1.
    assert found["error_on_xnor_at_the_origin"] == 1.0


def test_the_size_of_the_network_is_what_its_config_counts():
    found = network_size()
    total, trainable = PRINTED.model.parameter_count()
    assert found["parameters"] == total == trainable
    assert found["hidden_parameters"] + found["output_parameters"] == total
    assert found["bytes"] == total * np.dtype(np.float32).itemsize


def test_solution_types_follow_from_the_signs_of_the_units():
    def active(weights):
        kernel, bias = weights[0].tolist(), weights[1].tolist()
        return {
            frozenset(
                x for x in CORNERS if x[0] * kernel[0][k] + x[1] * kernel[1][k] > -c
            )
            for k, c in enumerate(bias)
        }

    found = solution_types()
    mixed = {frozenset({(0, 1)}), frozenset({(1, 0)})}
    hand_made = {frozenset({(0, 1), (1, 0), (1, 1)}), frozenset({(1, 1)})}
    assert found["printed_weights_fold_difference"] == (
        active(PRINTED_WEIGHTS) == mixed
    )
    assert found["hand_made_weights_fold_sum"] == (active(HAND_MADE) == hand_made)
    assert found["printed_weights_fold_sum"] == 0.0
    assert found["hand_made_weights_fold_difference"] == 0.0
