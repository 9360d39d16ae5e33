"""The text waits for five epochs, the code below it for three.

Both are examples, and a reader who takes one for the other stops at another epoch: the
printed log would have gone on after its last line.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE

CLAIM = Claim(
    statement="The text and the code wait for equally many epochs before they stop.",
    rows=("A-REG-16",),
    source=f"{SOURCE}, early stopping",
    predictions=(
        ExactCheck(
            label="epochs in the text, less those in the code",
            measurement="printed_log",
            quantity="difference_of_the_patiences",
            expected=0.0,
        ),
        ExactCheck(
            label="training stops within the printed log with the text's patience",
            measurement="printed_log",
            quantity="stopped_with_the_patience_of_the_text",
            expected=1.0,
        ),
    ),
    findings={
        "refuted": (
            "The text waits {0} epochs longer than the code; with its patience the"
            " printed training would not have stopped where the log ends."
        )
    },
    caveats="Each is given as an example, and neither is wrong by itself.",
)
