import re

import pytest

from ablations.claims.registry import all_claims
from ablations.judging.verdict import VERDICTS
from reports.cards import (
    MARKS,
    MEANINGS,
    chapter_words,
    documents_of,
    introduction,
    make_card,
)
from reports.counts import RANKS


def test_every_verdict_has_a_mark_a_meaning_and_a_rank():
    assert set(MARKS) == set(MEANINGS) == set(RANKS) == {*VERDICTS, "incomplete"}


def test_lists_say_where_it_holds_where_it_fails_and_what_is_open(
    standing, outcome, empty_evidence
):
    outcomes = (
        outcome("small", outcome="fails"),
        outcome("large"),
        outcome("medium", outcome="undecided"),
        outcome("full", outcome="untested", details={"no_room": True}),
        outcome("why", role="beside"),
        outcome("check", role="control"),
    )
    card = make_card(standing(outcomes=outcomes), empty_evidence)
    assert [(w.heading, w.labels) for w in card.lists] == [
        ("It holds", ("large",)),
        ("It fails", ("small",)),
        ("It is open", ("medium",)),
        ("No effect could have shown", ("full",)),
    ]


def test_a_long_list_is_cut_and_says_how_many_more(standing, outcome, empty_evidence):
    outcomes = tuple(outcome(f"number {n}") for n in range(9))
    (where,) = make_card(standing(outcomes=outcomes), empty_evidence).lists
    assert (where.labels[-1], where.num_more) == ("number 5", 3)


def test_the_boundary_is_told_unless_answer_or_lists_do(
    standing, outcome, empty_evidence
):
    where = "holds from width 8 on, fails up to 4"
    told = [
        make_card(standing(boundary=where, answer=answer), empty_evidence).boundary
        for answer in ("It depends.", f"It depends: it {where}.")
    ]
    assert told == [f"It {where}.", ""]
    assert make_card(standing(), empty_evidence).boundary == ""
    words = standing(boundary=where, outcomes=(outcome(value="a"),))
    assert make_card(words, empty_evidence).boundary == ""


def test_the_finding_is_not_told_where_it_is_the_answer(standing, empty_evidence):
    assert make_card(standing(finding="yes."), empty_evidence).finding == "Yes."
    same = standing(finding="Yes, it does.", answer="Yes, it does.")
    assert make_card(same, empty_evidence).finding == ""


def test_what_is_published_stands_while_figures_are_of_the_runs_at_hand(
    standing, verdict, evidence
):
    published = verdict(answer="As published.", arms=())
    card = make_card(standing(published, preset="quick", figure="curves"), evidence)
    assert card.verdict.answer == "As published."
    assert [picture.name for picture in card.pictures] == ["curves"]


def test_a_source_may_name_two_documents():
    assert documents_of("Notes, chapter 1; Basics, opening") == ("Notes", "Basics")
    assert documents_of("Notes, chapter 1; Notes, 2") == ("Notes",)


def test_an_introduction_links_the_claims_that_it_names():
    claim = object()
    text = "It holds\nhere (`a_claim`, `gone`).\n\nAgain."
    first, second = introduction(text, {"a_claim": claim})
    assert first == [
        ("It holds here (", None),
        ("a claim", claim),
        (", ", None),
        ("gone", None),
        (").", None),
    ]
    assert second == [("Again.", None)]


@pytest.mark.parametrize("name", ["depth", "regularization", "xor"])
def test_every_chapter_opens_with_words_that_name_claims_there_are(name):
    words = chapter_words(name)
    named = set(re.findall(r"`([a-z0-9_]+)`", words))
    assert len(words.split()) > 80
    assert named
    assert named <= set(all_claims())


def test_a_chapter_that_is_not_there_has_no_words():
    assert chapter_words("../../x") == ""
