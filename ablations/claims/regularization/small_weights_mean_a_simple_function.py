"""A ReLU passes a positive factor on, so one layer may grow by what the next shrinks.

Batch norm divides it out. The same function then has small weights and large ones;
only where all layers shrink together, and nothing divides them again, does a function
get flatter.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured

KINDS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "batch_norm": "batch norm and ReLU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
}


def _check(
    key: str, label: str, quantity: str, bound: float, relation: str, kind: str
) -> ExactCheck:
    return measured(
        "rescaled_networks",
        f"{key}_{kind}",
        f"{label}, {KINDS[kind]}",
        f"{quantity}_{kind}",
        bound,
        relation=relation,
        at=("activation", KINDS[kind]),
    )


def _halved(kind: str) -> ExactCheck:
    what = "the kernel before it" if kind == "batch_norm" else "both kernels"
    label = f"spread of the outputs with {what} halved, over that before"
    return _check("halved", label, "spread_of_halved", 0.5, "at_most", kind)


def _moved(kind: str) -> ExactCheck:
    label = "change of the function with kernels ten times apart, over its spread"
    return _check("moved", label, "change_of", 0.05, "at_least", kind)


def _norm(kind: str) -> ExactCheck:
    label = "squared norm of the kernels ten times apart, over that before"
    return _check("norm", label, "squared_norm_ratio_of", 10.0, "at_least", kind)


CLAIM = Claim(
    statement="Small weights mean a simple function, and large ones a complicated one.",
    strength="usually",
    rows=("A-REG-9",),
    source=f"{SOURCE}, L2 regularization",
    reference=(
        "Dinh et al. (2017), Sharp minima can generalize for deep nets; van Laarhoven"
        " (2017)"
    ),
    axis="activation",
    core=tuple(map(_halved, KINDS)),
    beside=tuple(map(_moved, KINDS)),
    controls=tuple(map(_norm, KINDS)),
    answers={
        "halved_relu halved_tanh !halved_batch_norm !moved_relu": (
            "Not behind batch norm: halved weights change nothing there. Without it"
            " they flatten the function, yet ReLU can have large weights and the same"
            " function."
        ),
        "core": "Yes: halving the weights flattens the function, whatever activation.",
    },
    how="Layers of random weights halved, or scaled up and down by turns, exactly.",
    caveats=(
        "One hidden layer of 32 units with He's weights, before any training. That"
        " networks trained under a penalty are smoother is another claim."
    ),
)
