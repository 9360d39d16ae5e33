"""A ReLU passes a positive factor on, so one layer may grow by what the next shrinks.

Batch norm divides it out. The same function then has small weights and large ones; a
function gets flatter only where the product of the factors of its layers shrinks, and
nothing divides it out again.
"""

from collections.abc import Callable
from functools import partial

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import at_least, at_most
from ablations.rigs.regularization.noisy_labels import SOURCE

KINDS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "batch_norm": "batch norm and ReLU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
}


def _each(
    key: str, read: str, words: str, predict: Callable[..., ExactCheck]
) -> list[ExactCheck]:
    return [
        predict(
            "rescaled_networks",
            f"{read.replace(' ', '_')}_{kind}",
            key=f"{key}_{kind}",
            label=f"{words}, {name}",
            at=("activation", name),
        )
        for kind, name in KINDS.items()
    ]


SPREAD = "spread of outputs with halved weights, over that before"
CHANGE = "change of outputs with larger weights, over their spread"
LARGER = "squared norm of the larger weights, over that before"
HALVED = _each("halved", "spread of halved", SPREAD, partial(at_most, bound=0.5))
MOVED = _each("moved", "change of", CHANGE, partial(at_least, bound=0.05))
NORMS = _each("norm", "squared norm ratio of", LARGER, partial(at_least, bound=10))

CLAIM = Claim(
    statement="Small weights mean a simple function, and large ones a complicated one.",
    rows=("A-REG-9",),
    source=f"{SOURCE}, L2 regularization",
    reference="Dinh et al. (2017), on sharp minima; van Laarhoven (2017)",
    axis="activation",
    core=tuple(HALVED),
    beside=tuple(MOVED),
    controls=tuple(NORMS),
    answers={
        (
            "halved_relu halved_leaky_relu halved_tanh halved_sigmoid"
            " !halved_batch_norm !moved_relu"
        ): (
            "It depends: before batch norm, halved weights change nothing; elsewhere"
            " they flatten the function, though with ReLU larger weights can give the"
            " same one."
        ),
        "core": (
            "Yes: halving the weights flattens the function, whatever the activation."
        ),
    },
    how="In networks of one hidden layer with random weights, all weights were halved,"
    " or those of one layer multiplied and of the other divided by ten.",
    caveats="With batch norm only the hidden layer is scaled. That trained networks"
    " under a penalty are smoother is another claim.",
)
