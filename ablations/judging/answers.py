"""Tell what came out in one plain sentence, if its outcomes are the ones presumed.

A claim's `answers` maps a *pattern* to a sentence. A pattern lists keys of predictions:
`sgd` must hold, `!sgd` must fail, `?sgd` must be open; `core` stands for all of the
core and `!core` for all of it failing. The first pattern that fits is told. A sentence
takes its numbers from the outcomes by key: `{sgd}`, or `{sgd.control}`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import Any

from ablations.judging.boundary import boundary
from ablations.judging.combine import Decision
from ablations.judging.outcome import SHARE, Outcome
from ablations.judging.wording import brief, share_of
from models.config import requirement

MOST_WORDS, MOST_NUMBERS = 25, 2
"""Length of an answer."""

WHOLE_CORE = "core"
MOST_COUNTED = 200
"""Runs up to which a share is told as a count, `18 of 20`."""

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?: of \d[\d,]*)?")


def count_words(text: str) -> int:
    """Return the number of words of a sentence."""
    return len(text.split())


def count_numbers(text: str) -> int:
    """Return the number of numbers in digits; `18 of 20` is one."""
    return len(NUMBER.findall(text))


class Quoted:
    """An outcome as a sentence quotes it: `{key}`, or one of its attributes.

    A share of up to 200 runs is a count, `18 of 20`, and a larger one a percentage; a
    difference of shares or accuracies is in percentage points, without its sign; all
    else has two significant digits.
    """

    def __init__(self, outcome: Outcome) -> None:
        """Quote this outcome."""
        self._outcome = outcome

    def __format__(self, specification: str) -> str:
        """Write the estimate."""
        value = self._outcome.estimate
        if value is None:
            return "an unknown number"
        if self._outcome.unit == SHARE:
            return self._share(value)
        return self._difference(value)

    @property
    def treatment(self) -> str:
        """The treatment's share of successes, or mean score."""
        return self._mean("treatment_mean")

    @property
    def control(self) -> str:
        """The control's share of successes, or mean score."""
        return self._mean("control_mean")

    @property
    def first(self) -> str:
        """The first of several means, along a trend or of four arms."""
        return self._value(self._outcome.details["means"][0])

    @property
    def last(self) -> str:
        """The last of several means."""
        return self._value(self._outcome.details["means"][-1])

    @property
    def percent(self) -> str:
        """The estimated share as a percentage."""
        return f"{brief(100.0 * (self._outcome.estimate or 0.0))} %"

    @property
    def missed(self) -> str:
        """The share of runs that do not succeed."""
        return self._share(1.0 - (self._outcome.estimate or 0.0))

    @property
    def times(self) -> str:
        """How many times as much the larger is as the smaller, of a ratio."""
        ratio = self._outcome.estimate or 0.0
        return brief(max(ratio, 1.0 / ratio) if ratio else 0.0)

    @property
    def power(self) -> str:
        """Ten to the size of the estimate, of a base-10 logarithm: `times as much`."""
        return brief(10.0 ** abs(self._outcome.estimate or 0.0))

    @property
    def least(self) -> str:
        """The estimate rounded down to two digits, where it is said to be the least."""
        value = self._outcome.estimate or 0.0
        if value <= 0.0:
            return brief(value)
        unit = 10.0 ** (math.floor(math.log10(value)) - 1)
        return brief(math.floor(value / unit + 1e-9) * unit)

    @property
    def n(self) -> str:
        """The number of seeds."""
        return f"{self._outcome.n:,}"

    def _mean(self, name: str) -> str:
        return self._value(self._outcome.details[name])

    def _value(self, value: float) -> str:
        """Write a mean: a share of runs, an accuracy in percent, or a number."""
        if self._outcome.unit.endswith(SHARE):
            return self._share(value)
        if self._outcome.unit.endswith("accuracy"):
            return share_of(value, 1, 0)
        return brief(value)

    def _share(self, share: float) -> str:
        return share_of(share, self._outcome.n, MOST_COUNTED)

    def _difference(self, value: float) -> str:
        unit = self._outcome.unit
        if unit.endswith((SHARE, "accuracy")):
            return brief(100.0 * abs(value))
        return brief(value)


def fits(pattern: str, outcomes: Sequence[Outcome]) -> bool:
    """Return whether outcomes are what a pattern presumes.

    Raises:
        ConfigError: If the pattern names a key that no prediction has.
    """
    by_key = {o.key: o for o in outcomes}
    core = [o for o in outcomes if o.role == "core"]
    told = [o for o in core if not o.details.get("no_room")]
    for token in pattern.split():
        sign, key = (token[0], token[1:]) if token[0] in "!?" else ("", token)
        if key == WHOLE_CORE:
            words = {o.outcome for o in told}
        else:
            if key not in by_key:
                must = f"must name keys of predictions, of {sorted(by_key)}"
                raise requirement("answers", must, token)
            words = {by_key[key].outcome}
        wanted = {"": {"holds"}, "!": {"fails"}, "?": {"undecided", "untested"}}[sign]
        if not words or not words <= wanted:
            return False
    return True


def fields_of(sentence: str) -> Iterator[str]:
    """Yield the keys that a sentence takes numbers from."""
    for _, field, _, _ in Formatter().parse(sentence):
        if field:
            yield field.partition(".")[0]


def fill(sentence: str, outcomes: Sequence[Outcome]) -> str:
    """Fill the numbers of outcomes into a sentence.

    Raises:
        ConfigError: If it takes a number from a key that no prediction has.
    """
    quoted: dict[str, Any] = {o.key: Quoted(o) for o in outcomes}
    quoted["boundary"] = boundary([o for o in outcomes if o.role == "core"])
    for key in fields_of(sentence):
        if key not in quoted:
            must = f"must take numbers from keys of predictions, of {sorted(quoted)}"
            raise requirement("answers", must, key)
    return sentence.format(**quoted)


def answer(
    answers: Mapping[str, str], decision: Decision, outcomes: Sequence[Outcome]
) -> str:
    """Return the first sentence whose pattern fits, or neutral words."""
    for pattern, sentence in answers.items():
        if pattern and fits(pattern, outcomes):
            return fill(sentence, outcomes)
    return neutral(decision, [o for o in outcomes if o.role == "core"])


def neutral(decision: Decision, core: Sequence[Outcome]) -> str:
    """Tell a verdict in words that presume nothing of the single outcomes."""
    total = len(core)
    held, failed = (sum(o.outcome == word for o in core) for word in ("holds", "fails"))
    settings = "the one setting" if total == 1 else f"all {total} settings"
    if decision.verdict == "supported":
        if held == total:
            return f"Yes: it holds in {settings} tried."
        return f"Yes, as far as tested: it holds in {held} of {total} settings."
    if decision.verdict == "refuted":
        if failed == total:
            return f"No: it fails in {settings} tried."
        return f"No: it fails in {failed} of {total} settings."
    if decision.verdict == "conditional":
        told = f"It depends: it {decision.boundary}."
        short = count_words(told) <= MOST_WORDS and count_numbers(told) <= MOST_NUMBERS
        return told if short else f"It depends: it holds in {held} of {total} settings."
    if decision.verdict == "inconclusive":
        return f"Not settled: it surely holds in {held} of {total} settings."
    return "Not tested: a condition could not be judged."
