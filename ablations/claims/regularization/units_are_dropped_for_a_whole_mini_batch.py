"""Keras draws a mask for every row, so a mini-batch of 32 rows meets 32 sub-networks.

One set for all rows has to be asked for, by the shape of the noise.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.dropout import DROPOUT

CLAIM = Claim(
    statement=(
        "Dropout removes one set of units for a whole mini-batch, and another one for"
        " the next."
    ),
    rows=("A-REG-26",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 5.1",
    predictions=(
        ExactCheck(
            label="sets of units dropped within a mini-batch",
            measurement="batch_masks",
            quantity="sets_of_units_in_a_batch",
            expected=1.0,
        ),
        ExactCheck(
            label="share of mini-batches with the masks of the one before",
            measurement="batch_masks",
            quantity="share_of_batches_with_the_masks_of_the_last",
            expected=0.0,
        ),
    ),
    controls=(
        ExactCheck(
            label="sets of units where one mask is asked for",
            measurement="batch_masks",
            quantity="sets_of_units_with_one_mask_asked_for",
            expected=1.0,
        ),
    ),
    caveats=(
        "Keras's layer at a rate of one half, on 32 rows of 64 units; the paper too"
        " drops units for each training case."
    ),
    findings={
        "conditional": (
            "Within a mini-batch of 32 rows Keras drops {0} different sets of units,"
            " not one; from one mini-batch to the next the masks change every time."
        )
    },
)
