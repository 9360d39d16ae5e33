"""A ReLU passes a positive factor on, so one layer may grow by what the next shrinks.

Batch norm divides it out. The same function then has small weights and large ones;
only where all layers shrink together, and nothing divides them again, does a function
get flatter.
"""

from ablations.measures.regularization.penalties import BENT, SYMMETRIC
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE

WORDS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "batch_norm": "batch norm and ReLU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
}
HALVED = {
    kind: "halved kernels" if kind != "batch_norm" else "the kernel before it halved"
    for kind in WORDS
}
NOTICED = 0.05
"""Change of the outputs, over their spread, that counts as another function."""

CLAIM = Claim(
    statement="Small weights mean a simple function, and large ones a complicated one.",
    rows=("A-REG-9",),
    source=f"{SOURCE}, L2 regularization",
    reference=(
        "Dinh et al. (2017), Sharp minima can generalize for deep nets; van Laarhoven"
        " (2017)"
    ),
    predictions=(
        *(
            ExactCheck(
                label=f"change of the function with kernels ten times apart, {words}",
                measurement="rescaled_networks",
                quantity=f"change_of_{kind}",
                expected=NOTICED,
                relation="at_least",
            )
            for kind, words in WORDS.items()
        ),
        *(
            ExactCheck(
                label=f"spread of the outputs with {HALVED[kind]}, {words}",
                measurement="rescaled_networks",
                quantity=f"spread_of_halved_{kind}",
                expected=0.5,
                relation="at_most",
            )
            for kind, words in WORDS.items()
        ),
    ),
    controls=tuple(
        ExactCheck(
            label=f"squared norm of the kernels ten times apart, {WORDS[kind]}",
            measurement="rescaled_networks",
            quantity=f"squared_norm_ratio_of_{kind}",
            expected=10.0,
            relation="at_least",
        )
        for kind in (*SYMMETRIC, *BENT)
    ),
    findings={
        "conditional": (
            "With ReLU, a first kernel ten times as large and a second a tenth have"
            " {controls[0]} times the squared norm and change the function by {0} of"
            " its spread; with batch norm it is {2}, with tanh {3}. Halving both"
            " kernels shrinks the spread of the outputs to {5} with ReLU and {8} with"
            " tanh; halving the one that batch norm follows leaves {7}."
        )
    },
    caveats=(
        "One hidden layer of 32 units with He's weights, before any training. That"
        " networks trained under a penalty are smoother is another claim."
    ),
)
