"""Streams ask for what they have shown, and their rows follow from the seed."""

import numpy as np
import pytest

from ablations.tasks.streams import (
    CONTINUED,
    NUM_CONTINUED,
    StreamSettings,
    draw_counts,
    draw_echo,
    sums_since_marks,
)

SEEDS = np.arange(2_000_000, 2_000_007)
ECHO = StreamSettings(length=9, delay=3, num_rows=4)
COUNTS = StreamSettings(stream="counts", length=9, mark_rate=0.3, num_rows=4)


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
