"""What all rows share is learned first, what single rows have alone comes later.

Learning single rows by heart hurts where their labels are false and there are units
enough to do so.
"""

from functools import partial
from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import TIE, within_runs
from ablations.rigs.regularization.stopping import RISE, reading, samples, share

LOWEST = reading("test_loss_lowest", "test loss at the best epoch")
END = reading("test_loss_end", "test loss at the end")
START = reading("test_loss_start", "test loss before training")
RIGHT = reading("test_accuracy_end", "test accuracy at the end")
MOST_RIGHT = reading("test_accuracy_lowest_error", "test accuracy at the best epoch")
FIT = reading("loss_end", "training loss at the end")
FIT_THEN = reading("loss_lowest", "training loss at the best epoch")
READINGS: dict[str, tuple[Any, ...]] = {
    "rises": (END, LOWEST, RISE, "greater"),
    "falls": (LOWEST, START, RISE, "less"),
    "fits": (FIT, FIT_THEN, 0.0, "less"),
    "errs": (RIGHT, MOST_RIGHT, TIE, "less"),
}
"""What is read twice of the same runs, the margin and the direction."""


WIDE = samples()
THIN = {f"{key}_thin": arm for key, arm in samples(8).items()}
FALSE = {key: WIDE[key] for key in ("many", "few")}


def _within(word: str, arms: dict[str, Arm]) -> list[Comparison]:
    return [
        within_runs(arm, *READINGS[word], key=f"{word}_{key}", quick=key == "many")
        for key, arm in arms.items()
    ]


loses = partial(share, WIDE["many"])

CLAIM = Claim(
    statement="As training goes on the validation error first falls and then rises,"
    " while the training error keeps falling.",
    rows=("A-REG-14",),
    source=SOURCE,
    reference="Prechelt (1998), Early Stopping - But When?",
    core=(*_within("rises", WIDE), *_within("falls", FALSE), *_within("fits", FALSE)),
    beside=(*_within("errs", WIDE | THIN), *_within("rises", THIN)),
    shown=(
        loses(
            "rise_of_loss",
            "end at least 0.05 of test loss above their best",
            RISE,
            key="rise_of_loss",
        ),
        loses(
            "rise_of_error",
            "end at least a point of accuracy below their best",
            TIE,
            key="rise_of_error",
        ),
    ),
    seeds=SEEDS,
    answers={
        "rises_many !rises_few !rises_many_true !rises_few_true": (
            "Mixed: in wide networks with many rows and false labels the loss on"
            " new rows rises again; with few rows or true labels hardly."
        ),
        "core": "Yes: the loss on new rows falls and rises again in every setting.",
    },
    how="{rises_many.n} networks per setting learned 1,000 rows for 60 epochs or 100"
    " rows for 100, long after their validation loss was smallest.",
    caveats=(
        "Judged is the loss on test rows, whose labels are true, at the last epoch less"
        " that at the best one, which has the smallest validation loss, or error for"
        " accuracy. The validation loss rises more where its own labels are wrong."
    ),
    figure="early_stopping",
)
