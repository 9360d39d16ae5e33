from dataclasses import replace

import pytest

from reports.numbers import (
    DIFFERENCE,
    EXACT,
    SHARE,
    brief_estimate,
    coverage,
    decade,
    hundredths,
    in_unit,
    interval,
    limits,
    measured,
    percent,
    plain,
)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.425, "42.5 %"),
        (0.0061, "0.61 %"),
        (0.99999, "99.999 %"),
        (0.00004, "0.004 %"),
    ],
)
def test_only_exact_shares_are_written_as_none_or_all(share, text):
    assert percent(share) == text


def test_numbers_carry_their_unit_and_missing_ones_are_a_dash():
    assert in_unit(0.203, DIFFERENCE) == "+20.3 points"
    assert in_unit(0.25, "loss") == "0.25"
    assert in_unit(None, SHARE) == in_unit(float("nan"), SHARE) == "\N{EN DASH}"


def test_an_interval_names_its_unit_once_and_its_missing_end():
    assert interval(0.1, 0.2, SHARE) == "10.0 to 20.0 %"
    assert interval(-0.01, 0.02, DIFFERENCE) == "-1.0 to +2.0 points"
    assert interval(None, 0.2, SHARE) == "unbounded to 20.0 %"
    assert interval(None, None, SHARE) == "\N{EN DASH}"


def test_axis_numbers_are_short_and_zero_has_no_sign():
    assert [decade(v) for v in (1e-8, 0.001, 1.0, 1e4)] == [
        "10⁻⁸",
        "0.001",
        "1",
        "10,000",
    ]
    assert hundredths(-0.001) == "0.00"


def test_coverage_is_never_written_as_all():
    assert coverage(0.95) == "95 %"
    assert coverage(0.9875) == "98.75 %"
    assert coverage(1 - 1e-7) == "99.99999 %"


def test_limits_say_their_side():
    assert limits(0.02, "within", DIFFERENCE) == "±2.0 points"
    assert limits(0.8, "at_most", "ratio") == "≤ 0.8"
    assert limits(0.8, "at_most", "ratio", sign=False) == "0.8"
    assert limits(2010.0, "equal", EXACT) == "= 2010"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2015.0, "2015"),
        (65504.0, "65,504"),
        (-0.75, "\N{MINUS SIGN}0.75"),
        (0.99877, "0.999"),
        (1234.6, "1,235"),
        (0.0, "0"),
        (1.0 - 1e-9, "1"),
        (1.35e-8, "1.4 \N{MULTIPLICATION SIGN} 10⁻⁸"),
        (-3.4e38, "\N{MINUS SIGN}3.4 \N{MULTIPLICATION SIGN} 10³⁸"),
    ],
)
def test_a_measured_number_stands_in_full_or_in_three_digits(value, text):
    assert measured(value) == text


@pytest.mark.parametrize(
    ("word", "value", "bound", "text"),
    [
        ("holds", 20.0855, 20.1, "20.1"),
        ("fails", 20.0855, 20.1, "20.09"),
        ("fails", 2.0, 0.0, "2"),
        ("fails", float("inf"), 0.0, ""),
    ],
)
def test_what_was_measured_is_told_from_the_bound_that_it_misses(
    outcome, word, value, bound, text
):
    found = outcome(kind="exact", unit="loss", outcome=word, estimate=value)
    assert brief_estimate(replace(found, bound=bound)) == text


@pytest.mark.parametrize(
    ("kind", "unit", "value", "text"),
    [
        ("comparison", "log10 of the test error", 0.1, "+26 %"),
        ("comparison", "log10 of the norm of kernels", -0.5, "0.32 times"),
        (
            "comparison",
            "log10 of the gradient",
            8.75,
            "5.6 \N{MULTIPLICATION SIGN} 10⁸ times",
        ),
        ("time_to_target", "ratio of mean updates", 13.44, "13 times"),
        ("comparison", "share of dead units", 0.0017, "+0.17 points"),
        ("comparison", "test loss at the end", -0.114, "\N{MINUS SIGN}0.11"),
        ("comparison", "test accuracy", -1e-9, "almost 0 points"),
        ("league", "mean rank", 1.6, "1.6"),
        ("interaction", "log10 of the test error", 0.24, ""),
    ],
)
def test_what_came_out_is_said_in_its_unit(outcome, kind, unit, value, text):
    assert brief_estimate(outcome(kind=kind, unit=unit, estimate=value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(12545.0, "12,545"), (1000, "1,000"), (-0.0, "0"), (1.98765, "1.988")],
)
def test_whole_numbers_of_a_table_stand_in_full(value, text):
    assert plain(value) == text
