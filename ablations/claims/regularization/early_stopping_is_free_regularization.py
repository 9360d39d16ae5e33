"""Early stopping pays with the rows that it watches instead of learning from.

Its price is what those rows would have taught, its worth what is not learned by heart.
Both may change with the number of rows and with the share of false labels among them.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.readings import Said
from ablations.rigs.regularization import stopping as rig
from ablations.rigs.regularization.families import (
    FRESH_SEEDS,
    HOW,
    over_families,
)
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import TIE, within_runs

ARMS = rig.samples()
STOPPED = rig.reading("test_accuracy_kept_5", "early-stopped test accuracy")
CHOSEN = "test accuracy of all rows for cross-validated epochs"
EARLY = "stopped_after_5", "stop within half of the epochs"


def _chosen(key: str) -> Comparison:
    """Compare what is kept with all rows for as many epochs as folds of them choose."""
    others = rig.reading("test_accuracy_cross_validated", CHOSEN)
    told: Said = {"key": f"chosen_{key}"}
    told["label"] = f"test accuracy when stopped less {CHOSEN}, {ARMS[key].name}"
    return within_runs(ARMS[key], STOPPED, others, TIE, "no_less", **told)


CLAIM = Claim(
    statement="Early stopping is free regularization.",
    rows=("A-REG-13",),
    source=SOURCE,
    reference="Prechelt (1998); Goodfellow et al. (2016), section 7.8",
    axis="labels",
    core=(
        *over_families("held_out", "plain", prefix="gain_"),
        *over_families("held_out", "plain_stopped", "no_greater", prefix="cost_"),
    ),
    beside=tuple(map(_chosen, ARMS)),
    shown=(rig.share(ARMS["many"], *EARLY, at_most=30, key="early"),),
    standard_only=True,
    seeds=FRESH_SEEDS,
    answers={
        "core": "Yes: on all seven tasks it saves a tenth of the errors, and the rows"
        " held out for it are not missed.",
        "!core": "No: it does not save a tenth of the errors, and the rows held out for"
        " it are missed, on all seven tasks.",
        (
            "!gain_clusters_wrong !gain_spirals_wrong !gain_boxes_wrong"
            " !gain_signals_wrong gain_digits_wrong gain_tumors_wrong gain_survey_wrong"
            " !gain_clusters_true !gain_spirals_true !gain_boxes_true"
            " !gain_signals_true !gain_digits_true ?gain_tumors_true ?gain_survey_true"
        ): (
            "With wrong labels it saves at least a tenth of errors on 3 of 7"
            " tasks; with true labels it surely adds errors on four."
        ),
    },
    how=HOW.replace("clusters_wrong", "gain_clusters_wrong"),
    caveats=(
        "It is compared with training to the end on all rows, held-out ones among them."
        " A fifth of the rows is held out, and the network with the least loss on them"
        " is kept. On clusters, equal rows with a number of updates that folds choose"
        " do better. Rows that are held out anyway cost nothing more."
    ),
    figure="early_stopping",
)
