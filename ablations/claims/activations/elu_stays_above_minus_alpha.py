"""Below zero ELU is alpha times an exponential, less alpha.

An exponential is never zero, but far below zero float32 cannot tell it from zero beside
one.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_least, equals

RANGE = "elu_range"

CLAIM = Claim(
    statement="ELU is x above zero and alpha (e to the x less one) below, and lies"
    " strictly above minus alpha, without an upper end.",
    strength="always",
    rows=("B-ACT-26",),
    source=f"{BASICS}, table of activations",
    reference="Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep"
    " network learning by exponential linear units",
    core=(
        equals(RANGE, "deviation_from_the_formula", 0.0, 1e-6, key="formula"),
        equals(RANGE, "real_inputs_that_give_minus_alpha", 0.0, key="real"),
        at_least(RANGE, "largest_output", 65_000.0, key="upper"),
    ),
    beside=(
        equals(
            RANGE,
            "share_of_negative_inputs_that_give_minus_alpha",
            0.0,
            key="float32",
            label="share of negative half-precision numbers that give minus alpha",
        ),
    ),
    answers={
        "core !float32": "Yes for real numbers; computed in float32 it is exactly minus"
        " alpha for many negative numbers.",
        "core": "Yes: it has the formula and never reaches minus alpha.",
        "!core": "No: neither the formula nor the range is as stated.",
    },
    how="Keras's ELU was compared with the formula at all numbers of half precision for"
    " alpha of 0.5, 1 and 2, and the distance computed with 30 digits.",
)
