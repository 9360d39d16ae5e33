"""Streams, starting kernels and gradients that travel back, all without training."""

import numpy as np
import pytest

from ablations.experiments.gradient_growth import GradientGrowthConfig
from ablations.experiments.recurrent import RecurrentConfig
from ablations.experiments.sequences import (
    CONTINUED,
    NUM_CONTINUED,
    draw_counts,
    draw_echo,
    recurrent_kernels,
    state_gradients,
    sums_since_marks,
)
from models.config import ConfigError

SEEDS = np.arange(2_000_000, 2_000_007)
ECHO = RecurrentConfig(length=9, delay=3, num_rows=4, num_steps=2)
COUNTS = RecurrentConfig(
    stream="counts", cell="lstm", length=9, mark_rate=0.3, num_rows=4, num_steps=2
)


@pytest.mark.parametrize("start", ["orthogonal", "gaussian"])
def test_kernels_start_at_the_radius_asked_for(start):
    kernels = recurrent_kernels(SEEDS, 6, start, 1.5)
    largest = np.abs(np.linalg.eigvals(kernels)).max(axis=1)
    np.testing.assert_allclose(largest, 1.5, rtol=1e-12)  # rounding of eigenvalues


def test_an_orthogonal_kernel_keeps_lengths():
    kernels = recurrent_kernels(SEEDS, 6, "orthogonal", 1.0)
    products = kernels @ np.swapaxes(kernels, 1, 2)
    # Six products are summed in double precision.
    np.testing.assert_allclose(products, np.tile(np.eye(6), (7, 1, 1)), atol=1e-14)


def test_starts_of_one_seed_differ_by_their_radius_only():
    one, two = (recurrent_kernels(SEEDS, 6, "orthogonal", r) for r in (1.0, 2.0))
    np.testing.assert_allclose(two, 2.0 * one, rtol=1e-15)


def test_echo_asks_for_the_symbol_shown_some_steps_before_the_end():
    x, y = draw_echo(ECHO, SEEDS)
    assert x.shape == (7, 8, 9 * 4)
    shown = x.reshape(7, 8, 9, 4)
    assert (shown.sum(axis=-1) == 1.0).all()
    np.testing.assert_array_equal(y, shown[:, :, 9 - 1 - 3])


def test_sums_start_anew_at_marks():
    values = np.array([1.0, 1.0, -1.0, 1.0, 1.0])
    marks = np.array([True, False, True, False, False])
    np.testing.assert_array_equal(
        sums_since_marks(values, marks), [1.0, 2.0, -1.0, 0.0, 1.0]
    )


def test_counts_ask_for_the_sum_since_the_last_mark():
    x, y = draw_counts(COUNTS, SEEDS)
    steps = x.reshape(7, 8, 9, 2)
    assert set(np.unique(steps[..., 0])) == {-1.0, 1.0}
    assert (steps[:, :, 0, 1] == 1.0).all()
    sums = sums_since_marks(steps[..., 0], steps[..., 1] > 0.5)
    scale = sums[y != 0] / y[y != 0]
    np.testing.assert_allclose(scale, scale[0], rtol=1e-6)  # float32


def test_without_marks_counts_start_once():
    x, _ = draw_counts(COUNTS.replace(mark_rate=0.0), SEEDS)
    assert x.reshape(7, 8, 9, 2)[..., 1].sum() == 7 * 8


@pytest.mark.parametrize("mark_rate", [0.0, 0.3])
def test_the_targets_of_counts_have_a_variance_of_about_one(mark_rate):
    config = COUNTS.replace(mark_rate=mark_rate, num_rows=2000, length=12)
    _, y = draw_counts(config, SEEDS)
    assert 0.5 < y.var() < 2.0


def test_continued_streams_are_longer_and_new():
    x, y = draw_counts(COUNTS, SEEDS, continued=True)
    assert y.shape == (7, NUM_CONTINUED, CONTINUED * 9)
    first, _ = draw_counts(COUNTS, SEEDS)
    assert not np.array_equal(x[:, :8, :18], first[:, :, :18])


