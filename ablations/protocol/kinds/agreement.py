"""Bound the share of seeds on which two arms end alike."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from ablations.protocol.prediction import ArmField, Prediction, Read, versus
from ablations.protocol.score import ScoreConfig


class Agreement(Prediction):
    """Bound the share of seeds on which two arms end alike.

    Args:
        arm: An arm.
        other: The arm that should give the same outcomes.
        score: The outcome.
        bound: Smallest share of equal outcomes.
    """

    can_be_in_family: ClassVar[bool] = True
    needs_learning: ClassVar[bool] = False
    upwards: ClassVar[bool] = True

    kind: Literal["agreement"] = "agreement"
    arm: ArmField
    other: ArmField
    score: ScoreConfig
    bound: Annotated[float, Field(ge=0.0, le=1.0)]

    def reads(self) -> list[Read]:
        """Return both arms with the score."""
        return [(self.arm, self.score), (self.other, self.score)]

    def rule(self) -> str:
        """Say when the prediction holds."""
        return (
            f"holds if the 95 % Clopper-Pearson interval of the share of seeds on which"
            f" both or neither of {self.arm.name} and {self.other.name}"
            f" {self.score.words} is at least {self.bound:g} throughout, fails if all"
            " of it is below"
        )

    def usual_label(self) -> str:
        """Say which seeds are counted."""
        arms = versus(self.arm, self.other, "and")
        return f"seeds on which both or neither {self.score.words}, {arms}"
