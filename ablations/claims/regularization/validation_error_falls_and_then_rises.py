"""What all rows share is learned first, what single rows have alone comes later.

Learning single rows by heart hurts where their labels are false and there are units
enough to do so; the loss suffers before the error, for it grows with the certainty of
wrong answers.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import TIE, within_runs
from ablations.rigs.regularization.stopping import (
    EPOCHS,
    NARROW,
    NOISES,
    RISE,
    reading,
    share,
    watched,
)

START = reading("test_loss_start", "test loss before training")
LOWEST = reading("test_loss_lowest", "test loss at the smallest validation loss")
END = reading("test_loss_end", "test loss at the end")
RIGHT_LOWEST = reading(
    "test_accuracy_lowest_error", "test accuracy at the smallest validation error"
)
RIGHT_END = reading("test_accuracy_end", "test accuracy at the end")
LEARNED = reading("loss_lowest", "training loss at the smallest validation loss")
KNOWN = reading("loss_end", "training loss at the end")

WIDE = {
    "many": watched(1000, NOISES[0]),
    "few": watched(100, NOISES[0]),
    "many_true": watched(1000, NOISES[1]),
    "few_true": watched(100, NOISES[1]),
}
THIN = {
    f"{key}_thin": watched(rows, noise, width=NARROW)
    for key, (rows, noise) in zip(
        WIDE, ((rows, noise) for noise in NOISES for rows in EPOCHS), strict=True
    )
}


def _within(
    word: str, label: str, scores: tuple, margin: float, key: str, direction: str
) -> Comparison:
    arm: Arm = (WIDE | THIN)[key]
    return within_runs(
        arm,
        *scores,
        margin,
        key=f"{word}_{key}",
        label=f"{label}, {arm.name}",
        direction=direction,
        quick=key == "many",
    )


def _rises(key: str) -> Comparison:
    return _within(
        "rises", "rise of the test loss", (END, LOWEST), RISE, key, "greater"
    )


def _errs(key: str) -> Comparison:
    label = "change of test accuracy after the best epoch"
    return _within("errs", label, (RIGHT_END, RIGHT_LOWEST), TIE, key, "less")


def _falls(key: str) -> Comparison:
    label = "change of the test loss up to the best epoch"
    return _within("falls", label, (LOWEST, START), RISE, key, "less")


def _fits(key: str) -> Comparison:
    label = "change of the training loss after the best epoch"
    return _within("fits", label, (KNOWN, LEARNED), 0.0, key, "less")


def _shown(key: str, label: str, least: float) -> SuccessRate:
    words = label.removeprefix("runs that ")
    return share(WIDE["many"], key, words, key=key, label=label, at_least=least)


CLAIM = Claim(
    statement=(
        "As training goes on the validation error first falls and then rises, while the"
        " training error keeps falling."
    ),
    strength="usually",
    rows=("A-REG-14",),
    source=SOURCE,
    reference="Prechelt (1998), Early Stopping - But When?",
    axis="labels",
    core=(
        *map(_rises, WIDE),
        _falls("many"),
        _fits("many"),
        _falls("few"),
        _fits("few"),
    ),
    beside=(*map(_errs, WIDE), *map(_rises, THIN), *map(_errs, THIN)),
    shown=(
        _shown("rise_of_loss", "runs that lose 0.05 or more of test loss", RISE),
        _shown("rise_of_error", "runs that lose a point or more of test accuracy", TIE),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: the loss on new rows falls and rises again in every setting tried.",
    },
    how="{rises_many.n} networks per setting, trained long after they know every row.",
    caveats=(
        "The epoch is chosen by the validation rows and the rise is measured on test"
        " rows. Two ReLU layers, 100 epochs on 100 rows and 60 on 1,000, a fifth of"
        " them held out. Labels of held-out rows are redrawn as often as those of"
        " training rows, those of test rows never."
    ),
    figure="early_stopping",
)
