"""Lines fit the terminal, no word is cut, and nothing in them commands it."""

import json
import os

import pytest

from ablations.terminal import (
    count,
    printable,
    say,
    say_json,
    say_table,
    terminal_width,
    wrap,
)

LONG = "a_name_of_more_than_a_few_letters " * 9


@pytest.mark.parametrize(
    "text", ["\x1b[31mred", "bell\x07", "line\nbreak", "\r", "\u202e"]
)
def test_nothing_that_commands_a_terminal_is_printed(text):
    assert printable(text).isprintable()
    assert printable("½ → plain") == "½ → plain"


def test_a_text_in_a_file_is_eighty_columns_wide_and_keeps_its_words(capsys):
    say(f"  {LONG}\nnext\n")
    *lines, last, empty = capsys.readouterr().out.splitlines()
    assert (last, empty) == ("next", "")
    assert max(map(len, lines)) <= 80
    assert " ".join(lines).split() == LONG.split()
    assert [len(line) - len(line.lstrip()) for line in lines] == [2, 4, 4, 4, 4]


def test_a_word_that_is_wider_than_the_line_is_not_cut():
    assert wrap("see " + "x" * 100) == ["see", "  " + "x" * 100]


def test_no_line_begins_with_the_unit_of_a_number():
    lines = wrap("share " + "25.0 %, " * 30)
    assert len(lines) > 1
    assert not [line for line in lines if line.strip().startswith("%")]


def test_lines_follow_the_width_of_a_terminal(monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "50")
    assert terminal_width() == 50
    assert max(map(len, wrap(LONG))) <= 50
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    assert terminal_width() == 80
    assert "COLUMNS" in os.environ


def test_numbers_stand_to_the_right_and_a_long_last_column_goes_on_below_itself(
    capsys,
):
    say_table(("name", "runs", "what"), [("a", "1,000", "short"), ("bb", "7", LONG)])
    head, first, second, *more = capsys.readouterr().out.splitlines()
    assert head == "name   runs  what"
    assert first == "a     1,000  short"
    assert second.startswith("bb        7  a_name")
    assert more
    assert all(line.startswith(" " * 13 + "a_name") for line in more)


def test_json_is_not_wrapped(capsys):
    say_json({"text": LONG})
    assert json.loads(capsys.readouterr().out) == {"text": LONG}


def test_one_thing_is_singular():
    assert [count(n, "run") for n in (0, 1, 1200)] == ["0 runs", "1 run", "1,200 runs"]
