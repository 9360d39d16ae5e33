"""Dropout multiplies each unit by zero or by one fixed number.

An activation that only scales, such as ReLU, lets that number through, so it does not
matter which comes first.
Others turn a dropped sum into the activation of zero, which for the sigmoid is one
half, and bend the number for the rest.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import at_least, equals

ACTIVATIONS = {
    "relu": "ReLU",
    "leaky_relu": "leaky ReLU",
    "elu": "ELU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
}

CLAIM = Claim(
    statement="Dropout belongs after the activation, not before it.",
    rows=("B-SOL-3",),
    source=f"{BASICS}, dropout layers",
    reference="Srivastava et al. (2014), Dropout, section 4",
    axis="activation",
    core=tuple(
        at_least(
            "dropout_order",
            f"difference_{key}",
            # Outputs are of order one and rounded at 1e-7.
            0.01,
            key=key,
            label=f"largest difference of outputs if dropout comes before, {name}",
            at=("activation", name),
        )
        for key, name in ACTIVATIONS.items()
    ),
    controls=(
        equals(
            "dropout_order",
            "deviation_from_zero_or_scaled",
            0.0,
            1e-5,
            key="scaled",
            label="distance of units from zero or scaled, dropout after",
        ),
        equals(
            "dropout_order",
            "sigmoid_of_a_dropped_sum",
            0.5,
            1e-6,
            key="dropped",
            label="sigmoid of a dropped sum",
        ),
    ),
    answers={
        "!relu !leaky_relu elu tanh sigmoid": (
            "It depends: for ELU, tanh and the sigmoid the place changes the outputs;"
            " for ReLU and leaky ReLU it makes no difference."
        ),
        "core": "Yes: for all five activations the outputs change if dropout comes"
        " before.",
        "!core": "No: for none of five activations do the outputs change if dropout"
        " comes before.",
    },
    how=(
        "One layer was computed under one mask with dropout before and after the"
        " activation, by Keras's dropout and by a counted one."
    ),
    caveats="Which place trains better is not asked.",
)
