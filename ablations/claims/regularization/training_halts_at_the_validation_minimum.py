"""That a loss was the smallest is known only once later ones were seen.

Training stops when the patience is used up, that many epochs after the best; what can
be kept is the best so far, and a later minimum is missed whenever the curve rises for
longer than the patience before it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.stopping import (
    EPOCHS,
    NOISES,
    PATIENCES,
    RISE,
    reading,
    rows_name,
    share,
    watched,
    within_runs,
)

LOWEST = reading("test_loss_lowest", "test loss at the smallest validation loss")


def _halts(arm: str, patience: int) -> SuccessRate:
    return share(
        f"halts at its minimum, patience {patience}, {arm}",
        arm,
        f"past_minimum_{patience}",
        "make no epoch after the best so far",
        at_most=0.0,
    )


def _keeps(arm: str, patience: int) -> SuccessRate:
    return share(
        f"keeps the minimum of the whole curve, patience {patience}, {arm}",
        arm,
        f"kept_lowest_{patience}",
        "keep the epoch of the smallest validation loss of a long training",
        at_least=1.0,
    )


def _is_as_good(arm: str, patience: int) -> Comparison:
    kept = reading(
        f"test_loss_kept_{patience}", f"test loss kept with patience {patience}"
    )
    return within_runs(
        f"keeps a model as good, patience {patience}, {arm}",
        arm,
        kept,
        LOWEST,
        RISE,
        "no_greater",
    )


CASES = [(rows, noise) for noise in NOISES for rows in EPOCHS]
ARMS = {rows_name(*case): watched(*case) for case in CASES}
QUICK = next(iter(ARMS))
ALL = (
    *(_halts(QUICK, patience) for patience in PATIENCES),
    *(
        make(arm, patience)
        for arm in ARMS
        for patience in PATIENCES
        for make in (_keeps, _is_as_good)
    ),
)

CLAIM = Claim(
    statement=(
        "Training under early stopping ends exactly where the validation error is"
        " smallest."
    ),
    rows=("A-REG-15",),
    source=SOURCE,
    reference="Prechelt (1998), Early Stopping - But When?",
    arms=ARMS,
    predictions=ALL,
    beyond_quick=tuple(p.label for p in ALL if not p.label.endswith(QUICK)),
    headline=_halts(QUICK, PATIENCES[0]).label,
    seeds=SEEDS,
    findings={
        "conditional": (
            "With patience 3, {0.brief} of runs on 1,000 rows with false labels halt at"
            " the best epoch so far; the others go on, as a rule for three more. The"
            " epoch kept is that"
            " of the smallest loss of a long training in {2}, with patience 5 in {4};"
            " on 100 rows in {6} and {8}. With patience 3 the test loss kept is off"
            " that of the minimum by {3} and {7} ({0.n} seeds)."
        )
    },
    caveats=(
        "Halting is the epoch after which no other is made: by its rule a patience is"
        " used up only after the best epoch so far, so that a run can halt there only"
        " if its epochs run out. Keeping needs `restore_best_weights`. Curves are"
        " followed for 100 epochs on 100 rows and 60 on 1,000. The validation loss is"
        " watched, as in the notes' code."
    ),
    figure="early_stopping",
)
