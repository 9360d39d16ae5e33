"""The mean of m rows misses that of all rows by a deviation over the root of m.

The variance misses by more: relative to itself by the root of two over m - 1 for normal
features, and by more for skewed ones.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.readings import at_least, at_most, equals

SPREAD = "batch_statistics"
SIZES = (4, 32, 256)
SLIGHT = 1 / 3
"""A third of a feature's deviation, or of its variance."""
WHAT = {
    "means": "spread of batch means, in deviations of the feature",
    "variances": "spread of batch variances, relative to their mean",
}


def _is_slight(what: str, rows: int) -> ExactCheck:
    return at_most(
        SPREAD,
        f"spread_of_{what}_of_{rows}",
        SLIGHT,
        key=f"{what}_{rows}",
        label=f"{WHAT[what]}, batches of {rows}",
        at=("batch size", rows),
    )


def _vary(what: str) -> ExactCheck:
    words = f"{WHAT[what]}, 256 rows"
    key = f"{what}_vary"
    return at_least(SPREAD, f"spread_of_{what}_of_256", 0.01, key=key, label=words)


def _follows(what: str, rows: int) -> ExactCheck:
    """Predict that the spread is that of the formula, within a twentieth."""
    quantity = f"spread_of_{what}_over_its_law_of_{rows}"
    label = f"{WHAT[what]}, over that of the formula, batches of {rows}"
    return equals(SPREAD, quantity, 1.0, 0.05, key=f"{what}_law_{rows}", label=label)


CLAIM = Claim(
    statement="Mean and variance vary slightly from batch to batch.",
    rows=("A-BN-25",),
    source=f"{NOTES}, benefits",
    reference="Casella and Berger (2002), Statistical inference, section 5.3",
    axis="batch size",
    core=(
        *(_is_slight(what, m) for m in (32, 256) for what in WHAT),
        _vary("means"),
        _vary("variances"),
    ),
    beside=(
        *(_is_slight(what, 4) for what in WHAT),
        *(_follows(what, m) for m in SIZES for what in WHAT),
        at_most(
            SPREAD,
            "spread_of_skewed_variances_of_32",
            SLIGHT,
            key="skewed_32",
            label="spread of batch variances of a skewed feature, batches of 32",
        ),
    ),
    answers={
        "core !means_4 !variances_4": (
            "Yes, for normal features from 32 rows on, whose means vary by"
            " {means_32.percent} of their deviation; skewed features and batches of"
            " four vary more."
        ),
        "core means_4 variances_4": "Yes: by less than a third, even in batches of"
        " four.",
        "core": "Yes: by less than a third, in batches of 32 and of 256.",
        "!means_256 !variances_256": "No: they vary by more than a third, even in"
        " batches of 256.",
        "!means_vary !variances_vary": "No: they hardly vary at all.",
    },
    how="Means and variances of ten thousand batches each of 4, 32 and 256 normal"
    " numbers were computed.",
    caveats="Slightly is read as by a third or less. Variances of skewed features vary"
    " more than those of normal ones.",
)
