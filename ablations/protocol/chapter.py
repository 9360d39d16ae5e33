"""What is said of a chapter: its question, its answer, and how its claims are read."""

from __future__ import annotations

import re
from string import Formatter

from pydantic import Field

from models.config import FrozenConfig, requirement

LINK = re.compile(r"\[([^\]]+)\]\(([a-z0-9_]+)\)")
"""Words of a sentence that lead to a claim: `[two units](two_units_suffice)`."""


class Told(FrozenConfig):
    """A sentence that is told while the verdicts are those that it presumes.

    Args:
        text: The sentence; `[words](claim)` leads to a claim, and `{claim.key}` is a
            number of one, as in the answers of claims.
        presumes: The verdict of every claim that it speaks of.
        state: Address of a state of an explorer that shows it; empty for none.
    """

    text: str
    presumes: dict[str, str]
    state: str = ""

    def model_post_init(self, context: object) -> None:
        """Check that every claim it speaks of has a verdict that is presumed."""
        fields = (field for _, field, _, _ in Formatter().parse(self.text) if field)
        named = {field.partition(".")[0] for field in fields}
        named |= {claim for _, claim in LINK.findall(self.text)}
        if not self.presumes or not named <= set(self.presumes):
            must = f"must have a verdict for each of {sorted(named)}"
            raise requirement("presumes", must, sorted(self.presumes))


class ChapterWords(FrozenConfig):
    """What is said of a chapter beside its claims.

    Args:
        question: What the chapter asks.
        answer: What came out, in about five sentences.
        groups: Questions, and the claims that answer each.
        surprises: What few expect, by the claim that shows it, the best first.
        quiz: Claims to guess the verdicts of, the best first.
        examples: Questions as people ask them, and the claim that each is about.
    """

    question: str = ""
    answer: tuple[Told, ...] = ()
    groups: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    surprises: dict[str, Told] = Field(default_factory=dict)
    quiz: tuple[str, ...] = ()
    examples: dict[str, str] = Field(default_factory=dict)
