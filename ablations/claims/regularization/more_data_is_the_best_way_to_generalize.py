"""More rows outvote false labels and fill in what lies between the known ones.

Where a network memorizes every row, each false label spoils a neighborhood, which more
rows make smaller; a technique acts on the memorizing itself.
"""

from typing import Literal

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import Said, compare
from ablations.rigs.regularization import penalties as rig
from ablations.rigs.regularization.noisy_labels import (
    FEW_SEEDS,
    NOISE,
    SOURCE,
    labels_of,
)
from ablations.rigs.regularization.readings import TIE, generalizes, within_runs

CASES = ((2, 80), (2, 160), (2, 320), (2, 640), (8, 80), (8, 320))
"""How many times as many rows there are, and how many a technique has."""
TIMES = {2: "twice", 8: "eight times"}
TUNING: tuple[Literal["tuning"]] = ("tuning",)
PLAIN, BEST = rig.NO_TECHNIQUE, rig.BEST


def _beats(times: int, rows: int, noise: float) -> Comparison:
    """Compare more rows with a technique, which alone is chosen on validation rows."""
    more, few = rig.sample(times * rows, noise), rig.sample(rows, noise)
    less = f"{TIMES[times]} {rows} rows less that of the best technique on {rows}"
    first = (times, rows, noise) == (2, 320, NOISE)
    told: Said = {
        "key": f"rows{rows}_times{times}{'' if noise else '_true'}",
        "label": f"test accuracy of {less}, {labels_of(noise)}",
        "at": ("rows", rows),
        "headline": first,
        "differs_in": TUNING,
    }
    return compare(more, "no_less", few, PLAIN, TIE, BEST, **told)


MANY, FEW = rig.sample(2560), rig.sample(80)

CLAIM = Claim(
    statement="More training data are the best way to make a model generalize better.",
    rows=("A-REG-4",),
    source=f"{SOURCE}, how to prevent overfitting",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.4",
    axis="rows",
    core=tuple(_beats(*case, noise) for noise in (NOISE, 0.0) for case in CASES),
    controls=(
        generalizes(MANY, FEW, PLAIN, key="more", differs_in=TUNING),
        within_runs(rig.sample(320), BEST, PLAIN, key="techniques", differs_in=TUNING),
    ),
    standard_only=True,
    seeds=FEW_SEEDS,
    answers={
        "core": "Yes: twice as many rows do as well as the best technique on the old.",
        "!rows320_times2 rows320_times2_true": (
            "Mixed: with true labels twice 320 rows do as well as the best technique;"
            " with false ones they fall {rows320_times2} percentage points short."
        ),
        "!core": "No: twice 320 rows fall {rows320_times2} percentage points short.",
    },
    how="Networks took 1,500 updates on 80 to 640 rows with the best of five"
    " techniques, or on twice or eight times as many without any, on {rows320_times2.n}"
    " seeds.",
    caveats="Techniques are L2, dropout, noise on the inputs, early stopping, or none,"
    " chosen on 320 validation rows with true labels, which more data do without.",
)
