"""Lay down when runs may be looked at, before the first look.

Whoever looks after every seed and stops when the interval is beside its bound is wrong
in 23 % of the cases, not in 5 %. So the looks are few, their seeds are laid down, and
they share the level: a look may err in proportion to the seeds it adds,
alpha_k = alpha (n_k - n_(k-1)) / n_K, and its intervals cover with 1 - alpha_k. The
chance that any look gives a wrong word is at most the sum, alpha, however the looks
depend on each other.

References:
    Kim and DeMets (1987), Design and analysis of group sequential tests based on the
    type I error spending rate function; the power family with exponent 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ablations.judging.case import CONFIDENCE
from ablations.judging.verdict import INCOMPLETE, Verdict
from ablations.protocol.arm import TUNING_SEEDS_START
from ablations.protocol.claim import Claim


@dataclass(frozen=True)
class Look:
    """Say what one look at the runs sees, and how sure it must be.

    Attributes:
        number: Its number, from 1.
        of: How many looks there are at most.
        num_seeds: Seeds that judge.
        confidence: Of its intervals.
    """

    number: int
    of: int
    num_seeds: int
    confidence: float

    def record(self, verdict: Verdict) -> dict[str, Any]:
        """Return the look with what it found, as plain data."""
        return {
            "look": self.number,
            "of": self.of,
            "seeds": self.num_seeds,
            "confidence": self.confidence,
            "verdict": verdict.verdict,
            "outcomes": {o.key: o.outcome for o in verdict.outcomes},
        }


def schedule(claim: Claim, preset: str, num_seeds: int | None = None) -> list[Look]:
    """Return the looks at a claim: with the preset's seeds, twice as many, and so on.

    There are at most `claim.max_looks`, and none that would see no new runs.

    Args:
        claim: The claim.
        preset: Says how many seeds the first look sees.
        num_seeds: Number of seeds of the first look in place of the preset's.
    """
    first = num_seeds or claim.seeds.count(preset)
    sizes: list[int] = []
    seen: list[int] = []
    for k in range(claim.max_looks):
        size = first * 2**k
        counts = [claim.num_seeds(arm, preset, size) for arm in claim.arms.values()]
        if sizes and (counts == seen or size > TUNING_SEEDS_START):
            break
        sizes.append(size)
        seen = counts
    return [
        Look(i + 1, len(sizes), size, 1.0 - level)
        for i, (size, level) in enumerate(zip(sizes, spending(sizes), strict=True))
    ]


def spending(sizes: list[int], confidence: float = CONFIDENCE) -> list[float]:
    """Return the share of the level that each look spends, in all 1 - confidence.

    Args:
        sizes: Seeds that each look sees, increasing.
        confidence: Of all looks together.
    """
    before = [0, *sizes[:-1]]
    return [
        (1.0 - confidence) * (size - earlier) / sizes[-1]
        for size, earlier in zip(sizes, before, strict=True)
    ]


def needs_more_seeds(verdict: Verdict) -> bool:
    """Return whether a verdict is open for want of seeds.

    What holds here and fails there is settled, whatever else is undecided.
    """
    if verdict.verdict not in ("inconclusive", "not tested", INCOMPLETE):
        return False
    return any(
        o.outcome == "undecided"
        or (o.outcome == "untested" and o.details.get("seeds_that_decide"))
        for o in verdict.of_role("core", "control")
    )
