import math

import pytest

from ablations.study.settings.score import (
    LOG_UNITS,
    Score,
    amount,
    size_and_side,
    with_margin,
)

ACCURACY = Score("accuracy", True, 0.01, "points", 100.0)
ERROR = Score("rmse", False, 2.0, "price")


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        (0.01, "1 point"),
        (-0.01, "1 point"),
        (0.0101, "1 point"),
        (0.02, "2 points"),
        (0.004, "0.4 points"),
        (-0.112, "11 points"),
        (1.0, "100 points"),
    ],
)
def test_an_amount_has_no_sign_and_its_unit_agrees_with_it(difference, said):
    assert amount(difference, ACCURACY) == said


def test_an_error_is_told_in_the_unit_of_the_target():
    assert amount(-1234.0, ERROR) == "1,200 in the unit of 'price'"


def test_an_error_of_the_logarithm_is_told_as_such():
    error = Score("rmsle", False, 0.03, LOG_UNITS["log"])
    assert amount(-0.214, error) == "0.21 in the logarithm"
    assert error.is_of_ratios
    assert not Score("rmsle", False, 0.03, LOG_UNITS["log1p"]).is_of_ratios


def test_the_side_is_a_word_whichever_way_the_score_is_better():
    assert size_and_side(0.03, ACCURACY) == "3 points better"
    assert size_and_side(-0.03, ACCURACY) == "3 points worse"
    assert size_and_side(3.0, ERROR) == "3 in the unit of 'price' worse"
    assert size_and_side(0.0, ACCURACY) == "no difference"


@pytest.mark.parametrize(
    ("score", "reference", "dummy", "margin"),
    [
        (Score("rmse", False, math.nan, "price"), 593.0, 3989.0, 59.3),
        (Score("accuracy", True, math.nan, "points", 100.0), 0.6, 0.5, 0.01),
        (Score("accuracy", True, math.nan, "points", 100.0), 0.98, 0.5, 0.002),
        (Score("r2", True, math.nan, "of R2"), 0.7, 0.0, 0.03),
        # A reference that broke down does not make everything small.
        (Score("rmse", False, math.nan, "price"), 9e9, 3989.0, 398.9),
        (ERROR, 593.0, 3989.0, 2.0),
        (Score("rmsle", False, math.nan, LOG_UNITS["log"]), 0.4, 2.8, 0.04),
        (Score("rmsle", False, math.nan, LOG_UNITS["log"]), 4.8, 2.8, 0.1),
    ],
)
def test_a_margin_is_a_tenth_of_the_error_of_the_reference_unless_told(
    score, reference, dummy, margin
):
    assert with_margin(score, reference, dummy).margin == pytest.approx(margin)
