"""Judge which arm is the best, or how arms rank, with every seed as one race."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np

from ablations.judging import planning
from ablations.judging.case import Case
from ablations.judging.contrast import check_learned
from ablations.judging.failures import judge_with_failures
from ablations.judging.outcome import Outcome, Word
from ablations.judging.wording import number
from ablations.protocol.kinds import League
from ablations.stats.league import League as Ranking
from ablations.stats.league import league
from ablations.stats.multiple import simultaneous_confidence


def judge(prediction: League, case: Case) -> Outcome:
    """Say whether arms rank as predicted; a failed run ranks last on its seed.

    Raises:
        UntestedError: If runs are missing, or none succeeds.
    """
    scores = case.scores(prediction.reads())
    last = math.inf if prediction.score.better == "lower" else -math.inf
    decide = partial(judge_ranks, prediction, case.confidence)
    return judge_with_failures(scores, lambda: last, decide)


def judge_ranks(
    prediction: League, confidence: float, scores: Sequence[np.ndarray]
) -> Outcome:
    """Judge a ranking from the scores of every arm `[S]`, paired by position."""
    check_learned(scores, prediction.score.is_success)
    higher = prediction.score.better != "lower"
    table = np.stack(scores, axis=1)
    found = league(table, higher_is_better=higher, confidence=confidence)
    names = [arm.name for arm in prediction.ranked]
    place = {name: i for i, name in enumerate(names)}
    pairs = [(place[a.name], place[b.name]) for a, b in prediction.pairs()]
    level = 1.0 - confidence + 1e-12
    gains = table if higher else -table
    leads = [lead(gains[:, better], gains[:, worse]) for better, worse in pairs]
    p_values = [float(found.p_values[pair]) for pair in pairs]
    told = [p <= level for p in p_values]
    word: Word = "undecided"
    reason = ""
    if any(told[i] and leads[i] < 0 for i in range(len(pairs))):
        word = "fails"
    elif all(told[i] and leads[i] > 0 for i in range(len(pairs))):
        word = "holds"
    else:
        first = next(i for i in range(len(pairs)) if not told[i])
        better, worse = (names[place] for place in pairs[first])
        reason = (
            f"{prediction.label}: {found.n:,} seeds do not tell {better} from {worse}."
        )
    shown = ", ".join(
        f"{names[arm]} {number(float(found.mean_ranks[arm]))}" for arm in found.order
    )
    implied = (
        " before ".join(names)
        if prediction.best is None
        else f"{prediction.best.name} before all others"
    )
    stands_for = place[(prediction.best or prediction.ranked[0]).name]
    return Outcome.of(
        prediction,
        outcome=word,
        text=(
            f"{prediction.label}: mean ranks {shown} over {found.n:,} seeds,"
            f" {_top(names, found)}, where the statement implies {implied}"
        ),
        estimate=float(found.mean_ranks[stands_for]),
        unit="mean rank",
        n=found.n,
        p=max(p_values),
        confidence=confidence,
        reason=reason,
        details={
            "arms": names,
            "mean_ranks": found.mean_ranks.tolist(),
            "order": [names[arm] for arm in found.order],
            "top": [names[arm] for arm in found.top],
            "p_values": found.p_values.tolist(),
        },
    )


def lead(one: np.ndarray, other: np.ndarray) -> float:
    """Return the sum of signed ranks of one - other `[S]`, more being better.

    Two equal infinities differ by nothing. Positive where `one` is ahead.
    """
    differences = np.zeros(len(one))
    np.subtract(one, other, out=differences, where=one != other)
    sizes = np.abs(differences)
    _, place, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    ranks = (2 * np.cumsum(counts) - counts + 1)[place]
    return float((np.sign(differences) * ranks).sum())


def _top(arms: Sequence[str], found: Ranking) -> str:
    """Say which arms the tests do not distinguish from the best one."""
    best, *rest = (arms[arm] for arm in found.top)
    if not rest:
        return f"{best} distinguished from all others"
    return f"{best} not distinguished from {', '.join(rest)}"


def fewest_seeds(
    prediction: League, confidence: float, words: planning.Decisions
) -> int | None:
    """Return the seeds n whose smallest signed-rank p-value, 2 / 2^n, will do."""
    each = _each(prediction, confidence)
    return max(1, math.ceil(1.0 - math.log2((1.0 - each) * (1 + 1e-9))))


def detectable(prediction: League, n: int, confidence: float) -> planning.Detectable:
    """Return what is distinguished from the bound with a chance of 80 %."""
    return planning.detectable_mean(n, _each(prediction, confidence))


def _each(prediction: League, confidence: float) -> float:
    """Return the confidence of one pair of arms, where all pairs hold together."""
    arms = len(prediction.ranked)
    return simultaneous_confidence(arms * (arms - 1) // 2, confidence=confidence)
