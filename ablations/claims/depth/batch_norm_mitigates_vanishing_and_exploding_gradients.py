"""With batch norm neither signals nor gradients depend on the size of the weights.

So a start too small or too large does no harm, which is most of what goes wrong in
twenty layers.
But the statistics of a batch have gradients of their own: with ReLU each layer raises
the gradient by about a fifth, and after fifty layers it has exploded.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import signals
from ablations.rigs.depth.recipes import BASICS, SEEDS, SMALL, balanced
from ablations.rigs.depth.signals import GLOROT, HE, exploded, start_of, times, vanished
from ablations.rigs.readings import mostly

STARTS = {
    "sigmoid_small": ("sigmoid", SMALL),
    "sigmoid_glorot": ("sigmoid", GLOROT),
    "tanh_small": ("tanh", SMALL),
    "relu_small": ("relu", SMALL),
    "tanh_large": ("tanh", times(8.0, GLOROT)),
    "relu_large": ("relu", times(2.0, HE)),
}
QUICK = ("sigmoid_small", "sigmoid_glorot")


def _arm(key: str, norm: str | None = "before", depth: int = 20) -> Arm:
    activation, weights = STARTS[key]
    return signals.start(
        activation=activation, initializer=weights, batch_norm=norm, depth=depth
    )


def _arrives(key: str) -> SuccessRate:
    arm = _arm(key)
    return mostly(
        arm,
        signals.arrives(),
        key=key,
        label=f"runs with a first gradient of usual size, {start_of(arm)}",
        at=("starting weights", start_of(arm)),
        quick=key in QUICK,
    )


def _balances(key: str, depth: int) -> SuccessRate:
    arm = _arm(key, depth=depth)
    return mostly(
        arm,
        balanced(within=2.0),
        key=f"{key}_{depth}",
        label=f"runs with gradients in balance, {start_of(arm)}, {depth} layers",
        quick=key in QUICK and depth == 20,
    )


def _without(key: str, score: ScoreConfig) -> SuccessRate:
    arm = _arm(key, norm=None)
    label = f"runs that {score.words} without batch norm, {start_of(arm)}"
    return mostly(arm, score, key=f"{key}_plain", label=label)


CLAIM = Claim(
    statement=("Batch normalization makes gradients vanish less and explode less."),
    strength="can",
    rows=("B-SOL-9",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Yang et al. (2019)",
    axis="starting weights",
    core=tuple(_arrives(key) for key in STARTS),
    beside=tuple(
        _balances(key, depth)
        for key in ("sigmoid_glorot", "relu_large")
        for depth in (20, 50)
    ),
    controls=(
        _without("sigmoid_small", vanished()),
        _without("sigmoid_glorot", vanished()),
        _without("relu_small", vanished()),
        _without("relu_large", exploded()),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: from six bad starts, with weights too small or too large, gradients"
            " reach the first of twenty layers at their usual size."
        ),
        "!core": "No: from none of six bad starts do gradients arrive at usual size.",
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
