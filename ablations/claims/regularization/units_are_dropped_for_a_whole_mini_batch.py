"""Keras draws a mask for every row, so a mini-batch of 32 rows meets 32 sub-networks.

One set for all rows has to be asked for, by the shape of the noise.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.regularization.dropout import DROPOUT
from ablations.rigs.regularization.readings import measured

CLAIM = Claim(
    statement=(
        "Dropout removes one set of units for a whole mini-batch, and another one for"
        " the next."
    ),
    strength="always",
    rows=("A-REG-26",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 5.1",
    core=(
        measured(
            "batch_masks",
            "sets",
            "sets of units dropped within a mini-batch",
            "sets_of_units_in_a_batch",
            1.0,
        ),
        measured(
            "batch_masks",
            "repeated",
            "share of mini-batches with the masks of the one before",
            "share_of_batches_with_the_masks_of_the_last",
            0.0,
        ),
    ),
    controls=(
        measured(
            "batch_masks",
            "asked",
            "sets of units where one mask is asked for",
            "sets_of_units_with_one_mask_asked_for",
            1.0,
        ),
    ),
    answers={
        "!sets": "No: every row gets a set of its own, {sets} sets in a mini-batch.",
        "core": "Yes: one set serves the whole mini-batch, and the next has another.",
    },
    how="Keras's dropout layer at a rate of one half, on mini-batches of 32 rows.",
    caveats="64 units; the paper too drops units for each training case.",
)
