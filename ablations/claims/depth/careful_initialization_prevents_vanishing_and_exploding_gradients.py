"""Weights can be drawn so that a layer keeps the size of signals, on average.

Training then changes them little enough in each layer to keep the balance. Glorot's
rule assumes a slope of one and a mean of zero; a sigmoid has a slope of at most a
quarter and a mean of one half, so that gradients shrink in every layer.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS, OLD, SEEDS, balanced, recipe
from ablations.rigs.depth.signals import DEPTHS, arrives, trained, vanished
from ablations.rigs.readings import mostly, rarely


def _arm(activation: str, initializer: str, depth: int) -> Arm:
    make = trained if depth in DEPTHS else recipe
    return make(activation=activation, initializer=initializer, depth=depth)


PLACES = {
    **{f"relu_{n}": _arm("relu", "he_normal", n) for n in (20, 4, 8, 50)},
    **{f"sigmoid_{n}": _arm("sigmoid", "glorot_uniform", n) for n in (4, 8, 20)},
    "tanh_glorot": _arm("tanh", "glorot_uniform", 20),
    "tanh_orthogonal": _arm("tanh", "orthogonal", 20),
}
QUICK = ("relu_8", "relu_20", "sigmoid_8", "sigmoid_20")

CLAIM = Claim(
    statement="Well-chosen first weights keep gradients from vanishing and from"
    " exploding.",
    strength="can",
    rows=("B-SOL-10",),
    source=f"{BASICS}, proper weight initialization",
    reference="Glorot and Bengio (2010); He et al. (2015)",
    axis="depth",
    core=tuple(
        mostly(arm, arrives(), key=key, quick=key in QUICK)
        for key, arm in PLACES.items()
    ),
    beside=tuple(
        mostly(arm, balanced(500), key=f"{key}_even", quick=key in QUICK)
        for key, arm in PLACES.items()
    ),
    controls=(
        mostly(OLD, vanished(), key="vanish"),
        rarely(OLD, balanced(), key="even"),
    ),
    seeds=SEEDS,
    answers={
        ("relu_20 relu_50 !sigmoid_8"): (
            "Yes: with ReLU and He's weights gradients stay in range in {relu_20}"
            " networks of twenty layers; in eight sigmoid layers they vanish."
        ),
        "core": "Yes: with fitting weights gradients neither vanish nor explode"
        " anywhere.",
        "!core": "No: even with fitting weights gradients vanish or explode.",
    },
    how="Networks of 4 to 50 layers, {relu_20.n} for each case, were measured before"
    " training and through 500 updates of plain gradient descent on 1,024 rows of ten"
    " classes.",
    figure="gradient_depth",
)
