"""Inputs and labels are drawn apart, so inputs say nothing about a label.

On new rows no network can do better than one that always says one half, with batch
norm or without.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.batch_norm import CODE
from ablations.rigs.readings import at_least, equals

DATA = "batch_norm_demo_data"

CLAIM = Claim(
    statement="The printed data can show that batch norm helps on new rows.",
    strength="can",
    rows=("A-BN-22",),
    source=f"{CODE}, its data; that they show it is implied",
    reference="Zhang et al. (2017), on networks that fit random labels",
    implied=True,
    core=(
        at_least(
            DATA,
            "share_explained_on_new_rows",
            0.01,
            key="explained",
            label="share of the variance of new labels that inputs explain",
        ),
        at_least(
            DATA,
            "accuracy_gained_on_new_rows",
            0.01,
            key="gained",
            label="accuracy on new rows that inputs gain over guessing",
        ),
    ),
    beside=(
        # Tolerances are the sampling error of 50,000 labels.
        equals(
            DATA, "share_of_ones", 0.5, 0.01, key="ones", label="share of labels of one"
        ),
        equals(
            DATA,
            "lowest_loss_of_a_constant",
            0.6931,
            0.001,
            key="constant",
            label="lowest cross-entropy of one guess for all rows, in nats",
        ),
    ),
    answers={
        "!core": "No: labels are drawn apart from inputs, so no network, with batch"
        " norm or without, can beat guessing on new rows.",
        "core": "Yes: inputs tell something about labels, which networks can learn.",
    },
    how="The printed data were drawn with 50,000 rows, and a line through them was"
    " asked for the labels of as many new ones.",
    caveats="The printed code ends with its summary and trains nothing. How fast"
    " networks learn such labels by heart is another matter.",
)
