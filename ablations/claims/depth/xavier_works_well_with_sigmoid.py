"""Glorot's rule keeps signals in size where the activation's slope is one.

A sigmoid's slope is at most a quarter, so that weights about four times larger do the
same for it.
With two layers hardly anything is lost either way; with eight a network with Glorot's
weights no longer trains by plain gradient descent.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.depth.recipes import BASICS, SEEDS, accuracy, learns
from ablations.rigs.depth.signals import GLOROT, times, trained

GAINS = (0.5, 2.0, 4.0, 8.0)
LAYERS = (2, 4, 8)
OPTIMIZERS = {"SGD": "sgd", "Adam": "adam"}
PLACES = tuple((name, depth) for name in OPTIMIZERS for depth in LAYERS)


def _arm_name(gain: float, optimizer: str, depth: int) -> str:
    weights = "Xavier" if gain == 1.0 else f"{gain:g} times Xavier"
    return f"{weights}, {optimizer}, {depth} layers"


def _label(gain: float, optimizer: str, depth: int) -> str:
    return f"against weights {gain:g} times as large, {optimizer}, {depth} layers"


CLAIM = Claim(
    statement="Sigmoid layers do well with Xavier initialization.",
    rows=("B-SOL-14",),
    source=f"{BASICS}, proper weight initialization",
    reference="Glorot and Bengio (2010); Kumar (2017)",
    arms={
        _arm_name(gain, name, depth): trained(
            OPTIMIZERS[name], initializer=times(gain, GLOROT), depth=depth
        )
        for gain in (1.0, *GAINS)
        for name, depth in PLACES
    },
    predictions=tuple(
        Comparison(
            label=_label(gain, name, depth),
            treatment=_arm_name(1.0, name, depth),
            control=_arm_name(gain, name, depth),
            score=accuracy(),
            margin=0.01,
            direction="no_less",
            at=("depth", depth),
        )
        for name, depth in PLACES
        for gain in GAINS
    ),
    family=tuple(_label(gain, name, depth) for name, depth in PLACES for gain in GAINS),
    beyond_quick=tuple(
        _label(gain, name, depth)
        for name, depth in PLACES
        for gain in GAINS
        if (gain, name, depth) != (4.0, "SGD", 8)
    ),
    headline=_label(4.0, "SGD", 8),
    controls=(
        SuccessRate(
            label="there are weights that learn, SGD, 8 layers",
            arm=_arm_name(4.0, "SGD", 8),
            score=learns(),
            bound=0.4,
        ),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "Beside weights four times as large, Xavier's do well under SGD with 2"
            " layers ({2} of test accuracy, {2.n} seeds) but not with 4 ({6}) or 8"
            " ({10}), and under Adam with none of these, from 2 ({14}) to 8 ({22})."
            " Beside weights half as large they are at most a point worse wherever that"
            " could be judged."
        )
    },
    caveats=(
        "Test accuracy after 500 updates; a point of accuracy is the smallest"
        " difference that matters. Every other gain is compared with Xavier's, so that"
        " none is picked for having won. Each start has its own learning rate, the"
        " middlemost of those within two points of the best validation accuracy on two"
        " tuning seeds, so that a small difference may be the rate's."
    ),
    figure="effects",
)
