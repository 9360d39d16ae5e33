"""Judge a share of runs, or of seeds, against its bound."""

from __future__ import annotations

import numpy as np

from ablations.judging.outcome import SHARE, Outcome, side
from ablations.judging.seeds import MOST_SEEDS, seeds_for_share
from ablations.judging.wording import more_seeds, percent, share_interval
from ablations.protocol.kinds.agreement import Agreement
from ablations.protocol.kinds.success_rate import SuccessRate
from ablations.stats.proportions import clopper_pearson


def judge_share(
    prediction: SuccessRate | Agreement,
    successes: np.ndarray,
    what: str,
    confidence: float,
) -> Outcome:
    """Judge by the Clopper-Pearson interval."""
    upwards = prediction.upwards
    n, k = len(successes), int(successes.sum())
    exact = clopper_pearson(k, n, null=prediction.bound, confidence=confidence)
    word = side(exact.low, exact.high, prediction.bound, upwards=upwards)
    details = {"successes": k, "p_bound": exact.p_value}
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
    return Outcome.of(
        prediction,
        outcome=word,
        text=text,
        estimate=exact.estimate,
        low=exact.low,
        high=exact.high,
        unit=SHARE,
        n=n,
        bound=prediction.bound,
        direction="at_least" if upwards else "at_most",
        confidence=exact.confidence,
        reason=reason,
        details=details,
    )
