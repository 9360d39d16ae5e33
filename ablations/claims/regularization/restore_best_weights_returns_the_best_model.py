"""Keras's callback copies the weights at every new minimum of what it watches.

When training ends, by the callback or because its epochs ran out, the copy is put back;
without the option the network ends as the last epoch left it.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import at_least, equals
from ablations.rigs.regularization.noisy_labels import SOURCE

off = partial(equals, "restored_weights", expected=0)
left = partial(at_least, "restored_weights", bound=1)
OFF, LEFT = "epochs off the best", "epochs off the best without the option"

CLAIM = Claim(
    statement="With `restore_best_weights` one gets the model of the best epoch.",
    strength="always",
    rows=("A-REG-20",),
    source=f"{SOURCE}, code",
    core=(
        off("restored_stopped", key="stopped", label=f"{OFF}, stopped"),
        off("restored_out_of_epochs", key="out_of_epochs", label=f"{OFF}, epochs over"),
    ),
    controls=(
        left("left_stopped", key="left_stopped", label=f"{LEFT}, stopped"),
        left(
            "left_out_of_epochs", key="left_out_of_epochs", label=f"{LEFT}, epochs over"
        ),
    ),
    answers={
        "core": (
            "Yes: it puts back the weights of the best epoch; without it they are"
            " late by the patience, here {left_stopped} epochs."
        ),
        "!stopped": "No: weights are off the best epoch when training stops.",
    },
    how="Keras's own callback was shown 60 made-up curves of 30 epochs with plateaus"
    " and missing numbers.",
    caveats="Keras 3; earlier versions restored nothing when the epochs ran out.",
)
