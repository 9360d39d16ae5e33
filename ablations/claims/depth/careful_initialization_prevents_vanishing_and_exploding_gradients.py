"""Weights can be drawn so that a layer keeps the size of signals, on average.

Training then changes them little enough in each layer to keep the balance, where the
activation lets the two directions agree.
A sigmoid's slope of a quarter and its mean of one half leave no such rule to Glorot's
formula.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS, SEEDS, balanced, recipe, recipe_name
from ablations.rigs.depth.signals import (
    DEPTHS,
    GLOROT,
    HE,
    ORTHOGONAL,
    arrives,
    trained,
    vanished,
)
from ablations.rigs.readings import mostly, rarely

CAREFUL = {
    "ReLU, He": ("relu", HE),
    "sigmoid, Glorot": ("sigmoid", GLOROT),
    "tanh, Glorot": ("tanh", GLOROT),
    "tanh, orthogonal": ("tanh", ORTHOGONAL),
}
LATEST = 500
"""Updates during which gradients must stay in balance."""

PLACES = (
    *(("ReLU, He", depth) for depth in (*DEPTHS, 20, 50)),
    *(("sigmoid, Glorot", depth) for depth in (*DEPTHS, 20)),
    ("tanh, Glorot", 20),
    ("tanh, orthogonal", 20),
)
CARELESS = recipe_name()


def _name(kind: str, depth: int) -> str:
    return f"{kind}, {depth} layers"


def _arm(kind: str, depth: int) -> Arm:
    activation, initializer = CAREFUL[kind]
    if depth in DEPTHS:
        return trained(activation=activation, initializer=initializer, depth=depth)
    if kind == "ReLU, He":
        return recipe(("ReLU", "init"), depth=depth)
    if kind == "sigmoid, Glorot":
        return recipe(("init",), depth=depth)
    return recipe(activation=activation, initializer=initializer, depth=depth)


CLAIM = Claim(
    statement=(
        "Well-chosen first weights keep gradients from vanishing and from exploding."
    ),
    rows=("B-SOL-10",),
    source=f"{BASICS}, proper weight initialization",
    reference="Glorot and Bengio (2010); He et al. (2015)",
    arms={
        **{_name(*place): _arm(*place) for place in PLACES},
        CARELESS: recipe(),
    },
    predictions=tuple(
        prediction
        for kind, depth in PLACES
        for prediction in (
            mostly(
                f"right size at the start: {_name(kind, depth)}",
                _name(kind, depth),
                arrives(),
                at=("depth", depth),
            ),
            mostly(
                f"in balance while training: {_name(kind, depth)}",
                _name(kind, depth),
                balanced(LATEST),
                at=("depth", depth),
            ),
        )
    ),
    beyond_quick=tuple(
        f"{what}: {_name(kind, depth)}"
        for what in ("right size at the start", "in balance while training")
        for kind, depth in PLACES
        if depth in (4, 50) or kind.startswith("tanh")
    ),
    headline=f"in balance while training: {_name('ReLU, He', 20)}",
    controls=(
        mostly("gradients vanish with small weights", CARELESS, vanished()),
        rarely("they are out of balance", CARELESS, balanced()),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "With He's weights the first of 50 ReLU layers starts with a usual"
            " gradient ({6} of {6.n} runs); in training it stays within a factor of 10"
            " of the last layer's ({5} at 20 layers, {7} at 50), as with tanh and"
            " Glorot's ({15} at 20). With sigmoids and Glorot's, {9} stay so at 4"
            " layers, and {10} start with a usual one at 8."
        )
    },
    caveats=(
        "Plain gradient descent at each arm's own learning rate; size is that of the"
        " first layer's gradient, balance its ratio to the last hidden layer's."
    ),
    figure="gradient_depth",
)
