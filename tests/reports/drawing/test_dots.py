import math

import pytest

from reports.drawing import dots
from reports.drawing.dots import Dot
from reports.numbers import RATIO


def dot(**changes):
    fields = {
        "label": "a",
        "outcome": "holds",
        "estimate": 0.5,
        "low": 0.4,
        "high": 0.6,
        "bound": 0.3,
        "direction": "at_least",
        "unit": "loss",
    }
    return Dot(**(fields | changes))


@pytest.mark.parametrize(
    ("direction", "span"),
    [("at_least", (0.3, 2.0)), ("at_most", (-2.0, 0.3)), ("within", (-0.3, 0.3))],
)
def test_the_band_is_where_the_prediction_holds(direction, span):
    assert dot(direction=direction).holding_span((-2.0, 2.0)) == span


def test_an_equivalence_has_two_bounds_and_what_is_shown_has_none():
    assert dot(direction="within").bounds == (-0.3, 0.3)
    assert dot(bound=None).bounds == ()
    assert dot(bound=None).holding_span((0.0, 1.0)) is None


def test_the_axis_of_a_ratio_holds_one_and_is_one_of_factors():
    low, high = dots.axis_ends(RATIO, [0.5, 0.25])
    assert 0 < low < 0.25
    assert 1.0 < high < 1.2
    # The lower end of an interval may be zero, which has no place on it.
    assert dots.axis_ends(RATIO, [0.0, 0.5])[0] > 0


@pytest.mark.parametrize("ends", [(0.7, 1.05), (0.2, 3.0), (0.01, 200.0), (1e-9, 1e9)])
def test_ratios_have_few_round_ticks_inside_the_axis(ends):
    ticks = dots.ratio_ticks(ends)
    assert 2 <= len(ticks) <= 6
    assert all(ends[0] <= tick <= ends[1] for tick in ticks)


def test_intervals_are_called_by_what_they_cover():
    assert dots.intervals_sentence([dot()]) == "Estimates with 95 % intervals."
    mixed = [dot(), dot(confidence=0.9), dot(confidence=None)]
    assert dots.intervals_sentence(mixed) == (
        "Estimates with intervals of 90 to 95 % confidence."
    )
    assert dots.intervals_sentence([dot(confidence=None)]) == "Estimates."


def test_the_words_say_an_unusual_confidence_and_both_bounds():
    words = dot(confidence=0.9, direction="within", low=-math.inf).describe()
    assert words == "a: 0.5 (unbounded to 0.6, 90 % interval), bound ±0.3, holds"


def test_what_was_not_estimated_is_no_dot(outcome):
    assert dots.read_dot(outcome(estimate=None)) is None
    assert dots.read_dot(outcome(kind="exact")) is None
    assert dots.read_dot(outcome(role="shown")).bound is None


def test_long_names_are_cut():
    assert dots.cut("abc", 3) == "abc"
    assert dots.cut("glorot uniform", 8) == "glorot…"
