"""Swap, rename, permute and rescale what is judged: the verdict follows exactly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from ablations.judging.judge import judge
from ablations.judging.outcome import Outcome
from ablations.protocol.arm import Arm
from ablations.protocol.kinds import (
    Agreement,
    Comparison,
    Equivalence,
    Interaction,
    League,
    TimeToTarget,
)
from ablations.selfcheck.kinds import Way, all_ways
from ablations.selfcheck.noise import SYNTHETIC, Noise
from ablations.selfcheck.row import Row
from ablations.selfcheck.synthetic import drawn_arm

SCALE = 8.0
"""A power of two, by which numbers are multiplied without rounding."""

OPPOSITE = {
    "greater": "less",
    "less": "greater",
    "no_less": "no_greater",
    "no_greater": "no_less",
}
NUMBERS = ("outcome", "estimate", "low", "high", "p", "n")


def check_invariance(num_draws: int) -> list[Row]:
    """Change draws in ways that must not matter, or must mirror the outcome."""
    checks = {
        "rows permuted": _permuted,
        "arms renamed": _renamed,
        "arms swapped": _swapped,
        "metric rescaled": _rescaled,
    }
    rows = []
    for name, check in checks.items():
        rng = np.random.default_rng(7)
        wrong, total = [], 0
        for draw in range(num_draws):
            noise = SYNTHETIC[draw % len(SYNTHETIC)]
            for way in all_ways(noise.rate):
                for n in (12, 20):
                    verdict = check(way, planted(way, noise, rng, n), rng)
                    if verdict is None:
                        continue
                    total += 1
                    if not verdict:
                        wrong.append(way.name)
        seen = f"{total - len(wrong):,} of {total:,} exact"
        if wrong:
            seen += f"; not {', '.join(sorted(set(wrong)))}"
        rows.append(
            Row(f"invariance, {name}", "all exact", seen, total > 0 and not wrong)
        )
    return rows


def planted(way: Way, noise: Noise, rng: np.random.Generator, n: int) -> np.ndarray:
    """Return a draw in which arms may differ, so that every word occurs."""
    scores = noise.draw(way.data, rng, (1, max(len(way.arms), 1), n))[0]
    if way.data == "score":
        scores = scores + rng.normal(size=(len(scores), 1))
    if way.data == "time":
        scores = np.ceil(scores * rng.uniform(0.5, 1.0, (len(scores), 1)))
    return scores


def _outcome(way: Way, scores: np.ndarray) -> Outcome:
    return judge(way.prediction, way.case(scores))


def _numbers(outcome: Outcome) -> tuple[Any, ...]:
    return tuple(getattr(outcome, name) for name in NUMBERS)


def _permuted(way: Way, scores: np.ndarray, rng: np.random.Generator) -> bool:
    order = rng.permutation(scores.shape[1])
    return _numbers(_outcome(way, scores)) == _numbers(_outcome(way, scores[:, order]))


def _renamed(way: Way, scores: np.ndarray, rng: np.random.Generator) -> bool | None:
    if not way.arms:
        return None
    names = {arm: f"z{place}" for place, arm in enumerate(reversed(way.arms))}
    changes: dict[str, Any] = {}
    for field in type(way.prediction).model_fields:
        value = getattr(way.prediction, field)
        if isinstance(value, Arm):
            changes[field] = drawn_arm(names[value.name])
        elif isinstance(value, tuple) and value and isinstance(value[0], Arm):
            changes[field] = tuple(drawn_arm(names[arm.name]) for arm in value)
    other = replace(way, prediction=way.prediction.replace(**changes))
    return _numbers(_outcome(way, scores)) == _numbers(_outcome(other, scores))


def _swapped(way: Way, scores: np.ndarray, rng: np.random.Generator) -> bool | None:
    """Exchange the arms of a pair, and what is predicted of them."""
    prediction: Any = way.prediction
    first = _outcome(way, scores)
    other: Any
    if isinstance(prediction, Comparison | TimeToTarget | Interaction):
        # The bound itself holds on both sides, so no margin is swapped for another.
        other = prediction.replace(direction=OPPOSITE[prediction.direction])
    elif isinstance(prediction, Equivalence | Agreement):
        other = prediction
    else:
        return None
    order = [1, 0, 3, 2] if isinstance(prediction, Interaction) else [1, 0]
    second = _outcome(replace(way, prediction=other), scores[order])
    if first.outcome != second.outcome or first.n != second.n:
        return False
    if isinstance(prediction, Agreement):
        return _numbers(first) == _numbers(second)
    ends = _ends(first.estimate, first.low, first.high)
    mirrored = _ends(second.estimate, second.high, second.low)
    if isinstance(prediction, TimeToTarget) and prediction.measure == "ratio":
        return bool(np.allclose(ends * mirrored, 1.0, 1e-12, 0.0, equal_nan=True))
    # Newcombe's limits add in another order once the arms are exchanged.
    apart = 1e-15 if way.data == "success" else 0.0
    return bool(np.allclose(ends, -mirrored, 0.0, apart, equal_nan=True))


def _ends(*values: float | None) -> np.ndarray:
    """Return numbers as an array; those that are not there are NaN."""
    return np.array([np.nan if value is None else value for value in values])


def _rescaled(way: Way, scores: np.ndarray, rng: np.random.Generator) -> bool | None:
    """Multiply scores and margin by a power of two."""
    prediction: Any = way.prediction
    if way.data not in ("score",):
        return None
    other = prediction
    if not isinstance(prediction, League):
        other = prediction.replace(margin=prediction.margin * SCALE)
    first = _outcome(way, scores)
    second = _outcome(replace(way, prediction=other), scores * SCALE)
    factor = 1.0 if isinstance(prediction, League) else SCALE
    grown = [
        None if value is None else value * factor
        for value in (first.estimate, first.low, first.high)
    ]
    return (
        [second.estimate, second.low, second.high] == grown
        and first.outcome == second.outcome
        and first.p == second.p
    )
