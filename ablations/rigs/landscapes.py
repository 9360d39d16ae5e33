"""Where the notes speak of surfaces and descents, and what hardly moving is."""

from __future__ import annotations

from ablations.protocol.kinds import ExactCheck
from ablations.protocol.prediction import Condition
from ablations.rigs.readings import at_most

NOTES = "Deep learning notes, chapter 4, optimization methods"

OPTIMIZERS = {
    "sgd": "SGD",
    "momentum": "momentum",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adam": "Adam",
}
"""Printed rules, and how they are called."""

HARDLY = 0.01
"""A hundredth of an optimizer's own way on a slope of one counts as hardly moving."""


def hardly_moves(
    measurement: str, quantity: str, key: str, label: str, at: Condition | None = None
) -> ExactCheck:
    """Predict that a way is under a hundredth of that on a slope of one."""
    return at_most(measurement, quantity, HARDLY, key=key, label=label, at=at)
