"""Targets come back from what networks learn, in their own unit."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import load_dataset
from ablations.study.table.target_scale import TargetScale, curve_of, spans_orders
from models.config import ConfigError

generator = np.random.default_rng(3)
WIDE = np.exp(generator.normal(6, 3, 400))


def predicting(y) -> object:
    """Return data whose target is `y`."""
    x = np.random.default_rng(0).normal(size=len(y))
    return load_dataset(pd.DataFrame({"x": x, "y": y}), "y", "regression")


@pytest.mark.parametrize("curve", ["none", "log", "log1p", "quantile"])
@pytest.mark.parametrize("y", [WIDE, np.round(WIDE), generator.uniform(1, 2, 50)])
def test_what_is_learned_has_mean_0_and_variance_1_and_comes_back(curve, y):
    y = y + (y.min() == 0 and curve == "log")
    scale = TargetScale.fit(y, curve)
    learned = scale.forward(y)
    assert abs(learned.mean()) < 1e-9
    assert abs(learned.std() - 1) < 1e-9
    np.testing.assert_allclose(scale.back(learned), y, rtol=1e-6, atol=1e-6)
    order = np.argsort(y, kind="stable")
    assert (np.diff(learned[order]) >= 0).all()


@pytest.mark.parametrize("curve", ["log", "log1p", "quantile"])
def test_answers_of_transformed_targets_stay_within_the_training_rows(curve):
    scale = TargetScale.fit(WIDE, curve)
    ends = scale.back(np.array([[-1e9], [-np.inf], [1e9], [np.inf]]))
    expected = [[WIDE.min()]] * 2 + [[WIDE.max()]] * 2
    np.testing.assert_allclose(ends, expected, rtol=1e-9)
    assert np.isnan(scale.back(np.array([np.nan]))).all()


def test_a_plain_target_has_no_bounds_as_a_line_can_go_on():
    scale = TargetScale.fit(WIDE)
    assert scale.back(np.array([1e3]))[0] > 10 * WIDE.max()


def test_a_target_that_never_varies_in_the_training_rows_can_be_learned():
    for curve in ("none", "log", "quantile"):
        scale = TargetScale.fit(np.full(9, 7.0), curve)
        np.testing.assert_allclose(scale.forward(np.full(3, 7.0)), 0, atol=1e-12)
        np.testing.assert_allclose(scale.back(np.zeros(3)), 7)


def test_the_logarithm_is_that_of_one_more_only_where_there_are_zeros():
    assert curve_of(predicting(WIDE), "log") == "log"
    assert curve_of(predicting(np.append(WIDE, 0)), "log") == "log1p"
    assert curve_of(predicting(-WIDE), "quantile") == "quantile"
    assert curve_of(predicting(-WIDE), "none") == "none"


def test_the_logarithm_of_a_negative_number_is_refused_by_name_and_value():
    with pytest.raises(ConfigError, match=r"'log'.*smallest of 'y' is -2\.5"):
        curve_of(predicting(np.append(WIDE, -2.5)), "log")


def test_classes_have_no_logarithm():
    frame = pd.DataFrame({"x": np.arange(60) % 7, "y": np.arange(60) % 2})
    with pytest.raises(ConfigError, match="`target_transform` must be 'none'"):
        curve_of(load_dataset(frame, "y"), "log")


@pytest.mark.parametrize(
    ("y", "wide"),
    [
        (WIDE, True),
        (np.append(WIDE, np.zeros(200)), True),
        (10 ** generator.uniform(-4, 1, 300), True),
        (generator.pareto(0.7, 300) + 0.01, True),
        (-WIDE, False),
        (generator.uniform(0, 100, 300), False),
        (generator.exponential(3, 300), False),
        (generator.normal(500, 90, 300), False),
        (np.append(generator.normal(50, 9, 300), 1e9), False),  # one slip of the pen
        (np.append(generator.normal(50, 9, 300), 1e-9), False),
    ],
)
def test_only_a_target_that_is_spread_over_powers_of_ten_spans_them(y, wide):
    assert spans_orders(predicting(y)) is wide
