"""Keras divides what it keeps by the share kept, in training, and changes no more.

The mean signal is then the same in training and at inference, which is what scaling at
inference would do.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import equals
from ablations.rigs.regularization.dropout import DROPOUT

check = partial(equals, "inference_scaling")
ROUNDING = 1e-5  # Of float32.
NOISE = 0.06  # About five standard errors of 4,000 masks.
OUTPUT = "output at inference over that without dropout"
MEAN = "mean output in training less that at inference"

CLAIM = Claim(
    statement="At inference the dropout layers of the program scale weights by p.",
    strength="always",
    rows=("A-REG-36",),
    source=f"{DROPOUT}, weight scaling inference rule",
    reference="Keras documentation, Dropout layer",
    core=(
        check(
            "output_in_use_over_that_without_dropout",
            0.7,
            ROUNDING,
            key="output",
            label=OUTPUT,
        ),
    ),
    controls=(
        check("kept_unit_in_training_over_itself", 1 / 0.7, ROUNDING, key="kept"),
        check("mean_in_training_less_output_in_use", 0, NOISE, key="mean", label=MEAN),
    ),
    answers={
        "!output": (
            "No: in training Keras enlarges the units that it keeps, and at inference"
            " it scales nothing."
        ),
        "output": "Yes: at inference outputs are those without dropout times p.",
    },
    how="Keras ran one layer of 64 inputs behind Dropout(0.3), in training and at"
    " inference.",
    caveats="Dropout(0.3) drops 0.3 of the units, so that p is 0.7.",
)
