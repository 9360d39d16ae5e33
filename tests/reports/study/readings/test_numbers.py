import math

import pandas as pd
import pytest

from ablations.study.settings.score import Score
from reports.study.readings import numbers

ACCURACY = Score("accuracy", True, 0.01, "points", 100.0)
RMSE = Score("rmse", False, 0.1, "kilograms")


@pytest.mark.parametrize(
    ("score", "value", "shown", "difference"),
    [
        (ACCURACY, 0.9124, "91.2 %", "+91 points"),
        (ACCURACY, -0.004, "-0.4 %", "\N{MINUS SIGN}0.4 points"),
        (ACCURACY, 0.0001, "0.0 %", "+0.01 points"),
        (ACCURACY, 4e-8, "0.0 %", "0 points"),
        (ACCURACY, 0.01, "1.0 %", "+1 point"),
        (RMSE, 12.3456, "12.3", "+12"),
        (RMSE, math.nan, "\N{EN DASH}", "\N{EN DASH}"),
        (RMSE, None, "\N{EN DASH}", "\N{EN DASH}"),
    ],
)
def test_scores_and_differences_have_their_unit(score, value, shown, difference):
    assert numbers.score_text(score, value) == shown
    assert numbers.difference_text(score, value) == difference


def test_sizes_too_small_to_read_are_said_to_be_so():
    assert numbers.size_text(ACCURACY, 4e-8) == "less than 0.01 points"
    assert numbers.chance_text(4e-7) == "below 0.001"
    assert numbers.chance_text(0.0312) == "0.031"
    assert numbers.unit_phrase(RMSE) == "in the unit of kilograms"
    assert numbers.unit_phrase(ACCURACY) == ""


def test_an_interval_says_its_unit_once_and_shares_stay_between_0_and_100():
    assert numbers.range_text(ACCURACY, 0.81, 1.04) == "81.0 to 100.0 %"
    assert numbers.range_text(ACCURACY, -0.01, 0.02, signed=True) == (
        "\N{MINUS SIGN}1 to +2 points"
    )
    assert numbers.range_text(RMSE, 1.5, math.inf) == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("value", "shown"), [(3.2, "3"), (47.0, "47"), (947.0, "950"), (20_003, "20,000")]
)
def test_guesses_have_two_digits(value, shown):
    assert numbers.about_text(value) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0.0123, "0.012 s"), (95.0, "95 s"), (600.0, "10 min")]
)
def test_times_have_the_unit_that_one_says(seconds, shown):
    assert numbers.seconds_text(seconds) == shown


def test_rows_are_plain_data():
    assert numbers.rows_of(pd.DataFrame({"a": [1], "b": ["x"]})) == [{"a": 1, "b": "x"}]
