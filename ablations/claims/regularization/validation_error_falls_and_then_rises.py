"""What all rows share is learned first, what single rows have alone comes later.

Learning single rows by heart hurts where their labels are false and there are units
enough to do so; the loss suffers before the error, for it grows with the certainty of
wrong answers.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE, TIE, WIDTH
from ablations.rigs.regularization.stopping import (
    EPOCHS,
    NARROW,
    NOISES,
    RISE,
    reading,
    rows_name,
    share,
    watched,
    within_runs,
)

CASES = [
    (rows, noise, width)
    for width in (WIDTH, NARROW)
    for noise in NOISES
    for rows in EPOCHS
]
START, LOWEST, END = (
    reading(f"test_loss_{place}", f"test loss {words}")
    for place, words in (
        ("start", "before training"),
        ("lowest", "at the smallest validation loss"),
        ("end", "at the end"),
    )
)
RIGHT_LOWEST = reading(
    "test_accuracy_lowest_error", "test accuracy at the smallest validation error"
)
RIGHT_END = reading("test_accuracy_end", "test accuracy at the end")


def _predictions(arm: str) -> tuple[Comparison, ...]:
    return (
        within_runs(f"the loss rises again, {arm}", arm, END, LOWEST, RISE),
        within_runs(
            f"the share of errors rises again, {arm}",
            arm,
            RIGHT_END,
            RIGHT_LOWEST,
            TIE,
            "less",
        ),
    )


def _controls(arm: str) -> tuple[Comparison, ...]:
    learned, known = (
        reading(f"loss_{place}", f"training loss {words}")
        for place, words in (
            ("lowest", "at the smallest validation loss"),
            ("end", "at the end"),
        )
    )
    return (
        within_runs(f"the loss falls first, {arm}", arm, LOWEST, START, RISE, "less"),
        within_runs(
            f"the training loss keeps falling, {arm}", arm, known, learned, 0.0, "less"
        ),
    )


ARMS = {rows_name(*case): watched(*case[:2], width=case[2]) for case in CASES}
QUICK, FEW_ROWS = list(ARMS)[:2]
ALL = tuple(p for arm in ARMS for p in _predictions(arm))
CONTROLS = (*_controls(QUICK), *_controls(FEW_ROWS))

CLAIM = Claim(
    statement=(
        "As training goes on the validation error first falls and then rises, while the"
        " training error keeps falling."
    ),
    rows=("A-REG-14",),
    source=SOURCE,
    reference="Prechelt (1998), Early Stopping - But When?",
    arms=ARMS,
    predictions=ALL,
    beyond_quick=(
        *(p.label for p in ALL if not p.label.endswith(QUICK)),
        *(c.label for c in _controls(FEW_ROWS)),
    ),
    controls=CONTROLS,
    shown=(
        share(
            "loss: runs that lose 0.05 or more",
            QUICK,
            "rise_of_loss",
            "lose at least 0.05 of test loss after the smallest validation loss",
            at_least=RISE,
        ),
        share(
            "errors: runs that lose a point or more",
            QUICK,
            "rise_of_error",
            "lose a point of test accuracy after the smallest validation error",
            at_least=TIE,
        ),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "With 1,000 rows, a fifth of the labels redrawn, and 64 units both rise:"
            " test loss changes by {0} and accuracy by {1} after the best epoch, at"
            " least 0.05 of loss and a point of accuracy in {shown[0].brief} and"
            " {shown[1].brief} of {0.n} runs. With 100 rows it is {2} and {3}, with"
            " true labels {4} and {5}, with 8 units {8} and {9}."
        )
    },
    caveats=(
        "The epoch is chosen by the validation rows and the rise is measured on test"
        " rows, so that the luck of the smallest validation loss is no rise. Two ReLU"
        " layers, 100 epochs on 100 rows and 60 on 1,000, a fifth of them held"
        " out. Labels of held-out rows are redrawn as often as those of training rows,"
        " those of test rows never."
    ),
    figure="early_stopping",
)
