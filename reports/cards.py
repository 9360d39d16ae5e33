"""Put together what the pages show of a claim."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

from ablations.evidence.evidence import Evidence
from ablations.judging.known import KnownBeside
from ablations.judging.outcome import Outcome
from ablations.judging.standing import Standing
from ablations.judging.verdict import INCOMPLETE, Verdict
from reports.cleaning import clean
from reports.counts import RANKS, chapter_title, origin, rerun
from reports.drawing.picture import Picture
from reports.figures import draw_figures
from reports.figures.source import Source
from reports.files import slug
from reports.numbers import brief_estimate
from reports.rows import (
    Row,
    arm_rows,
    arms_summary,
    design_notes,
    outcome_rows,
    own_reason,
    rule_lines,
)
from reports.trust import evidence_strip

MARKS = {
    "supported": "✓",
    "conditional": "◐",
    "refuted": "✗",
    "inconclusive": "?",
    "not tested": "\N{EN DASH}",
    INCOMPLETE: "…",
}
WORDS = {
    "supported": "holds",
    "conditional": "depends",
    "refuted": "fails",
    "inconclusive": "undecided",
    "not tested": "not tested",
    INCOMPLETE: "in part",
}
"""What the page calls a verdict, in a word that everybody knows."""

SEVERAL = {"holds": "hold", "depends": "depend", "fails": "fail"}
"""The same of several statements, where that is another word."""

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

IN_WORDS = {
    " less with ": " compared with ",
    " less ": " compared with ",
    "log10 of the ": "",
    "log2 of the ": "",
}
"""What stands in the lists for words of the rule that are of mathematics."""

OWN = "own"
"""Group of the statements that the suite added itself."""


@dataclass(frozen=True)
class Where:
    """The conditions under which a statement came out alike.

    Attributes:
        word: A key of `LISTS`.
        labels: What the conditions are called; the first of them, where there are many.
        numbers: What came out of each in a few digits; empty where that says nothing.
        num_more: How many more there are.
    """

    word: str
    labels: tuple[str, ...]
    numbers: tuple[str, ...]
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
        beside: What is published and what was run here, each with its verdict, where
            there are both.
        strip: What the evidence rests on: words in bold, and the rest of a line.
        known: Published results, each beside ours.
        pictures: Its figures.
        missing: Sentences about figures that cannot be drawn.
    """

    order: int
    verdict: Verdict
    origin: str
    rerun: str
    beside: tuple[tuple[str, str], ...]
    strip: tuple[tuple[str, str], ...]
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
    def place(self) -> tuple[int, int]:
        """Place of its tile: by verdict, from what holds to what was not tested."""
        words = list(MARKS)
        return words.index(self.verdict.verdict), self.order

    @property
    def told(self) -> str:
        """The answer without the word of the verdict, beside which it stands."""
        word = f"{self.verdict.verdict.capitalize()}: "
        rest = self.verdict.answer.removeprefix(word)
        return rest[:1].upper() + rest[1:]

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
        found: dict[str, list[Outcome]] = {word: [] for word in LISTS}
        for outcome in self.verdict.core:
            is_cramped = bool(outcome.details.get("no_room"))
            word = "no room" if is_cramped else "open"
            found[outcome.outcome if outcome.is_decided else word].append(outcome)
        return [
            Where(
                word,
                tuple(in_words(outcome.label) for outcome in outcomes[:MOST_LISTED]),
                tuple(brief_estimate(outcome) for outcome in outcomes[:MOST_LISTED]),
                max(len(outcomes) - MOST_LISTED, 0),
            )
            for word, outcomes in found.items()
            if outcomes
        ]

    @property
    def picture(self) -> Picture | None:
        """The one figure that the card shows, None for none."""
        return self.pictures[0] if self.pictures else None

    @property
    def reason(self) -> str:
        """Why there is no clear verdict, where nothing else says so."""
        return own_reason(self.verdict)

    @property
    def rows(self) -> dict[str, list[Row]]:
        """Rows of the tables of predictions, by the part of the rule."""
        return outcome_rows(self.verdict)

    @property
    def rule(self) -> list[str]:
        """Lines of the rule; conditions that are judged alike share one."""
        return rule_lines(self.verdict.rule)

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


def in_words(label: str) -> str:
    """Return the label of a condition as one says it."""
    for word, words in IN_WORDS.items():
        label = label.replace(word, words)
    return label


def make_card(standing: Standing, evidence: Evidence, order: int = 0) -> Card:
    """Return the card of a claim; its figures are drawn from the runs at hand."""
    pictures, missing = draw_figures(source_of(standing, evidence))
    verdict = clean(standing.verdict)
    names = [_short(f"{verdict.id}-{picture.name}") for picture in pictures]
    return Card(
        order,
        verdict,
        clean(origin(standing)),
        clean(rerun(standing)),
        _beside(standing),
        tuple(clean(evidence_strip(verdict, standing.registered.claim))),
        tuple(clean(standing.known)),
        tuple(p.renamed(name) for p, name in zip(pictures, names, strict=True)),
        tuple(missing),
    )


def _short(name: str) -> str:
    """Return a short name of a figure, which stands at every marker that it draws."""
    return f"f{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def source_of(standing: Standing, evidence: Evidence) -> Source:
    """Return what figures of a claim may read: the runs at hand."""
    drawn = standing.here or standing.verdict
    # Arms are looked up by their own names; only what is written is cleaned.
    shown = replace(clean(drawn), arms=drawn.arms)
    claim = standing.registered.claim
    return Source(shown, claim, evidence.for_claim(claim))


def _beside(standing: Standing) -> tuple[tuple[str, str], ...]:
    """Return the published verdict and the one from here, where there are both."""
    published, here = standing.published, standing.here
    if published is None or here is None or not here.is_judged:
        return ()
    mine = f"Your runs, preset {here.preset}"
    return (("Published", published.verdict), (clean(mine), here.verdict))


def markdown_page(chapter: str) -> str:
    """Return the name of a chapter's Markdown file."""
    return f"{slug(chapter)}.md"
