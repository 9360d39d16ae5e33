"""Keras draws a mask for every row, so a mini-batch of 32 rows meets 32 sub-networks.

One set for all rows has to be asked for, by the shape of the noise.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import equals
from ablations.rigs.regularization.dropout import DROPOUT

check = partial(equals, "batch_masks")

CLAIM = Claim(
    statement="Dropout removes one set of units for a whole mini-batch, and another one"
    " for the next.",
    strength="always",
    rows=("A-REG-26",),
    source=DROPOUT,
    reference="Srivastava et al. (2014), Dropout, section 5.1",
    core=(
        check("sets_of_units_in_a_batch", 1, key="sets"),
        check("share_of_batches_with_the_masks_of_the_last", 0, key="repeated"),
    ),
    controls=(check("sets_of_units_with_one_mask_asked_for", 1, key="asked"),),
    answers={
        "!sets": "No: every row gets a set of its own, {sets} sets in a mini-batch.",
        "core": "Yes: one set serves the whole mini-batch, and the next has another.",
    },
    how="Keras's dropout layer was run at a rate of one half on mini-batches of 32"
    " rows.",
    caveats="The paper, too, drops units for each training case.",
)
