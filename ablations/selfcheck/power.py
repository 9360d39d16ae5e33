"""Compare how often planted effects are found with what the planner promised."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ablations.judging.case import SMALLEST_NUM_RUNS
from ablations.protocol.kinds import Comparison, TimeToTarget
from ablations.selfcheck.decisions import compare, compare_shares, time_ratio
from ablations.selfcheck.errors import Decide, fast
from ablations.selfcheck.kinds import Way
from ablations.selfcheck.row import Row
from ablations.selfcheck.synthetic import BUDGET, SUCCESS, VALUE, drawn_arm
from ablations.stats.power import power_of_mean, seeds_for_mean
from ablations.stats.rate_power import power_of_paired_rates, seeds_for_paired_rates

MOST_APART = 0.03
"""Largest distance between promised and seen power."""

EFFECTS = (0.5, 0.8, 1.2)
"""Planted differences, in standard deviations of the paired difference."""

FASTER = 1.5
TYPICAL_TIME = 60.0
SPREAD_OF_TIMES = 15.0
"""Times are normal, as the planner takes differences to be; with lognormal ones of the
same spread it promises 3 to 4 points less than is seen."""


@dataclass(frozen=True)
class Promise:
    """What the planner says of a planted effect."""

    num_seeds: int
    power: float


def promise_for_mean(effect: float) -> Promise:
    """Plan for a mean difference in standard deviations."""
    num_seeds = max(seeds_for_mean(effect, 1.0) or 0, SMALLEST_NUM_RUNS)
    return Promise(num_seeds, power_of_mean(effect, num_seeds))


def check_power(num_draws: int, decide: Decide = fast) -> list[Row]:
    """Plant effects, judge them with the seeds that the planner asks for."""
    rng = np.random.default_rng(5)
    slack = 3.0 * math.sqrt(0.2 * 0.8 / num_draws) if num_draws < 10_000 else 0.0
    pair: dict[str, Any] = {
        "key": "planted",
        "label": "planted",
        "treatment": drawn_arm("a"),
        "control": drawn_arm("b"),
    }
    plain = Way(
        "difference", Comparison(**pair, score=VALUE, margin=0), "score", compare
    )
    rows = []
    for effect in EFFECTS:
        promise = promise_for_mean(effect)
        scores = rng.normal(size=(num_draws, 2, promise.num_seeds)) / math.sqrt(2.0)
        scores[:, 0] += effect
        rows.append(_row(f"{effect} SD", promise, decide(plain, scores), slack))
    needed = seeds_for_paired_rates(0.8, 0.5) or 0
    promise = Promise(needed, power_of_paired_rates(0.8, 0.5, needed))
    rates = np.array([0.8, 0.5])[:, None]
    successes = (rng.random((num_draws, 2, needed)) < rates) * 1.0
    of_shares = Way(
        "shares", Comparison(**pair, score=SUCCESS, margin=0), "success", compare_shares
    )
    rows.append(
        _row("50 to 80 % success", promise, decide(of_shares, successes), slack)
    )
    slow, fast_time = TYPICAL_TIME, TYPICAL_TIME / FASTER
    size = (slow - fast_time) / (SPREAD_OF_TIMES * math.sqrt(2.0))
    promise = promise_for_mean(size)
    noise = rng.normal(size=(num_draws, 2, promise.num_seeds)) * SPREAD_OF_TIMES
    times = np.maximum(noise + np.array([fast_time, slow])[:, None], 1.0)
    faster = Way(
        "times",
        TimeToTarget(**pair, score=SUCCESS, budget=BUDGET, margin=0),
        "time",
        time_ratio,
    )
    rows.append(_row(f"{FASTER} times faster", promise, decide(faster, times), slack))
    return rows


def _row(effect: str, promise: Promise, words: np.ndarray, slack: float) -> Row:
    seen = float((words == "holds").mean())
    apart = seen - promise.power
    most = MOST_APART + slack
    return Row(
        f"power, {effect}",
        f"within {100 * most:.1f} points of {100 * promise.power:.1f} %",
        f"{100 * seen:.1f} % with {promise.num_seeds} seeds in {len(words):,} draws",
        abs(apart) <= most,
    )
