"""The smallest printed validation loss is that of epoch 24, and none after is smaller.

A patience of three is used up after epochs 25, 26 and 27.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured


def _log(key: str, label: str, quantity: str, expected: float) -> ExactCheck:
    return measured("printed_log", key, label, quantity, expected)


CLAIM = Claim(
    statement="With patience 3, the printed training stops after epoch 27.",
    strength="always",
    rows=("A-REG-17",),
    source=f"{SOURCE}, output of the code",
    core=(_log("made", "epochs made", "epochs_made", 27.0),),
    beside=(
        _log("best", "best epoch", "best_epoch", 24.0),
        _log("kept", "epoch of the weights kept", "epoch_of_the_weights_kept", 24.0),
    ),
    controls=(
        _log(
            "patience_five",
            "stops within the log with patience 5 (1 yes, 0 no)",
            "stopped_with_the_patience_of_the_text",
            0.0,
        ),
    ),
    answers={
        "made best": "Yes: epoch {best} is the best, and three epochs later it stops.",
        "!made": "No: with patience 3 Keras makes {made} epochs on the printed losses.",
    },
    how="Keras's own callback, shown the printed losses one after the other.",
    caveats=(
        "The losses before epoch 22 are not printed; they are taken to fall to it."
        " Whatever they were, epoch 24 was the best so far, or training would not"
        " have stopped after 27."
    ),
)
