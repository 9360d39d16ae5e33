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
from ablations.rigs.depth.signals import GLOROT, HE, said_of, times
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
USUAL = "runs with a first gradient of usual size"
BALANCED = "runs with gradients in balance"


def _arm(key: str, norm: str | None = "before", depth: int = 20) -> Arm:
    activation, weights = STARTS[key]
    return signals.start(
        activation=activation, initializer=weights, batch_norm=norm, depth=depth
    )


def _arrives(key: str) -> SuccessRate:
    said = said_of(_arm(key), key, USUAL, factor="start", quick=key in QUICK)
    return mostly(_arm(key), signals.arrives(), **said)


def _balances(key: str, depth: int, *, quick: bool = False) -> SuccessRate:
    arm = _arm(key, depth=depth)
    said = said_of(arm, f"{key}_{depth}", BALANCED, quick=quick)
    return mostly(arm, balanced(within=2.0), **said)


def _without(key: str, score: ScoreConfig) -> SuccessRate:
    arm = _arm(key, norm=None)
    said = said_of(arm, f"{key}_plain", f"plain runs that {score.words}")
    return mostly(arm, score, **said)


CLAIM = Claim(
    statement="Batch normalization makes gradients vanish less and explode less.",
    strength="can",
    rows=("B-SOL-9",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Yang et al. (2019)",
    axis="start",
    core=tuple(_arrives(key) for key in STARTS),
    beside=(
        _balances("sigmoid_glorot", 20, quick=True),
        _balances("sigmoid_glorot", 50),
        _balances("relu_large", 20),
        _balances("relu_large", 50),
    ),
    controls=(
        _without("sigmoid_small", signals.vanished()),
        _without("sigmoid_glorot", signals.vanished()),
        _without("relu_small", signals.vanished()),
        _without("relu_large", signals.exploded()),
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
        "A thousandfold gradient counts as exploded or vanished, and a hundredfold"
        " difference between first and last layer as out of balance."
    ),
    figure="gradient_depth",
)
