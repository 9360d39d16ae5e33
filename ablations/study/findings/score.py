"""Say what the nets of a study are judged by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Score:
    """Say what every arm is judged by.

    Attributes:
        name: `accuracy`, `crossentropy`, `rmse` or `r2`.
        higher_is_better: Whether more of it is better.
        margin: Smallest difference that matters, in the unit of the score.
        unit: What a difference is counted in; "points" for accuracy, which is shown
            times 100, and the name of the target for a RMSE.
        factor: What a difference is multiplied by for people, 100 for accuracy.
    """

    name: str
    higher_is_better: bool
    margin: float
    unit: str
    factor: float = 1.0

    @property
    def is_share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.name.endswith("accuracy")
