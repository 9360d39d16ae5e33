"""The smallest printed validation loss is that of epoch 24, and none after is smaller.

A patience of three is used up after epochs 25, 26 and 27.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import equals
from ablations.rigs.regularization.noisy_labels import SOURCE

log = partial(equals, "printed_log")
LATER = "stopped_with_the_patience_of_the_text"

CLAIM = Claim(
    statement="With patience 3, the printed training stops after epoch 27.",
    strength="always",
    rows=("A-REG-17",),
    source=f"{SOURCE}, output of the code",
    core=(log("epochs_made", 27, key="made"),),
    beside=(
        log("best_epoch", 24, key="best"),
        log("epoch_of_the_weights_kept", 24, key="kept"),
    ),
    controls=(
        log(LATER, 0, key="patience_five", label="stops with patience 5 (1 yes, 0 no)"),
    ),
    answers={
        "made best": (
            "Yes: epoch {best} is the best, and training stops three epochs later."
        ),
        "!made": "No: with patience 3 Keras makes {made} epochs on the printed losses.",
    },
    how="Keras's own callback was shown the printed losses one after the other.",
    caveats="Losses before epoch 22 are not printed; they are taken to fall to it.",
)
