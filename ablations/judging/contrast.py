"""Estimate a mean over pairs, or a difference of shares, and test it at its bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from ablations.judging.outcome import SHARE, UntestedError, Word, side
from ablations.judging.seeds import (
    MOST_SEEDS,
    seeds_for_difference,
    smallest_num_pairs,
)
from ablations.judging.wording import (
    more_seeds,
    number,
    percent,
    points,
    points_interval,
    signed,
    signed_interval,
)
from ablations.stats.estimate import Estimate
from ablations.stats.paired_proportions import (
    count_pairs,
    paired_rate_difference,
    rate_difference_of_counts,
)
from ablations.stats.power import MAX_NUM_SEEDS, seeds_for_mean
from ablations.stats.signflip import SignFlips, flip_mean, flip_ratio

SIGNS_SEED = 0
"""Seed of the signs that the permutation test draws beyond 16 pairs.

It is the same for all, so that the same runs give the same word, in any order and
with the arms swapped.
"""

SMALLEST_P = 1e-12
"""P-values of shares are not computed below this."""


@dataclass(frozen=True)
class Contrast:
    """Hold an estimate over pairs, whatever its confidence.

    Attributes:
        estimate: The mean difference, ratio of means or difference of shares.
        n: Number of pairs.
        spread: Standard deviation over pairs of what the mean is taken of, in the unit
            of the estimate; NaN for shares.
        interval: From a confidence to the two ends.
        p_value: From a null hypothesis and an alternative to a p-value.
        flips: The sign flips behind it, None for shares.
    """

    estimate: float
    n: int
    spread: float
    interval: Callable[[float], tuple[float, float]]
    p_value: Callable[[float], float]
    flips: SignFlips | None = None

    def word(self, bound: float, confidence: float, *, upwards: bool) -> Word:
        """Say on which side of a bound the estimate surely lies.

        An interval that ends at 0 because the test does not reject 0, and one that is
        the point 0, are not beyond a bound of 0.
        """
        if bound == 0.0 and self.p_value(0.0) > 1.0 - confidence + 1e-12:
            return "undecided"
        return side(*self.interval(confidence), bound, upwards=upwards)


def of_means(differences: np.ndarray) -> Contrast:
    """Return the mean of differences `[S]` with the sign-flip test."""
    return _of_flips(flip_mean(differences, _signs()), differences)


def of_ratio(numerators: np.ndarray, denominators: np.ndarray) -> Contrast:
    """Return the ratio of two means `[S]` of positive numbers by sign flips."""
    flips = flip_ratio(numerators, denominators, _signs())
    # What moves the ratio to first order, in its own unit.
    moves = (numerators - flips.center * denominators) / denominators.mean()
    return _of_flips(flips, moves)


def of_shares(treatment: np.ndarray, control: np.ndarray) -> Contrast:
    """Return the difference of two shares of successes, 0 or 1 `[S]`."""
    whole = paired_rate_difference(treatment, control)
    return _of_pairs(whole, count_pairs(treatment, control))


def of_counts(*pairs: int) -> Contrast:
    """Return the difference of two shares from the counts of `count_pairs`."""
    return _of_pairs(rate_difference_of_counts(*pairs), pairs)


def _of_pairs(whole: Estimate, pairs: tuple[int, ...]) -> Contrast:
    """Return the contrast of an estimate and the counts that it is made from.

    P-values other than McNemar's are those of the interval: the largest level at
    which it still holds the null hypothesis.
    """

    def interval(confidence: float) -> tuple[float, float]:
        estimate = rate_difference_of_counts(*pairs, confidence=confidence)
        return estimate.low, estimate.high

    def p_value(null: float) -> float:
        if null == 0.0 and whole.p_value is not None:
            return whole.p_value
        return level_that_excludes(interval, null)

    return Contrast(whole.estimate, whole.n, math.nan, interval, p_value)


def contrast(treatment: np.ndarray, control: np.ndarray, success: bool) -> Contrast:
    """Return treatment - control over pairs `[S]`."""
    if success:
        return of_shares(treatment, control)
    return of_means(treatment - control)


def _signs() -> np.random.Generator:
    return np.random.default_rng(SIGNS_SEED)


def _of_flips(flips: SignFlips, values: np.ndarray) -> Contrast:
    spread = float(np.std(values, ddof=1)) if len(values) > 1 else math.nan
    return Contrast(
        flips.center, len(values), spread, flips.interval, flips.p_value, flips
    )


def level_that_excludes(
    interval: Callable[[float], tuple[float, float]], null: float
) -> float:
    """Return the smallest 1 - confidence at which an interval leaves out a number."""

    def holds(level: float) -> bool:
        low, high = interval(1.0 - level)
        return low <= null <= high

    low, high = SMALLEST_P, 1.0 - SMALLEST_P
    if holds(high):
        return 1.0
    if not holds(low):
        return low
    for _ in range(50):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return high


def check_learned(scores: Sequence[np.ndarray], success: bool) -> None:
    """Refuse successes `[S]` of which there are none in any arm.

    Raises:
        UntestedError: If so.
    """
    if success and not any(values.any() for values in scores):
        raise UntestedError("No run of any arm succeeds, so nothing is compared.")


def seeds_that_decide(
    found: Contrast,
    bound: float,
    confidence: float,
    pairs: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[int | None, int]:
    """Return about how many seeds would tell an estimate from a bound, and the most.

    Args:
        found: The estimate.
        bound: What it is to be told from.
        confidence: Of the interval.
        pairs: Successes of both arms `[S]`, for a difference of shares.
    """
    if pairs is not None:
        needed = seeds_for_difference(*pairs, bound, confidence)
        return needed, MOST_SEEDS
    if smallest_num_pairs(confidence=confidence) is None:
        return None, MAX_NUM_SEEDS
    distance = abs(found.estimate - bound)
    needed = seeds_for_mean(distance, found.spread, confidence=confidence)
    return needed if needed is None else max(needed, found.n + 1), MAX_NUM_SEEDS


def decided_by(
    label: str,
    found: Contrast,
    bound: float,
    confidence: float,
    pairs: tuple[np.ndarray, np.ndarray] | None = None,
) -> tuple[str, dict[str, int | None]]:
    """Say how many seeds would decide, in a sentence and as details."""
    needed, most = seeds_that_decide(found, bound, confidence, pairs)
    reason = more_seeds(label, found.n, needed, most)
    return reason, {"seeds_that_decide": needed}


@dataclass(frozen=True)
class Words:
    """Say how to write a difference with its interval, a mean, and a margin."""

    interval: Callable[[float, float, float, float | None], str]
    mean: Callable[[float], str]
    margin: Callable[[float], str]
    unit: str


def words_for(success: bool, unit: str) -> Words:
    """Return how to write differences of shares, or of a score of this unit."""
    if success:
        return Words(
            points_interval,
            percent,
            lambda margin: f"{points(margin)} points",
            f"difference in {SHARE}",
        )
    return Words(signed_interval, number, signed, unit)
