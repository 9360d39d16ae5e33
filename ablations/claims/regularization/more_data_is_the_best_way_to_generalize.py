"""More rows outvote false labels and fill in what lies between the known ones.

Where a network memorizes every row, each false label spoils a neighborhood, which more
rows make smaller; a technique acts on the memorizing itself.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization.noisy_labels import SOURCE, TIE
from ablations.rigs.regularization.penalties import (
    NOISES,
    SAMPLE_SEEDS,
    SIZES,
    sample_arm,
    sample_name,
    tested,
)

NOISY_LABELS = next(iter(NOISES))
TWICE, EIGHTFOLD = (80, 160, 320, 640), (80, 320)


def _beats(rows: int, factor: int, noise: str) -> Comparison:
    times = {2: "twice", 8: "eight times"}[factor]
    return Comparison(
        label=f"{times} {rows} rows do as well as the best technique, {noise}",
        at=(f"rows, {times} as many instead, {noise}", rows),
        treatment=sample_name(factor * rows, noise),
        control=sample_name(rows, noise),
        score=tested("none"),
        control_score=tested("best"),
        margin=TIE,
        direction="no_less",
        # A technique is chosen on validation rows, more data are not.
        differs_in=("tuning",),
    )


PREDICTIONS = tuple(
    _beats(rows, factor, noise)
    for noise in NOISES
    for factor, sizes in ((2, TWICE), (8, EIGHTFOLD))
    for rows in sizes
)
QUICK = "twice 320 rows do as well as the best technique, " + NOISY_LABELS

CLAIM = Claim(
    statement="More training data are the best way to make a model generalize better.",
    rows=("A-REG-4",),
    source=f"{SOURCE}, how to prevent overfitting",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.4",
    arms={
        sample_name(rows, noise): sample_arm(rows, noise)
        for noise in NOISES
        for rows in SIZES
    },
    predictions=PREDICTIONS,
    headline=QUICK,
    beyond_quick=(
        *(p.label for p in PREDICTIONS if p.label != QUICK),
        "more data help without techniques",
    ),
    controls=(
        Comparison(
            label="more data help without techniques",
            treatment=sample_name(SIZES[-1], NOISY_LABELS),
            control=sample_name(SIZES[0], NOISY_LABELS),
            score=tested("none"),
            margin=TIE,
            differs_in=("tuning",),
        ),
        Comparison(
            label="techniques help",
            treatment=sample_name(320, NOISY_LABELS),
            control=sample_name(320, NOISY_LABELS),
            score=tested("best"),
            control_score=tested("none"),
            margin=TIE,
            differs_in=("tuning",),
        ),
    ),
    seeds=SAMPLE_SEEDS,
    findings={
        "refuted": (
            "With false labels, twice as many rows without a technique fall short of"
            " the best technique on the old ones by {0} with 80 rows and {2} with 320;"
            " eight times as many change it by {5} from 320. With true labels twice 80"
            " rows come to {6}, twice 640 to {9}."
        ),
        "conditional": (
            "Where a fifth of the labels are drawn anew, twice as many rows without a"
            " technique differ from the best technique on the old ones by {0} with 80,"
            " {2} with 320 and {3} with 640; eight times as many, by {4} with 80 and"
            " {5} with 320. With true labels twice as many differ by {6} with 80 and"
            " {8} with 320 ({0.n} seeds)."
        ),
    },
    caveats=(
        "Two ReLU layers of 64 units on four overlapping classes, 1,500 updates by Adam"
        " whatever the number of rows. Techniques are L2, dropout, noise on the inputs,"
        " early stopping, or none; strength and technique are chosen on 320 validation"
        " rows with true labels, which more data do without."
    ),
)
