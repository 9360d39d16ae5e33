"""Compare arms over the tests of a study: pure functions of arrays.

An arm has one value per test `[L]`, that is per tested row of every split, in the order
of the splits; the mean of the values of a split is the arm's score there
(`ablations.study.findings.row_values`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from ablations.stats.estimate import Estimate
from ablations.stats.multiple import NUM_DRAWS, max_t, smallest_p_values
from ablations.stats.resampled import LEVEL, errors_to_be_found
from ablations.stats.row_errors import (
    FEWEST_UNITS,
    Errors,
    RowTests,
    row_errors,
    split_errors,
)

MOST_TIMES_MORE = 100
"""Runs that would decide are not looked for beyond so many times those there are."""

MOST_ROWS = 1e4
"""Rows that would decide are not looked for beyond so many times those there are."""

ROUNDING = 1e-6
"""Values no farther apart than this share of their size are equal: networks compute
with seven digits."""

MOST_DRAWN = 4_000_000
"""p-values drawn for a family, which bounds its memory."""


@dataclass(frozen=True)
class ArmDifference:
    """A comparison of two arms, judged as one of a family.

    Attributes:
        differences: Arm minus reference on every split `[J]`.
        estimate: Mean, 95 % interval and p-value.
        error: Standard error of the mean.
        training: Share of the squared error that more splits would make smaller.
        freedom: Degrees of freedom of the error.
        critical: p-value below which a comparison of this family is surely real.
        p_adjusted: p-value adjusted for the family.
        verdict: One of `ablations.study.findings.result.VERDICTS`.
        detectable: Smallest true difference found with 80 % chance.
        splits_to_decide: Splits in all that would decide, None if no number would.
        rows_to_decide: Times as many rows that would, None where it is decided.
    """

    differences: np.ndarray
    estimate: Estimate
    error: float
    training: float
    freedom: float
    critical: float
    p_adjusted: float
    verdict: str = "undecided"
    detectable: float = math.inf
    splits_to_decide: int | None = None
    rows_to_decide: float | None = None


@dataclass(frozen=True)
class Terms:
    """What comparisons are judged by.

    Attributes:
        tests: Which row was tested in which split.
        test_to_train: Test rows per training row.
        margin: Smallest difference that matters.
        higher_is_better: Whether more of the score is better.
        step: Splits in one repeat: numbers of splits are multiples of it.
    """

    tests: RowTests
    test_to_train: float
    margin: float
    higher_is_better: bool
    step: int = 1

    def errors(self, values: np.ndarray) -> Errors:
        """Return what means of values `[M, L]` are worth, by rows where there are many.

        With few rows the corrected resampled t counts splits.
        """
        if self.tests.num_units < FEWEST_UNITS:
            return split_errors(self.tests.means(values), self.test_to_train)
        return row_errors(values, self.tests)

    def mean(self, values: np.ndarray) -> float:
        """Return the mean over the splits of an arm's values `[L]`."""
        return float(self.tests.means(values[None]).mean())

    def gain(self, value: float) -> float:
        """Return a difference with the sign that makes more of it better."""
        return value if self.higher_is_better else -value


