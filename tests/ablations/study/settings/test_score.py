import pytest

from ablations.study.settings.score import Score, amount, size_and_side

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


def test_the_side_is_a_word_whichever_way_the_score_is_better():
    assert size_and_side(0.03, ACCURACY) == "3 points better"
    assert size_and_side(-0.03, ACCURACY) == "3 points worse"
    assert size_and_side(3.0, ERROR) == "3 in the unit of 'price' worse"
    assert size_and_side(0.0, ACCURACY) == "no difference"
