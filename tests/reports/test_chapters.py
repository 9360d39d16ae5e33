import re

import pytest

from ablations.claims.registry import all_claims
from ablations.judging.standing import standings
from reports.cards import make_card
from reports.chapters import (
    chapter_story,
    in_turn,
    introduction,
    linked,
    make_chapters,
)


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


def test_words_of_a_sentence_lead_to_the_claim_they_name():
    claim = object()
    text = "[Two units](a_claim) suffice, [it says](gone)."
    assert linked(text, {"a_claim": claim}) == [
        ("Two units", claim),
        (" suffice, ", None),
        ("it says", None),
        (".", None),
    ]


@pytest.mark.parametrize("name", ["depth", "regularization", "xor"])
def test_every_chapter_has_a_story_that_names_claims_there_are(name):
    words = chapter_story(name)
    named = set(re.findall(r"`([a-z0-9_]+)`", words))
    assert len(words.split()) > 80
    assert named
    assert named <= set(all_claims())


def test_a_chapter_that_is_not_there_has_no_story():
    assert chapter_story("../../x") == ""


def test_lists_are_taken_from_in_turn():
    assert in_turn([[1, 2, 3], [], [4]], 3) == [1, 4, 2]
    assert in_turn([], 3) == []


def test_a_chapter_tells_its_answer_and_its_groups(empty_evidence):
    xor = [c for c in all_claims().values() if c.chapter == "xor"]
    cards = [make_card(each, empty_evidence) for each in standings(xor, [])]
    (chapter,) = make_chapters(cards)
    assert chapter.question.endswith("?")
    assert len(chapter.answer) == 5
    assert sum(len(group.cards) for group in chapter.groups) == len(cards)
    assert any(card for sentence in chapter.answer for _, card in sentence)
    assert [surprise.card.verdict.verdict for surprise in chapter.surprises][:1] == [
        "refuted"
    ]


def test_sentences_and_quiz_are_silent_where_nothing_was_judged(empty_evidence):
    xor = [c for c in all_claims().values() if c.chapter == "xor"]
    cards = [make_card(each, empty_evidence) for each in standings(xor, [], {})]
    (chapter,) = make_chapters(cards)
    assert chapter.answer == chapter.surprises == chapter.quiz == ()
    assert chapter.examples


def test_claims_that_no_group_names_stand_together(standing, empty_evidence):
    cards = [make_card(standing(id="mine", chapter="xor"), empty_evidence)]
    cards.append(make_card(standing(id="own", chapter="new one"), empty_evidence))
    first, second = make_chapters(cards, lambda name: (name,))
    assert [(g.question, len(g.cards)) for g in first.groups] == [
        ("Further statements", 1)
    ]
    assert second.groups[0].question == "All statements"
    assert (second.question, second.explorers) == ("New one", ("new one",))
