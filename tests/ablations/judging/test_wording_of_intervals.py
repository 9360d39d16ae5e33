"""Intervals in words: each of the three numbers is told from the bound."""

import math

import pytest

from ablations.judging.wording import (
    more_seeds,
    number,
    number_interval,
    percent,
    points,
    points_interval,
    share_interval,
    signed,
    signed_interval,
)


@pytest.mark.parametrize(
    ("write", "numbers", "bound", "text"),
    [
        (share_interval, (0.25, 0.125, 0.5), None, "25.0 % [12.5 %, 50.0 %]"),
        (share_interval, (0.5001, 0.4999, 0.5), 0.5, "50.01 % [49.99 %, 50.0 %]"),
        (points_interval, (0.25, -0.125, 1.0), None, "+25.0 points [-12.5, +100]"),
        (
            points_interval,
            (-0.0204, -0.0196, 0.0204),
            -0.02,
            "-2.04 points [-1.96, +2.04]",
        ),
        (points_interval, (0.5, -math.inf, math.inf), 0.1, None),
        (signed_interval, (1.23456, -2.0, 1e6), None, "+1.235 [-2, +1e+06]"),
        (signed_interval, (0.1000123, 0.1, 7.0), 0.1, "+0.10001 [+0.1, +7]"),
        (number_interval, (0.1000123, 0.1, 7.0), 0.1, "0.10001 [0.1, 7]"),
    ],
)
def test_an_interval_is_written_with_its_estimate(write, numbers, bound, text):
    if text is None:
        text = "+50.0 points [unbounded, unbounded]"
    assert write(*numbers, bound) == text


def test_digits_are_added_one_by_one_until_a_number_differs_from_its_bound():
    assert signed(0.1000123, bound=0.1) == "+0.10001"
    assert signed(0.1234567) == "+0.1235"
    assert percent(0.950123, bound=0.95) == "95.01 %"
    assert percent(0.999999, bound=0.5) == "99.9999 %"
    assert points(0.020012, bound=0.02) == "+2.001"
    assert points(0.020012, bound=-0.02) == "+2.001"
    assert number(1234567.0) == "1.23457e+06"


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.01, "1.0 %"),
        (0.99, "99.0 %"),
        (0.0099, "0.99 %"),
        (0.9901, "99.01 %"),
        (0.001, "0.10 %"),
        (0.9990001, "99.900 %"),
        (0.00099, "0.099 %"),
        (0.00001, "0.001 %"),
        (0.0000099, "9.9e-04 %"),
    ],
)
def test_decimals_grow_towards_none_and_all(share, text):
    assert percent(share) == text


def test_more_seeds_are_asked_for_in_one_sentence():
    assert more_seeds("it", 1000, 12000, 5000) == (
        "it: 1,000 seeds do not decide; if the numbers stay as they are, about 12,000"
        " would."
    )
    assert more_seeds("it", 1000, None, 5000) == (
        "it: 1,000 seeds do not decide; it would take more than 5,000."
    )
