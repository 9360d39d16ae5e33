"""Each remedy keeps signals in range, and one that suffices leaves little to the next.

Dropout adds noise on top, which costs capacity wherever overfitting is not the
problem.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth import recipes
from ablations.rigs.readings import compare

REMEDIES = {"dropout": "dropout", "norm": "batch norm", "init": "init", "skip": "skip"}
OVERLAPPING = recipes.CLUSTERS.replace(spread=0.9)
"""Clusters that overlap, so that test accuracy has room on both sides."""


def _arm(depth: int, *remedies: str) -> Arm:
    """Return ReLU layers under Adam from small weights, with some remedies."""
    return recipes.recipe(
        {"ReLU", "Adam", *remedies} - {"dropout"},
        dropout=0.2 if "dropout" in remedies else 0.0,
        depth=depth,
        task=OVERLAPPING,
    )


def _adds(depth: int, remedy: str = "") -> Comparison:
    """Compare all four with none, or with all but one, which may cost a point."""
    rest = [r for r in REMEDIES.values() if r != REMEDIES[remedy]] if remedy else []
    what = (
        recipes.NAMES.get(REMEDIES[remedy], REMEDIES[remedy]) if remedy else "all four"
    )
    return compare(
        _arm(depth, *REMEDIES.values()),
        "no_less" if remedy else "greater",
        _arm(depth, *rest),
        recipes.accuracy(),
        0.01,
        key=f"{remedy or 'all'}_{depth}",
        label=f"test accuracy that comes from {what}, {depth} layers",
    )


CLAIM = Claim(
    statement=(
        "Combining dropout, batch norm, initialization and skip connections improves"
        " stability and accuracy significantly."
    ),
    strength="can",
    rows=("B-SOL-16",),
    source=f"{recipes.BASICS}, solutions to common problems",
    axis="depth",
    core=(_adds(20), _adds(5)),
    beside=tuple(_adds(depth, remedy) for depth in (5, 20) for remedy in REMEDIES),
    controls=(
        recipes.succeeds(
            _arm(20, *REMEDIES.values()),
            key="learns",
            label="runs that learn with all four, 20 layers",
        ),
    ),
    standard_only=True,
    seeds=recipes.SEEDS,
    answers={
        "core": (
            "Yes: together they raise test accuracy by {all_5} percentage points at"
            " five layers and {all_20} at twenty, beside none of them."
        ),
        "!core": "No: together they raise accuracy by less than a percentage point.",
    },
    how=(
        "ReLU networks, {learns.n} each with all four, none, and all but one, were"
        " trained for 500 updates by Adam."
    ),
    caveats=(
        "Stability is not judged apart from accuracy. Dropout is of 20 %."
        f" {recipes.AT_INFERENCE} {recipes.OWN_RATE}"
    ),
    figure="effects",
)
