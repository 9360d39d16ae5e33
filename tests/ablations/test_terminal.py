import pytest

from ablations.judging.verdict import VERDICTS
from ablations.terminal import COLORS, count, print_verdicts, printable


def record(**changes: object) -> dict:
    fields = {
        "rows": ["A-1"],
        "verdict": "supported",
        "statement": "So.",
        "finding": "",
    }
    return fields | changes


def test_every_verdict_has_a_color():
    assert set(COLORS) == set(VERDICTS)


@pytest.mark.parametrize(
    "text", ["\x1b[31mred", "bell\x07", "line\nbreak", "\r", "\u202e"]
)
def test_nothing_that_commands_a_terminal_is_printed(text):
    assert printable(text).isprintable()
    assert printable("½ → plain") == "½ → plain"


def test_the_table_shows_what_looks_like_markup_as_it_is(capsys):
    print_verdicts([record(finding="low [red]5 %[/red]\x1b[2J", statement="a [b]")])
    printed = capsys.readouterr().out
    assert "[red]5 %[/red]" in printed
    assert "a [b]" in printed
    assert "\x1b" not in printed


def test_the_last_line_counts_verdicts(capsys):
    print_verdicts([record(), record(verdict="refuted"), record()])
    (last,) = capsys.readouterr().out.splitlines()[-1:]
    assert last == (
        "3 claims: 2 supported, 0 conditional, 1 refuted, 0 inconclusive, 0 not tested."
    )


def test_one_thing_is_singular():
    assert [count(n, "run") for n in (0, 1, 1200)] == ["0 runs", "1 run", "1,200 runs"]
