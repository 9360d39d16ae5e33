"""Early stopping pays with the rows that it watches instead of learning from.

Its price is what those rows would have taught, its worth what is not learned by heart.
Both may change with the number of rows and with the share of false labels among them.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization import stopping as rig
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import TIE, within_runs

STOPPED = rig.reading("test_accuracy_kept_5", "test accuracy when stopped")
OTHERS = {
    "gain": ("all_rows_end", "all rows for all epochs"),
    "cost": ("all_rows_5", "all rows for as many epochs"),
    "chosen": ("cross_validated", "all rows for cross-validated epochs"),
}
QUICK = (1000, rig.NOISES[0])
CASES = [(rows, noise) for noise in rig.NOISES for rows in rig.EPOCHS]


def _over(other: str, rows: int, noise: float) -> Comparison:
    """Compare what is kept with training on all rows."""
    quantity, words = OTHERS[other]
    return within_runs(
        rig.watched(rows, noise),
        STOPPED,
        rig.reading(f"test_accuracy_{quantity}", f"test accuracy with {words}"),
        TIE,
        "greater" if other == "gain" else "no_less",
        key=f"{other}{rows}" if noise else f"{other}{rows}_true",
        quick=(rows, noise) == QUICK,
        headline=(other, rows, noise) == ("cost", *QUICK),
    )


EARLY = "stopped_after_5", "stop within half of the epochs"

CLAIM = Claim(
    statement="Early stopping is free regularization.",
    rows=("A-REG-13",),
    source=SOURCE,
    reference="Prechelt (1998); Goodfellow et al. (2016), section 7.8",
    axis="rows",
    core=tuple(_over(other, *case) for case in CASES for other in ("gain", "cost")),
    beside=tuple(_over("chosen", *case) for case in CASES),
    shown=(rig.share(rig.watched(*QUICK), *EARLY, at_most=30, key="early"),),
    seeds=SEEDS,
    answers={
        "core": "Yes: it helps, and the rows held out for it are not missed.",
        "gain1000 cost1000 !gain100 !cost100 !gain1000_true !gain100_true": (
            "Mixed: with a thousand rows and false labels it adds {gain1000} percentage"
            " points for free; with a hundred, the rows held out cost {cost100}."
        ),
        "!core": "No: it does not help, and the rows held out for it are missed.",
    },
    how="Networks were stopped with a fifth of their rows held out, and trained on all"
    " rows, {gain1000.n} each, with 100 or 1,000 rows and true or false labels.",
    caveats="Patience 5. Epochs of all rows are those that held-out rows chose, so that"
    " they cost a second training. Rows that are held out anyway cost nothing more.",
    figure="early_stopping",
)
