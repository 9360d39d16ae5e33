from dataclasses import replace

import pytest

from ablations.judging.standing import Standing
from ablations.judging.verdict import INCOMPLETE, VERDICTS, Coverage, not_run
from ablations.protocol.kinds import ExactCheck
from ablations.protocol.known import KnownResult
from ablations.terminal import (
    COLORS,
    count,
    describe_agreement,
    print_standings,
    printable,
    say_known,
    say_standing,
)


@pytest.fixture
def standing(make_claim):
    """Return a claim with verdicts of these words, published and judged here."""
    check = ExactCheck(key="x", label="x", measurement="m", quantity="q", expected=1.0)
    claim = make_claim(check)

    def make(published=None, here=None, **changes) -> Standing:
        def verdict(word, preset):
            if word is None:
                return None
            told = {"verdict": word, "preset": preset, "answer": f"It is {word}."}
            return replace(not_run(claim), **(told | changes))

        return Standing(claim, verdict(published, "full"), verdict(here, "quick"))

    return make


def test_every_verdict_has_a_color():
    assert set(COLORS) == {*VERDICTS, INCOMPLETE}


@pytest.mark.parametrize(
    "text", ["\x1b[31mred", "bell\x07", "line\nbreak", "\r", "\u202e"]
)
def test_nothing_that_commands_a_terminal_is_printed(text):
    assert printable(text).isprintable()
    assert printable("½ → plain") == "½ → plain"


def test_the_table_shows_what_looks_like_markup_as_it_is(capsys, standing):
    odd = standing("supported", answer="low [red]5 %[/red]\x1b[2J", statement="a [b]")
    print_standings([odd])
    printed = capsys.readouterr().out
    assert "[red]5 %[/red]" in printed
    assert "a [b]" in printed
    assert "\x1b" not in printed


def test_the_last_line_counts_verdicts_by_where_they_are_from(capsys, standing):
    print_standings(
        [
            standing("supported"),
            standing("supported", "refuted"),
            standing(None, "refuted"),
            standing(None, INCOMPLETE),
            standing(),
        ]
    )
    (last,) = capsys.readouterr().out.splitlines()[-1:]
    assert last == (
        "5 claims. Published: 2 supported. Judged here: 1 refuted, 1 incomplete."
        " 1 not run."
    )


def test_a_standing_is_said_with_its_answer_and_where_it_is_from(capsys, standing):
    say_standing(standing("supported", "refuted", coverage=Coverage(2, 2)))
    assert capsys.readouterr().out == (
        "Supported (published)\nIt is supported.\n"
        "Judged: 2 of 2 conditions and controls, preset full.\n"
        "Re-run here: 0 of 0 conditions, the same.\n\n"
    )
    say_standing(standing(None, INCOMPLETE, coverage=Coverage(1, 2)))
    assert capsys.readouterr().out.startswith("Incomplete (judged here)\n")
    say_standing(standing())
    assert capsys.readouterr().out.startswith("Not tested (not run)\n")


def test_a_claim_that_was_not_run_says_how_to_run_it(capsys, standing):
    print_standings([standing()])
    printed = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "`ablations run a_claim` runs it." in printed


def test_what_others_found_is_said_with_ours_and_how_they_agree(capsys, standing):
    result = KnownResult(
        authors="Somebody",
        year=2015,
        place="Somewhere",
        result="18 of 20 learn",
        conditions="on digits",
        ours="all of them learn",
        agreement="differs",
        why="our digits are smaller",
        checked="table 2",
    )
    found = standing("supported")
    say_known(found)
    assert capsys.readouterr().out == ""
    say_known(replace(found, registered=replace(found.registered, known=(result,))))
    assert capsys.readouterr().out.splitlines()[1:-1] == [
        "  Somebody (2015), Somewhere: 18 of 20 learn (on digits).",
        "    Here: all of them learn.",
        "    Differs: our digits are smaller.",
        "    Checked: table 2.",
    ]


def test_agreement_with_what_is_published_is_counted(standing):
    assert describe_agreement([standing("supported", "refuted"), standing()]) == (
        "Re-run here, 1 published claim: 0 conditions the same, 0 undecided, 0"
        " contradicting."
    )


def test_one_thing_is_singular():
    assert [count(n, "run") for n in (0, 1, 1200)] == ["0 runs", "1 run", "1,200 runs"]
