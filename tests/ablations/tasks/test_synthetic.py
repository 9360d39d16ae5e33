"""Synthetic tasks have the laws that their docstrings state."""

import numpy as np
import pytest

from ablations.tasks import TaskConfig, make_task
from ablations.tasks.synthetic import SMOOTH_TERMS

RNG = np.random.default_rng(0)


def rows(name: str, seeds=(0,), **settings):
    return make_task(TaskConfig(name=name, **settings)).rows(seeds)


def classes(y: np.ndarray) -> np.ndarray:
    return y.argmax(axis=-1)


CLASSED = [
    ("gmm10", 10),
    ("spirals", 2),
    ("tabular", 2),
    ("random_labels", 10),
]


@pytest.mark.parametrize(("name", "num_classes"), CLASSED)
def test_classes_have_a_column_each_with_a_single_one(name, num_classes):
    data = rows(name)
    for y in (data.y, data.y_val, data.y_test):
        assert y.shape[-1] == num_classes
        assert (y.sum(axis=-1) == 1).all()
        assert set(np.unique(y)) == {0.0, 1.0}


@pytest.mark.parametrize("name", ["spirals", "tabular"])
def test_a_single_column_holds_the_second_of_two(name):
    two, one = rows(name), rows(name, targets="single")
    np.testing.assert_array_equal(one.y, two.y[..., 1:])
    np.testing.assert_array_equal(one.x, two.x)


def test_the_standard_deviation_of_the_mixture_is_that_of_centres_and_spread():
    x = rows("gmm10", range(30), num_train=500).x
    # 30 x 800 centre coordinates: relative error of about 1 / sqrt(2 * 24,000).
    assert x.std() == pytest.approx(np.sqrt(1 + 0.55**2), rel=0.02)


def test_points_without_spread_are_the_centres_of_their_class():
    data = rows("gmm10", spread=0.0, num_train=2000, num_classes=3)
    points = np.unique(data.x[0], axis=0)
    assert len(points) == 12
    labels = classes(data.y[0])
    for point in points:
        same = (data.x[0] == point).all(axis=1)
        assert len(set(labels[same])) == 1


def test_a_wider_spread_moves_the_same_points_further():
    near, middle, far = (rows("gmm10", spread=s).x for s in (0.0, 0.5, 1.0))
    # Float32 rounding of numbers below 8.
    np.testing.assert_allclose(far - near, 2 * (middle - near), atol=2e-6)


def test_label_noise_draws_a_share_of_the_training_labels_anew_and_no_others():
    clean, noisy = (
        rows("gmm10", label_noise=share, num_classes=4) for share in (0.0, 0.2)
    )
    changed = classes(clean.y) != classes(noisy.y)
    # A quarter of those drawn anew come out as before; 4,000 rows, four errors.
    expected = 0.2 * 0.75
    assert changed.mean() == pytest.approx(
        expected, abs=4 * np.sqrt(expected * (1 - expected) / changed.size)
    )
    np.testing.assert_array_equal(clean.y_val, noisy.y_val)
    np.testing.assert_array_equal(clean.y_test, noisy.y_test)
    np.testing.assert_array_equal(clean.x, noisy.x)


@pytest.mark.parametrize(("name", "num_classes"), [("digits", 10), ("spirals", 2)])
def test_wrong_labels_are_all_wrong_and_the_first_of_more(name, num_classes):
    clean, few, many = (
        rows(name, range(8), num_train=900, wrong_labels=share)
        for share in (0.0, 0.1, 0.4)
    )
    wrong = [classes(data.y) != classes(clean.y) for data in (few, many)]
    for share, found in zip((0.1, 0.4), wrong, strict=True):
        # 7,200 rows, four errors; a label that stayed would be missing here.
        error = 4 * np.sqrt(share * (1 - share) / found.size)
        assert found.mean() == pytest.approx(share, abs=error)
    assert not (wrong[0] & ~wrong[1]).any()
    assert (classes(few.y) == classes(many.y))[wrong[0]].all()
    assert not np.array_equal(wrong[1][0], wrong[1][1])
    # Each of the other classes is as likely as any.
    steps = (classes(many.y) - classes(clean.y))[wrong[1]] % num_classes
    shares = np.bincount(steps, minlength=num_classes)[1:] / steps.size
    np.testing.assert_allclose(shares, 1 / (num_classes - 1), atol=0.025)
    for part in ("x", "x_val", "y_val", "x_test", "y_test"):
        np.testing.assert_array_equal(getattr(clean, part), getattr(many, part))


@pytest.mark.parametrize("part", ["y", "y_val", "y_test"])
def test_random_labels_agree_with_the_true_ones_by_chance(part):
    true, random = (rows("gmm10", range(5), labels=kind) for kind in ("true", "random"))
    agree = classes(getattr(true, part)) == classes(getattr(random, part))
    # At least 5,000 rows, four errors.
    assert agree.mean() == pytest.approx(0.1, abs=4 * np.sqrt(0.09 / agree.size))


