"""Compare arms over the splits of a study: pure functions of arrays.

Scores of an arm are one number per split `[J]`, in the order of the splits.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ablations.stats.estimate import Estimate
from ablations.stats.multiple import holm
from ablations.stats.resampled import (
    LEVEL,
    corrected_error,
    corrected_resampled_t,
    detectable_from_spread,
    errors_to_be_found,
)
from ablations.study.settings.designs import ArmDesign, Arms
from models.config import requirement

MOST_TIMES_MORE = 100
"""Runs that would decide are not looked for beyond so many times those there are."""


@dataclass(frozen=True)
class ArmDifference:
    """A comparison of two arms, before and after the family is known.

    Attributes:
        differences: Arm minus reference on every split `[J]`.
        estimate: Mean, 95 % interval and p-value by the corrected test.
        p_adjusted: p-value adjusted for the family.
        verdict: One of `ablations.study.findings.result.VERDICTS`.
        detectable: Smallest true difference found with 80 % chance.
        splits_to_decide: Splits in all that would decide, None if no number would.
        rows_to_decide: Times as many rows that would, None where it is decided.
    """

    differences: np.ndarray
    estimate: Estimate
    p_adjusted: float = 1.0
    verdict: str = "undecided"
    detectable: float = math.inf
    splits_to_decide: int | None = None
    rows_to_decide: float | None = None


@dataclass(frozen=True)
class Terms:
    """What comparisons are judged by.

    Attributes:
        test_to_train: Test rows per training row.
        margin: Smallest difference that matters.
        higher_is_better: Whether more of the score is better.
        step: Splits in one repeat: numbers of splits are multiples of it.
    """

    test_to_train: float
    margin: float
    higher_is_better: bool
    step: int = 1


def compare(arm: np.ndarray, reference: np.ndarray, terms: Terms) -> ArmDifference:
    """Compare two arms on the same splits `[J]`, not yet as one of a family."""
    differences = np.asarray(arm, float) - np.asarray(reference, float)
    estimate = corrected_resampled_t(differences, terms.test_to_train)
    if not differences.any():
        # Not a matter of luck: the arms said the same on every split.
        estimate = replace(estimate, low=0.0, high=0.0)
    return ArmDifference(differences, estimate)


def judge_family(
    comparisons: Sequence[ArmDifference], terms: Terms, is_tested: Sequence[bool]
) -> list[ArmDifference]:
    """Give every comparison of a family its verdict.

    A difference is real where p, adjusted by Holm over all comparisons, is below 0.05;
    arms are the same where the 90 % interval lies within the margin on both sides.

    Args:
        comparisons: The family, all of it: what is left out makes the rest look surer.
        terms: What they are judged by.
        is_tested: Whether one of the two arms has learned anything; where none has,
            there is nothing to compare.
    """
    p_values = [float(c.estimate.p_value or 0.0) for c in comparisons]
    adjusted = holm(np.array(p_values)) if comparisons else np.array([])
    return [
        _judged(one, float(p), terms, len(comparisons), tested)
        for one, p, tested in zip(comparisons, adjusted, is_tested, strict=True)
    ]


def _judged(
    one: ArmDifference, p_adjusted: float, terms: Terms, num_tests: int, is_tested: bool
) -> ArmDifference:
    mean = one.estimate.estimate
    detectable = smallest_detectable(one.differences, terms, num_tests)
    if not is_tested:
        verdict = "not tested"
    elif p_adjusted < LEVEL:
        verdict = "better" if (mean > 0) == terms.higher_is_better else "worse"
    elif is_within(one.differences, terms):
        verdict = "same"
    else:
        verdict = "undecided"
    splits = rows = None
    if verdict == "undecided":
        splits = splits_to_decide(one.differences, terms, num_tests)
        rows = rows_to_decide(one.differences, terms, num_tests)
    return replace(
        one,
        p_adjusted=p_adjusted,
        verdict=verdict,
        detectable=detectable,
        splits_to_decide=splits,
        rows_to_decide=rows,
    )


def is_within(differences: np.ndarray, terms: Terms) -> bool:
    """Return whether a difference is surely smaller than the margin (TOST at 5 %)."""
    if not differences.any():
        return True
    narrow = corrected_resampled_t(differences, terms.test_to_train, confidence=0.9)
    return -terms.margin < narrow.low and narrow.high < terms.margin


def smallest_detectable(differences: np.ndarray, terms: Terms, num_tests: int) -> float:
    """Return the true difference that such a design finds with 80 % chance.

    By `detectable_from_spread`; infinite for fewer than two splits.
    """
    num_splits = len(differences)
    if num_splits < 2:
        return math.inf
    return detectable_from_spread(
        float(np.std(differences, ddof=1)), num_splits, terms.test_to_train, num_tests
    )


def splits_to_decide(
    differences: np.ndarray, terms: Terms, num_tests: int
) -> int | None:
    """Return how many splits in all would decide, if the mean were the truth.

    Decided is what is found to be real, or within the margin. Training sets of one
    data set overlap, so that the error does not fall below sqrt(n_test/n_train) s
    however many splits there are: then the answer is None.
    """
    spread, mean = float(np.std(differences, ddof=1)), abs(float(differences.mean()))
    start = len(differences)
    for num_splits in range(start, MOST_TIMES_MORE * start + 1, terms.step):
        error = corrected_error(spread, num_splits, terms.test_to_train)
        if _is_decided(mean, error, num_splits - 1, terms, num_tests):
            return num_splits
    return None


def rows_to_decide(
    differences: np.ndarray, terms: Terms, num_tests: int
) -> float | None:
    """Return how many times as many rows would decide, if the mean were the truth.

    The standard deviation over splits falls with the root of the number of rows.
    None where that takes more than 10,000 times as many.
    """
    spread, mean = float(np.std(differences, ddof=1)), abs(float(differences.mean()))
    num_splits = len(differences)
    error = corrected_error(spread, num_splits, terms.test_to_train)
    for times in np.geomspace(1, 1e4, 161):
        reached = error / math.sqrt(times)
        if _is_decided(mean, reached, num_splits - 1, terms, num_tests):
            return float(times)
    return None


def _is_decided(
    mean: float, error: float, freedom: int, terms: Terms, num_tests: int
) -> bool:
    real = mean >= errors_to_be_found(freedom, LEVEL / (2 * max(num_tests, 1))) * error
    same = terms.margin - mean >= errors_to_be_found(freedom, LEVEL) * error
    return real or same


def learned(
    scores: Mapping[str, np.ndarray], dummy: np.ndarray, terms: Terms
) -> dict[str, bool]:
    """Return which arms are surely better than guessing, adjusted for all of them."""
    comparisons = [compare(values, dummy, terms) for values in scores.values()]
    judged = judge_family(comparisons, terms, [True] * len(comparisons))
    return {
        name: one.verdict == "better" for name, one in zip(scores, judged, strict=True)
    }


def chosen_anew(
    scores: Mapping[str, np.ndarray],
    val_scores: Mapping[str, np.ndarray],
    higher_is_better: bool,
) -> np.ndarray:
    """Return test scores `[J]` of the arm that is best on each split's validation rows.

    That is what choosing an arm brings on rows that took no part in the choice.
    """
    val = np.array([val_scores[name] for name in scores])
    val = np.where(np.isfinite(val), val, -np.inf if higher_is_better else np.inf)
    best = val.argmax(axis=0) if higher_is_better else val.argmin(axis=0)
    return np.array(list(scores.values()))[best, np.arange(val.shape[1])]


@dataclass(frozen=True)
class FactorEffect:
    """What a factorial says of one factor or of two.

    Attributes:
        factors: One factor for a main effect, two for an interaction.
        level: Level that is compared with the plain one, of the first factor.
        differences: The effect on every split `[J]`.
    """

    factors: tuple[str, ...]
    level: Any
    differences: np.ndarray


def main_effects(
    arms: Arms, scores: Mapping[str, np.ndarray], factors: Mapping[str, Sequence[Any]]
) -> list[FactorEffect]:
    """Return the effect of every level against the plain one, over all other factors.

    The mean over the arms with the level minus the mean over those with the plain one.
    """
    found = []
    for factor, levels in factors.items():
        plain = marginal(arms, scores, {factor: levels[0]})
        for level in levels[1:]:
            effect = marginal(arms, scores, {factor: level}) - plain
            found.append(FactorEffect((factor,), level, effect))
    return found


def interactions(
    arms: Arms, scores: Mapping[str, np.ndarray], factors: Mapping[str, Sequence[Any]]
) -> list[FactorEffect]:
    """Return how the effect of one factor differs between the ends of another.

    (effect of the last level of a against its first, at the last level of b) minus
    (the same at the first level of b), for every pair.
    """
    found = []
    for a, b in itertools.combinations(factors, 2):
        corners = {
            (i, j): marginal(arms, scores, {a: factors[a][i], b: factors[b][j]})
            for i in (0, -1)
            for j in (0, -1)
        }
        effect = (corners[-1, -1] - corners[0, -1]) - (corners[-1, 0] - corners[0, 0])
        found.append(FactorEffect((a, b), factors[a][-1], effect))
    return found


def has_all_corners(arms: Arms, factors: Mapping[str, Sequence[Any]]) -> bool:
    """Return whether arms cross the ends of every pair of factors."""
    return all(
        _with_levels(arms, {a: factors[a][i], b: factors[b][j]})
        for a, b in itertools.combinations(factors, 2)
        for i in (0, -1)
        for j in (0, -1)
    )


def _with_levels(arms: Arms, levels: Mapping[str, Any]) -> list[ArmDesign]:
    return [
        arm
        for arm in arms.arms
        if all(arm.levels[factor] == level for factor, level in levels.items())
    ]


def marginal(
    arms: Arms, scores: Mapping[str, np.ndarray], levels: Mapping[str, Any]
) -> np.ndarray:
    """Return the mean score over the arms with some levels `[J]`."""
    chosen = _with_levels(arms, levels)
    if not chosen:
        raise requirement("levels", "must be those of an arm", dict(levels))
    return np.mean([scores[arm.name] for arm in chosen], axis=0)


def mean_and_interval(
    values: np.ndarray, test_to_train: float, *, is_share: bool = False
) -> tuple[float, float, float]:
    """Return the mean over splits and its corrected 95 % interval.

    Args:
        values: Score of every split `[J]`.
        test_to_train: Test rows per training row.
        is_share: Whether scores lie between 0 and 1; then so does the interval.
    """
    if np.ptp(values) == 0:
        value = float(values[0])
        return value, value, value
    found = corrected_resampled_t(values, test_to_train)
    low, high = found.low, found.high
    if is_share:
        low, high = max(low, 0.0), min(high, 1.0)
    return found.estimate, low, high
