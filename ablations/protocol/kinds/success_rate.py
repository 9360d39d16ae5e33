"""Bound the share of an arm's runs that succeed."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ablations.protocol.arm import Arm
from ablations.protocol.prediction import ArmField, Prediction, Read, counted
from ablations.protocol.score import ScoreConfig


class SuccessRate(Prediction):
    """Bound the share of an arm's runs that succeed.

    Args:
        arm: The arm.
        score: What success is.
        bound: The share predicted.
        direction: Whether the share is predicted to be at least or at most `bound`.
        among: Count only the runs that succeed in this.
    """

    can_be_in_family: ClassVar[bool] = True
    needs_learning: ClassVar[bool] = False

    kind: Literal["success_rate"] = "success_rate"
    arm: ArmField
    score: ScoreConfig
    bound: Annotated[float, Field(ge=0.0, le=1.0)]
    direction: Literal["at_least", "at_most"] = "at_least"
    among: ScoreConfig | None = None

    @property
    def upwards(self) -> bool:
        """Whether larger shares favor the prediction."""
        return self.direction == "at_least"

    def reads(self) -> list[Read]:
        """Return the arm with its score, and with what its runs are counted among."""
        among = [(self.arm, self.among)] if self.among else []
        return [(self.arm, self.score), *among]

    def arms(self) -> list[Arm]:
        """Return the arm."""
        return [self.arm]

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, beyond = ("at least", "below") if self.upwards else ("at most", "above")
        runs = f"runs that {self.among.words}" if self.among else "runs"
        return (
            f"holds if the 95 % Clopper-Pearson interval of the share of {runs} that"
            f" {self.score.words} is {words} {self.bound:.4g} throughout, fails if all"
            f" of it is {beyond}"
        )

    def usual_label(self) -> str:
        """Say which runs are counted."""
        among = f" among those that {self.among.words}" if self.among else ""
        return f"{counted(self.score)}{among}, {self.arm.name}"
