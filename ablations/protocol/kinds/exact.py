"""Compare a measured number with what the statement implies."""

from __future__ import annotations

from typing import ClassVar, Literal

from ablations.protocol.prediction import (
    Prediction,
    Read,
)
from models.config import (
    Finite,
    NonNegative,
)


class ExactCheck(Prediction):
    """Compare a measured number with what the statement implies.

    Args:
        measurement: A name of `ablations.measures`.
        quantity: Which of the numbers it returns; every entry of an array must agree.
        expected: The number implied.
        tolerance: Largest distance that counts as agreement.
        relation: Whether the measured number must equal the expected one or may be
            larger or smaller.
        timed: Whether the number is a time of this machine, which another one, or the
            same at another hour, need not repeat.
    """

    needs_learning: ClassVar[bool] = False

    kind: Literal["exact"] = "exact"
    measurement: str
    quantity: str
    expected: Finite
    tolerance: NonNegative = 0.0
    relation: Literal["equal", "at_least", "at_most"] = "equal"
    timed: bool = False

    def reads(self) -> list[Read]:
        """Return nothing: it is measured, not sampled."""
        return []

    def measured(self) -> str:
        """Return the name of the measurement."""
        return self.measurement

    def rule(self) -> str:
        """Say when the prediction holds."""
        words = {"equal": "equals", "at_least": "is at least", "at_most": "is at most"}
        within = f" within {self.tolerance:g}" if self.tolerance else ""
        return (
            f"holds if the measured {self.quantity.replace('_', ' ')}"
            f" {words[self.relation]} {self.expected:g}{within}, fails otherwise"
        )

    def usual_label(self) -> str:
        """Say what is measured."""
        return self.quantity.replace("_", " ")
