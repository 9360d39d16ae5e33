"""The penalty is a sum over weights beside a mean over rows.

Its gradient is twice the weight times the strength, whatever the batch.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE

CLAIM = Claim(
    statement=(
        "L2 regularization adds the strength times the sum of the squared weights to"
        " the loss."
    ),
    rows=("A-REG-6",),
    source=f"{SOURCE}, L2 regularization",
    reference=(
        "Krogh and Hertz (1992), A simple weight decay can improve generalization"
    ),
    predictions=(
        ExactCheck(
            label="penalty of 0.01 on weights 1 and 2, in Keras",
            measurement="l2_penalty",
            quantity="penalty",
            expected=0.05,
            # Rounding of float32.
            tolerance=1e-7,
        ),
        ExactCheck(
            label="loss of a layer that fits its data, batches of 1 and 64",
            measurement="l2_penalty",
            quantity="loss_where_data_are_fitted",
            expected=0.05,
            tolerance=1e-7,
        ),
        ExactCheck(
            label="gradient, distance from twice the strength times the weight",
            measurement="l2_penalty",
            quantity="gradient_error",
            expected=0.0,
            # Weights of 1 and 2 are read to seven digits before and after a step.
            tolerance=1e-6,
        ),
    ),
    controls=(
        ExactCheck(
            label="share of the printed network's parameters under its penalty",
            measurement="printed_penalty",
            quantity="penalized_share_of_parameters",
            expected=12288 / 12545,
            tolerance=1e-12,
        ),
    ),
    findings={
        "supported": (
            "Keras adds {0} for weights 1 and 2 at a strength of 0.01, beside a bias of"
            " 5 that it leaves alone, with batches of any size. The printed code"
            " penalizes {controls[0]} of its parameters: neither biases nor the output"
            " layer."
        )
    },
    caveats="Other texts put one half, or one over the number of rows, before the sum.",
)
