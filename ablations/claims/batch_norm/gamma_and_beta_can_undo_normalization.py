"""Scale and shift turn each feature back if they are its deviation and mean.

They are fixed numbers, so they turn back fixed statistics exactly, and those of a batch
only as far as batches are alike.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.readings import DIGITS, at_most

UNDONE = "batch_norm_undone"


def _comes_back(quantity: str, key: str, words: str, missed: float) -> ExactCheck:
    """Predict what a feature misses when it comes back, in its deviations."""
    label = f"distance to what went in, in deviations; {words}"
    return at_most(UNDONE, quantity, missed, key=key, label=label)


CLAIM = Claim(
    statement="By learning gamma and beta a network can undo the normalization.",
    strength="can",
    rows=("A-BN-8",),
    source=f"{NOTES}, gamma and beta",
    reference="Ioffe and Szegedy (2015), Batch normalization, section 3",
    core=(
        _comes_back(
            "missed_after_learning", "learned", "a batch, learned on it", DIGITS
        ),
        _comes_back("missed_on_the_same_batch", "same", "a batch, set by it", DIGITS),
        _comes_back("missed_at_inference", "inference", "rows at inference", DIGITS),
    ),
    beside=(
        _comes_back("missed_on_other_batches", "other", "other batches of 32", 0.01),
    ),
    answers={
        "core !other": (
            "Yes, exactly, for one batch or fixed averages; in other training batches"
            " of 32 the worst feature is off by {other.percent} of its deviation."
        ),
        "core": "Yes: learned or set, they give back what went in, in training and at"
        " inference.",
        "!core": "No: they give back what went in neither in training nor at"
        " inference.",
    },
    how="Gamma and beta were set, or learned by gradient descent, to give back a batch"
    " of 32 rows, and then used on a hundred other batches and at inference.",
    caveats="Changes are root mean squares over rows, of the feature that changes"
    " most.",
)
