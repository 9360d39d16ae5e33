"""Judge differences between arms, paired by seed: one, or a trend along several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from ablations.judging.case import Case
from ablations.judging.outcome import Outcome, UntestedError, side
from ablations.judging.seeds import MOST_SEEDS, seeds_for_difference
from ablations.judging.wording import (
    more_seeds,
    number,
    percent,
    points,
    points_interval,
    signed,
    signed_interval,
)
from ablations.prediction import Comparison, Trend
from ablations.stats.estimate import Estimate
from ablations.stats.multiple import simultaneous_confidence
from ablations.stats.paired import paired_mean_difference, smallest_num_pairs
from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.power import MAX_NUM_SEEDS, seeds_to_decide

CONFIDENCE = 0.95

SIGNS_SEED = 0
"""Seed of the signs that the permutation test draws beyond 16 pairs.

It is the same for all, so that the same runs give the same word, in any order and
with the arms swapped.
"""


def judge_comparison(comparison: Comparison, case: Case) -> Outcome:
    """Say on which side of its margin the paired difference of two arms lies.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    success = comparison.score.is_success
    control_score = comparison.control_score or comparison.score
    treatment, control = case.scores(
        [(comparison.treatment, comparison.score), (comparison.control, control_score)]
    )
    _check_scores([treatment, control], success)
    estimate = _difference(treatment, control, success, CONFIDENCE)
    word = side(
        estimate.low, estimate.high, comparison.bound, upwards=comparison.upwards
    )
    reason = ""
    if word == "undecided":
        reason = _seeds_that_decide(
            comparison.label, treatment, control, estimate, comparison.bound, success
        )
    interval, mean, show = _words(success)
    relation = "at least" if comparison.upwards else "at most"
    means = float(treatment.mean()), float(control.mean())
    return Outcome(
        label=comparison.label,
        kind=comparison.kind,
        outcome=word,
        text=(
            f"{comparison.label}:"
            f" {interval(*_ends(estimate), comparison.bound)}"
            f" ({mean(means[0])} against {mean(means[1])}) over {estimate.n:,} seeds,"
            f" where the statement implies {relation} {show(comparison.bound)}"
        ),
        rule=comparison.rule(),
        estimate=estimate.estimate,
        low=estimate.low,
        high=estimate.high,
        unit="difference in share of runs" if success else comparison.score.words,
        n=estimate.n,
        bound=comparison.bound,
        direction="at_least" if comparison.upwards else "at_most",
        p=estimate.p_value,
        confidence=CONFIDENCE,
        reason=reason,
        details={
            "treatment_mean": means[0],
            "control_mean": means[1],
            "smallest_num_pairs": smallest_num_pairs(),
        },
    )


def judge_trend(trend: Trend, case: Case) -> Outcome:
    """Say whether scores rise from the first level to the last without a fall.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    levels = trend.levels()
    success = all(config.is_success for _, config in levels)
    scores = case.scores(levels)
    _check_scores(scores, success)
    whole = _difference(scores[-1], scores[0], success, CONFIDENCE)
    each = simultaneous_confidence(len(scores) - 1, confidence=CONFIDENCE)
    steps = [
        _difference(after, before, success, each) for before, after in pairwise(scores)
    ]
    word = side(whole.low, whole.high, trend.margin, upwards=True)
    falls = [i for i, step in enumerate(steps) if step.high < -trend.margin]
    maybe = [i for i, step in enumerate(steps) if step.low < -trend.margin]
    reason = ""
    if falls:
        word, reason = "fails", f"{trend.label}: it falls {_step(levels, falls[0])}."
    elif word == "holds" and maybe:
        word = "undecided"
        fall = f"a fall {_step(levels, maybe[0])}"
        reason = f"{trend.label}: {fall} cannot be excluded with {whole.n:,} seeds."
    elif word == "undecided":
        reason = _seeds_that_decide(
            trend.label, scores[-1], scores[0], whole, trend.margin, success
        )
    interval, mean, show = _words(success)
    means = [float(values.mean()) for values in scores]
    return Outcome(
        label=trend.label,
        kind=trend.kind,
        outcome=word,
        text=(
            f"{trend.label}: {' → '.join(mean(m) for m in means)}, in all"
            f" {interval(*_ends(whole), trend.margin)} over {whole.n:,}"
            f" seeds, where the statement implies at least {show(trend.margin)} without"
            " a fall"
        ),
        rule=trend.rule(),
        estimate=whole.estimate,
        low=whole.low,
        high=whole.high,
        unit="difference in share of runs" if success else "difference",
        n=whole.n,
        bound=trend.margin,
        direction="at_least",
        p=whole.p_value,
        confidence=CONFIDENCE,
        reason=reason,
        details={
            "levels": [name for name, _ in levels],
            "means": means,
            "steps": [[step.estimate, step.low, step.high] for step in steps],
        },
    )


def _check_scores(scores: Sequence[np.ndarray], success: bool) -> None:
    """Refuse scores `[S]` that tell nothing about a difference."""
    if success and not any(values.any() for values in scores):
        raise UntestedError("No run of any arm succeeds, so nothing is compared.")
    lost = sum(int((~np.isfinite(values)).sum()) for values in scores)
    if lost:
        total = sum(len(values) for values in scores)
        raise UntestedError(f"{lost:,} of {total:,} runs failed and have no score.")


def _difference(
    treatment: np.ndarray, control: np.ndarray, success: bool, confidence: float
) -> Estimate:
    """Estimate the mean of treatment - control over pairs."""
    if success:
        return paired_rate_difference(treatment, control, confidence=confidence)
    rng = np.random.default_rng(SIGNS_SEED)
    return paired_mean_difference(treatment - control, rng=rng, confidence=confidence)


def _seeds_that_decide(
    label: str,
    treatment: np.ndarray,
    control: np.ndarray,
    estimate: Estimate,
    bound: float,
    success: bool,
) -> str:
    if success:
        needed = seeds_for_difference(treatment, control, bound)
        return more_seeds(label, estimate.n, needed, MOST_SEEDS)
    spread = float(np.std(treatment - control, ddof=1))
    needed = seeds_to_decide(estimate, spread, (bound,))
    if needed is not None:
        needed = max(needed, estimate.n + 1)
    return more_seeds(label, estimate.n, needed, MAX_NUM_SEEDS)


def _words(
    success: bool,
) -> tuple[
    Callable[[float, float, float, float], str],
    Callable[[float], str],
    Callable[[float], str],
]:
    """Return how to write a difference with its interval, a mean, and a margin."""
    if success:
        return points_interval, percent, lambda margin: f"{points(margin)} points"
    return signed_interval, number, signed


def _ends(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.estimate, estimate.low, estimate.high


def _step(levels: Sequence[tuple[str, object]], position: int) -> str:
    before, after = levels[position][0], levels[position + 1][0]
    if before != after:
        return f"from {before} to {after}"
    return f"from level {position + 1} to level {position + 2}"
