"""Put together what the pages show of a claim, and of a chapter."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import ablations.claims
from ablations.evidence.evidence import Evidence
from ablations.judging.known import KnownBeside
from ablations.judging.standing import Standing
from ablations.judging.verdict import INCOMPLETE, Verdict
from reports.cleaning import clean
from reports.counts import RANKS, chapter_title, count_verdicts, origin, rerun
from reports.drawing.picture import Picture
from reports.figures import draw_figures
from reports.figures.source import Source
from reports.files import slug
from reports.rows import (
    Row,
    arm_rows,
    arms_summary,
    design_notes,
    outcome_rows,
    own_reason,
    sentence,
)

MARKS = {
    "supported": "✓",
    "conditional": "◐",
    "refuted": "✗",
    "inconclusive": "?",
    "not tested": "\N{EN DASH}",
    INCOMPLETE: "…",
}
MEANINGS = {
    "supported": "what the statement says holds",
    "conditional": "it holds under some conditions and fails under others",
    "refuted": "what it says fails",
    "inconclusive": "these data cannot tell",
    "not tested": "nothing here can test it, it was not run, or a control did not hold",
    INCOMPLETE: "only a part of the rule was judged so far",
}
STRENGTHS = {
    "can": "The statement says that something can happen: one example is enough.",
    "usually": "The statement says what is usual, and not what is always so.",
    "always": "The statement allows no exception: one counterexample is enough.",
}
"""What the strength of a statement means, of the statement."""

LISTS = {
    "holds": ("✓", "It holds"),
    "fails": ("✗", "It fails"),
    "open": ("?", "It is open"),
    "no room": ("\N{EN DASH}", "No effect could have shown"),
}
"""Mark and heading of the lists of conditions, in their order."""

MOST_LISTED = 6
"""Conditions of a list that are shown; the table has all of them."""

OWN = "own"
"""Group of the statements that the suite added itself."""

MENTION = re.compile(r"`([a-z0-9_]+)`")
"""A claim that the introduction to a chapter speaks of."""


@dataclass(frozen=True)
class Where:
    """The conditions under which a statement came out alike.

    Attributes:
        word: A key of `LISTS`.
        labels: What the conditions are called; the first of them, where there are many.
        num_more: How many more there are.
    """

    word: str
    labels: tuple[str, ...]
    num_more: int

    @property
    def mark(self) -> str:
        """A sign for those who do not see the color."""
        return LISTS[self.word][0]

    @property
    def heading(self) -> str:
        """What stands above the list."""
        return LISTS[self.word][1]


@dataclass(frozen=True)
class Card:
    """A claim as the pages show it.

    Attributes:
        order: Its place among all claims.
        verdict: The verdict that stands.
        origin: Where that comes from, of which preset, and what it covers.
        rerun: What a run here made of it, empty for none.
        known: Published results, each beside ours.
        pictures: Its figures.
        missing: Sentences about figures that cannot be drawn.
    """

    order: int
    verdict: Verdict
    origin: str
    rerun: str
    known: tuple[KnownBeside, ...]
    pictures: tuple[Picture, ...]
    missing: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Its identifier on the page and in file names."""
        return slug(self.verdict.id)

    @property
    def chapter(self) -> str:
        """Title of its chapter."""
        return chapter_title(self.verdict.chapter)

    @property
    def page(self) -> str:
        """Name of the Markdown file that it stands in."""
        return markdown_page(self.verdict.chapter)

    @property
    def group(self) -> str:
        """What it is counted among: its verdict, or the suite's own statements."""
        return OWN if self.verdict.implied else self.verdict.verdict

    @property
    def rank(self) -> int:
        """Place of the verdict in the overview."""
        return RANKS.index(self.verdict.verdict)

    @property
    def documents(self) -> tuple[str, ...]:
        """Names of the documents that make the statement."""
        return documents_of(self.verdict.source)

    @property
    def strength(self) -> str:
        """What kind of sentence the statement is."""
        return STRENGTHS[self.verdict.strength]

    @property
    def boundary(self) -> str:
        """Where along an axis it turns, unless the answer or the lists say so."""
        told = self.verdict.boundary
        is_listed = any(isinstance(o.value, str) for o in self.verdict.core)
        return "" if is_listed or told in self.verdict.answer else f"It {told}."

    @property
    def lists(self) -> list[Where]:
        """Where it holds and where it fails, and what is open."""
        found: dict[str, list[str]] = {word: [] for word in LISTS}
        for outcome in self.verdict.core:
            is_cramped = bool(outcome.details.get("no_room"))
            word = "no room" if is_cramped else "open"
            found[outcome.outcome if outcome.is_decided else word].append(outcome.label)
        return [
            Where(word, tuple(labels[:MOST_LISTED]), max(len(labels) - MOST_LISTED, 0))
            for word, labels in found.items()
            if labels
        ]

    @property
    def finding(self) -> str:
        """What every condition came to, with its numbers."""
        finding = sentence(self.verdict.finding)
        return "" if finding == self.verdict.answer else finding

    @property
    def reason(self) -> str:
        """Why there is no clear verdict, where nothing else says so."""
        return own_reason(self.verdict)

    @property
    def rows(self) -> dict[str, list[Row]]:
        """Rows of the tables of predictions, by the part of the rule."""
        return outcome_rows(self.verdict)

    @property
    def arms(self) -> list[Row]:
        """Rows of the table of arms."""
        return arm_rows(self.verdict)

    @property
    def arms_summary(self) -> str:
        """What was trained, in a few words."""
        return arms_summary(self.verdict)

    @property
    def design(self) -> list[str]:
        """Sentences on lock, looks, seeds and machines."""
        return design_notes(self.verdict)


