"""More rows outvote false labels and fill in what lies between the known ones.

Where a network memorizes every row, each false label spoils a neighborhood, which more
rows make smaller; a technique acts on the memorizing itself.
"""

from typing import Literal

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import Said, compare
from ablations.rigs.regularization import penalties as rig
from ablations.rigs.regularization.families import (
    ARMS,
    FRESH_SEEDS,
    HOW,
    TENTH,
    error_of,
    over_families,
)
from ablations.rigs.regularization.noisy_labels import NOISE, SOURCE, labels_of
from ablations.rigs.regularization.readings import TIE, generalizes, within_runs

TUNING: tuple[Literal["tuning"]] = ("tuning",)
PLAIN, BEST = rig.NO_TECHNIQUE, rig.BEST


def _beats(rows: int, noise: float) -> Comparison:
    """Compare eight times the rows with a technique, chosen on validation rows."""
    more, few = rig.sample(8 * rows, noise), rig.sample(rows, noise)
    less = f"eight times {rows} rows less that of the best technique on {rows}"
    told: Said = {
        "key": f"rows{rows}_times8{'' if noise else '_true'}",
        "label": f"test accuracy of {less}, {labels_of(noise)}",
        "at": ("rows", rows),
        "differs_in": TUNING,
    }
    return compare(more, "no_less", few, PLAIN, TIE, BEST, **told)


MANY, FEW = rig.sample(2560), rig.sample(80)

CLAIM = Claim(
    statement="More training data are the best way to make a model generalize better.",
    rows=("A-REG-4",),
    source=f"{SOURCE}, how to prevent overfitting",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 7.4",
    axis="labels",
    core=over_families("twice", "best", "no_greater"),
    beside=(
        *(_beats(rows, noise) for noise in (NOISE, 0.0) for rows in (80, 320)),
        generalizes(MANY, FEW, PLAIN, key="more", differs_in=TUNING),
    ),
    controls=(
        within_runs(
            ARMS["clusters", "wrong"],
            error_of("best"),
            error_of("plain"),
            TENTH,
            "less",
            key="techniques",
            label="errors on new rows, the best technique less none",
        ),
    ),
    standard_only=True,
    seeds=FRESH_SEEDS,
    answers={
        "core": "Yes: twice as many rows make as few errors on all seven tasks as the"
        " best technique on the rows there were, to a tenth.",
        "!core": "No: on all seven tasks twice as many rows make a tenth more errors"
        " than the best technique on the rows there were.",
        (
            "clusters_wrong spirals_wrong boxes_wrong signals_wrong digits_wrong"
            " !tumors_wrong !survey_wrong clusters_true spirals_true boxes_true"
            " signals_true digits_true ?tumors_true survey_true"
        ): (
            "Mostly: in 11 of 14 settings twice as many rows do as well as the best"
            " technique; with wrong labels not on two real tables."
        ),
    },
    how=HOW,
    caveats="Techniques are dropout, L2, stopping in time, or none, as five folds of"
    " the rows choose; twice as many rows do without, in as many updates. As well means"
    " at most a tenth more errors.",
)
