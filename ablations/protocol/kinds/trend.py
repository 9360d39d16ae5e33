"""Predict that a score rises, or falls, along ordered arms."""

from __future__ import annotations

from typing import Literal

from ablations.protocol.prediction import ArmField, Prediction, Read, counted, versus
from ablations.protocol.score import ScoreConfig
from models.config import (
    ConfigError,
    NonNegative,
)


class Trend(Prediction):
    """Predict that a score rises, or falls, along ordered arms.

    It holds if the last arm exceeds the first by at least `margin` and no step from
    one arm to the next falls by more than `margin` beyond chance; or, for a predicted
    fall, the other way round.

    Args:
        along: The arms in order, or one arm whose scores are in order.
        scores: One score for all arms, or one per arm.
        margin: Smallest difference that matters.
        direction: Whether the score is predicted to rise or to fall.
    """

    kind: Literal["trend"] = "trend"
    along: tuple[ArmField, ...]
    scores: tuple[ScoreConfig, ...]
    margin: NonNegative
    direction: Literal["rises", "falls"] = "rises"

    def model_post_init(self, context: object) -> None:
        """Check that arms and scores line up."""
        super().model_post_init(context)
        counts = {len(self.along), len(self.scores)} - {1}
        if len(counts) != 1 or 0 in counts:
            raise ConfigError(
                "`along` and `scores` must have equal lengths, or one of them length 1."
                f" Received: {len(self.along)} arms, {len(self.scores)} scores."
            )

    @property
    def upwards(self) -> bool:
        """Whether the score is predicted to rise."""
        return self.direction == "rises"

    @property
    def bound(self) -> float:
        """Difference last - first that separates holding from failing."""
        return self.margin if self.upwards else -self.margin

    def reads(self) -> list[Read]:
        """Return arm and score of every level, in order."""
        size = max(len(self.along), len(self.scores))
        arms = self.along * size if len(self.along) == 1 else self.along
        scores = self.scores * size if len(self.scores) == 1 else self.scores
        return list(zip(arms, scores, strict=True))

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, verb = ("at least", "falls") if self.upwards else ("at most", "rises")
        smaller = "smaller" if self.upwards else "larger"
        return (
            "holds if the 95 % interval of the paired difference between the last and"
            f" the first level is {words} {self.bound:+g} throughout and no step"
            f" surely {verb} by more than {self.margin:g} (simultaneous 95 %"
            f" intervals); fails if the difference is surely {smaller} or a step surely"
            f" {verb}{self.scores[0].failures()}"
        )

    def usual_label(self) -> str:
        """Say what changes from where to where."""
        (first, score), *_, (last, end) = self.reads()
        if first == last:
            return f"{counted(score)} up to {counted(end)}, {first.name}"
        return f"{counted(score)}, {versus(last, first, 'less')}"