def make_card(standing: Standing, evidence: Evidence, order: int = 0) -> Card:
    """Return the card of a claim; its figures are drawn from the runs at hand."""
    drawn = standing.here or standing.verdict
    # Arms are looked up by their own names; only what is written is cleaned.
    shown = replace(clean(drawn), arms=drawn.arms)
    source = Source(shown, standing.registered.claim, evidence)
    pictures, missing = draw_figures(source)
    verdict = clean(standing.verdict)
    prefix = slug(verdict.id)
    return Card(
        order,
        verdict,
        clean(origin(standing)),
        clean(rerun(standing)),
        tuple(clean(standing.known)),
        tuple(picture.renamed(f"{prefix}-{picture.name}") for picture in pictures),
        tuple(missing),
    )


Paragraph = list[tuple[str, Card | None]]
"""Pieces of text; a claim that a piece names leads to its card."""


@dataclass(frozen=True)
class Chapter:
    """The claims of one chapter, and what is said before them.

    Attributes:
        name: Name of its folder.
        introduction: Paragraphs for readers who are new to the matter.
        cards: Its claims.
    """

    name: str
    introduction: tuple[Paragraph, ...]
    cards: tuple[Card, ...]

    @property
    def title(self) -> str:
        """Its heading."""
        return chapter_title(self.name)

    @property
    def page(self) -> str:
        """Name of its Markdown file."""
        return markdown_page(self.name)

    @property
    def counts(self) -> dict[str, int]:
        """How many statements of the notes there are of each verdict."""
        return count_verdicts([card.verdict for card in self.cards])


def make_chapters(cards: Sequence[Card]) -> tuple[Chapter, ...]:
    """Return the chapters of these claims, in their order."""
    inside: dict[str, list[Card]] = {}
    for card in cards:
        inside.setdefault(card.verdict.chapter, []).append(card)
    by_id = {card.verdict.id: card for card in cards}
    return tuple(
        Chapter(name, tuple(introduction(chapter_words(name), by_id)), tuple(mine))
        for name, mine in inside.items()
    )


def markdown_page(chapter: str) -> str:
    """Return the name of a chapter's Markdown file."""
    return f"{slug(chapter)}.md"


def documents_of(source: str) -> tuple[str, ...]:
    """Return the names of the documents that a claim's source tells.

    They stand before the first comma, and a semicolon parts two of them.
    """
    names = (part.split(",")[0].strip() for part in source.split(";"))
    return tuple(dict.fromkeys(name for name in names if name))


def chapter_words(name: str) -> str:
    """Return what a chapter's folder says of it, empty for unknown chapters.

    That is the docstring of `ablations/claims/<chapter>/__init__.py` after its first
    line.
    """
    if name not in {m.name for m in pkgutil.iter_modules(ablations.claims.__path__)}:
        return ""
    module = importlib.import_module(f"ablations.claims.{name}")
    return inspect.cleandoc(module.__doc__ or "").partition("\n\n")[2]


def introduction(text: str, cards: Mapping[str, Card]) -> Iterator[Paragraph]:
    """Split the words before a chapter into paragraphs, and these at claims they name.

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
