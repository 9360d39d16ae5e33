"""Early stopping pays with the rows that it watches instead of learning from.

Its price is what those rows would have taught, its worth what is not learned by heart.
Both may change with the number of rows and with the share of false labels among them.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE, TIE
from ablations.rigs.regularization.stopping import (
    EPOCHS,
    NOISES,
    reading,
    rows_name,
    share,
    watched,
    within_runs,
)

STOPPED = reading(
    "test_accuracy_kept_5", "test accuracy, stopped, a fifth of the rows held out"
)
CARRIED = reading(
    "test_accuracy_all_rows_5", "test accuracy of all rows for as many epochs"
)
TO_THE_END = reading(
    "test_accuracy_all_rows_end", "test accuracy of all rows for all epochs"
)
CROSS_VALIDATED = reading(
    "test_accuracy_cross_validated",
    "test accuracy of all rows, epochs by cross-validation",
)


def _predictions(num_rows: int, noise: float) -> tuple[Comparison, ...]:
    arm = rows_name(num_rows, noise)
    return (
        within_runs(f"regularizes, {arm}", arm, STOPPED, TO_THE_END, TIE),
        within_runs(
            f"costs nothing beside all rows for as many epochs, {arm}",
            arm,
            STOPPED,
            CARRIED,
            TIE,
            "no_less",
        ),
        within_runs(
            f"costs nothing beside cross-validated epochs, {arm}",
            arm,
            STOPPED,
            CROSS_VALIDATED,
            TIE,
            "no_less",
        ),
    )


CASES = [(rows, noise) for noise in NOISES for rows in EPOCHS]
ALL = tuple(p for case in CASES for p in _predictions(*case))
QUICK = [p.label for p in _predictions(*CASES[0])]

CLAIM = Claim(
    statement="Early stopping is free regularization.",
    rows=("A-REG-13",),
    source=SOURCE,
    reference="Prechelt (1998); Goodfellow et al. (2016), section 7.8",
    arms={rows_name(*case): watched(*case) for case in CASES},
    predictions=ALL,
    beyond_quick=tuple(p.label for p in ALL if p.label not in QUICK),
    headline=QUICK[1],
    shown=(
        share(
            "stops within half of the epochs",
            rows_name(*CASES[0]),
            "stopped_after_5",
            "stop within half of the epochs",
            at_most=EPOCHS[CASES[0][0]] / 2,
        ),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "With 1,000 rows, a fifth of the labels redrawn, test accuracy changes by"
            " {0} against all rows to the end and {1} against all rows for as many"
            " epochs; with 100 rows by {4} against all rows for as many epochs and {3}"
            " against all rows to the end ({0.n} seeds)."
        )
    },
    caveats=(
        "Patience 5; a fifth of the labeled rows held out, which free would mean are"
        " not missed. The epochs of all rows are those that the held-out rows chose,"
        " so that they cost a second training. Rows that are held out anyway, for"
        " other choices, cost nothing more. Two ReLU layers of 64 units."
    ),
    figure="early_stopping",
)
