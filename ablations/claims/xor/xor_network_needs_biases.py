"""Without biases every kink goes through the origin, where the output is 0.

XOR is 0 there, and ReLU(x1 - x2) + ReLU(x2 - x1) needs no bias; its negation is 1 there
and is out of reach.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.xor import (
    SOURCE,
    measured,
    network,
    never_solves,
    solves,
    solves_more,
)

RELU = network("ReLU").with_levels(bias="with bias")
BARE_RELU = network("ReLU", use_bias=False).with_levels(bias="without bias")
LEAKY = network().with_levels(bias="with bias")
BARE_LEAKY = network(use_bias=False).with_levels(bias="without bias")
NEGATION = network(task="xnor", use_bias=False).with_levels(
    bias="without bias", task="on the negation of XOR"
)
misses = partial(measured, "bias_free_networks", expected=0.5, relation="at_least")
ON_XOR = "largest error of a hand-set network without biases on XOR"
AT_ORIGIN = "smallest error at the origin without biases, negation of XOR"
RUNS = "runs solved with minus without biases"

CLAIM = Claim(
    statement="The network for XOR needs bias terms.",
    strength="always",
    rows=("A-XOR-20",),
    source=f"{SOURCE}, solution and code",
    axis="activation",
    core=(
        misses("error_on_xor", label=ON_XOR),
        solves_more("relu", f"share of ReLU {RUNS}", RELU, BARE_RELU, 500),
        solves_more("leaky", f"share of leaky {RUNS}", LEAKY, BARE_LEAKY, 500),
    ),
    beside=(
        misses("error_on_xnor_at_the_origin", label=AT_ORIGIN),
        never_solves("negation", NEGATION, 500),
    ),
    shown=(
        solves("relu_with", RELU, 500),
        solves("relu_without", BARE_RELU, 500),
        solves("leaky_with", LEAKY, 500),
        solves("leaky_without", BARE_LEAKY, 500),
    ),
    answers={
        "!error_on_xor !relu leaky": (
            "No: two ReLU units solve XOR without biases, in {relu.control} of runs"
            " against {relu.treatment} with them; leaky units do better with them."
        ),
        "core": (
            "Yes: without biases {relu.control} of ReLU networks learn XOR, with them"
            " {relu.treatment}."
        ),
    },
    how="{relu.n} networks of two units each were trained for 500 updates on the four"
    " rows, with and without biases, and one was set by hand.",
)
