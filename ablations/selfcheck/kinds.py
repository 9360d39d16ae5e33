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


def ways(rate: float = 0.5) -> dict[str, list[Way]]:
    """Return the ways by kind; those about shares are for arms with this share.

    Args:
        rate: The true share of successes of every arm.
    """
    a, b, c, d = [drawn_arm(name) for name in "abcd"]
    edge: dict[str, Any] = {"key": "edge", "label": "edge"}
    pair: dict[str, Any] = {**edge, "treatment": a, "control": b}
    alike = rate**2 + (1 - rate) ** 2
    three = (a, b, c)
    made = [
        Way(
            "exact",
            ExactCheck(**edge, measurement="measured", quantity="value", expected=0.0),
            "measured",
            decide_exact,
            ("fails",),
        ),
        Way(
            "success_rate",
            SuccessRate(**edge, arm=a, score=SUCCESS, bound=rate),
            "success",
            decide_share,
        ),
        Way(
            "agreement",
            Agreement(**edge, arm=a, other=b, score=SUCCESS, bound=alike),
            "success",
            decide_agreement,
        ),
        Way("comparison", Comparison(**pair, score=VALUE, margin=0), "score", compare),
        Way(
            "comparison of shares",
            Comparison(**pair, score=SUCCESS, margin=0),
            "success",
            compare_shares,
        ),
        Way(
            "equivalence",
            Equivalence(**pair, score=VALUE, margin=0.1),
            "score",
            equate,
            ("fails",),
        ),
        Way(
            "equivalence of shares",
            Equivalence(**pair, score=SUCCESS, margin=0.1),
            "success",
            equate_shares,
            ("fails",),
        ),
        Way(
            "time_to_target",
            TimeToTarget(**pair, score=SUCCESS, budget=BUDGET, margin=0),
            "time",
            time_ratio,
        ),
        Way(
            "time_to_target by difference",
            TimeToTarget(
                **pair, score=SUCCESS, budget=BUDGET, margin=0, measure="difference"
            ),
            "time",
            time_difference,
        ),
        Way(
            "interaction",
            Interaction(
                **edge,
                neither=a,
                first=b,
                second=c,
                both=d,
                score=VALUE,
                margin=0,
            ),
            "score",
            interact,
        ),
        Way(
            "league",
            League(**edge, ranked=three, best=a, score=VALUE),
            "score",
            rank_arms,
        ),
        Way(
            "trend",
            Trend(**edge, along=three, scores=(VALUE,), margin=0),
            "score",
            follow,
        ),
        Way(
            "trend of shares",
            Trend(**edge, along=three, scores=(SUCCESS,), margin=0),
            "success",
            follow_shares,
        ),
    ]
    by_kind: dict[str, list[Way]] = {kind: [] for kind in all_kinds()}
    for way in made:
        by_kind.setdefault(way.prediction.kind, []).append(way)
    return by_kind


def all_ways(rate: float = 0.5) -> list[Way]:
    """Return the ways of all kinds, for arms with this share of successes."""
    return [way for members in ways(rate).values() for way in members]
