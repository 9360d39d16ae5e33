"""Decide many draws of every kind of prediction at once, as judging would each alone.

Each function takes a prediction and draws `[B, arms, n]` and returns words `[B]`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from ablations.judging.case import CONFIDENCE
from ablations.judging.contrast import Contrast, of_counts
from ablations.judging.judge import judge
from ablations.judging.kinds.equivalence import equivalence_confidence, within
from ablations.judging.outcome import side
from ablations.protocol.kinds import (
    Agreement,
    Comparison,
    Equivalence,
    ExactCheck,
    Interaction,
    League,
    SuccessRate,
    TimeToTarget,
    Trend,
)
from ablations.selfcheck.batched import mean_words, ratio_words
from ablations.selfcheck.synthetic import case_of_draw
from ablations.stats.multiple import holm, simultaneous_confidence
from ablations.stats.proportions import clopper_pearson
from ablations.stats.ranks import signed_rank_p_value

Words = np.ndarray


def decide_exact(check: ExactCheck, scores: np.ndarray) -> Words:
    """Decide by the largest gap, every entry being one measured number."""
    gaps = np.abs(scores[:, 0] - check.expected).max(axis=1)
    return np.where(gaps <= check.tolerance, "holds", "fails")


def decide_share(rate: SuccessRate, scores: np.ndarray) -> Words:
    """Decide by the number of successes, which is all that the interval reads."""
    counts = scores[:, 0].sum(axis=1)
    return _by_count(counts, scores.shape[2], rate.bound, rate.upwards)


def decide_agreement(agreement: Agreement, scores: np.ndarray) -> Words:
    """Decide by the number of seeds that end alike."""
    alike = (scores[:, 0] == scores[:, 1]).sum(axis=1)
    return _by_count(alike, scores.shape[2], agreement.bound, True)


def _by_count(counts: np.ndarray, n: int, bound: float, upwards: bool) -> Words:
    found = [clopper_pearson(k, n, confidence=CONFIDENCE) for k in range(n + 1)]
    words = np.array([side(e.low, e.high, bound, upwards=upwards) for e in found])
    return words[counts.astype(int)]


def compare(
    comparison: Comparison, scores: np.ndarray, confidence: float = CONFIDENCE
) -> Words:
    """Decide by sign flips of the difference."""
    return mean_words(
        scores[:, 0] - scores[:, 1],
        comparison.bound,
        upwards=comparison.upwards,
        confidence=confidence,
    )


def compare_shares(
    comparison: Comparison, scores: np.ndarray, confidence: float = CONFIDENCE
) -> Words:
    """Decide by the four counts of a pair of outcomes."""

    def word(table: tuple[int, ...]) -> str:
        return _share_word(table, comparison.bound, comparison.upwards, confidence)

    return _by_table(scores[:, 0], scores[:, 1], word)


def equate(equivalence: Equivalence, scores: np.ndarray) -> Words:
    """Decide by sign flips on both sides of the margin."""
    differences, margin = scores[:, 0] - scores[:, 1], equivalence.margin
    covered = equivalence_confidence(CONFIDENCE, False)
    words = np.full(len(scores), "undecided", "<U9")
    # Only an interval below the margin can lie above its other side too.
    below = mean_words(differences, margin, upwards=True, confidence=covered)
    rows = np.flatnonzero(below == "fails")
    above = mean_words(differences[rows], -margin, upwards=False, confidence=covered)
    words[rows[above == "fails"]] = "holds"
    # To refute, the wider interval must lie outside.
    for beyond, bound, upwards in (
        (np.flatnonzero(below == "holds"), margin, True),
        (rows[above == "holds"], -margin, False),
    ):
        outside = mean_words(differences[beyond], bound, upwards=upwards) == "holds"
        words[beyond[outside]] = "fails"
    return words


def equate_shares(equivalence: Equivalence, scores: np.ndarray) -> Words:
    """Decide by the four counts of a pair of outcomes."""

    def word(table: tuple[int, ...]) -> str:
        return within(*_share_interval(table, CONFIDENCE), equivalence.margin)

    return _by_table(scores[:, 0], scores[:, 1], word)


def time_ratio(prediction: TimeToTarget, scores: np.ndarray) -> Words:
    """Decide by sign flips of the ratio of restricted means."""
    times = np.maximum(np.minimum(scores, prediction.budget), 1.0)
    words = ratio_words(
        times[:, 0], times[:, 1], prediction.bound, upwards=prediction.upwards
    )
    return _unless_none_gets_there(words, scores, prediction.budget)


def time_difference(prediction: TimeToTarget, scores: np.ndarray) -> Words:
    """Decide by sign flips of the difference of restricted means."""
    times = np.minimum(scores, prediction.budget)
    words = mean_words(
        times[:, 0] - times[:, 1], prediction.bound, upwards=prediction.upwards
    )
    return _unless_none_gets_there(words, scores, prediction.budget)


def _unless_none_gets_there(words: Words, times: np.ndarray, budget: int) -> Words:
    return np.where((times > budget).all(axis=(1, 2)), "untested", words)


def interact(interaction: Interaction, scores: np.ndarray) -> Words:
    """Decide by sign flips of the difference of differences."""
    neither, first, second, both = np.moveaxis(scores, 1, 0)
    effects = (both - second) - (first - neither)
    return mean_words(effects, interaction.bound, upwards=interaction.upwards)


def rank_arms(prediction: League, scores: np.ndarray) -> Words:
    """Decide by signed ranks of all pairs; draws with ties are judged one by one."""
    num_draws, num_arms, n = scores.shape
    place = {arm.name: i for i, arm in enumerate(prediction.ranked)}
    first, second = np.triu_indices(num_arms, k=1)
    gains = scores if prediction.score.better == "higher" else -scores
    gaps = gains[:, first] - gains[:, second]  # [B, pairs, n]
    sizes = np.sort(np.abs(gaps), axis=2)
    tied = (sizes[:, :, 0] == 0) | (np.diff(sizes, axis=2) == 0).any(axis=2)
    ranks = np.abs(gaps).argsort(axis=2).argsort(axis=2) + 1
    positive = np.where(gaps > 0, ranks, 0).sum(axis=2)
    p_values = _rank_p_values(n)[positive]
    leads = np.sign(4 * positive - n * (n + 1))
    words = np.full(num_draws, "undecided", "<U9")
    level = 1 - CONFIDENCE + 1e-12
    for row in np.flatnonzero(p_values.min(axis=1) * len(first) <= level):
        told = holm(p_values[row]) <= level
        ahead = {(i, j): told[k] * leads[row, k] for k, (i, j) in _pairs(first, second)}
        results = [
            ahead[i, j] if i < j else -ahead[j, i]
            for i, j in ((place[a.name], place[b.name]) for a, b in prediction.pairs())
        ]
        words[row] = (
            "fails"
            if min(results) < 0
            else "holds"
            if min(results) > 0
            else "undecided"
        )
    for row in np.flatnonzero(tied.any(axis=1)):
        case = case_of_draw(prediction, "score", scores[row])
        words[row] = judge(prediction, case).outcome
    return words


def _pairs(first: np.ndarray, second: np.ndarray) -> Any:
    return enumerate(zip(first.tolist(), second.tolist(), strict=True))


@lru_cache(maxsize=8)
def _rank_p_values(n: int) -> np.ndarray:
    """Return the p-value for every sum of positive ranks, without ties."""
    found = []
    for total in range(n * (n + 1) // 2 + 1):
        signs, rest = -np.ones(n), total
        for rank in range(n, 0, -1):
            if rank <= rest:
                signs[rank - 1], rest = 1.0, rest - rank
        found.append(signed_rank_p_value(signs * np.arange(1, n + 1)))
    return np.array(found)


def follow(trend: Trend, scores: np.ndarray) -> Words:
    """Decide by sign flips of the whole and of every step."""
    sign = 1.0 if trend.upwards else -1.0
    levels = np.moveaxis(sign * scores, 1, 0)
    whole = mean_words(levels[-1] - levels[0], trend.margin, upwards=True)
    each = simultaneous_confidence(len(levels) - 1, confidence=CONFIDENCE)
    steps = [
        mean_words(
            levels[i + 1] - levels[i],
            -trend.margin,
            upwards=True,
            confidence=each,
            draw=i,
            zero_holds=True,
        )
        for i in range(len(levels) - 1)
    ]
    return _follow(whole, np.stack(steps))


def follow_shares(trend: Trend, scores: np.ndarray) -> Words:
    """Decide by the counts of pairs of outcomes."""
    sign = 1 if trend.upwards else -1
    levels = np.moveaxis(scores, 1, 0)[::sign]

    each = simultaneous_confidence(len(levels) - 1, confidence=CONFIDENCE)

    def whole_word(table: tuple[int, ...]) -> str:
        return _share_word(table, trend.margin, True, CONFIDENCE)

    def step_word(table: tuple[int, ...]) -> str:
        return side(*_share_interval(table, each), -trend.margin, upwards=True)

    whole = _by_table(levels[-1], levels[0], whole_word)
    steps = [_by_table(after, before, step_word) for before, after in pairwise(levels)]
    words = _follow(whole, np.stack(steps))
    return np.where(scores.any(axis=(1, 2)), words, "untested")


def _follow(whole: Words, steps: np.ndarray) -> Words:
    """Put the whole `[B]` and the steps `[L - 1, B]` together."""
    turns, maybe = (steps == "fails").any(axis=0), (steps != "holds").any(axis=0)
    words = np.where((whole == "holds") & maybe, "undecided", whole)
    return np.where(turns, "fails", words)


def _by_table(
    treatment: np.ndarray,
    control: np.ndarray,
    word_of: Callable[[tuple[int, ...]], str],
) -> Words:
    """Decide each distinct table of counts once; a table without success is none."""
    kinds_of_pair = (2 * treatment + control).astype(int)
    counts = np.stack([(kinds_of_pair == k).sum(axis=1) for k in range(4)], axis=1)
    tables, place = np.unique(counts, axis=0, return_inverse=True)
    words = [
        word_of(tuple(table)) if any(table[1:]) else "untested"
        for table in tables.tolist()
    ]
    return np.array(words, "<U9")[place.ravel()]


@lru_cache(maxsize=65_536)
def _share_interval(table: tuple[int, ...], confidence: float) -> tuple[float, float]:
    """Return the interval of a difference of shares, from its four counts."""
    return _contrast_of(table).interval(confidence)


@lru_cache(maxsize=65_536)
def _share_word(
    table: tuple[int, ...], bound: float, upwards: bool, confidence: float
) -> str:
    """Return where a difference of shares lies, from its four counts."""
    return _contrast_of(table).word(bound, confidence, upwards=upwards)


def _contrast_of(table: tuple[int, ...]) -> Contrast:
    return of_counts(*reversed(table))
