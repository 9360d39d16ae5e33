"""The text waits for five epochs, the code below it for three.

Both are examples, and a reader who takes one for the other stops at another epoch: the
printed log would have gone on after its last line.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.readings import equals
from ablations.rigs.regularization.noisy_labels import SOURCE

LATER = "stopped_with_the_patience_of_the_text"
STOPS = "stops with the patience of the text (1 yes, 0 no)"

CLAIM = Claim(
    statement="The text and the code wait for equally many epochs before they stop.",
    strength="always",
    rows=("A-REG-16",),
    source=f"{SOURCE}, early stopping",
    core=(equals("printed_log", "difference_of_the_patiences", 0, key="difference"),),
    beside=(equals("printed_log", LATER, 1, key="stops", label=STOPS),),
    answers={
        "!difference": "No: the text waits {difference} epochs longer than the code.",
        "difference": "Yes: the text and the code wait for equally many epochs.",
    },
    how="Both printed numbers were compared, and Keras's callback was shown the printed"
    " losses.",
    caveats="Each is given as an example, and neither is wrong by itself.",
)
