"""Say what was published on a claim's matter, and how that stands to our result."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import pydantic

from models.config import FrozenConfig, requirement

EARLIEST, LATEST = 1940, 2030
"""Years a result can be of: of the first artificial neurons, or near today."""

MOST_WORDS = 32
"""Length of each text."""

FROM_MEMORY = "from memory"
"""What `checked` says where nobody looked the result up."""

PLACE = re.compile(
    r"\b(abstract|sections?|tables?|figures?|equations?|pages?|appendix|sequence"
    r"|documentation)\b"
)
"""A part of a publication, in which a sentence can be found again."""


def _check_words(text: str) -> str:
    if len(text.split()) > MOST_WORDS:
        raise ValueError(f"must have at most {MOST_WORDS} words")
    return text


def _check_stated(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return _check_words(text)


Text = Annotated[str, pydantic.AfterValidator(_check_stated)]
MaybeText = Annotated[str, pydantic.AfterValidator(_check_words)]


class KnownResult(FrozenConfig):
    """Give a published result that stands beside a claim's own.

    What it explains does not enter the digest of the claim's rule.

    Args:
        authors: Their family names.
        year: When it was published.
        place: Title, journal or book, or an arXiv number.
        result: What they found, with its number and unit.
        conditions: On which data, with which networks.
        ours: What we found of the same, a sentence that takes its numbers from the
            outcomes of the claim, as `ablations.judging.answers` fills them.
        presumes: The pattern of outcomes under which the agreement was read; empty
            where it rests on none.
        agreement: How the two stand to each other, as we read them.
        why: What makes them differ, or not comparable; empty where they agree.
        checked: The part of the publication in which the result was read, or "from
            memory".
    """

    authors: Text
    year: int
    place: Text
    result: Text
    conditions: Text
    ours: Text
    presumes: str = ""
    agreement: Literal["agrees", "differs", "not comparable"]
    why: MaybeText = ""
    checked: Text

    def model_post_init(self, context: Any) -> None:
        """Check the year, the reason and where it was read."""
        if not EARLIEST <= self.year <= LATEST:
            must = f"must be between {EARLIEST} and {LATEST}"
            raise requirement("year", must, self.year)
        if bool(self.why) == (self.agreement == "agrees"):
            must = f"must give the reason of {self.agreement!r}, or none if it agrees"
            raise requirement("why", must, self.why)
        if not self.is_from_memory and not PLACE.search(self.checked):
            must = f"must name the part it was read in, or be {FROM_MEMORY!r}"
            raise requirement("checked", must, self.checked)

    @property
    def is_from_memory(self) -> bool:
        """Whether nobody looked it up."""
        return self.checked == FROM_MEMORY

    @property
    def source(self) -> str:
        """Authors, year and place in one line."""
        return f"{self.authors} ({self.year}), {self.place}"
