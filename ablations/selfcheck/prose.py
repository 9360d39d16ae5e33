"""Read findings: are the numbers the stored ones, and are the words fair."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ablations.judging.judgement import give_verdict
from ablations.judging.verdict import Verdict
from ablations.selfcheck.invariance import planted
from ablations.selfcheck.kinds import all_ways
from ablations.selfcheck.noise import SYNTHETIC
from ablations.selfcheck.row import Row

NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?")

CALLS_IT_EQUAL = re.compile(
    r"no (significant )?(difference|effect)|\bequal\b|the same|identical|no matter",
    re.IGNORECASE,
)
"""Words that an undecided comparison must not be told with."""

Tell = Callable[[Verdict], str]


def finding_of(verdict: Verdict) -> str:
    """Return the finding as it was told."""
    return verdict.finding


def check_prose(num_draws: int, tell: Tell = finding_of) -> list[Row]:
    """Judge draws of every kind and read what is told of them.

    Args:
        num_draws: Draws of every kind.
        tell: From a verdict to the finding.
    """
    rng = np.random.default_rng(8)
    num_numbers, foreign, num_undecided, unfair = 0, [], 0, []
    for draw in range(num_draws):
        noise = SYNTHETIC[draw % len(SYNTHETIC)]
        for way in all_ways(noise.rate):
            scores = planted(way, noise, rng, int(rng.integers(10, 24)))
            evidence = way.case(scores).evidence
            verdict = give_verdict(way.claim, evidence, "quick", scores.shape[1])
            finding = tell(verdict)
            stored = list(_numbers([o.record() for o in verdict.core]))
            for text in NUMBER.findall(finding):
                num_numbers += 1
                if not is_stored(text, stored):
                    foreign.append(f"{text} in {finding!r}")
            if verdict.verdict == "inconclusive":
                num_undecided += 1
                if CALLS_IT_EQUAL.search(finding):
                    unfair.append(finding)
    return [
        Row(
            "prose, every number is the stored one",
            "all",
            f"{num_numbers - len(foreign):,} of {num_numbers:,}"
            + (f"; not {foreign[0]}" if foreign else ""),
            num_numbers > 0 and not foreign,
        ),
        Row(
            "prose, inconclusive is never told as no difference",
            "never",
            f"{len(unfair)} of {num_undecided:,}",
            num_undecided > 0 and not unfair,
        ),
    ]


def _numbers(value: Any) -> Iterator[float]:
    """Yield every number in nested data."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, dict):
        for entry in value.values():
            yield from _numbers(entry)
    elif isinstance(value, list | tuple):
        for entry in value:
            yield from _numbers(entry)
    elif isinstance(value, str):
        # The rule as it was stated, with its budget.
        for text in NUMBER.findall(value) if value.startswith("holds if") else ():
            yield float(text.replace(",", ""))


def is_stored(text: str, stored: list[float]) -> bool:
    """Return whether a written number is a stored one, rounded as it is written."""
    digits = text.replace(",", "")
    shown = float(digits)
    mantissa, _, exponent = digits.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    half = 0.5 * 10.0**-decimals * (1 + 1e-9)
    signs = (1.0,) if text[0] in "+-" else (1.0, -1.0)
    return any(
        math.isclose(shown, sign * scale * value, rel_tol=1e-9, abs_tol=half)
        for value in stored
        for sign in signs
        for scale in (1.0, 100.0)
    )
