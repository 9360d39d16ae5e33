"""Keras's callback copies the weights at every new minimum of what it watches.

When training ends, by the callback or because its epochs ran out, the copy is put back;
without the option the network ends as the last epoch left it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured


def _restored(key: str, label: str) -> ExactCheck:
    label = f"epochs off the best, {label}"
    return measured("restored_weights", key, label, f"restored_{key}", 0.0)


def _left(key: str, label: str) -> ExactCheck:
    return measured(
        "restored_weights",
        f"left_{key}",
        f"epochs off the best without the option, {label}",
        f"left_{key}",
        1.0,
        relation="at_least",
    )


CLAIM = Claim(
    statement="With `restore_best_weights` one gets the model of the best epoch.",
    strength="always",
    rows=("A-REG-20",),
    source=f"{SOURCE}, code",
    core=(_restored("stopped", "stopped"), _restored("out_of_epochs", "out of epochs")),
    controls=(_left("stopped", "stopped"), _left("out_of_epochs", "out of epochs")),
    answers={
        "core": (
            "Yes: one always gets the best epoch's weights; without the option they are"
            " {left_stopped} epochs late when training stops."
        ),
        "!stopped": "No: weights are off the best epoch when training stops.",
    },
    how="Keras's own callback on 60 made-up curves with plateaus and missing numbers.",
    caveats=(
        "Keras 3; earlier versions restored nothing when the epochs ran out. Best is"
        " the first of the smallest validation losses seen until the stop. Curves begin"
        " with a number: after NaN nothing counts as better."
    ),
)
