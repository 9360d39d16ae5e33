"""Predict that two arms differ by less than matters."""

from __future__ import annotations

from typing import ClassVar, Literal

from ablations.protocol.prediction import (
    ArmField,
    Prediction,
    Read,
    difference,
    pair,
)
from ablations.protocol.score import ScoreConfig
from models.config import (
    Positive,
)


class Equivalence(Prediction):
    """Predict that two arms differ by less than matters.

    Args:
        treatment: An arm.
        control: The arm it is compared with.
        score: What is compared.
        control_score: What is read from the control, where that differs.
        margin: Smallest difference that matters; one of this size refutes.
    """

    can_be_in_family: ClassVar[bool] = True

    kind: Literal["equivalence"] = "equivalence"
    treatment: ArmField
    control: ArmField
    score: ScoreConfig
    control_score: ScoreConfig | None = None
    margin: Positive

    def reads(self) -> list[Read]:
        """Return treatment and control with their scores."""
        return pair(self.treatment, self.control, self.score, self.control_score)

    def rule(self) -> str:
        """Say when the prediction holds."""
        earlier = f" ({self.control_score.words})" if self.control_score else ""
        size, how = "90", " (two one-sided tests at 5 %)"
        if self.score.is_success:
            size, how = "95", ""
        return (
            f"holds if the {size} % interval of the paired difference"
            f" {self.treatment.name} ({self.score.words}) minus"
            f" {self.control.name}{earlier} lies inside"
            f" {-self.margin:+g} to {self.margin:+g}{how}, fails if all of the 95 %"
            f" interval lies outside{self.score.failures()}"
        )

    def usual_label(self) -> str:
        """Say what is compared, and by what the arms differ."""
        return difference(*self.reads())
