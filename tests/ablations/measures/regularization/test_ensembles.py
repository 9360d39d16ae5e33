"""What ensembles do and cost, against formulas, and timings only for their sense."""

import itertools
import time

import numpy as np
import pytest

from ablations.measures.regularization.ensembles import (
    CORRELATIONS,
    NUM_MEMBERS,
    WIDTHS,
    ensemble_seconds,
    ensemble_work,
    products_per_row,
    time_ratio,
    training_step,
    variance_of_averages,
)


@pytest.mark.parametrize("rho", CORRELATIONS)
def test_the_variance_of_a_mean_is_what_correlation_leaves_of_it(rho):
    name = f"variance_ratio_at_{rho:g}".replace(".", "_")
    # Four standard errors of 200,000 draws.
    expected = rho + (1.0 - rho) / 10
    assert variance_of_averages()[name] == pytest.approx(expected, rel=0.013)


def test_products_are_counted_forward_and_backward():
    assert products_per_row((20, 64, 4), training=False) == 20 * 64 + 64 * 4
    expected = 2 * (20 * 64 + 64 * 4) + 64 * 4
    assert products_per_row((20, 64, 4), training=True) == expected


def test_an_ensemble_does_the_work_of_its_members_and_dropout_that_of_one():
    found = ensemble_work()
    ensemble = [value for name, value in found.items() if "ensemble" in name]
    assert ensemble == [NUM_MEMBERS] * 3
    assert found["inference_of_many_masks"] == NUM_MEMBERS
    dropout = [value for name, value in found.items() if name.endswith("of_dropout")]
    assert dropout == [1.0] * 3


def test_stacked_members_learn_what_they_learn_one_by_one():
    apart = training_step(3, 8, stacked=False)
    stacked = training_step(3, 8, stacked=True)
    assert weights_of(apart)[0].shape == weights_of(stacked)[0].shape
    for step in (apart, stacked):
        before = weights_of(step)[0].copy()
        for _ in range(50):
            step()
        assert not np.array_equal(before, weights_of(step)[0])
    for one, other in zip(weights_of(apart), weights_of(stacked), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)


def weights_of(step) -> list[np.ndarray]:
    """Return the kernels that a step works on, from where it keeps them."""
    kept = dict(
        zip(
            step.__code__.co_freevars,
            (c.cell_contents for c in step.__closure__),
            strict=True,
        )
    )
    if "parts" in kept:
        return [np.stack([part[k] for part in kept["parts"]]) for k in (2, 3)]
    return [kept["first"], kept["second"]]


def test_a_step_lowers_the_error_of_its_batch():
    step = training_step(1, 16, stacked=True)
    kept = dict(
        zip(
            step.__code__.co_freevars,
            (c.cell_contents for c in step.__closure__),
            strict=True,
        )
    )

    def error() -> float:
        hidden = np.maximum(kept["x"] @ kept["first"], 0.0)
        return float(np.mean((hidden @ kept["second"] - kept["y"]) ** 2))

    before = error()
    for _ in range(2000):
        step()
    assert error() < 0.999 * before


def test_a_ratio_of_times_is_that_of_the_seconds_computed(monkeypatch):
    computed = 0.0  # by a clock of this test, which no busy machine disturbs
    monkeypatch.setattr(time, "thread_time", lambda: computed)

    def work(seconds: float):
        def step() -> None:
            nonlocal computed
            computed += seconds

        return step

    assert time_ratio(work(0.004), work(0.001)) == pytest.approx(4.0)


def test_every_timing_is_a_positive_number(monkeypatch):
    # Seconds go by with every look at the clock, so that the fewest timings are made.
    monkeypatch.setattr(time, "thread_time", itertools.count().__next__)
    found = ensemble_seconds()
    assert len(found) == 3 * len(WIDTHS)
    assert all(value > 0 for value in found.values())