def test_spirals_wind_around_each_other():
    data = rows("spirals", noise=0.0)
    x, sign = data.x[0].astype(np.float64), 2 * classes(data.y[0]) - 1
    radius = np.hypot(*x.T)
    angle = 1.5 * np.pi * radius  # 2 pi turns t with t = r / 2
    expected = (radius * sign)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    # Float32 positions of size 2.
    np.testing.assert_allclose(x, expected, atol=5e-6)
    # 1,000 rows.
    assert x.std() == pytest.approx(1.0, abs=0.05)


def test_only_the_useful_inputs_decide_on_the_class():
    config = TaskConfig(name="tabular", num_train=20_000, num_useful=2, num_inputs=5)
    data = make_task(config).rows([3])
    x, labels = data.x[0], classes(data.y[0])
    # A grid finer than the boxes: cells that no cut crosses have one class.
    grid = np.floor((x[:, :2] / np.sqrt(3) + 1) * 20).astype(int)
    cells: dict = {}
    for cell, label in zip(map(tuple, grid), labels, strict=True):
        cells.setdefault(cell, set()).add(int(label))
    crossed = sum(len(found) > 1 for found in cells.values())
    # Four lines cross at most 40 cells each of 1,600.
    assert 0 < crossed <= 160
    assert x.std() == pytest.approx(1.0, abs=0.01)


def test_inputs_of_random_labels_are_uniform():
    x = rows("random_labels", num_train=5000).x
    assert 0 < x.min() < 0.001
    assert 0.999 < x.max() < 1
    assert x.mean() == pytest.approx(0.5, abs=0.005)


def test_smooth_terms_have_mean_0_variance_1_and_no_correlation():
    x = RNG.uniform(-1, 1, (400_000, 8))
    terms = np.stack([term(x) for term in SMOOTH_TERMS], axis=1)
    # Fourth moments up to about 6, so errors up to about 0.005.
    np.testing.assert_allclose(terms.mean(axis=0), 0.0, atol=0.01)
    np.testing.assert_allclose(np.cov(terms.T), np.eye(len(SMOOTH_TERMS)), atol=0.025)


def test_the_noise_is_all_that_the_terms_leave_of_the_regression():
    config = TaskConfig(name="regression8", num_train=5000, noise=0.3)
    data = make_task(config).rows([2])
    x, y = data.x[0].astype(np.float64), data.y[0, :, 0].astype(np.float64)
    terms = np.stack([term(x) for term in SMOOTH_TERMS], axis=1)
    coefficients, (rest,), *_ = np.linalg.lstsq(terms, y, rcond=None)
    # 5,000 rows: the error of a variance is 2 %.
    assert rest / len(y) == pytest.approx(0.09, rel=0.08)
    assert np.linalg.norm(coefficients) == pytest.approx(1.0, abs=0.03)
    assert y.min() < 0 < y.max()


def test_shifted_targets_differ_by_a_constant_and_are_never_negative():
    signed, shifted = (
        rows("regression8", range(3), targets=t) for t in ("signed", "non_negative")
    )
    smallest = np.full(3, np.inf)
    for name in ("y", "y_val", "y_test"):
        difference = getattr(shifted, name) - getattr(signed, name)
        # One float32 rounding of numbers below 16.
        assert np.ptp(difference, axis=(1, 2)).max() < 2e-6
        smallest = np.minimum(smallest, getattr(shifted, name).min(axis=(1, 2)))
    assert smallest.tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_a_teacher_has_targets_of_unit_variance_without_noise(activation):
    data = rows("teacher", range(20), activation=activation, num_train=500)
    # 4,096 rows scale, 500 test; means over 20 seeds.
    assert data.y.mean() == pytest.approx(0.0, abs=0.05)
    assert data.y.var(axis=1).mean() == pytest.approx(1.0, abs=0.05)


def test_a_teacher_of_one_relu_unit_is_linear_where_it_is_on():
    data = rows("teacher", activation="relu", width=1, num_inputs=3, num_train=300)
    x, y = data.x[0].astype(np.float64), data.y[0, :, 0].astype(np.float64)
    values, counts = np.unique(y, return_counts=True)
    on = y != values[counts.argmax()]
    assert 30 < on.sum() < 270
    design = np.column_stack([x[on], np.ones(on.sum())])
    _, rest, *_ = np.linalg.lstsq(design, y[on], rcond=None)
    # Float32 targets.
    assert rest.sum() < 1e-8


def test_the_law_is_drawn_anew_for_every_seed():
    data = rows("gmm10", [0, 1], spread=0.0)
    centres = [{tuple(row) for row in x} for x in data.x]
    assert not centres[0] & centres[1]
