"""Predict that one factor changes the effect of another."""

from __future__ import annotations

from typing import Literal

from ablations.protocol.prediction import ArmField, Directed, Read, counted, versus
from ablations.protocol.score import ScoreConfig


class Interaction(Directed):
    """Predict that one factor changes the effect of another.

    The difference is (both - second) - (first - neither): the effect of the first
    factor beside the second, minus its effect alone.

    Args:
        neither: The arm without the two factors.
        first: The arm with the first factor alone.
        second: The arm with the second factor alone.
        both: The arm with both.
        score: What is compared.
    """

    kind: Literal["interaction"] = "interaction"
    neither: ArmField
    first: ArmField
    second: ArmField
    both: ArmField
    score: ScoreConfig

    def reads(self) -> list[Read]:
        """Return the four arms with the score."""
        arms = (self.neither, self.first, self.second, self.both)
        return [(arm, self.score) for arm in arms]

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, beyond = self._sides()
        return (
            f"holds if the 95 % interval of the paired contrast ({self.both.name} -"
            f" {self.second.name}) - ({self.first.name} - {self.neither.name})"
            f" ({self.score.words}) is {words} {self.bound:+g} throughout, fails if"
            f" all of it is {beyond}{self.score.failures()}"
        )

    def usual_label(self) -> str:
        """Say which effect changes, and by what."""
        effect = versus(self.first, self.neither, "less")
        beside = versus(self.second, self.neither, "less")
        return f"change of {counted(self.score)} ({effect}) by {beside}"
