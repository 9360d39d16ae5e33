"""Dropout multiplies each unit by zero or by one fixed number.

An activation that only scales, such as ReLU, lets that number through, so it does not
matter which comes first.
Others turn a dropped sum into the activation of zero, which for the sigmoid is one
half, and bend the number for the rest.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS

ACTIVATIONS = ("relu", "leaky_relu", "elu", "tanh", "sigmoid")

CLAIM = Claim(
    statement="Dropout belongs after the activation, not before it.",
    rows=("B-SOL-3",),
    source=f"{BASICS}, dropout layers",
    reference="Srivastava et al. (2014), Dropout, section 4",
    predictions=tuple(
        ExactCheck(
            label=f"outputs differ if it comes before, {name}",
            at=("activation", name),
            measurement="dropout_order",
            quantity=f"difference_{name}",
            # Outputs are of order one and rounded at 1e-7.
            expected=0.01,
            relation="at_least",
        )
        for name in ACTIVATIONS
    ),
    controls=(
        ExactCheck(
            label="after the activation, units are zero or scaled",
            measurement="dropout_order",
            quantity="deviation_from_zero_or_scaled",
            expected=0.0,
            tolerance=1e-5,
        ),
        ExactCheck(
            label="sigmoid of a dropped sum",
            measurement="dropout_order",
            quantity="sigmoid_of_a_dropped_sum",
            expected=0.5,
            tolerance=1e-6,
        ),
    ),
    caveats=(
        "One layer under one mask, with Keras's dropout and with a counted one. Which"
        " place trains better is not asked."
    ),
    findings={
        "conditional": (
            "Under one mask, dropout before and after gives outputs that differ by"
            " {0} for ReLU and {1} for leaky ReLU, so the place is of no account"
            " there; for ELU they differ by {2}, for tanh by {3} and for the sigmoid"
            " by {4}, which makes {controls[1]} of a dropped sum."
        )
    },
)
