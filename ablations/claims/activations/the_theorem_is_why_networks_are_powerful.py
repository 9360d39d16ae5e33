"""Polynomials, kernels and random features approximate any continuous function, too.

What sets networks apart must therefore be something else as well, such as how well they
can be trained and what they make of rows that they have not seen.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES

CLAIM = Claim(
    statement="The universal approximation theorem is the mathematical reason why"
    " neural networks are so powerful.",
    strength="always",
    rows=("A-ACT-4",),
    source=f"{NOTES}, universal approximation theorem",
    reference="Barron (1993), Universal approximation bounds for superpositions of a"
    " sigmoidal function",
    untestable="What the reason is for a success is an argument, and no run decides it."
    " Polynomials and kernels have such theorems as well (Weierstrass 1885; Park and"
    " Sandberg 1991), and none of these theorems says how to find the weights or what"
    " becomes of new rows.",
    answers={
        "": "Not tested: a reason is an argument. Polynomials and kernels have such"
        " theorems, too, so that this one alone does not set networks apart."
    },
    how="Nothing was trained; what other theorems say was set beside it.",
)
