"""The figure of what was measured beside what is implied."""

import pytest

from reports.figures import checks
from reports.figures.checks import Check
from reports.figures.source import Source


def exact(condition, label, **changes):
    """Return the record of an exact check."""
    fields = {"kind": "exact", "direction": "equal", "estimate": 2.0, "bound": 2.0}
    return condition(label, **(fields | changes))


def test_every_exact_check_that_was_made_is_a_row(record, condition, empty_evidence):
    rows = [
        exact(condition, "same"),
        exact(condition, "more", direction="at_least", estimate=5.0),
        exact(condition, "missing", estimate=None),
        exact(condition, "not made", outcome="untested"),
        condition("a share"),
    ]
    found = checks.read(Source(record(conditions=rows), None, empty_evidence))
    assert found == (
        Check("same", "holds", 2.0, 2.0, "equal"),
        Check("more", "holds", 5.0, 2.0, "at_least"),
    )


def test_a_claim_without_exact_checks_has_no_such_figure(record, empty_evidence):
    assert checks.read(Source(record(), None, empty_evidence)) is None


@pytest.mark.parametrize(
    ("measured", "implied"), [(0.0, 0.0), (-2.0, 3.0), (1e-9, 0.0), (12545.0, 12545.0)]
)
def test_the_scale_shows_zero_and_both_numbers(measured, implied):
    low, high = Check("a", "holds", measured, implied, "equal").ends
    assert low < min(0.0, measured, implied)
    assert high > max(0.0, measured, implied)


def test_the_band_is_the_side_on_which_the_check_holds():
    least = Check("a", "fails", 1.0, 2.0, "at_least")
    assert least.holding_span() == (2.0, least.ends[1])
    most = Check("a", "fails", 3.0, 2.0, "at_most")
    assert most.holding_span() == (most.ends[0], 2.0)
    assert Check("a", "holds", 2.0, 2.0, "equal").holding_span() is None


def test_the_drawing_tells_every_number_in_words_and_whole_ones_in_full():
    picture = checks.draw(
        (
            Check("parameters", "holds", 12545.0, 12545.0, "equal"),
            Check("share", "fails", 1 / 7, 0.5, "at_least"),
        )
    )
    assert "parameters: 12,545, implied 12,545, holds" in picture.alternative
    assert "share: 0.1429, implied ≥ 0.5, fails" in picture.alternative
    assert "12,545" in picture.svg
    assert "a disc agrees" in picture.caption
    assert "a cross does not" in picture.caption
