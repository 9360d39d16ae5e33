"""Keras's callback copies the weights at every new minimum of what it watches.

When training ends, by the callback or because its epochs ran out, the copy is put back;
without the option the network ends as the last epoch left it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE


def _check(label: str, quantity: str, **fields: object) -> ExactCheck:
    return ExactCheck.model_validate(
        {
            "label": label,
            "measurement": "restored_weights",
            "quantity": quantity,
            "expected": 0.0,
            **fields,
        }
    )


CLAIM = Claim(
    statement="With `restore_best_weights` one gets the model of the best epoch.",
    rows=("A-REG-20",),
    source=f"{SOURCE}, code",
    predictions=(
        _check("epochs off the best, stopped", "restored_stopped"),
        _check("epochs off the best, out of epochs", "restored_out_of_epochs"),
    ),
    controls=(
        _check(
            "without the option, stopped",
            "left_stopped",
            expected=1.0,
            relation="at_least",
        ),
        _check(
            "without the option, out of epochs",
            "left_out_of_epochs",
            expected=1.0,
            relation="at_least",
        ),
    ),
    findings={
        "supported": (
            "On all 60 curves the weights are those of the best epoch, whether training"
            " was stopped or its epochs ran out; without the option they are off by"
            " {controls[0]} and {controls[1]} epochs on average."
        )
    },
    caveats=(
        "Keras 3; earlier versions restored nothing when the epochs ran out. Best is"
        " the first of the smallest validation losses seen until the stop. Curves have"
        " plateaus and NaN, but begin with a number: after NaN nothing counts as"
        " better."
    ),
)
