"""The smallest printed validation loss is that of epoch 24, and none after is smaller.

A patience of three is used up after epochs 25, 26 and 27.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE


def _check(label: str, quantity: str, expected: float) -> ExactCheck:
    return ExactCheck(
        label=label, measurement="printed_log", quantity=quantity, expected=expected
    )


CLAIM = Claim(
    statement="With patience 3, the printed training stops after epoch 27.",
    rows=("A-REG-17",),
    source=f"{SOURCE}, output of the code",
    predictions=(
        _check("epochs made", "epochs_made", 27.0),
        _check("best epoch", "best_epoch", 24.0),
        _check("epoch of the weights kept", "epoch_of_the_weights_kept", 24.0),
    ),
    controls=(
        _check(
            "not stopped with patience 5", "stopped_with_the_patience_of_the_text", 0.0
        ),
    ),
    findings={
        "supported": (
            "Shown the printed losses, Keras's callback makes {0} epochs, calls epoch"
            " {1} the best and ends with its weights."
        )
    },
    caveats=(
        "The losses before epoch 22 are not printed; they are taken to fall to it."
        " Whatever they were, epoch 24 was the best so far, or training would not"
        " have stopped after 27."
    ),
)
