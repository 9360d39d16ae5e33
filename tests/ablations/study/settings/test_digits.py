import math

import pytest

from ablations.study.settings.digits import exact, rounded


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (3989.4, 3, "3,990"),
        (555.9, 3, "556"),
        (0.0004123, 3, "0.000412"),
        (128.0, 3, "128"),
        (4e-07, 3, "0.0000004"),
        (-0.25, 2, "\N{MINUS SIGN}0.25"),
        (1234567.0, 2, "1,200,000"),
        (4.12e-12, 2, "4.1 \N{MULTIPLICATION SIGN} 10⁻¹²"),
        (3e15, 2, "3 \N{MULTIPLICATION SIGN} 10¹⁵"),
        (0.0, 3, "0"),
        (math.nan, 3, "nan"),
        (math.inf, 3, "inf"),
    ],
)
def test_numbers_are_written_with_few_digits_and_no_exponent(value, digits, text):
    assert rounded(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12.0"), (0.5, "0.500"), (9.999, "10.0"), (4e3, "4,000")]
)
def test_scores_below_each_other_have_equally_many_digits(value, text):
    assert rounded(value, padded=True) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.2e6, "1,200,000"), (1e-05, "0.00001"), (0.1 + 0.2, "0.3"), (-2.0, "−2")],  # noqa: RUF001
)
def test_ticks_and_settings_are_written_as_they_are(value, text):
    assert exact(value) == text
