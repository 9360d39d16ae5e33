"""Each remedy keeps signals in range, and one that suffices leaves little to the next.

Dropout adds noise on top, which costs capacity wherever overfitting is not the
problem.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import (
    BASICS,
    CLUSTERS,
    NAMES,
    SEEDS,
    accuracy,
    recipe,
    succeeds,
    switch_key,
)
from ablations.rigs.readings import compare

REMEDIES = ("dropout", "batch norm", "init", "skip")
OVERLAPPING = CLUSTERS.replace(spread=0.9)
"""Clusters that overlap, so that test accuracy has room on both sides."""


def _arm(depth: int, *remedies: str) -> Arm:
    """Return ReLU layers under Adam from small weights, with some remedies."""
    return recipe(
        {"ReLU", "Adam", *remedies} - {"dropout"},
        dropout=0.2 if "dropout" in remedies else 0.0,
        depth=depth,
        task=OVERLAPPING,
    )


def _gains(depth: int, key: str) -> Comparison:
    return compare(
        _arm(depth, *REMEDIES),
        "greater",
        _arm(depth),
        accuracy(),
        0.01,
        key=key,
        label=f"test accuracy that all four add to none, {depth} layers",
        headline=depth == 20,
    )


def _costs_nothing(depth: int, remedy: str) -> Comparison:
    return compare(
        _arm(depth, *REMEDIES),
        "no_less",
        _arm(depth, *(r for r in REMEDIES if r != remedy)),
        accuracy(),
        0.01,
        key=f"{switch_key(remedy)}_{depth}",
        label=f"test accuracy that {NAMES.get(remedy, remedy)} add to the other three,"
        f" {depth} layers",
    )


CLAIM = Claim(
    statement=(
        "Combining dropout, batch norm, initialization and skip connections improves"
        " stability and accuracy significantly."
    ),
    strength="can",
    rows=("B-SOL-16",),
    source=f"{BASICS}, solutions to common problems",
    axis="depth",
    core=(_gains(5, "five"), _gains(20, "twenty")),
    beside=tuple(_costs_nothing(depth, r) for depth in (5, 20) for r in REMEDIES),
    controls=(
        succeeds(
            _arm(20, *REMEDIES),
            key="learns",
            label="runs that learn with all four, 20 layers",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: together they raise test accuracy by {five} percentage points at five"
            " layers and {twenty} at twenty, beside none of them."
        ),
        "!core": "No: together they raise test accuracy by less than a percentage"
        " point, at five layers and at twenty.",
    },
    how=(
        "{twenty.n} networks each, with all four, none, and all but one, were trained"
        " for 500 updates with ReLU and Adam."
    ),
    caveats=(
        "Stability is not judged apart from accuracy. Dropout is of 20 %; accuracy with"
        " batch norm is at inference, with moving averages of momentum 0.99. Each"
        " network has its own learning rate, the middlemost of those within two points"
        " of the best validation accuracy on two tuning seeds, so that a small"
        " difference may be the rate's."
    ),
    figure="effects",
)
