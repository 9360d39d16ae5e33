"""Glorot's rule keeps signals in size where the activation's slope is one.

A sigmoid's slope is at most a quarter, so that weights about four times larger do the
same for it.
With two layers hardly anything is lost either way; with eight a network with Glorot's
weights no longer trains by plain gradient descent.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import BASICS, SEEDS, accuracy, learns
from ablations.rigs.depth.signals import GLOROT, times, trained
from ablations.rigs.readings import compare, mostly

GAINS, LAYERS, OPTIMIZERS = (0.5, 2.0, 4.0, 8.0), (2, 4, 8), ("sgd", "adam")
TEST = accuracy()


def _arm(optimizer: str, depth: int, gain: float) -> Arm:
    arm = trained(initializer=times(gain, GLOROT), optimizer=optimizer, depth=depth)
    return arm.with_levels(gain=gain)


def _no_worse(optimizer: str, depth: int, gain: float) -> Comparison:
    xavier, other = _arm(optimizer, depth, 1.0), _arm(optimizer, depth, gain)
    key = f"{optimizer}{depth}_{'half' if gain < 1.0 else int(gain)}"
    h = key == "sgd8_4"
    return compare(
        xavier, "no_less", other, TEST, 0.01, key=key, family=True, quick=h, headline=h
    )


CLAIM = Claim(
    statement="Sigmoid layers do well with Xavier initialization.",
    rows=("B-SOL-14",),
    source=f"{BASICS}, proper weight initialization",
    reference="Glorot and Bengio (2010); Kumar (2017)",
    axis="depth",
    core=tuple(_no_worse(o, d, g) for o in OPTIMIZERS for d in LAYERS for g in GAINS),
    controls=(mostly(_arm("sgd", 8, 4.0), learns(), 0.4, key="fourfold_learns"),),
    seeds=SEEDS,
    answers={
        "sgd2_4 !sgd8_4 !adam2_4 ?sgd8_half": (
            "Not settled: against weights four times as large, Xavier's keep up with"
            " two layers under plain descent, but lose {sgd8_4} percentage points with"
            " eight."
        ),
        "core": "Yes: from two layers to eight Xavier's weights do at most a point"
        " worse than smaller or larger ones.",
        "!core": "No: from two layers to eight Xavier's weights do worse than smaller"
        " and than larger ones.",
    },
    how=(
        "{sgd8_4.n} sigmoid networks of two, four and eight layers were trained for 500"
        " updates by two optimizers on 1,024 rows of ten classes from weights of five"
        " sizes."
    ),
    caveats="Each start has its own learning rate; small differences may be due to it.",
)
