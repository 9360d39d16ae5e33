"""Gradients explode when each layer multiplies them by more than one.

He's rule for ReLU, and Glorot's or orthogonal weights for tanh, bring that factor to
about one; a gain a little above it is enough to explode at twenty layers.
Glorot's rule with ReLU stays below one, and the signal fades instead.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import (
    BASICS,
    SEEDS,
    TINY_RATES,
    learns,
    recipe,
    rescues,
)
from ablations.rigs.depth.signals import GLOROT, HE, ORTHOGONAL, exploded, start, times
from ablations.rigs.readings import mostly, rarely
from models.config import InitializerConfig

ROOT_2 = 2.0**0.5

CAREFUL: dict[str, tuple[str, InitializerConfig]] = {
    "ReLU, He": ("relu", HE),
    "ReLU, Glorot": ("relu", GLOROT),
    "ReLU, orthogonal": ("relu", times(ROOT_2, ORTHOGONAL)),
    "tanh, Glorot": ("tanh", GLOROT),
    "tanh, orthogonal": ("tanh", ORTHOGONAL),
}
TOO_LARGE: dict[str, tuple[str, InitializerConfig]] = {
    "ReLU, twice He": ("relu", times(2.0, HE)),
    "tanh, eight times Glorot": ("tanh", times(8.0, GLOROT)),
}
DEEP = "ReLU, He, 50 layers"


def _trained(activation: str, initializer: InitializerConfig) -> Arm:
    return recipe(activation=activation, initializer=initializer, rates=TINY_RATES)


def _start(activation: str, initializer: InitializerConfig) -> Arm:
    return start(activation=activation, initializer=initializer)


def _before(name: str) -> str:
    return f"{name}, before training"


CLAIM = Claim(
    statement="Careful initialization of weights is a solution to exploding gradients.",
    rows=("B-EXP-5",),
    source=f"{BASICS}, exploding gradient problem",
    reference="Glorot and Bengio (2010); Saxe et al. (2014); He et al. (2015)",
    arms={
        **{_before(n): _start(*of) for n, of in CAREFUL.items()},
        _before("ReLU, twice He"): _start(*TOO_LARGE["ReLU, twice He"]),
        **{n: _trained(*of) for n, of in (CAREFUL | TOO_LARGE).items()},
        DEEP: recipe(("ReLU", "init"), depth=50),
    },
    predictions=(
        *(rarely(f"no explosion: {n}", _before(n), exploded()) for n in CAREFUL),
        *(mostly(f"learns: {n}", n, learns()) for n in (*CAREFUL, DEEP)),
        rescues(
            "learns more often than from large weights", "ReLU, He", "ReLU, twice He"
        ),
        rescues(
            "tanh learns more often than from large weights",
            "tanh, Glorot",
            "tanh, eight times Glorot",
        ),
    ),
    beyond_quick=(
        *(f"no explosion: {n}" for n in CAREFUL if n != "ReLU, He"),
        *(f"learns: {n}" for n in (*CAREFUL, DEEP) if n != "ReLU, He"),
        "tanh learns more often than from large weights",
    ),
    controls=(
        mostly("twice He's weights explode", _before("ReLU, twice He"), exploded()),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "At 20 layers gradients explode in {0} of {0.n} ReLU runs from He's"
            " weights and {3.brief} of tanh runs from Glorot's; {5} and {8} learn, {11}"
            " and {12} more than from large weights. It fails where no run learns: ReLU"
            " with Glorot's weights ({6}), though {1.brief} explode, and with He's at"
            " 50 layers ({10})."
        )
    },
    caveats=(
        "Plain gradient descent for 500 updates, each start at its own"
        " learning rate; exploded means more than a thousand times the usual"
        " gradient at the first layer. Orthogonal weights carry a gain of √2 for ReLU."
    ),
    figure="gradient_depth",
)
