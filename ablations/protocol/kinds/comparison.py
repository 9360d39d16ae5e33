"""Compare two arms seed by seed."""

from __future__ import annotations

from typing import Literal

from ablations.protocol.prediction import (
    ArmField,
    Directed,
    Read,
    difference,
    pair,
)
from ablations.protocol.score import ScoreConfig


class Comparison(Directed):
    """Compare two arms seed by seed.

    Args:
        treatment: The arm predicted to do better.
        control: The arm it is compared with.
        score: What is compared.
        control_score: What is read from the control, where that differs (the same
            arm at another number of updates).
        margin: Smallest difference that matters.
        direction: `greater` predicts that treatment - control is at least `margin`,
            `less` that it is at most -`margin`, `no_less` that it is at least
            -`margin`, `no_greater` that it is at most `margin`.
    """

    kind: Literal["comparison"] = "comparison"
    treatment: ArmField
    control: ArmField
    score: ScoreConfig
    control_score: ScoreConfig | None = None

    def reads(self) -> list[Read]:
        """Return treatment and control with their scores."""
        return pair(self.treatment, self.control, self.score, self.control_score)

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, beyond = self._sides()
        first, second, other = self.score.words, "", self.control_score
        if other:
            second = other.words
            if (self.treatment.name, first) == (self.control.name, second):
                # Two numbers of the same runs, which only their names tell apart.
                first, second = self.score.quantity, other.quantity
        return (
            f"holds if the 95 % interval of the paired difference"
            f" {self.treatment.name} ({first}) minus {self.control.name}"
            f"{f' ({second})' if second else ''} is {words} {self.bound:+g} throughout,"
            f" fails if all of it is {beyond}{self.score.failures()}"
        )

    def usual_label(self) -> str:
        """Say what is compared, and by what the arms differ."""
        return difference(*self.reads())
