"""A ReLU passes a positive factor on, so one layer may grow by what the next shrinks.

Batch norm divides it out. The same function then has small weights and large ones;
only where all layers shrink together, and nothing divides them again, does a function
get flatter.
"""

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
CHECKS = {
    "halved": (partial(at_most, bound=0.5), "spread_of_halved"),
    "moved": (partial(at_least, bound=0.05), "change_of"),
    "norm": (partial(at_least, bound=10), "squared_norm_ratio_of"),
}


def _checks(key: str) -> list[ExactCheck]:
    check, read = CHECKS[key]
    return [
        check(
            "rescaled_networks",
            f"{read}_{kind}",
            key=f"{key}_{kind}",
            at=("activation", words),
        )
        for kind, words in KINDS.items()
    ]


CLAIM = Claim(
    statement="Small weights mean a simple function, and large ones a complicated one.",
    strength="usually",
    rows=("A-REG-9",),
    source=f"{SOURCE}, L2 regularization",
    reference="Dinh et al. (2017), Sharp minima can generalize for deep nets; van"
    " Laarhoven (2017)",
    axis="activation",
    core=tuple(_checks("halved")),
    beside=tuple(_checks("moved")),
    controls=tuple(_checks("norm")),
    answers={
        "halved_relu halved_tanh !halved_batch_norm !moved_relu": (
            "Not behind batch norm: halved weights change nothing there. Without it"
            " they flatten the function, yet ReLU can have large weights and the same"
            " function."
        ),
        "core": "Yes: halving the weights flattens the function, whatever activation.",
    },
    how="Layers of random weights halved, or scaled up and down by turns, exactly.",
    caveats="One hidden layer of 32 units with He's weights, before any training; all"
    " is relative to the network before. That networks trained under a penalty are"
    " smoother is another claim.",
)
