"""Predict which arm is the best, or how arms rank."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from ablations.protocol.arm import Arm
from ablations.protocol.prediction import ArmField, Prediction, Read, counted
from ablations.protocol.score import ScoreConfig
from models.config import (
    ConfigError,
    requirement,
)


class League(Prediction):
    """Predict which arm is the best, or how arms rank.

    Args:
        ranked: The arms; without `best`, in the order predicted, best first.
        best: The arm predicted to beat every other.
        score: What they are ranked by on every seed.
    """

    kind: Literal["league"] = "league"
    ranked: tuple[ArmField, ...]
    best: ArmField | None = None
    score: ScoreConfig

    def model_post_init(self, context: object) -> None:
        """Check that there is something to rank, and which end of it is best."""
        super().model_post_init(context)
        names = [arm.name for arm in self.ranked]
        if len(set(names)) < max(2, len(names)):
            raise ConfigError(
                f"`ranked` must be at least two different arms. Received: {names}."
            )
        if self.best is not None and self.best not in self.ranked:
            raise requirement("best", f"must be one of {names}", self.best.name)
        if not self.score.is_success and self.score.better is None:
            raise ConfigError("`better` must be given for a score that arms rank by.")

    def pairs(self) -> list[tuple[Arm, Arm]]:
        """Return the pairs of arms of which the first is predicted to be better."""
        if self.best is None:
            return list(pairwise(self.ranked))
        return [(self.best, arm) for arm in self.ranked if arm != self.best]

    def reads(self) -> list[Read]:
        """Return the arms with the score."""
        return [(arm, self.score) for arm in self.ranked]

    def rule(self) -> str:
        """Say when the prediction holds."""
        first = (
            "each of " + ", ".join(arm.name for arm in self.ranked) + " beats the next"
            if self.best is None
            else f"{self.best.name} beats each of "
            + ", ".join(arm.name for arm in self.ranked if arm != self.best)
        )
        return (
            f"holds if {first} ({self.score.words}) by Wilcoxon's signed ranks over"
            " seeds at 5 %, Holm-adjusted over all pairs of the arms, fails if one of"
            f" these is surely the other way round{self.score.failures()}"
        )

    def usual_label(self) -> str:
        """Say by what which arms are ranked."""
        arms = ", ".join(arm.name for arm in self.ranked)
        return f"rank by {counted(self.score)}: {arms}"
