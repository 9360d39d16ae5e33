"""The penalty is a sum over weights beside a mean over rows.

Its gradient is twice the weight times the strength, whatever the batch.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import equals, yes_or_no
from ablations.rigs.regularization.noisy_labels import SOURCE

check = partial(equals, "l2_penalty")
ROUNDING = 1e-7  # Of float32.
GRADIENT = "error of the gradient of the penalty"
SHARE = "penalized_share_of_parameters"

CLAIM = Claim(
    statement="L2 regularization adds the strength times the sum of the squared weights"
    " to the loss.",
    strength="always",
    rows=("A-REG-6",),
    source=f"{SOURCE}, L2 regularization",
    reference="Krogh and Hertz (1992), A simple weight decay",
    core=(
        check("penalty", 0.05, ROUNDING, key="penalty"),
        check("loss_where_data_are_fitted", 0.05, ROUNDING, key="loss"),
    ),
    # Weights of 1 and 2 are read to seven digits before and after a step.
    beside=(check("gradient_error", 0, 1e-6, key="gradient", label=GRADIENT),),
    controls=(equals("printed_penalty", SHARE, 12288 / 12545, 1e-12, key="penalized"),),
    answers=yes_or_no(
        "at a strength of 0.01, weights of one and two add {penalty} to the loss in"
        " Keras."
    ),
    how="Keras computed the loss of a small layer of two weights and a bias under a"
    " penalty, on 1 and on 64 rows that it fits.",
    caveats="Other texts put one half, or one over the number of rows, before the sum.",
)
