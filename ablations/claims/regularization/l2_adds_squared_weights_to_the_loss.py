"""The penalty is a sum over weights beside a mean over rows.

Its gradient is twice the weight times the strength, whatever the batch.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured

check = partial(measured, "l2_penalty")
ROUNDING = 1e-7  # Of float32.

CLAIM = Claim(
    statement=(
        "L2 regularization adds the strength times the sum of the squared weights to"
        " the loss."
    ),
    strength="always",
    rows=("A-REG-6",),
    source=f"{SOURCE}, L2 regularization",
    reference=(
        "Krogh and Hertz (1992), A simple weight decay can improve generalization"
    ),
    core=(
        check(
            "penalty",
            "penalty of 0.01 on weights 1 and 2, in Keras",
            "penalty",
            0.05,
            ROUNDING,
        ),
        check(
            "loss",
            "loss of a layer that fits its data, batches of 1 and 64",
            "loss_where_data_are_fitted",
            0.05,
            ROUNDING,
        ),
    ),
    beside=(
        # Weights of 1 and 2 are read to seven digits before and after a step.
        check(
            "gradient",
            "distance of the gradient from twice the strength times the weight",
            "gradient_error",
            0.0,
            1e-6,
        ),
    ),
    controls=(
        measured(
            "printed_penalty",
            "penalized",
            "share of the printed network's parameters under its penalty",
            "penalized_share_of_parameters",
            12288 / 12545,
            1e-12,
        ),
    ),
    answers={
        "core": (
            "Yes: for weights of one and two Keras adds {penalty} at a strength of"
            " 0.01, with batches of any size."
        ),
        "!core": (
            "No: for weights of one and two Keras adds {penalty} at a strength of 0.01."
        ),
    },
    how="Keras computed the loss of a small layer under a penalty.",
    caveats=(
        "Other texts put one half, or one over the number of rows, before the sum. The"
        " printed code penalizes neither biases nor the output layer."
    ),
)
