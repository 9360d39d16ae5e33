"""With batch norm neither signals nor gradients depend on the size of the weights.

So a start too small or too large does no harm, which is most of what goes wrong in
twenty layers.
But the statistics of a batch have gradients of their own: with ReLU each layer raises
the gradient by about a fifth, and after fifty layers it has exploded.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.depth.recipes import BASICS, SEEDS, SMALL, balanced
from ablations.rigs.depth.signals import (
    GLOROT,
    HE,
    arrives,
    exploded,
    start,
    times,
    vanished,
)
from ablations.rigs.readings import mostly
from models.config import InitializerConfig

STARTS: dict[str, tuple[str, str, InitializerConfig]] = {
    "sigmoid_small": ("sigmoid, small weights", "sigmoid", SMALL),
    "sigmoid_glorot": ("sigmoid, Glorot weights", "sigmoid", GLOROT),
    "tanh_small": ("tanh, small weights", "tanh", SMALL),
    "relu_small": ("ReLU, small weights", "relu", SMALL),
    "tanh_large": ("tanh, eight times Glorot weights", "tanh", times(8.0, GLOROT)),
    "relu_large": ("ReLU, twice He weights", "relu", times(2.0, HE)),
}
QUICK = ("sigmoid_small", "sigmoid_glorot")


def _arm(key: str, norm: str | None = "before", depth: int = 20) -> Arm:
    _, activation, initializer = STARTS[key]
    return start(
        activation=activation, initializer=initializer, batch_norm=norm, depth=depth
    )


def _arrives(key: str) -> SuccessRate:
    return mostly(
        _arm(key),
        arrives(),
        key=key,
        label=f"runs whose first gradient has its usual size, {STARTS[key][0]}",
        at=("starting weights", STARTS[key][0]),
        quick=key in QUICK,
    )


def _balances(key: str, depth: int, quick: bool = False) -> SuccessRate:
    return mostly(
        _arm(key, depth=depth),
        balanced(within=2.0),
        key=f"{key}_{depth}",
        label=f"runs whose first and last gradients are in balance, {STARTS[key][0]},"
        f" {depth} layers",
        at=("depth", depth),
        quick=quick,
    )


def _without(key: str) -> SuccessRate:
    explodes = key == "relu_large"
    return mostly(
        _arm(key, norm=None),
        exploded() if explodes else vanished(),
        key=f"{key}_plain",
        label=f"runs whose gradients {'explode' if explodes else 'vanish'} without"
        f" batch norm, {STARTS[key][0]}",
    )


CLAIM = Claim(
    statement=("Batch normalization makes gradients vanish less and explode less."),
    strength="can",
    rows=("B-SOL-9",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Yang et al. (2019)",
    axis="starting weights",
    core=tuple(_arrives(key) for key in STARTS),
    beside=(
        _balances("sigmoid_glorot", 20, quick=True),
        _balances("sigmoid_glorot", 50),
        _balances("relu_large", 20),
        _balances("relu_large", 50),
    ),
    controls=tuple(_without(key) for key in STARTS if not key.startswith("tanh")),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: from six bad starts, with weights too small or too large, the first"
            " of twenty layers gets a gradient of usual size with batch norm."
        ),
        "!core": "No: from none of six bad starts does the first of twenty layers get a"
        " gradient of usual size with batch norm.",
    },
    how=(
        "The first layer's gradient was measured in {sigmoid_small.n} untrained"
        " networks of 20 layers for every start, in batches of 512 rows."
    ),
    caveats=(
        "A thousand times more or less than usual counts as exploded or vanished, and a"
        " hundredfold difference between first and last layer as out of balance; the"
        " band in the figure is narrower, a factor of ten."
    ),
    figure="gradient_depth",
)
