"""An epoch shows every row once, in batches of m.

Where m does not divide the rows, the last batch is smaller and is an iteration all the
same.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import equals

COUNTED = "iterations"


def _counts(rows: int, epochs: int) -> ExactCheck:
    """Predict as many updates of Keras as are printed."""
    words = "epoch" if epochs == 1 else "epochs"
    return equals(
        COUNTED,
        f"iterations_over_the_printed_of_{rows}_rows_in_epochs_{epochs}",
        1.0,
        1e-9,
        key=f"rows_{rows}_epochs_{epochs}",
        label=f"iterations over the printed number, {rows} rows in batches of 32,"
        f" {epochs} {words}",
        at=("epochs", epochs),
    )


CLAIM = Claim(
    statement="One epoch is n / m iterations, and L epochs are L times as many.",
    strength="always",
    rows=("A-OPT-14",),
    source=f"{NOTES}, terminologies",
    axis="epochs",
    core=(_counts(128, 1), _counts(128, 3)),
    beside=(
        _counts(100, 1),
        _counts(100, 3),
        equals(
            *(COUNTED, "deviation_from_rounding_up", 0.0),
            key="rounded_up",
            label="deviation of the iterations from n / m rounded up in each epoch",
        ),
    ),
    answers={
        "core rows_100_epochs_1 rows_100_epochs_3": "Yes: Keras counts n / m iterations"
        " per epoch, even where the batch size does not divide the rows.",
        "!core": "No: Keras counts other numbers of iterations, even where the batch"
        " size divides the rows.",
        "core !rows_100_epochs_1 !rows_100_epochs_3 rounded_up": (
            "Only where m divides n: otherwise the last, smaller batch is an iteration"
            " too, and n / m is rounded up in each epoch."
        ),
        "core !rows_100_epochs_1": "Yes, where m divides n: otherwise Keras counts"
        " another number of iterations.",
    },
    how="Keras's own counter was read after one and three epochs of 128 and of 100 rows"
    " in batches of 32.",
    caveats="The notes give each mini-batch m rows, so that they may think of rows that"
    " m divides.",
)
