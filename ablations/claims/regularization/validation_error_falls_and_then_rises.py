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
BEST = "test_accuracy_lowest_error", "test accuracy at the smallest validation error"
RIGHT = reading("test_accuracy_end", "test accuracy at the end"), reading(*BEST)
FIT = reading("loss_end", "training loss at the end"), reading("loss_lowest", "then")
READINGS = {
    "rises": ("rise of the test loss", (END, LOWEST), RISE, "greater"),
    "errs": ("change of test accuracy after the best epoch", RIGHT, TIE, "less"),
    "falls": (
        "change of test loss up to the best epoch",
        (LOWEST, START),
        RISE,
        "less",
    ),
    "fits": ("change of training loss after the best epoch", FIT, 0.0, "less"),
}
"""What is read twice of the same runs, the margin and the direction."""

WIDE = {
    "many": watched(1000, NOISES[0]),
    "few": watched(100, NOISES[0]),
    "many_true": watched(1000, NOISES[1]),
    "few_true": watched(100, NOISES[1]),
}
THIN = {
    "many_thin": watched(1000, NOISES[0], width=NARROW),
    "few_thin": watched(100, NOISES[0], width=NARROW),
    "many_true_thin": watched(1000, NOISES[1], width=NARROW),
    "few_true_thin": watched(100, NOISES[1], width=NARROW),
}


def _within(word: str, arms: dict[str, Arm]) -> tuple[Comparison, ...]:
    label, scores, margin, direction = READINGS[word]
    return tuple(
        within_runs(
            arm,
            *scores,
            margin,
            key=f"{word}_{key}",
            label=f"{label}, {arm.name}",
            direction=direction,
            quick=key == "many",
        )
        for key, arm in arms.items()
    )


FIRST = {key: WIDE[key] for key in ("many", "few")}


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
    core=(*_within("rises", WIDE), *_within("falls", FIRST), *_within("fits", FIRST)),
    beside=(*_within("errs", WIDE | THIN), *_within("rises", THIN)),
    shown=(
        _shown("rise_of_loss", "runs that lose 0.05 or more of test loss", RISE),
        _shown("rise_of_error", "runs that lose a point or more of test accuracy", TIE),
    ),
    seeds=SEEDS,
    answers={
        "rises_many !rises_few !rises_many_true": (
            "Not in general: with many rows and false labels the loss rises again; with"
            " few rows or true labels it stays down."
        ),
        "core": "Yes: the loss on new rows falls and rises again in every setting.",
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
