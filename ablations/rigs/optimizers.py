"""Where the notes speak of update rules, and what it is that a rule is right."""

from __future__ import annotations

from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import at_least, equals

NOTES = "Deep learning notes, chapter 4"
MOMENTUM = f"{NOTES}, momentum"
ADAGRAD = f"{NOTES}, AdaGrad"
RMSPROP = f"{NOTES}, RMSProp"
ADAM = f"{NOTES}, Adam"

RULES = "printed_rules"

HUNDREDTH = 0.01
"""Largest difference between updates that are one rule in practice."""

SIZES = {"one": 1.0, "a_thousandth": 0.001, "a_millionth": 0.000001}
"""Sizes of gradients, by their names in quantities."""


def in_words(size: str) -> str:
    """Say a size as sentences have it."""
    return f"gradients of {size.replace('_', ' ')}"


def as_printed(rule: str, size: str) -> ExactCheck:
    """Predict that five updates of Keras are the printed ones, to a hundredth."""
    return equals(
        RULES,
        f"deviation_of_{rule}_at_{size}",
        0.0,
        HUNDREDTH,
        key=size,
        label=f"deviation of Keras's updates from the printed ones, {in_words(size)}",
        at=("gradient size", SIZES[size]),
    )


def with_its_term(rule: str, size: str) -> ExactCheck:
    """Predict that they are the printed ones, the small term where Keras has it."""
    label = f"deviation with the small term where Keras has it, {in_words(size)}"
    quantity, key = f"rest_of_{rule}_at_{size}", f"moved_{size}"
    return equals(RULES, quantity, 0.0, HUNDREDTH, key=key, label=label)


def as_far(rule: str, size: str) -> ExactCheck:
    """Predict that printed updates go as far as those of Keras."""
    label = f"length of the printed updates over Keras's, {in_words(size)}"
    quantity, key = f"times_of_{rule}_at_{size}", f"far_{size}"
    return equals(RULES, quantity, 1.0, HUNDREDTH, key=key, label=label)


FAULTS = at_least(
    RULES,
    "smallest_deviation_of_a_fault",
    0.1,
    key="faults",
    label="smallest deviation of a rule with a fault",
)
"""A forgotten root, a sum for a mean and a missing correction are noticed."""

COMPARED = (
    "Five printed updates were compared with those of Keras, with the printed numbers,"
    " for random gradients of three sizes."
)
"""How a printed rule was put to the test."""
