"""Verdicts in lines: the answer first, everything by its name, nothing cut."""

from dataclasses import replace

import pytest

from ablations.judging.outcome import Outcome
from ablations.judging.standing import Standing
from ablations.judging.verdict import INCOMPLETE, VERDICTS, Coverage, not_run
from ablations.protocol.kinds import ExactCheck
from ablations.protocol.known import KnownResult
from ablations.verdict_lines import (
    COLORS,
    describe_agreement,
    lines_of_rerun,
    say_block,
    say_chapters,
    say_known,
    say_standing,
    say_standings,
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


def outcome(key, word, **numbers) -> Outcome:
    """Return what became of a condition of the core."""
    fields = {"label": f"share {key}", "kind": "success_rate", "text": "", "rule": ""}
    fields |= {"unit": "share of runs", "role": "core"}
    return Outcome(key=key, outcome=word, **(fields | numbers))


def test_every_verdict_has_a_color():
    assert set(COLORS) == {*VERDICTS, INCOMPLETE}


def test_a_block_shows_what_looks_like_markup_as_it_is(capsys, standing):
    odd = standing("supported", answer="low [red]5 %[/red]\x1b[2J", statement="a [b]")
    say_block(odd)
    printed = capsys.readouterr().out
    assert printed.startswith("supported     a [b]\n")
    assert "[red]5 %[/red]" in printed
    assert "\x1b" not in printed


def test_the_id_of_a_block_is_whole_however_long(capsys, standing):
    name = "careful_" * 9 + "end"
    say_block(standing("not tested", id=name, statement="word " * 40))
    lines = capsys.readouterr().out.splitlines()
    assert max(len(line) for line in lines if name not in line) <= 80
    assert any(line.strip().startswith(name) for line in lines)
    assert all(line.startswith(" " * 14) for line in lines[1:])


def test_the_last_line_counts_verdicts_by_where_they_are_from(capsys, standing):
    say_standings(
        [
            standing("supported"),
            standing("supported", "refuted"),
            standing(None, "refuted"),
            standing(None, INCOMPLETE),
            standing(),
        ]
    )
    last = capsys.readouterr().out.partition("5 claims.")[2]
    assert " ".join(last.split()) == (
        "Published: 2 supported. Judged here: 1 refuted, 1 incomplete. 1 not run."
    )


def test_chapters_are_counted_without_our_own_statements(capsys, standing):
    found = [
        standing("supported", chapter="xor"),
        standing("refuted", chapter="xor"),
        standing("refuted", chapter="depth"),
        standing("refuted", chapter="depth", implied=True),
    ]
    say_chapters(found)
    head, xor, depth, everything, own, *_ = capsys.readouterr().out.splitlines()
    assert head.split() == ["chapter", "all", "supported", "refuted"]
    assert xor.split() == ["xor", "2", "1", "1"]
    assert depth.split() == ["depth", "1", "0", "1"]
    assert everything.split() == ["all", "3", "1", "2"]
    assert own == "Not counted: 1 statement of our own."


def test_a_standing_begins_with_verdict_and_answer_and_where_it_holds(capsys, standing):
    found = (outcome("a", "holds"), outcome("b", "fails"), outcome("c", "undecided"))
    say_standing(
        standing(
            "supported",
            coverage=Coverage(3, 3),
            outcomes=found,
            how="Ten runs.",
            statement="It works.",
        )
    )
    assert capsys.readouterr().out == (
        "Supported (published): It works.\nIt is supported.\n\n"
        "How we know: Ten runs.\n"
        "Judged: 3 of 3 conditions and controls, preset full.\n\n"
        "It holds:\n  - share a\n\nIt fails:\n  - share b\n\n"
        "It is open:\n  - share c\n\n"
    )


def test_a_standing_says_where_it_is_from(capsys, standing):
    say_standing(standing(None, INCOMPLETE, coverage=Coverage(1, 2)))
    assert capsys.readouterr().out.startswith("Incomplete (judged here): ")
    say_standing(standing())
    assert capsys.readouterr().out.startswith("Not tested (not run): ")


def test_your_own_numbers_stand_beside_those_published(standing):
    both = standing("supported", "supported")
    mine = outcome("a", "holds", estimate=0.25, low=0.125, high=0.5)
    known = outcome("a", "holds", estimate=0.2, low=0.1, high=0.3)
    found = replace(
        both,
        here=replace(both.here, outcomes=(mine, outcome("new", "holds", estimate=1.0))),
        published=replace(both.published, outcomes=(known,)),
    )
    assert lines_of_rerun(found) == [
        ("share a", "25.0 % [12.5 %, 50.0 %] here, 20.0 % [10.0 %, 30.0 %] published")
    ]
    assert lines_of_rerun(standing("supported")) == []


def test_a_claim_that_was_not_run_says_how_to_run_it(capsys, standing):
    say_block(standing())
    printed = " ".join(capsys.readouterr().out.split())
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
        "- Somebody (2015), Somewhere: 18 of 20 learn (on digits).",
        "  Here: all of them learn.",
        "  Differs: our digits are smaller.",
        "  Checked: table 2.",
    ]


def test_agreement_with_what_is_published_is_counted(standing):
    assert describe_agreement([standing("supported", "refuted"), standing()]) == [
        "Re-run here, 1 published claim: 0 conditions the same, 0 undecided, 0"
        " contradicting."
    ]
