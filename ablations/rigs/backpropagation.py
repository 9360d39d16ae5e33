"""Where the notes speak of gradients, and what it is that a printed line is right."""

from __future__ import annotations

from ablations.protocol.kinds import ExactCheck
from ablations.protocol.prediction import Condition
from ablations.rigs.readings import equals

NOTES = "Deep learning notes, chapter 7, back propagation"
BASICS = "Basics of deep learning, training a neural network"
DEAD = "Basics of deep learning, dead neuron problem"

DIGITS = 1e-6
"""Largest relative deviation from finite differences, or from Keras's float32."""


def agrees(
    measurement: str, quantity: str, key: str, label: str, at: Condition | None = None
) -> ExactCheck:
    """Predict a deviation of zero to six digits."""
    return equals(measurement, quantity, 0.0, DIGITS, key=key, label=label, at=at)