@pytest.mark.parametrize("draw", [draw_echo, draw_counts])
def test_the_rows_of_a_seed_are_the_same_alone_and_in_a_crowd(draw):
    config = ECHO if draw is draw_echo else COUNTS
    crowd, alone = draw(config, SEEDS), draw(config, SEEDS[3:4])
    for many, one in zip(crowd, alone, strict=True):
        np.testing.assert_array_equal(many[3:4], one)


def test_gradients_are_products_of_slopes_and_kernels():
    kernel = np.array([[[2.0, 0.0], [0.0, 0.5]]])
    slopes = np.array([[[0.1, 1.0], [1.0, 1.0]]])  # of steps 1 and 2
    lengths = state_gradients(kernel, slopes, np.array([[1.0, 0.0]]))
    # Back through step 2: 1 x 2; through step 1: 2 x 0.1 x 2.
    np.testing.assert_allclose(10.0**lengths, [[1.0, 2.0, 0.4]], rtol=1e-12)


@pytest.mark.parametrize("radius", [0.5, 1.0, 2.0])
def test_an_orthogonal_linear_network_multiplies_by_its_radius_at_every_step(radius):
    config = GradientGrowthConfig(start="orthogonal", radius=radius, length=40)
    arrays = config.run(SEEDS)
    # Curves are float32.
    np.testing.assert_allclose(arrays["curve.growth_per_step"], radius, rtol=1e-6)
    expected = np.log10(radius) * np.arange(41)
    found = arrays["probe.log10_state_gradient"]
    np.testing.assert_allclose(found, np.tile(expected, (7, 1, 1)), atol=1e-5)


def test_a_gaussian_linear_network_settles_at_its_radius():
    config = GradientGrowthConfig(start="gaussian", radius=1.5, length=400)
    growth = config.run(SEEDS)["curve.growth_per_step"]
    # Eigenvalues of nearly the largest modulus take long to die out.
    np.testing.assert_allclose(growth, 1.5, rtol=0.02)


def test_products_far_beyond_the_range_of_numbers_stay_finite():
    config = GradientGrowthConfig(start="orthogonal", radius=100.0, length=400)
    grown = config.run(SEEDS)["curve.log10_growth"]
    np.testing.assert_allclose(grown, 800.0, rtol=1e-6)  # float32


def test_tanh_slopes_shorten_what_linear_units_keep():
    fields = {"start": "orthogonal", "radius": 1.5, "length": 40}
    linear, tanh = (
        GradientGrowthConfig(activation=name, **fields).run(SEEDS)["curve.log10_growth"]
        for name in ("linear", "tanh")
    )
    assert (tanh < linear).all()


def test_the_growth_of_a_seed_is_the_same_alone_and_in_a_crowd():
    config = GradientGrowthConfig(activation="tanh", length=20)
    crowd, alone = config.run(SEEDS), config.run(SEEDS[2:3])
    for name, values in crowd.items():
        np.testing.assert_array_equal(values[2:3], alone[name])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"clip_norm": 1.0, "clip_value": 1.0}, "At most one of"),
        ({"delay": 20}, "`delay` must be below the length 20"),
        ({"cell": "lstm"}, "`cell` must be no LSTM for 'echo'"),
        ({"stream": "counts"}, "`cell` must be an LSTM for 'counts'"),
        (
            {"stream": "counts", "cell": "lstm", "log_steps": (1,)},
            "`log_steps` must be empty for 'counts'",
        ),
    ],
)
def test_choices_that_do_not_go_together_are_refused(fields, message):
    with pytest.raises(ConfigError, match=message):
        RecurrentConfig(**fields)


def test_what_is_promised_follows_from_the_stream():
    assert ECHO.replace(log_steps=(0, 1)).recorded_steps() == (0, 1, 2)
    assert ECHO.recorded_metrics() == ("test_accuracy",)
    assert COUNTS.recorded_metrics() == ("test_explained", "continued_explained")
    assert ECHO.count_rows_seen(None, 2) == 8  # batches hold all four rows
