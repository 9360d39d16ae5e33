"""Early stopping pays with the rows that it watches instead of learning from.

Its price is what those rows would have taught, its worth what is not learned by heart.
Both may change with the number of rows and with the share of false labels among them.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.prediction import Direction
from ablations.rigs.readings import Said
from ablations.rigs.regularization import stopping as rig
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
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
    told: Said = {"key": f"{other}_{key}", "quick": key == "many"}
    told["label"] = f"test accuracy when stopped less {words}, {ARMS[key].name}"
    if told["key"] == "cost_many":
        told["headline"] = True
    direction: Direction = "greater" if other == "gain" else "no_less"
    return within_runs(ARMS[key], STOPPED, others, TIE, direction, **told)


CLAIM = Claim(
    statement="Early stopping is free regularization.",
    rows=("A-REG-13",),
    source=SOURCE,
    reference="Prechelt (1998); Goodfellow et al. (2016), section 7.8",
    axis="rows",
    core=tuple(_over(other, key) for key in ARMS for other in ("gain", "cost")),
    beside=tuple(_over("chosen", key) for key in ARMS),
    shown=(rig.share(ARMS["many"], *EARLY, at_most=30, key="early"),),
    seeds=SEEDS,
    answers={
        "core": "Yes: it helps, and the rows held out for it are not missed.",
        "gain_many cost_many !gain_few !cost_few !gain_many_true !gain_few_true": (
            "Mixed: with false labels it adds for free {gain_many} percentage points of"
            " accuracy on a thousand rows; on a hundred, rows held out cost {cost_few}."
        ),
        "!core": "No: it does not help, and the rows held out for it are missed.",
    },
    how="Networks were stopped with a fifth of 100 or 1,000 rows held out, or trained"
    " on all of them, for at most 100 epochs, {gain_many.n} each, with true or false"
    " labels.",
    caveats="The epochs of all rows are those that held-out rows chose, in a second"
    " training. Rows that are held out anyway cost nothing more.",
    figure="early_stopping",
)
