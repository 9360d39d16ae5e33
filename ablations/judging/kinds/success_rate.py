"""Judge the share of runs that succeed."""

from __future__ import annotations

from ablations.judging import planning
from ablations.judging.case import SMALLEST_NUM_RUNS, Case
from ablations.judging.outcome import Outcome, UntestedError
from ablations.judging.shares import judge_share
from ablations.protocol.kinds.success_rate import SuccessRate


def judge(rate: SuccessRate, case: Case) -> Outcome:
    """Say on which side of its bound the share of successful runs lies.

    Raises:
        UntestedError: If runs are missing or too few of them count.
    """
    if rate.among is None:
        (successes,) = case.scores(rate.reads())
        return judge_share(rate, successes, f"runs {rate.score.words}", case.confidence)
    successes, counted = case.scores(rate.reads())
    successes = successes[counted == 1.0]
    if len(successes) < SMALLEST_NUM_RUNS:
        raise UntestedError(
            f"Only {len(successes)} runs {rate.among.words}; it takes"
            f" {SMALLEST_NUM_RUNS}.",
        )
    what = f"runs that {rate.among.words} {rate.score.words}"
    return judge_share(rate, successes, what, case.confidence)


def fewest_seeds(
    rate: SuccessRate, confidence: float, words: planning.Decisions
) -> int | None:
    """Return the fewest seeds with which some runs would give one of these words."""
    return planning.fewest_for_share(rate.bound, rate.upwards, confidence, words)


def detectable(rate: SuccessRate, n: int, confidence: float) -> planning.Detectable:
    """Return the share that is distinguished from the bound with a chance of 80 %."""
    return planning.detectable_share(rate.bound, rate.upwards, n, confidence)
