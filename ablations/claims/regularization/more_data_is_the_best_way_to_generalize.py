"""More rows outvote false labels and fill in what lies between the known ones.

Where a network memorizes every row, each false label spoils a neighborhood, which more
rows make smaller; a technique acts on the memorizing itself.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization.noisy_labels import SOURCE, labels_of
from ablations.rigs.regularization.penalties import (
    NOISE,
    POOL,
    SAMPLE_SEEDS,
    sample,
    tested,
)
from ablations.rigs.regularization.readings import TIE, generalizes, within_runs

CASES = ((2, 80), (2, 160), (2, 320), (2, 640), (8, 80), (8, 320))
"""How many times as many rows there are, and how many a technique has."""


def _beats(times: int, rows: int, noise: float) -> Comparison:
    """Compare more rows with a technique, which alone is chosen on validation rows."""
    headline = (times, rows, noise) == (2, 320, NOISE)
    words = f"{times} times {rows} rows less that of the best technique"
    return generalizes(
        sample(times * rows, noise),
        sample(rows, noise),
        score=tested("none"),
        control_score=tested("best"),
        key=f"rows{rows}_times{times}" if noise else f"rows{rows}_times{times}_true",
        label=f"test accuracy of {words}, {labels_of(noise)}",
        at=("rows", rows),
        direction="no_less",
        differs_in=("tuning",),
        quick=headline,
        headline=headline,
    )


CLAIM = Claim(
    statement="More training data are the best way to make a model generalize better.",
    rows=("A-REG-4",),
    source=f"{SOURCE}, how to prevent overfitting",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.4",
    axis="rows",
    core=tuple(_beats(*case, noise) for noise in (NOISE, 0.0) for case in CASES),
    controls=(
        generalizes(
            sample(POOL),
            sample(80),
            score=tested("none"),
            key="more",
            label="gain from 2,560 rows instead of 80, no technique",
            differs_in=("tuning",),
            quick=False,
        ),
        within_runs(
            sample(320),
            tested("best"),
            tested("none"),
            TIE,
            key="techniques",
            label="gain from the best technique, 320 rows",
            differs_in=("tuning",),
        ),
    ),
    seeds=SAMPLE_SEEDS,
    answers={
        "core": (
            "Yes: twice as many rows, or eight times, do as well as the best technique"
            " on the old ones."
        ),
        "!rows320_times2 rows320_times2_true": (
            "Mixed: with true labels twice 320 rows do as well as the best technique;"
            " with false ones they fall {rows320_times2} percentage points short."
        ),
        "!core": (
            "No: twice as many rows with false labels fall {rows320_times2} percentage"
            " points short of the best technique on 320."
        ),
    },
    how=(
        "Networks took 1,500 updates on 80 to 2,560 rows without technique, or with the"
        " best of five on few rows, on {rows320_times2.n} seeds."
    ),
    caveats=(
        "Two ReLU layers of 64 units on four overlapping classes, under Adam."
        " Techniques are L2, dropout, noise on the inputs, early stopping, or none;"
        " strength and technique are chosen on 320 validation rows with true labels,"
        " which more data do without."
    ),
)
