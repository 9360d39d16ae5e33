from collections import Counter

import pytest

from ablations.claims.registry import all_claims, chapter_words, chapters
from ablations.judging.answers import (
    MOST_NUMBERS,
    MOST_WORDS,
    count_numbers,
    count_words,
)
from ablations.judging.standing import published_verdicts
from ablations.judging.telling import tell
from ablations.protocol.chapter import LINK, Told
from models.config import ConfigError

CHAPTERS = chapters()
SENTENCES_OF_AN_ANSWER = 5


@pytest.fixture(scope="module")
def published():
    return published_verdicts()


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_sentence_of_a_chapter_is_told_today_and_is_short(name, published):
    words = chapter_words(name)
    assert len(words.answer) == SENTENCES_OF_AN_ANSWER
    for told in (*words.answer, *words.surprises.values()):
        sentence = tell(told, published)
        assert sentence is not None, told.text
        plain = LINK.sub(r"\1", sentence)
        assert count_words(plain) <= MOST_WORDS
        assert count_numbers(plain) <= MOST_NUMBERS
        assert plain.endswith(".")


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_claim_stands_under_one_question_of_its_chapter(name):
    inside = {c.id for c in all_claims().values() if c.chapter == name}
    groups = chapter_words(name).groups
    counted = Counter(claim for claims in groups.values() for claim in claims)
    assert set(counted.values()) == {1}
    assert set(counted) == inside
    assert all(question.endswith("?") for question in groups)


@pytest.mark.parametrize("name", CHAPTERS)
def test_surprises_quiz_and_examples_are_claims_of_the_chapter(name, published):
    words = chapter_words(name)
    inside = {c.id for c in all_claims().values() if c.chapter == name}
    assert {*words.surprises, *words.quiz, *words.examples.values()} <= inside
    # What nobody stated but us can surprise nobody.
    assert not any(all_claims()[claim].claim.implied for claim in words.surprises)
    assert len(words.quiz) == len(set(words.quiz)) >= 4
    clear = {"supported", "conditional", "refuted"}
    assert {published[claim].verdict for claim in words.quiz} <= clear


def test_a_sentence_is_not_told_once_a_verdict_is_another(published):
    claim = "two_relu_units_learn_xor"
    told = Told(text=f"In {{{claim}.relu5000}}.", presumes={claim: "refuted"})
    assert tell(told, published) == "In 19 %."
    other = told.replace(presumes={claim: "supported"})
    assert tell(other, published) is None
    assert tell(told, {}) is None


@pytest.mark.parametrize("text", ["[words](a)", "{a.key} of them"])
def test_a_sentence_must_presume_the_verdicts_of_what_it_speaks_of(text):
    with pytest.raises(ConfigError, match="presumes"):
        Told(text=text, presumes={"b": "supported"})
