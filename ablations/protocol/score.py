"""Turn a run into one number, or into success and failure."""

from __future__ import annotations

from typing import Literal

from ablations.training.config import MOVING
from models.config import ConfigError, Finite, FrozenConfig, NonNegativeInt


class ScoreConfig(FrozenConfig):
    """Turn a run into one number, or into success and failure.

    Args:
        quantity: A recorded metric, or a name of `ablations.evidence.weight_scores`.
        at: Number of updates at which the metric is read; None reads the last.
        at_least: With this, or `at_most`, the score is 1 where the bound is met, else
            0; a run that diverged or failed scores 0.
        better: Whether larger or smaller numbers are better; runs without a number
            then count as the worst seen. Success scores need none: 1 is better.
        failed_value: The number that a run without one counts with instead.
        words: What a success is called in the report, as in "solves all four rows".
    """

    quantity: str
    at: NonNegativeInt | None = None
    at_least: Finite | None = None
    at_most: Finite | None = None
    better: Literal["higher", "lower"] | None = None
    failed_value: Finite | None = None
    words: str

    @property
    def is_success(self) -> bool:
        """Whether the score is 0 or 1."""
        return self.at_least is not None or self.at_most is not None

    @property
    def range(self) -> tuple[float, float] | None:
        """Smallest and largest number possible, None where there is no such bound."""
        part, _, name = self.quantity.removeprefix(MOVING).rpartition("_")
        is_share = name == "accuracy" and part in ("", "val", "test")
        return (0.0, 1.0) if self.is_success or is_share else None

    def model_post_init(self, context: object) -> None:
        """Check that a success score says nothing of failures, which are no success."""
        if self.is_success and (self.better or self.failed_value is not None):
            raise ConfigError(
                "`better` and `failed_value` must be None for a success score."
                f" Received: {self.better!r} and {self.failed_value}."
            )

    def failures(self) -> str:
        """Say what becomes of runs without a number, as the end of a rule."""
        if self.is_success or (self.better is None and self.failed_value is None):
            return ""
        worst = "the worst score seen"
        counts = worst if self.failed_value is None else f"{self.failed_value:g}"
        return f"; failed runs count as {counts} and must not decide"
