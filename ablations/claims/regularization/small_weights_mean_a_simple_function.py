"""A ReLU passes a positive factor on, so one layer may grow by what the next shrinks.

Batch norm divides it out. The same function then has small weights and large ones;
only where all layers shrink together, and nothing divides them again, does a function
get flatter.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import Said, at_least, at_most
from ablations.rigs.regularization.noisy_labels import SOURCE

KINDS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "batch_norm": "batch norm and ReLU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
}
CHECKS = {
    "halved": (
        partial(at_most, bound=0.5),
        "spread_of_halved",
        "spread, weights halved",
    ),
    "moved": (partial(at_least, bound=0.05), "change_of", "change, weights scaled"),
    "norm": (
        partial(at_least, bound=10),
        "squared_norm_ratio_of",
        "norm, weights scaled",
    ),
}


def _check(word: str, kind: str) -> ExactCheck:
    (check, read, words), name = CHECKS[word], KINDS[kind]
    told: Said = {"key": f"{word}_{kind}", "label": f"{words}, {name}"}
    return check("rescaled_networks", f"{read}_{kind}", at=("activation", name), **told)


CLAIM = Claim(
    statement="Small weights mean a simple function, and large ones a complicated one.",
    rows=("A-REG-9",),
    source=f"{SOURCE}, L2 regularization",
    reference="Dinh et al. (2017), on sharp minima; van Laarhoven (2017)",
    axis="activation",
    core=tuple(_check("halved", kind) for kind in KINDS),
    beside=tuple(_check("moved", kind) for kind in KINDS),
    controls=tuple(_check("norm", kind) for kind in KINDS),
    answers={
        "halved_relu halved_tanh !halved_batch_norm !moved_relu": (
            "Not behind batch norm: halved weights change nothing there. Without it"
            " they flatten the function, yet ReLU can have large weights and the same"
            " function."
        ),
        "core": "Yes: halving the weights flattens the function, whatever activation.",
    },
    how="Layers of random weights halved, or scaled up and down by turns tenfold.",
    caveats="That trained networks under a penalty are smoother is another claim.",
)
