"""A ReLU passes a positive factor on, so one layer may grow by what the next shrinks.

Batch norm divides it out. The same function then has small weights and large ones;
only where all layers shrink together, and nothing divides them again, does a function
get flatter.
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


def _each(key: str, read: str, predict: Callable[..., ExactCheck]) -> list[ExactCheck]:
    return [
        predict(
            "rescaled_networks",
            f"{read.replace(' ', '_')}_{kind}",
            key=f"{key}_{kind}",
            label=f"{read} {name} layers",
            at=("activation", name),
        )
        for kind, name in KINDS.items()
    ]


HALVED = _each("halved", "spread of halved", partial(at_most, bound=0.5))
MOVED = _each("moved", "change of", partial(at_least, bound=0.05))
NORMS = _each("norm", "squared norm ratio of", partial(at_least, bound=10))

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
        "halved_relu halved_tanh !halved_batch_norm !moved_relu": (
            "Not behind batch norm: halved weights change nothing there. Without it"
            " they flatten the function, yet ReLU can have large weights and the same"
            " function."
        ),
        "core": "Yes: halving the weights flattens the function, whatever activation.",
    },
    how="Layers of random weights halved, or scaled up and down by turns, exactly.",
    caveats="Spread and change are of outputs, over their spread before. That trained"
    " networks under a penalty are smoother is another claim.",
)
