"""With batch norm neither signals nor gradients depend on the size of the weights.

So a start too small or too large does no harm, which is most of what goes wrong in
twenty layers.
But the statistics of a batch have gradients of their own: with ReLU each layer raises
the gradient by about a fifth, and after fifty layers it has exploded.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.prediction import Prediction
from ablations.rigs.depth.recipes import BASICS, DEPTH, SEEDS, SMALL, balanced
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

VANISHING: dict[str, tuple[str, InitializerConfig]] = {
    "sigmoid, small weights": ("sigmoid", SMALL),
    "sigmoid, Glorot's weights": ("sigmoid", GLOROT),
    "tanh, small weights": ("tanh", SMALL),
    "ReLU, small weights": ("relu", SMALL),
}
EXPLODING: dict[str, tuple[str, InitializerConfig]] = {
    "tanh, eight times Glorot's weights": ("tanh", times(8.0, GLOROT)),
    "ReLU, twice He's weights": ("relu", times(2.0, HE)),
}
STARTS = VANISHING | EXPLODING
DEEPER = ("sigmoid, Glorot's weights", "ReLU, twice He's weights")
DEEP = 50
CONTROLS = tuple(kind for kind in STARTS if not kind.startswith("tanh"))


def _name(kind: str, depth: int, *, norm: bool) -> str:
    return f"{kind}, {'batch norm' if norm else 'plain'}, {depth} layers"


def _arm(kind: str, depth: int, *, norm: bool) -> Arm:
    activation, initializer = STARTS[kind]
    return start(
        activation=activation,
        initializer=initializer,
        depth=depth,
        batch_norm="before" if norm else None,
    )


def _arrives(kind: str) -> Prediction:
    return mostly(
        f"a first gradient of usual size: {kind}, {DEPTH} layers",
        _name(kind, DEPTH, norm=True),
        arrives(),
        at=("depth", DEPTH),
    )


def _balances(kind: str, depth: int) -> Prediction:
    return mostly(
        f"in balance: {kind}, {depth} layers",
        _name(kind, depth, norm=True),
        balanced(within=2.0),
        at=("depth", depth),
    )


PREDICTIONS = (
    *(_arrives(kind) for kind in STARTS),
    *(_balances(kind, depth) for kind in DEEPER for depth in (DEPTH, DEEP)),
)
IN_QUICK = (
    _arrives("sigmoid, small weights").label,
    _arrives(DEEPER[0]).label,
    _balances(DEEPER[0], DEPTH).label,
)

CLAIM = Claim(
    statement=("Batch normalization makes gradients vanish less and explode less."),
    rows=("B-SOL-9",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Yang et al. (2019)",
    arms={
        **{_name(k, DEPTH, norm=True): _arm(k, DEPTH, norm=True) for k in STARTS},
        **{_name(k, DEEP, norm=True): _arm(k, DEEP, norm=True) for k in DEEPER},
        **{_name(k, DEPTH, norm=False): _arm(k, DEPTH, norm=False) for k in CONTROLS},
    },
    predictions=PREDICTIONS,
    beyond_quick=tuple(p.label for p in PREDICTIONS if p.label not in IN_QUICK),
    controls=tuple(
        mostly(
            f"without it: {kind}",
            _name(kind, DEPTH, norm=False),
            vanished() if kind in VANISHING else exploded(),
        )
        for kind in CONTROLS
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "At 20 layers the first gradient, which vanishes or explodes without batch"
            " norm, has its usual size with it in {0} of {0.n} sigmoid runs from small"
            " weights and {5.brief} of ReLU runs from twice He's. At 50 layers {7} of"
            " sigmoid runs keep first and last gradient within a factor of 100, but {9}"
            " of ReLU runs from twice He's."
        )
    },
    caveats=(
        "The gradient of the first layer at the start, in batches of 512 rows; a"
        " thousand times more or less than usual counts as exploded or vanished, and a"
        " hundredfold difference between first and last layer as out of balance; the"
        " band in the figure is narrower, a factor of ten."
    ),
    figure="gradient_depth",
)
