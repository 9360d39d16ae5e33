"""Without biases all kinks of a ReLU network pass through the origin.

Its output then grows in proportion along every ray, so that points on one ray are of
one class; with many inputs few rows share a ray, and some input may serve as a bias.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import compare
from ablations.rigs.training.networks import SEEDS, TEST, biased

TASKS = {
    "spirals": "spirals",
    "clusters": "clusters",
    "digits": "digits",
    "shifted": "digits, pixels from 0 to 1",
}
NEEDED = 0.01
"""A point of accuracy."""


def _costs(key: str) -> Comparison:
    arms = biased(TASKS[key], False), biased(TASKS[key], True)
    at = ("task", TASKS[key])
    return compare(arms[0], "less", arms[1], TEST, NEEDED, key=key, at=at)


def _stands_in(task: str) -> Comparison:
    """Predict that the shift of batch norm makes up for the biases."""
    arms = biased(task, False, batch_norm=True), biased(task, True)
    return compare(arms[0], "no_less", arms[1], TEST, NEEDED, key=f"norm_{task}")


CLAIM = Claim(
    statement="A neuron needs a bias beside its weighted inputs.",
    strength="always",
    rows=("B-BAS-4",),
    source="Basics of deep learning, neurons; the reason is announced there and never"
    " given",
    axis="task",
    core=tuple(map(_costs, TASKS)),
    beside=(
        _stands_in("spirals"),
        _stands_in("clusters"),
        compare(
            biased("spirals", True),
            "greater",
            biased("spirals", True),
            TEST.replace(words="test accuracy at the end"),
            0.2,
            TEST.replace(at=0, words="test accuracy at the start"),
            key="learns",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "spirals !clusters !digits !shifted": (
            "Not everywhere: without biases networks lose {spirals} percentage points"
            " on spirals, whose inputs are two, but nothing measurable on clusters and"
            " digits."
        ),
        "core": "Yes: without biases networks lose {spirals} percentage points on"
        " spirals, and at least one on clusters and digits.",
        "!core": "No: without biases networks lose under one percentage point on"
        " spirals, clusters and digits.",
        "spirals": "It depends on the task: without biases networks lose {spirals}"
        " percentage points on spirals, but not surely a point on every task.",
        "!spirals": "Not in general: without biases networks lose less than a point on"
        " spirals, where {spirals.treatment} of test rows are right.",
    },
    how=(
        "{spirals.n} networks of two layers with and without biases learned four"
        " tasks for 1,000 updates of Adam, each at a learning rate of its own."
    ),
    caveats="ReLU networks of 64 units; all biases are left out, that of the output"
    " layer included. A need is read as a loss of accuracy in a whole network; that a"
    " single neuron without a bias can compute less is not in question.",
)
