"""Keras divides what it keeps by the share kept, in training, and changes no more.

The mean signal is then the same in training and in use, which is what scaling at
inference would do.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT

MEASUREMENT = "inference_scaling"

CLAIM = Claim(
    statement="At inference the dropout layers of the program scale weights by p.",
    rows=("A-REG-36",),
    source=f"{DROPOUT}, weight scaling inference rule",
    reference="Keras documentation, Dropout layer",
    predictions=(
        ExactCheck(
            label="output in use over that of the same weights without dropout",
            measurement=MEASUREMENT,
            quantity="output_in_use_over_that_without_dropout",
            expected=0.7,
            # Rounding of float32.
            tolerance=1e-5,
        ),
    ),
    controls=(
        ExactCheck(
            label="a kept unit in training over itself, 1 / 0.7",
            measurement=MEASUREMENT,
            quantity="kept_unit_in_training_over_itself",
            expected=1.0 / 0.7,
            tolerance=1e-5,
        ),
        ExactCheck(
            label="mean output in training less the output in use",
            measurement=MEASUREMENT,
            quantity="mean_in_training_less_output_in_use",
            expected=0.0,
            # About five standard errors of 4,000 masks.
            tolerance=0.06,
        ),
    ),
    caveats="One layer of 64 units behind Dropout(0.3), so that p is 0.7.",
    findings={
        "refuted": (
            "In use the output over that of the same weights without dropout is {0},"
            " not 0.7: nothing is scaled then. In training, units that are kept are"
            " multiplied by {controls[0]}, so that the mean output is the same."
        )
    },
)
