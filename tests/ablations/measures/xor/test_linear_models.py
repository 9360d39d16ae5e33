"""What lines can do, against counting, exact fractions and known constants."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ablations.measures.xor.linear_models import (
    DESIGN,
    X,
    Y,
    half_planes,
    is_separable,
    largest_margin,
    least_squares,
    linear_rules,
    logistic_regression,
    perceptron,
    perceptron_updates,
    sigmoid_neuron,
)

# Every threshold function of two Boolean inputs has weights and bias among these.
THRESHOLDS = [
    tuple(int(a * x1 + b * x2 + c > 0) for x1, x2 in X)
    for a, b, c in itertools.product((-2, -1, 0, 1, 2), repeat=2 + 1)
]


def cross_entropy(v: np.ndarray) -> float:
    p = 1.0 / (1.0 + np.exp(-(DESIGN @ v)))
    return float(-np.mean(Y * np.log(p) + (1 - Y) * np.log(1 - p)))


def test_least_squares_meets_the_normal_equations_in_exact_fractions():
    found = least_squares()
    solution = [Fraction(v).limit_denominator(1000) for v in found["weights"]]
    solution.append(Fraction(float(found["intercept"])).limit_denominator(1000))
    rows = [[*map(int, row)] for row in DESIGN]
    residuals = [
        sum(a * v for a, v in zip(row, solution, strict=True)) - int(y)
        for row, y in zip(rows, Y, strict=True)
    ]
    for column in zip(*rows, strict=True):
        assert sum(a * r for a, r in zip(column, residuals, strict=True)) == 0
    assert sum(r * r for r in residuals) / 4 == Fraction(float(found["cost"]))


def test_least_squares_agrees_with_the_library():
    found = least_squares()
    expected, *_ = np.linalg.lstsq(DESIGN, Y)
    # Both solve a well-conditioned 3 x 3 problem in float64.
    assert np.allclose([*found["weights"], found["intercept"]], expected, atol=1e-12)
    assert np.allclose(found["predictions"], DESIGN @ expected, atol=1e-12)


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=3))
def test_no_logistic_regression_has_a_smaller_loss(v):
    # The loss there is computed by another formula; both are good to 1e-12.
    assert cross_entropy(np.array(v)) >= logistic_regression()["smallest_loss"] - 1e-12


def test_the_loss_of_logistic_regression_is_that_of_its_weights():
    found = logistic_regression()
    v = np.append(found["weights"], found["intercept"])
    assert found["smallest_loss"] == pytest.approx(cross_entropy(v), abs=1e-12)


@pytest.mark.parametrize("labels", [*itertools.product((0, 1), repeat=4)])
def test_the_linear_program_finds_the_functions_that_small_integers_separate(labels):
    assert is_separable(X, labels) == (labels in THRESHOLDS)


@given(st.integers(0, 2**32 - 1))
def test_points_on_two_sides_of_a_plane_are_separable(seed):
    rng = np.random.default_rng(seed)
    points, normal = rng.normal(size=(12, 3)), rng.normal(size=3)
    sums = points @ normal
    assert is_separable(points, sums > np.median(sums))


def test_points_between_points_of_the_other_class_are_not_separable():
    assert not is_separable(np.array([[0.0], [1.0], [2.0]]), [1, 0, 1])
    assert not is_separable(np.array([[0.0], [0.0]]), [0, 1])


def test_the_half_planes_meet_every_threshold_function():
    inside = {tuple(map(int, row)) for row in half_planes(80, 61) > 0}
    assert inside == set(THRESHOLDS)
    assert half_planes().shape == (200_000, 4)


def test_linear_rules_count_what_small_integers_separate():
    found = linear_rules()
    distinct = set(THRESHOLDS)
    best = max(np.mean(np.array(labels) == Y) for labels in distinct)
    assert found["num_separable_functions"] == len(distinct)
    assert found["best_accuracy"] == best
    assert found["best_accuracy_of_half_planes"] == best
    assert found["xor_is_separable"] == float(tuple(map(int, Y)) in distinct)


def test_the_perceptron_rule_follows_a_run_made_by_hand():
    # OR from weights 0; the weights (w1, w2, b) after each mistake are (0,0,-1) (0,1,0)
    # (1,1,1) | (1,1,0) | (1,1,-1) (1,2,0) | (1,2,-1) (2,2,0) | (2,2,-1), by sweep.
    rows = np.array([[0, 0, -1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], float)
    assert perceptron_updates(rows, most=1) == (1, 1)
    assert perceptron_updates(rows, most=3) == (3, 3)
    assert perceptron_updates(rows, most=1000) == (9, 4)


def test_the_margins_of_and_and_or_are_those_of_geometry():
    # The closest weights with every s (w'x + b) >= 1 are (2, 2, -3) and (2, 2, -1).
    signs = {"and": np.array([-1, -1, -1, 1]), "or": np.array([-1, 1, 1, 1])}
    margins = {name: largest_margin(s[:, None] * DESIGN) for name, s in signs.items()}
    # Non-negative least squares on four rows is good to a few units in the last place.
    assert margins["and"] == pytest.approx(1 / np.sqrt(17), rel=1e-12)
    assert margins["or"] == pytest.approx(1 / 3, rel=1e-12)


@given(st.integers(0, 2**32 - 1))
def test_the_perceptron_keeps_its_bound_on_separable_rows(seed):
    rng = np.random.default_rng(seed)
    points, normal = rng.normal(size=(10, 2)), rng.normal(size=3)
    rows = np.column_stack([points, np.ones(10)])
    signs = np.where(rows @ normal > 0, 1.0, -1.0)
    rows = rows * signs[:, None]
    bound = (np.linalg.norm(rows, axis=1).max() / largest_margin(rows)) ** 2
    most = 20_000
    made, right = perceptron_updates(rows, most)
    assert made <= bound * (1 + 1e-9)  # the bound itself is a rounded number
    assert right == 10 or made == most


def test_no_unit_vector_has_a_larger_margin():
    rng = np.random.default_rng(0)
    rows = np.array([-1, 1, 1, 1])[:, None] * DESIGN
    directions = rng.normal(size=(20_000, 3))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    margins = (directions @ rows.T).min(axis=1)
    assert margins.max() <= largest_margin(rows)
    assert margins.max() > 0.95 * largest_margin(rows)


def test_the_perceptron_never_has_all_of_xor_right():
    found = perceptron()
    assert found["updates_on_xor"] == 100_000
    assert found["most_rows_right_on_xor"] <= 4 * linear_rules()["best_accuracy"]


def test_a_sigmoid_neuron_at_its_minimum_is_logistic_regression():
    found = sigmoid_neuron()
    # A float32 gradient of 1e-7 divided by the smallest curvature, 2 ridges = 1.8e-3.
    assert found["coefficient_difference"] < 1e-4
    assert found["probability_difference"] < 1e-4
    assert found["largest_coefficient"] > 0.1
