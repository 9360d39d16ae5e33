"""Judge whether scores go one way along ordered levels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import pairwise

import numpy as np

from ablations.judging import planning
from ablations.judging.case import Case
from ablations.judging.contrast import (
    SIGNS_SEED,
    check_learned,
    contrast,
    words_for,
)
from ablations.judging.differences import directed_outcome, with_seeds
from ablations.judging.failures import judge_with_failures, worst_of
from ablations.judging.outcome import Outcome
from ablations.judging.seeds import smallest_num_pairs
from ablations.protocol.kinds.trend import Trend
from ablations.protocol.prediction import Read
from ablations.stats.multiple import simultaneous_confidence
from ablations.stats.trends import adjacent_steps, linear_trend

Step = tuple[float, float, float]


def judge(trend: Trend, case: Case) -> Outcome:
    """Say whether scores go from the first level to the last without a turn.

    Raises:
        UntestedError: If runs are missing or have no score, or none succeeds.
    """
    scores = case.scores(trend.reads())
    worst = partial(worst_of, scores, trend.scores[0])
    return judge_with_failures(
        scores, worst, partial(judge_levels, trend, case.confidence)
    )


def judge_levels(
    trend: Trend, confidence: float, scores: Sequence[np.ndarray]
) -> Outcome:
    """Judge a trend from the scores of every level `[S]`, paired by position."""
    levels = trend.reads()
    success = all(config.is_success for _, config in levels)
    check_learned(scores, success)
    found = contrast(scores[-1], scores[0], success)
    low, high = found.interval(confidence)
    steps = _steps(scores, success, confidence)
    word = found.word(trend.bound, confidence, upwards=trend.upwards)
    # A turn is a fall where a rise was predicted, and the other way round.
    turns = [i for i, step in enumerate(steps) if _turns(step, trend, surely=True)]
    maybe = [i for i, step in enumerate(steps) if _turns(step, trend, surely=False)]
    verb, turn = ("falls", "a fall") if trend.upwards else ("rises", "a rise")
    reason = ""
    if turns:
        word, reason = "fails", f"{trend.label}: it {verb} {_step(levels, turns[0])}."
    elif word == "holds" and maybe:
        word = "undecided"
        reason = (
            f"{trend.label}: {turn} {_step(levels, maybe[0])} cannot be excluded with"
            f" {found.n:,} seeds."
        )
    words = words_for(success, "difference")
    means = [float(values.mean()) for values in scores]
    relation = "at least" if trend.upwards else "at most"
    details = {
        "levels": [arm.name for arm, _ in levels],
        "means": means,
        "steps": [list(step) for step in steps],
    }
    if not success:
        slope = linear_trend(
            np.stack(scores, axis=1),
            np.arange(len(scores)),
            rng=np.random.default_rng(SIGNS_SEED),
            confidence=confidence,
        )
        details["slope"] = [slope.estimate, slope.low, slope.high, slope.p_value]
    outcome = directed_outcome(
        trend,
        found,
        (low, high),
        confidence,
        outcome=word,
        text=(
            f"{trend.label}: {' → '.join(words.mean(m) for m in means)}, in all"
            f" {words.interval(found.estimate, low, high, trend.bound)} over"
            f" {found.n:,} seeds, where the statement implies {relation}"
            f" {words.margin(trend.bound)} without {turn}"
        ),
        unit=words.unit,
        reason=reason,
        details=details,
    )
    if reason:
        return outcome
    pairs = (scores[-1], scores[0]) if success else None
    return with_seeds(outcome, found, trend.bound, confidence, pairs)


def _steps(
    scores: Sequence[np.ndarray], success: bool, confidence: float
) -> list[Step]:
    """Return every step from one level to the next; the intervals hold together."""
    if not success:
        rng = np.random.default_rng(SIGNS_SEED)
        table = np.stack(scores, axis=1)
        steps = adjacent_steps(table, rng=rng, confidence=confidence)
        return [(step.estimate, step.low, step.high) for step in steps]
    each = simultaneous_confidence(len(scores) - 1, confidence=confidence)
    found = [contrast(after, before, success) for before, after in pairwise(scores)]
    return [(step.estimate, *step.interval(each)) for step in found]


def _turns(step: Step, trend: Trend, *, surely: bool) -> bool:
    """Return whether a step goes the wrong way by more than the margin."""
    _, low, high = step
    if not trend.upwards:
        low, high = -high, -low
    return (high if surely else low) < -trend.margin


def _step(levels: Sequence[Read], position: int) -> str:
    before, after = levels[position][0].name, levels[position + 1][0].name
    if before != after:
        return f"from {before} to {after}"
    return f"from level {position + 1} to level {position + 2}"


def fewest_seeds(
    trend: Trend, confidence: float, words: planning.Decisions
) -> int | None:
    """Return the fewest seeds with which some runs would give one of these words."""
    if not all(score.is_success for score in trend.scores):
        return smallest_num_pairs(confidence=confidence)
    bound, upwards = trend.bound, trend.upwards
    return planning.fewest_for_difference(bound, upwards, confidence, words)


def detectable(trend: Trend, n: int, confidence: float) -> planning.Detectable:
    """Return what is distinguished from the bound with a chance of 80 %."""
    if all(score.is_success for score in trend.scores):
        return planning.detectable_gap(trend.bound, n, confidence)
    return planning.detectable_mean(n, confidence)
