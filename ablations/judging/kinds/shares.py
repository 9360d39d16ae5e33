"""Judge the share of runs that succeed, and of seeds on which two arms end alike."""

from __future__ import annotations

import numpy as np

from ablations.judging.case import SMALLEST_NUM_RUNS, Case
from ablations.judging.outcome import Outcome, UntestedError, side
from ablations.judging.seeds import MOST_SEEDS, seeds_for_share
from ablations.judging.wording import more_seeds, percent, share_interval
from ablations.protocol.prediction import Agreement, SuccessRate
from ablations.stats.proportions import clopper_pearson, wilson


def judge_success_rate(rate: SuccessRate, case: Case) -> Outcome:
    """Say on which side of its bound the share of successful runs lies.

    Raises:
        UntestedError: If runs are missing or too few of them count.
    """
    if rate.among is None:
        (successes,) = case.scores([(rate.arm, rate.score)])
        return _judge_share(
            rate, successes, f"runs {rate.score.words}", case.confidence
        )
    successes, counted = case.scores([(rate.arm, rate.score), (rate.arm, rate.among)])
    successes = successes[counted == 1.0]
    if len(successes) < SMALLEST_NUM_RUNS:
        raise UntestedError(
            f"Only {len(successes)} runs {rate.among.words}; it takes"
            f" {SMALLEST_NUM_RUNS}.",
        )
    what = f"runs that {rate.among.words} {rate.score.words}"
    return _judge_share(rate, successes, what, case.confidence)


def judge_agreement(agreement: Agreement, case: Case) -> Outcome:
    """Say whether two arms end alike on at least a share of their common seeds.

    A run without a score, NaN, is like no other.

    Raises:
        UntestedError: If runs are missing.
    """
    one, other = case.scores(
        [(agreement.arm, agreement.score), (agreement.other, agreement.score)]
    )
    return _judge_share(
        agreement, (one == other) * 1.0, "seeds end alike", case.confidence
    )


def _judge_share(
    prediction: SuccessRate | Agreement,
    successes: np.ndarray,
    what: str,
    confidence: float,
) -> Outcome:
    """Judge by the Clopper-Pearson interval; Wilson's is kept for figures."""
    upwards = isinstance(prediction, Agreement) or prediction.direction == "at_least"
    n, k = len(successes), int(successes.sum())
    exact = clopper_pearson(k, n, null=prediction.bound, confidence=confidence)
    shown = wilson(k, n, confidence=confidence)
    word = side(exact.low, exact.high, prediction.bound, upwards=upwards)
    details = {
        "successes": k,
        "wilson_low": shown.low,
        "wilson_high": shown.high,
        "p_bound": exact.p_value,
    }
    reason = ""
    if word == "undecided":
        needed = seeds_for_share(k, n, prediction.bound, confidence)
        details["seeds_that_decide"] = needed
        reason = more_seeds(prediction.label, n, needed, MOST_SEEDS)
    bound, relation = prediction.bound, "at least" if upwards else "at most"
    text = (
        f"{prediction.label}:"
        f" {share_interval(exact.estimate, exact.low, exact.high, bound)} of {n:,}"
        f" {what}, where the statement implies {relation} {percent(bound)}"
    )
    return Outcome(
        label=prediction.label,
        kind=prediction.kind,
        outcome=word,
        text=text,
        rule=prediction.rule(),
        estimate=exact.estimate,
        low=exact.low,
        high=exact.high,
        unit="share of runs",
        n=n,
        bound=prediction.bound,
        direction="at_least" if upwards else "at_most",
        confidence=exact.confidence,
        reason=reason,
        details=details,
    )
