"""Explorers of formulas: what they tell is short, and what they show is right."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from ablations.judging.answers import (
    MOST_NUMBERS,
    MOST_WORDS,
    count_numbers,
    count_words,
)
from ablations.measures.backpropagation.example import change_of_loss
from reports.explorers import COMPUTED, make_computed
from reports.explorers.backpropagation import UPDATE, walk

DECLARED = {config.id: config for chapter in COMPUTED.values() for config in chapter}
LARGEST = 60_000


@pytest.fixture(params=DECLARED, scope="module")
def made(request):
    """Return every explorer of a formula, in turn."""
    return make_computed(DECLARED[request.param], "a rule")


def test_every_state_is_told_in_few_words_and_numbers(made):
    for sentence, number in made.data["states"].values():
        assert count_words(sentence) <= MOST_WORDS, sentence
        assert count_numbers(sentence) <= MOST_NUMBERS, sentence
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert number


def test_every_state_is_drawn_once_and_only_the_first_is_shown(made):
    drawn = ElementTree.fromstring(made.chart)  # noqa: S314
    marks = {g.get("data-at"): g.get("class").split() for g in drawn.iter("g")}
    assert list(marks) == list(made.data["states"])
    assert [at for at, looks in marks.items() if "away" not in looks] == [
        at for at, looks in marks.items() if "here" in looks
    ]
    assert sum("here" in looks for looks in marks.values()) == 1
    assert not re.search(r"style=|https?:|<script|NaN|nan|inf", made.chart)


def test_every_state_has_a_row_and_is_published_in_a_small_file(made):
    assert [row.address for row in made.rows] == list(made.data["states"])
    assert {len(row.cells) for row in made.rows} == {len(made.head)}
    written = json.loads(made.published)
    assert [each["address"] for each in written["states"]] == list(made.data["states"])
    assert all(len(each) > 1 for each in written["states"])
    assert len(made.published) + len(made.chart) < 2 * LARGEST
    assert len(made.published) < LARGEST


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("units", ["both", "one"])
def test_every_gradient_of_the_example_is_the_change_of_the_loss(units, target):
    now = walk(units, target, UPDATE)
    for name, slopes in now.slopes.items():
        for place in np.ndindex(slopes.shape[1:]):
            true = change_of_loss(now.s, name, place).item()
            assert slopes[0][place] == pytest.approx(true, abs=1e-8), (name, place)
    assert now.after["loss"] < now.s["loss"]
