import pytest

from reports.drawing.cells import (
    FAINTEST,
    STRONGEST,
    Box,
    add_canvas,
    draw_cell,
    whole_percent,
)
from reports.drawing.palette import BLUE, DARK, INK, PAPER, VERMILLION
from reports.drawing.picture import new_figure, style, to_svg


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (0.004, "< 1 %"),
        (0.5, "50 %"),
        (0.996, "> 99 %"),
        (1.0, "100 %"),
    ],
)
def test_only_none_and_all_are_written_as_such(share, words):
    assert whole_percent(share) == words


def draw(share, **changes):
    with style():
        figure = new_figure(100)
        draw_cell(add_canvas(figure, 100), Box(10, 10, 80, 50), share, BLUE, **changes)
        return to_svg(figure, name="cell", alternative="a cell")


def test_a_cell_without_runs_has_words_and_no_color():
    assert "not run" in draw(None)
    assert BLUE not in draw(None)
    assert BLUE in draw(0.0)


def test_a_cell_holds_its_share_and_what_goes_below():
    svg = draw(0.4, below="0.31")
    assert ">40 %<" in svg
    assert ">0.31<" in svg


def mixed(color, paper, alpha):
    """Return the luminance of a color over paper, by WCAG 2.2."""
    total = 0.0
    for start, weight in ((1, 0.2126), (3, 0.7152), (5, 0.0722)):
        top, below = (int(c[start : start + 2], 16) / 255 for c in (color, paper))
        part = alpha * top + (1 - alpha) * below
        linear = part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        total += weight * linear
    return total


@pytest.mark.parametrize("color", [BLUE, VERMILLION])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("alpha", [FAINTEST, 0.3, STRONGEST])
def test_numbers_can_be_read_on_every_cell_in_both_schemes(color, scheme, alpha):
    form = (lambda c: DARK[c]) if scheme == "dark" else (lambda c: c)
    ink = mixed(form(INK), form(INK), 1.0)
    cell = mixed(form(color), form(PAPER), alpha)
    high, low = max(ink, cell), min(ink, cell)
    # WCAG 2.2, 1.4.3 asks for 4.5 to 1 in text.
    assert (high + 0.05) / (low + 0.05) >= 4.5
