"""A row that is far from the others moves mean and variance of its batch along.

So in a batch of m rows none can be more than the root of m - 1 deviations from the
mean; at inference the averages stay where they are, however far a row is.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.protocol.prediction import Condition
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.readings import DIGITS, Said, at_least, at_most

BOUND = "batch_norm_bound"


def _is_bounded(
    quantity: str, key: str, words: str, at: Condition | None = None
) -> ExactCheck:
    label = f"largest output over the root of m - 1, {words}"
    told: Said = {"key": key, "label": label, "at": at}
    return at_most(BOUND, quantity, 1.0, DIGITS, **told)


def _in_training(rows: int) -> ExactCheck:
    quantity = f"largest_over_the_bound_of_{rows}"
    at = ("batch size", rows)
    return _is_bounded(quantity, f"training_{rows}", f"training, batch of {rows}", at)


def _at_inference(off: int, key: str) -> ExactCheck:
    """Predict the bound of 256 rows, of which the averages may be."""
    quantity = f"inference_over_the_bound_{off}_off"
    words = f"inference, a row {off:,} deviations off, m of 256"
    return _is_bounded(quantity, key, words)


CLAIM = Claim(
    statement="Batch norm keeps features bounded.",
    strength="usually",
    rows=("A-BN-6",),
    source=f"{NOTES}, what it is",
    reference="Samuelson (1968), How deviant can you be?",
    axis="batch size",
    core=tuple(map(_in_training, (2, 32, 256))),
    beside=(
        _at_inference(1000, "inference"),
        _at_inference(10, "near"),
        _is_bounded(
            "largest_over_the_bound_scaled_by_10",
            "scaled",
            "training, batch of 256, gamma of 10",
        ),
        at_least(
            BOUND,
            "largest_over_the_bound_of_256",
            0.99,
            key="reached",
            label="how near the row that is off comes to the bound, training",
        ),
    ),
    answers={
        "core !inference": "Yes, in training, where the size of the batch sets a"
        " bound; at inference a row far off comes out as far off.",
        "core inference": "Yes: in training and at inference features stay within a"
        " bound set by the size of the batch.",
        "core": "Yes: in training features stay within a bound set by the size of the"
        " batch.",
        "!core": "No: in training features exceed the root of one less than the rows.",
    },
    how="One row was moved a million deviations off in batches of 2, 32 and 256, and a"
    " thousand off at inference, through Keras's layer.",
    caveats="The bound in training, the root of one less than the rows, is arithmetic;"
    " a learned scale multiplies it.",
)
