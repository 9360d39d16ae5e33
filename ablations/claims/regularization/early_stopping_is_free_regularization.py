"""Early stopping pays with the rows that it watches instead of learning from.

Its price is what those rows would have taught, its worth what is not learned by heart.
Both may change with the number of rows and with the share of false labels among them.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.prediction import Direction
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
OTHERS = {
    "gain": ("all_rows_end", "all epochs"),
    "cost": ("all_rows_5", "as many epochs"),
    "chosen": ("cross_validated", "cross-validated epochs"),
}
EARLY = "stopped_after_5", "stop within half of the epochs"


def _over(other: str, key: str) -> Comparison:
    """Compare what is kept with training on all rows."""
    quantity, words = OTHERS[other]
    words = f"test accuracy of all rows for {words}"
    others = rig.reading(f"test_accuracy_{quantity}", words)
    told: Said = {"key": f"{other}_{key}"}
    told["label"] = f"test accuracy when stopped less {words}, {ARMS[key].name}"
    direction: Direction = "greater" if other == "gain" else "no_less"
    return within_runs(ARMS[key], STOPPED, others, TIE, direction, **told)


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
    beside=tuple(_over(other, key) for key in ARMS for other in OTHERS),
    shown=(rig.share(ARMS["many"], *EARLY, at_most=30, key="early"),),
    standard_only=True,
    seeds=FRESH_SEEDS,
    answers={
        "core": "Yes: on all seven tasks it saves a tenth of the errors, and the rows"
        " held out for it are not missed.",
        "!core": "No: it does not save a tenth of the errors, and the rows held out for"
        " it are missed, on all seven tasks.",
    },
    how=HOW.replace("clusters_wrong", "gain_clusters_wrong"),
    caveats="A fifth of the rows is held out, and the network with the least loss on"
    " them is kept. Rows that are held out anyway cost nothing more.",
    figure="early_stopping",
)
