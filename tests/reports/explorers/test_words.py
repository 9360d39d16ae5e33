"""Every sentence that a live region can say is short and true of its numbers."""

from dataclasses import replace

import pytest

from ablations.judging.answers import (
    MOST_NUMBERS,
    MOST_WORDS,
    count_numbers,
    count_words,
)
from reports.explorers import EXPLORERS
from reports.explorers.declared import address_of
from reports.explorers.words import (
    NOT_RUN,
    case_of,
    sentence,
    short,
    table_head,
    table_row,
)
from reports.numbers import DASH


@pytest.mark.parametrize("start", range(5))
def test_no_state_needs_more_words_or_numbers_than_can_be_heard(declared, fill, start):
    states = fill(declared, start)
    for options in declared.states():
        told = sentence(declared, options, states)
        assert count_words(told) <= MOST_WORDS, told
        assert count_numbers(told) <= MOST_NUMBERS, told
        assert told[0].isupper()
        assert told.endswith(".")


def test_every_sentence_that_is_written_is_told_of_some_state(declared, fill):
    found = set()
    for start in range(5):
        states = fill(declared, start)
        for options in declared.states():
            base = declared.base_of(options)
            compared = None if base is None else states[address_of(base)]
            found.add(case_of(declared, states[address_of(options)], compared))
    assert set(declared.says) <= found


def test_where_networks_were_trained_a_gradient_says_whether_they_learn(fill):
    (signal,) = (c for c in EXPLORERS["depth"] if c.id == "signal")
    options = signal.named(signal.first)
    told = {}
    for won in (None, 0, 7, 20):
        states = {a: replace(s, won=won) for a, s in fill(signal).items()}
        told[won] = sentence(signal, options, states).partition("layer. ")[2]
    assert told == {
        None: "",
        0: "Trained, none learns.",
        7: "Trained, 7 of 20 learn.",
        20: "Trained, all learn.",
    }


def test_a_state_that_nobody_ran_says_so(declared):
    options = declared.named(declared.first)
    assert sentence(declared, options, {}) == NOT_RUN
    assert short(declared, None) == DASH
    row = table_row(declared, options, None)
    assert len(row) == len(table_head(declared))
    assert row[-1] == DASH


def test_every_row_of_the_table_has_a_cell_per_head(declared, fill):
    states = fill(declared)
    for options in declared.states():
        row = table_row(declared, options, states[address_of(options)])
        assert len(row) == len(table_head(declared))