def difference(arm: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return arm minus reference `[L]`, zero where only rounding tells them apart."""
    found = np.asarray(arm, float) - np.asarray(reference, float)
    size = max(float(np.abs(arm).mean()), float(np.abs(reference).mean()))
    return np.where(np.abs(found) <= ROUNDING * size, 0.0, found)


def judge_family(
    differences: Sequence[np.ndarray],
    terms: Terms,
    is_tested: Sequence[bool],
    *,
    chosen_later: bool = False,
) -> list[ArmDifference]:
    """Give every comparison of a family its verdict.

    A difference is real where its p-value, adjusted by max-T over the family with the
    correlations that the rows show, is below 0.05. Arms are the same where the 90 %
    interval lies within the margin on both sides. A difference that is the same on
    every row, and not zero, is certain.

    Args:
        differences: The family `[M, L]`, all of it: what is left out makes the rest
            look surer.
        terms: What they are judged by.
        is_tested: Whether one of the two arms has learned anything; where none has,
            there is nothing to compare.
        chosen_later: Whether one is picked by what came out: then intervals hold for
            all of the family at once.
    """
    if not len(differences):
        return []
    values = np.asarray(differences)
    by_split, found = terms.tests.means(values), terms.errors(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        statistics = np.where(found.means == 0, 0.0, found.means / found.errors)
    p_values = np.minimum(2 * special.stdtr(found.freedoms, -np.abs(statistics)), 1.0)
    adjusted, critical = _adjusted(p_values, found, in_steps=not chosen_later)
    tail = critical if chosen_later else LEVEL
    judged = []
    for place, tested in enumerate(is_tested):
        error, freedom = float(found.errors[place]), float(found.freedoms[place])
        mean = float(found.means[place])
        half = -float(special.stdtrit(freedom, tail / 2)) * error
        estimate = Estimate(
            mean,
            mean - half,
            mean + half,
            float(p_values[place]),
            terms.tests.num_units,
            1 - LEVEL,
            "rows" if terms.tests.num_units >= FEWEST_UNITS else "splits",
        )
        one = ArmDifference(
            differences=by_split[place],
            estimate=estimate,
            error=error,
            training=float(found.training[place] / error**2) if error else 0.0,
            freedom=freedom,
            critical=critical,
            p_adjusted=float(adjusted[place]),
        )
        judged.append(_judged(one, terms, tested))
    return judged


def _adjusted(
    p_values: np.ndarray, found: Errors, *, in_steps: bool
) -> tuple[np.ndarray, float]:
    """Return adjusted p-values `[M]`, and what the smallest of M falls below by chance.

    In one step they agree with intervals that hold for all at once; in several more is
    found. The draws are the same for the same family, so that a study repeats.
    """
    number = len(p_values)
    if number == 1:
        return p_values, LEVEL
    num_draws = max(min(NUM_DRAWS, MOST_DRAWN // number), 1000)
    drawn = smallest_p_values(
        found.freedoms, found.correlation, np.random.default_rng(0), num_draws
    )
    smallest = drawn.min(axis=1)
    critical = float(np.clip(np.quantile(smallest, LEVEL), LEVEL / number, LEVEL))
    if in_steps:
        return max_t(p_values, drawn), critical
    return np.maximum(p_values, (smallest[:, None] <= p_values).mean(axis=0)), critical


def _judged(one: ArmDifference, terms: Terms, is_tested: bool) -> ArmDifference:
    mean = one.estimate.estimate
    if not is_tested:
        verdict = "not tested"
    elif one.p_adjusted < LEVEL:
        verdict = "better" if terms.gain(mean) > 0 else "worse"
    elif is_within(one, terms):
        verdict = "same"
    else:
        verdict = "undecided"
    found = replace(
        one,
        verdict=verdict,
        detectable=errors_to_be_found(one.freedom, one.critical / 2) * one.error,
    )
    if verdict != "undecided":
        return found
    return replace(
        found,
        splits_to_decide=splits_to_decide(found, terms),
        rows_to_decide=rows_to_decide(found, terms),
    )


def is_within(one: ArmDifference, terms: Terms) -> bool:
    """Return whether a difference is surely smaller than the margin (TOST at 5 %)."""
    mean = one.estimate.estimate
    half = -float(special.stdtrit(one.freedom, LEVEL)) * one.error
    return mean == half == 0 or abs(mean) + half < terms.margin


def splits_to_decide(one: ArmDifference, terms: Terms) -> int | None:
    """Return how many splits in all would decide, if the mean were the truth.

    Decided is what is found to be real, or within the margin. More splits show more
    trainings, but no new rows: where their error alone is too large the answer is None.
    """
    start, most = len(one.differences), _largest_that_decides(one, terms)
    for number in range(start, MOST_TIMES_MORE * start + 1, terms.step):
        left = 1 - one.training + one.training * start / number
        if one.error * math.sqrt(left) <= most:
            return number
    return None


def rows_to_decide(one: ArmDifference, terms: Terms) -> float | None:
    """Return how many times as many rows would decide, if the mean were the truth.

    The standard error falls with the root of the number of rows. None where that takes
    more than 10,000 times as many.
    """
    most = _largest_that_decides(one, terms)
    for times in np.geomspace(1, MOST_ROWS, 161):
        if one.error / math.sqrt(times) <= most:
            return float(times)
    return None


def _largest_that_decides(one: ArmDifference, terms: Terms) -> float:
    """Return the largest error that leaves a mean real, or within the margin."""
    mean = abs(one.estimate.estimate)
    real = mean / errors_to_be_found(one.freedom, one.critical / 2)
    same = (terms.margin - mean) / errors_to_be_found(one.freedom, LEVEL)
    return max(real, same)


def learned(
    values: Mapping[str, np.ndarray], dummy: np.ndarray, terms: Terms
) -> dict[str, bool]:
    """Return which arms are surely better than guessing, adjusted for all of them."""
    family = [difference(one, dummy) for one in values.values()]
    judged = judge_family(family, terms, [True] * len(family))
    return {
        name: one.verdict == "better" for name, one in zip(values, judged, strict=True)
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


def mean_and_interval(
    values: np.ndarray, terms: Terms, *, is_share: bool = False
) -> tuple[float, float, float]:
    """Return the mean over splits of an arm's values, and its 95 % interval.

    Args:
        values: Value of every test `[L]`.
        terms: Which row was tested where.
        is_share: Whether scores lie between 0 and 1; then so does the interval.
    """
    found = terms.errors(values[None])
    mean, error = float(found.means[0]), float(found.errors[0])
    half = -float(special.stdtrit(float(found.freedoms[0]), LEVEL / 2)) * error
    low, high = mean - half, mean + half
    if is_share:
        low, high = max(low, 0.0), min(high, 1.0)
        # All right, or all wrong: so many rows are no proof that the next will be, too.
        unseen = 1 - (LEVEL / 2) ** (1 / terms.tests.num_units)
        if mean == low == 1.0:
            low -= unseen
        if mean == high == 0.0:
            high += unseen
    return mean, low, high
