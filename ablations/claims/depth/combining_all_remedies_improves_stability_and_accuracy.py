"""Each remedy keeps signals in range, and one that suffices leaves little to the next.

Dropout adds noise on top, which costs capacity wherever overfitting is not the
problem.
"""

from collections.abc import Iterable

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import (
    BASICS,
    CLUSTERS,
    SEEDS,
    accuracy,
    learns,
    recipe,
    succeeds,
)

REMEDIES = ("dropout", "batch norm", "init", "skip")
DEPTHS = (5, 20)
OVERLAPPING = CLUSTERS.replace(spread=0.9)
"""Clusters that overlap, so that test accuracy has room on both sides."""


def _arm(remedies: Iterable[str], depth: int) -> Arm:
    """Return ReLU layers under Adam from small weights, with some remedies."""
    on = set(remedies)
    return recipe(
        {"ReLU", "Adam", *(on - {"dropout"})},
        dropout=0.2 if "dropout" in on else 0.0,
        depth=depth,
        task=OVERLAPPING,
    )


def _without(remedy: str) -> tuple[str, ...]:
    return tuple(r for r in REMEDIES if r != remedy)


def _against(label: str, control: str, depth: int, *, gain: bool) -> Comparison:
    return Comparison(
        label=f"{label}, {depth} layers",
        treatment=f"all, {depth} layers",
        control=f"{control}, {depth} layers",
        score=accuracy(),
        margin=0.01,
        direction="greater" if gain else "no_less",
    )


CLAIM = Claim(
    statement=(
        "Combining dropout, batch norm, initialization and skip connections improves"
        " stability and accuracy significantly."
    ),
    rows=("B-SOL-16",),
    source=f"{BASICS}, solutions to common problems",
    arms={
        f"{name}, {depth} layers": _arm(remedies, depth)
        for depth in DEPTHS
        for name, remedies in (
            ("none", ()),
            ("all", REMEDIES),
            *((f"without {r}", _without(r)) for r in REMEDIES),
        )
    },
    predictions=tuple(
        prediction
        for depth in DEPTHS
        for prediction in (
            _against("more accurate than none", "none", depth, gain=True),
            *(
                _against(
                    f"no worse than without {r}", f"without {r}", depth, gain=False
                )
                for r in REMEDIES
            ),
        )
    ),
    beyond_quick=tuple(
        f"{label}, {depth} layers"
        for depth in DEPTHS
        for label in (
            "more accurate than none",
            *(f"no worse than without {r}" for r in REMEDIES),
        )
        if depth == 5
        or label
        in {f"no worse than without {r}" for r in ("batch norm", "skip", "init")}
    ),
    controls=(succeeds("all of them learn, 20 layers", "all, 20 layers", learns()),),
    standard_only=True,
    seeds=SEEDS,
    findings={
        "supported": (
            "All four together change test accuracy, beside none, by {0} at 5 layers"
            " and {5} at 20, over {0.n} seeds. No remedy costs more than a point: at 20"
            " layers batch norm adds {7}, skips {9}, initialization {8} and dropout"
            " {6}; at 5 layers dropout changes it by {1}."
        )
    },
    caveats=(
        "Stability is not judged apart from accuracy. ReLU and Adam throughout, dropout"
        " of 20 %, test accuracy after 500 updates; with batch norm it is that in use,"
        " with moving averages of momentum 0.99. Each arm has its own learning rate,"
        " the middlemost of those within two points of the best validation accuracy on"
        " two tuning seeds, so that a small difference may be the rate's."
    ),
    figure="effects",
)
