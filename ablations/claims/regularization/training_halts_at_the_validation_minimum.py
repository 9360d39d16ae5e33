"""That a loss was the smallest is known only once later ones were seen.

Training stops when the patience is used up, that many epochs after the best; what can
be kept is the best so far, and a later minimum is missed whenever the curve rises for
longer than the patience before it.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import within_runs
from ablations.rigs.regularization.stopping import (
    EPOCHS,
    NOISES,
    PATIENCES,
    RISE,
    reading,
    share,
    watched,
)

LOWEST = reading("test_loss_lowest", "test loss at the smallest validation loss")


def _case(patience: int, arm: Arm) -> tuple[str, str]:
    rows, labels = int(arm.levels["rows"]), str(arm.levels["labels"])
    end = f"patience {patience}, {rows:,} rows, {labels}"
    return f"{patience}_{rows}_{labels.split()[0]}", end


def _share(
    word: str,
    label: str,
    quantity: str,
    words: str,
    patience: int,
    arm: Arm,
    **ends: float,
) -> SuccessRate:
    key, case = _case(patience, arm)
    return share(
        arm,
        f"{quantity}_{patience}",
        words,
        key=f"{word}_{key}",
        label=f"runs that {label}, {case}",
        quick=arm == ARMS[0],
        headline=word == "halts" and patience == PATIENCES[0],
        **ends,
    )


def _halts(patience: int, arm: Arm) -> SuccessRate:
    words = "make no epoch after the best so far"
    return _share("halts", words, "past_minimum", words, patience, arm, at_most=0.0)


def _keeps(patience: int, arm: Arm) -> SuccessRate:
    words = "keep the epoch of the smallest validation loss of a long training"
    label = "keep the minimum of a long training"
    return _share("keeps", label, "kept_lowest", words, patience, arm, at_least=1.0)


def _is_as_good(patience: int, arm: Arm) -> Comparison:
    key, case = _case(patience, arm)
    kept = reading(
        f"test_loss_kept_{patience}", f"test loss kept with patience {patience}"
    )
    return within_runs(
        arm,
        kept,
        LOWEST,
        RISE,
        key=f"good_{key}",
        label=f"test loss kept less that at the minimum, {case}",
        direction="no_greater",
        quick=arm == ARMS[0],
    )


ARMS = [watched(rows, noise) for noise in NOISES for rows in EPOCHS]

CLAIM = Claim(
    statement="Training under early stopping ends exactly where the validation error"
    " is smallest.",
    strength="always",
    rows=("A-REG-15",),
    source=SOURCE,
    reference="Prechelt (1998), Early Stopping - But When?",
    core=(
        *(_halts(patience, ARMS[0]) for patience in PATIENCES),
        *(_keeps(patience, arm) for arm in ARMS for patience in PATIENCES),
    ),
    beside=tuple(_is_as_good(patience, arm) for arm in ARMS for patience in PATIENCES),
    seeds=SEEDS,
    answers={
        "!halts_3_1000_false": (
            "No: training goes on past the minimum, by as many epochs as its patience;"
            " only the weights it keeps are those of the minimum."
        ),
        "core": "Yes: training ends at the minimum, and keeps the weights of it.",
    },
    how="{halts_3_1000_false.n} networks per setting, followed long past the stop.",
    caveats=(
        "Halting is the epoch after which no other is made. Keeping needs"
        " `restore_best_weights`. The validation loss is watched, as in the code."
    ),
    figure="early_stopping",
)
