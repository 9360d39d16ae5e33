"""Compare after how many updates two arms reach a target."""

from __future__ import annotations

from typing import Literal

from ablations.protocol.prediction import (
    ArmField,
    Directed,
    Direction,
    Read,
    pair,
    versus,
)
from ablations.protocol.score import ScoreConfig
from models.config import (
    ConfigError,
    PositiveInt,
)


class TimeToTarget(Directed):
    """Compare after how many updates two arms reach a target.

    The time of a run is the first recorded update at which its score succeeds. A run
    that never does is censored at the budget; so is one that diverged, at whatever
    update, since its time is infinite. Both count with the whole budget.

    Args:
        treatment: The arm predicted to be faster, or slower.
        control: The arm it is compared with.
        score: What it is to reach the target.
        budget: Updates that both arms are given.
        measure: Whether mean times are divided or subtracted. A time of 0 counts as 1
            in a ratio.
        margin: Smallest difference in updates that matters; for a ratio the smallest
            excess: 0.5 means 1.5 times as fast, or as slow.
        direction: `less` predicts that the treatment takes less time.
    """

    kind: Literal["time_to_target"] = "time_to_target"
    treatment: ArmField
    control: ArmField
    score: ScoreConfig
    budget: PositiveInt
    measure: Literal["ratio", "difference"] = "ratio"
    direction: Direction = "less"

    def model_post_init(self, context: object) -> None:
        """Check that the score says what the target is, and leaves the time open."""
        super().model_post_init(context)
        if not self.score.is_success or self.score.at is not None:
            raise ConfigError(
                "`score` must have a bound and no `at` where the time to it is asked."
                f" Received: {self.score!r}."
            )

    @property
    def bound(self) -> float:
        """Difference, or ratio, that separates holding from failing."""
        if self.measure == "difference":
            return super().bound
        up = self.direction in ("greater", "no_greater")
        return 1.0 + self.margin if up else 1.0 / (1.0 + self.margin)

    def reads(self) -> list[Read]:
        """Return treatment and control with the score."""
        return pair(self.treatment, self.control, self.score)

    def rule(self) -> str:
        """Say when the prediction holds."""
        words, beyond = self._sides()
        joined = "to" if self.measure == "ratio" else "minus"
        form = "+g" if self.measure == "difference" else ".4g"
        return (
            f"holds if the 95 % interval of the {self.measure} {self.treatment.name}"
            f" {joined} {self.control.name} of the mean number of updates, at most"
            f" {self.budget:,}, until runs {self.score.words} is {words}"
            f" {self.bound:{form}} throughout, fails if all of it is {beyond}; a run"
            f" that never does or diverges counts with {self.budget:,}"
        )

    def usual_label(self) -> str:
        """Say what is counted, and by what the arms differ."""
        joined = "over" if self.measure == "ratio" else "less"
        arms = versus(self.treatment, self.control, joined)
        return f"updates until runs {self.score.words}, {arms}"
