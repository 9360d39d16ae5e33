"""Know for every kind of prediction how its word is reached, for many draws at once.

A *way* is a prediction that sits exactly on the edge of what it claims, so that every
verdict on arms that are alike is false.
Its fast path decides many draws; a sample of them is judged again by `judge`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ablations.judging.case import SMALLEST_NUM_RUNS, Case
from ablations.judging.judge import judge
from ablations.judging.kind import all_kinds
from ablations.protocol.claim import RegisteredClaim
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
from ablations.selfcheck.decisions import (
    Words,
    compare,
    compare_shares,
    decide_agreement,
    decide_exact,
    decide_share,
    equate,
    equate_shares,
    follow,
    follow_shares,
    interact,
    rank_arms,
    time_difference,
    time_ratio,
)
from ablations.selfcheck.synthetic import (
    BUDGET,
    SUCCESS,
    VALUE,
    Data,
    case_of_draw,
    claim_of,
    drawn_arm,
)

Decide = Callable[[Any, np.ndarray], Words]


@dataclass(frozen=True)
class Way:
    """One way to be judged.

    Attributes:
        name: What it is called.
        prediction: The prediction, on the edge of what it claims.
        data: What its arms are drawn as.
        decide: From the prediction and draws `[B, arms, n]` to words `[B]`.
        false: The words that are false if all arms are alike.
    """

    name: str
    prediction: Any
    data: Data
    decide: Decide
    false: tuple[str, ...] = ("holds", "fails")

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, in the order of the draws."""
        return tuple(self.claim.claim.arms)

    @property
    def claim(self) -> RegisteredClaim:
        """The claim that makes this prediction."""
        return claim_of(self.prediction)

    def words(self, scores: np.ndarray) -> Words:
        """Return the words of draws `[B, arms, n]` by the fast path `[B]`."""
        if scores.shape[-1] < SMALLEST_NUM_RUNS and self.data != "measured":
            return np.full(len(scores), "untested", "<U9")
        return self.decide(self.prediction, scores)

    def judged(self, scores: np.ndarray) -> str:
        """Return the word of one draw `[arms, n]` by the judging function."""
        return judge(self.prediction, self.case(scores)).outcome

    def case(self, scores: np.ndarray) -> Case:
        """Return the case of one draw `[arms, n]`."""
        return case_of_draw(self.prediction, self.data, scores)


EDGE: dict[str, Any] = {"key": "edge", "label": "edge"}
A, B, C, D = (drawn_arm(name) for name in "abcd")
PAIR: dict[str, Any] = {**EDGE, "treatment": A, "control": B}


def _ways_without_control(rate: float) -> list[Way]:
    """Return the ways to judge one arm, or how often two arms agree."""
    zero = ExactCheck(**EDGE, measurement="measured", quantity="value", expected=0.0)
    often = SuccessRate(**EDGE, arm=A, score=SUCCESS, bound=rate)
    alike = rate**2 + (1 - rate) ** 2
    agree = Agreement(**EDGE, arm=A, other=B, score=SUCCESS, bound=alike)
    return [
        Way("exact", zero, "measured", decide_exact, ("fails",)),
        Way("success_rate", often, "success", decide_share),
        Way("agreement", agree, "success", decide_agreement),
    ]


def _ways_of_pairs() -> list[Way]:
    """Return the ways to judge a treatment against a control."""
    mean = Comparison(**PAIR, score=VALUE, margin=0)
    of_shares = Comparison(**PAIR, score=SUCCESS, margin=0)
    equal = Equivalence(**PAIR, score=VALUE, margin=0.1)
    equal_shares = Equivalence(**PAIR, score=SUCCESS, margin=0.1)
    ratio = TimeToTarget(**PAIR, score=SUCCESS, budget=BUDGET, margin=0)
    by_difference = ratio.replace(measure="difference")
    return [
        Way("comparison", mean, "score", compare),
        Way("comparison of shares", of_shares, "success", compare_shares),
        Way("equivalence", equal, "score", equate, ("fails",)),
        Way(
            "equivalence of shares", equal_shares, "success", equate_shares, ("fails",)
        ),
        Way("time_to_target", ratio, "time", time_ratio),
        Way("time_to_target by difference", by_difference, "time", time_difference),
    ]


def _ways_of_several() -> list[Way]:
    """Return the ways to judge three or four arms together."""
    cells: dict[str, Any] = {"neither": A, "first": B, "second": C, "both": D}
    both = Interaction(**EDGE, **cells, score=VALUE, margin=0)
    best = League(**EDGE, ranked=(A, B, C), best=A, score=VALUE)
    mean, of_shares = (
        Trend(**EDGE, along=(A, B, C), scores=(score,), margin=0)
        for score in (VALUE, SUCCESS)
    )
    return [
        Way("interaction", both, "score", interact),
        Way("league", best, "score", rank_arms),
        Way("trend", mean, "score", follow),
        Way("trend of shares", of_shares, "success", follow_shares),
    ]


def ways(rate: float = 0.5) -> dict[str, list[Way]]:
    """Return the ways by kind; those about shares are for arms with this share.

    Args:
        rate: The true share of successes of every arm.
    """
    by_kind: dict[str, list[Way]] = {kind: [] for kind in all_kinds()}
    for way in (*_ways_without_control(rate), *_ways_of_pairs(), *_ways_of_several()):
        by_kind.setdefault(way.prediction.kind, []).append(way)
    return by_kind


def all_ways(rate: float = 0.5) -> list[Way]:
    """Return the ways of all kinds, for arms with this share of successes."""
    return [way for members in ways(rate).values() for way in members]
