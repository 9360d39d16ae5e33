"""Put together what the pages show of a chapter: question, answer, groups, claims."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from ablations.claims.registry import chapter_words, chapters
from ablations.judging.telling import tell
from ablations.protocol.chapter import LINK, ChapterWords
from reports.cards import Card, markdown_page
from reports.counts import chapter_title, count_verdicts, num_statements
from reports.files import slug

MOST_SURPRISES, MOST_ASKED, MOST_TRIED = 6, 10, 9
"""Surprises and questions of the quiz that the page shows, over all chapters."""

OTHERS = "Further statements"
"""What stands above claims that no group of their chapter names."""

MENTION = re.compile(r"`([a-z0-9_]+)`")
"""A claim that the longer story of a chapter speaks of."""

GUESSED = ("supported", "conditional", "refuted")
"""Verdicts that the quiz asks for."""

Paragraph = list[tuple[str, Card | None]]
"""Pieces of text; a claim that a piece names leads to its card."""


@dataclass(frozen=True)
class Group:
    """Claims of a chapter that answer one question.

    Attributes:
        question: The question.
        cards: The claims.
    """

    question: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Surprise:
    """An answer that few expect.

    Attributes:
        words: What came out, in a sentence.
        card: The claim that shows it.
        state: Address of a state of an explorer that shows it; empty for none.
    """

    words: str
    card: Card
    state: str


@dataclass(frozen=True)
class Chapter:
    """The claims of one chapter, and what is said of them together.

    Attributes:
        name: Name of its folder.
        question: What it asks.
        answer: Sentences on what came out.
        introduction: Paragraphs of the longer story, for readers new to the matter.
        groups: Its claims, by question.
        surprises: What few expect.
        quiz: Claims to guess the verdicts of.
        examples: Questions as people ask them, and the claims that they are about.
        explorers: What the reader may try out.
        cards: Its claims.
    """

    name: str
    question: str
    answer: tuple[Paragraph, ...]
    introduction: tuple[Paragraph, ...]
    groups: tuple[Group, ...]
    surprises: tuple[Surprise, ...]
    quiz: tuple[Card, ...]
    examples: tuple[tuple[str, Card], ...]
    explorers: tuple[Any, ...]
    cards: tuple[Card, ...]

    @property
    def anchor(self) -> str:
        """Its identifier on the page."""
        return f"chapter-{slug(self.name)}"

    @property
    def title(self) -> str:
        """Its heading."""
        return chapter_title(self.name)

    @property
    def page(self) -> str:
        """Name of its Markdown file."""
        return markdown_page(self.name)

    @property
    def size(self) -> str:
        """How many statements it has, those of our own apart."""
        return num_statements([card.verdict for card in self.cards])

    @property
    def counts(self) -> dict[str, int]:
        """How many statements of the notes there are of each verdict."""
        return count_verdicts([card.verdict for card in self.cards])


def make_chapters(
    cards: Sequence[Card],
    explorers_of: Callable[[str], tuple[Any, ...]] = lambda name: (),
) -> tuple[Chapter, ...]:
    """Return the chapters of these claims, in their order.

    Args:
        cards: The claims.
        explorers_of: Returns what may be tried out in a chapter of a name.
    """
    inside: dict[str, list[Card]] = {}
    for card in cards:
        inside.setdefault(card.verdict.chapter, []).append(card)
    by_id = {card.verdict.id: card for card in cards}
    return tuple(
        _make_chapter(name, tuple(mine), by_id, explorers_of(name))
        for name, mine in inside.items()
    )


def _make_chapter(
    name: str,
    mine: tuple[Card, ...],
    by_id: Mapping[str, Card],
    explorers: tuple[Any, ...],
) -> Chapter:
    words = chapter_words(name) or ChapterWords()
    verdicts = {claim: card.verdict for claim, card in by_id.items()}
    sentences = (tell(told, verdicts) for told in words.answer)
    return Chapter(
        name=name,
        question=words.question or chapter_title(name),
        answer=tuple(linked(text, by_id) for text in sentences if text),
        introduction=tuple(introduction(chapter_story(name), by_id)),
        groups=_groups(words, mine),
        surprises=_surprises(words, by_id),
        quiz=tuple(
            by_id[claim]
            for claim in words.quiz
            if claim in by_id and by_id[claim].verdict.verdict in GUESSED
        ),
        examples=tuple(
            (question, by_id[claim])
            for question, claim in words.examples.items()
            if claim in by_id
        ),
        explorers=explorers,
        cards=mine,
    )


def _surprises(words: ChapterWords, by_id: Mapping[str, Card]) -> tuple[Surprise, ...]:
    """Return the surprises whose verdicts are those that they presume."""
    verdicts = {claim: card.verdict for claim, card in by_id.items()}
    found = ((c, told, tell(told, verdicts)) for c, told in words.surprises.items())
    return tuple(
        Surprise(sentence, by_id[claim], told.state)
        for claim, told, sentence in found
        if sentence and claim in by_id
    )


def _groups(words: ChapterWords, cards: Sequence[Card]) -> tuple[Group, ...]:
    """Return the claims by question; those that no group names come last."""
    by_id = {card.verdict.id: card for card in cards}
    named = {claim for claims in words.groups.values() for claim in claims}
    found = {
        question: tuple(by_id[claim] for claim in claims if claim in by_id)
        for question, claims in words.groups.items()
    }
    others = tuple(card for card in cards if card.verdict.id not in named)
    found[OTHERS if named else "All statements"] = others
    return tuple(
        Group(question, inside) for question, inside in found.items() if inside
    )


def in_turn(lists: Sequence[Sequence[Any]], most: int) -> list[Any]:
    """Return the first of every list, then the second of every list, up to `most`."""
    nothing = object()
    found = chain.from_iterable(zip_longest(*lists, fillvalue=nothing))
    return [each for each in found if each is not nothing][:most]


def linked(text: str, cards: Mapping[str, Card]) -> Paragraph:
    """Split a sentence at the words that lead to claims."""
    pieces = LINK.split(text)
    found: Paragraph = []
    for before, words, claim in zip(
        pieces[::3], [*pieces[1::3], ""], [*pieces[2::3], ""], strict=True
    ):
        found += [(before, None)] if before else []
        found += [(words, cards.get(claim))] if words else []
    return found


def chapter_story(name: str) -> str:
    """Return the longer story of a chapter, empty for unknown chapters.

    That is the docstring of `ablations/claims/<chapter>/__init__.py` after its first
    line.
    """
    if name not in chapters():
        return ""
    module = importlib.import_module(f"ablations.claims.{name}")
    return inspect.cleandoc(module.__doc__ or "").partition("\n\n")[2]


def introduction(text: str, cards: Mapping[str, Card]) -> Iterator[Paragraph]:
    """Split the story of a chapter into paragraphs, and these at claims they name.

    Args:
        text: Paragraphs with an empty line between them; the id of a claim stands
            between backticks.
        cards: The claims that there are, by id; the names of others stay words.
    """
    for paragraph in filter(None, text.split("\n\n")):
        pieces: Paragraph = []
        for index, piece in enumerate(MENTION.split(" ".join(paragraph.split()))):
            card = cards.get(piece) if index % 2 else None
            words = piece.replace("_", " ") if index % 2 else piece
            pieces += [(words, card)] if words else []
        yield pieces
