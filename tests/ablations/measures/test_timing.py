"""Intervals of medians, by hand."""

import math
import platform
import subprocess
import sys

import numpy as np
import pytest

from ablations.measures import timing
from ablations.measures.timing import median_at_least, ratios_in_turn, work_ratios

COUNT_NEW_PAGES = """
import resource, runpy, sys
import numpy as np

def new_pages():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for size in range(4_000_000, 8_000_000, 400_000):
        np.ones(size, np.uint8)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

keep_memory = runpy.run_path(sys.argv[1])["keep_memory"]
alone = new_pages()
keep_memory()
new_pages()
print(alone, new_pages())
"""


@pytest.mark.parametrize(("n", "place"), [(6, 1), (9, 2), (15, 4), (25, 8)])
def test_the_lower_end_is_the_value_of_the_sign_test(n, place):
    # Conover (1999), table of the sign test: 2 P(B < place) is at most 5 %.
    values = np.random.default_rng(n).permutation(np.arange(1.0, n + 1))
    assert median_at_least(values) == place


def test_five_values_have_no_lower_end():
    assert median_at_least([1.0, 1.0, 1.0, 1.0, 1.0]) == -math.inf


def test_twice_the_work_surely_takes_longer_and_the_same_work_does_not(clock):
    once, twice = (clock.step(seconds, late=0.1) for seconds in (1e-4, 2e-4))
    times = {"seconds": 0.03, "fewest": 15, "most": 31}
    assert median_at_least(work_ratios(twice, once, clock, **times)) > 1.3
    assert median_at_least(work_ratios(once, once, clock, **times)) < 1.1


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="is about glibc")
def test_arrays_that_are_timed_get_memory_that_was_used_before():
    command = [sys.executable, "-c", COUNT_NEW_PAGES, timing.__file__]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own code)
    alone, kept = map(int, done.stdout.split())
    # Ten arrays of about 1,500 pages of 4 KiB, or of three of 2 MiB.
    assert alone > 25 > 5 > kept


def test_ratios_are_taken_until_the_clock_says_stop():
    now = iter(range(100))
    ratios = ratios_in_turn(
        lambda: 6.0, lambda: 2.0, lambda: next(now), seconds=4, fewest=2, most=9
    )
    assert set(ratios) == {3.0}
    assert 2 <= len(ratios) <= 9
