"""Rates, counts and defaults, at numbers that one works out by hand."""

import numpy as np
import pytest

from ablations.measures.landscapes import schedules


def test_the_printed_rate_starts_high_and_falls_by_equal_steps():
    rates = schedules.printed_rate(np.array([0, 10, 20]))
    assert rates == pytest.approx([0.1, 0.091, 0.082])


def test_updates_are_counted_over_all_epochs_and_with_the_smaller_last_batch():
    assert schedules.updates_of_keras(6, 3, 2) == 4
    assert schedules.updates_of_keras(7, 3, 2) == 6
