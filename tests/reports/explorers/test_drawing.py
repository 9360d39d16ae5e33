"""A chart holds every state once, and only the first panel and state are marked."""

import re
from xml.etree import ElementTree

import pytest

from reports.explorers.declared import address_of
from reports.explorers.drawing import Chart, share_ticks
from reports.explorers.marks import icon_counts, icons, text
from reports.explorers.states import State


def groups(svg):
    return [g for g in ElementTree.fromstring(svg).iter("g") if "data-at" in g.keys()]  # noqa: S314


def test_every_state_is_drawn_and_the_first_is_marked(declared, fill):
    first = declared.named(declared.first)
    chart = Chart(declared, fill(declared), first)
    svg = chart.draw()
    if declared.chart == "icons":
        assert svg == ""
        return
    drawn = groups(svg)
    wanted = {address_of(options) for options in declared.states()}
    assert {g.get("data-at") for g in drawn} == wanted
    here = [g for g in drawn if "here" in g.get("class").split()]
    assert [g.get("data-at") for g in here] == [address_of(first)]
    for g in drawn:
        is_shown = g.get("data-panel") == chart.panel(first)
        assert ("away" in g.get("class").split()) != is_shown


def test_no_drawing_asks_for_a_style_or_for_anything_from_outside(declared, fill):
    svg = Chart(declared, fill(declared), declared.named(declared.first)).draw()
    assert not re.search(r"style=|https?:|<script|NaN|nan|inf", svg)


def test_nothing_is_drawn_of_no_states(declared):
    assert Chart(declared, {}, declared.named(declared.first)).draw() == ""


@pytest.mark.parametrize(
    ("total", "won", "lost", "shown"),
    [
        (20, 7, 2, (7, 2)),
        (2_000, 1_000, 500, (50, 25)),
        (10_000, 0, 0, (0, 0)),
        (10_000, 1, 0, (1, 0)),
        (10_000, 9_999, 0, (99, 0)),
        (10_000, 10_000, 0, (100, 0)),
    ],
)
def test_icons_count_runs_and_never_claim_all_or_none(total, won, lost, shown):
    state = State("a", total, lost, won)
    assert icon_counts(state) == shown
    drawn = icons(state)
    assert drawn.count('class="icon won"') == shown[0]
    assert drawn.count('class="icon lost"') == shown[1]
    assert drawn.count('class="icon ') == min(total, 100)


@pytest.mark.parametrize("ends", [(0.0, 1.0), (0.891, 0.966), (0.24, 0.99), (1.0, 1.0)])
def test_ticks_are_few_and_hold_all_shares(ends):
    ticks = share_ticks(*ends)
    assert 2 <= len(ticks) <= 6
    assert ticks[0] <= ends[0]
    assert ticks[-1] >= ends[1]


def test_words_are_text_whatever_they_hold():
    assert text(1, 2, '<b onload="x">') == (
        '<text x="1" y="2">&lt;b onload=&quot;x&quot;&gt;</text>'
    )
