"""With 20 rows to validate on, the validation loss wanders and stops it by chance.

Three epochs in a row without a new minimum may come early in one run and late in
another, so that stops may spread over all epochs.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.stopping import (
    LN_2,
    PRINTED_EPOCH,
    PRINTED_SEEDS,
    printed_program,
    share,
)

TAIL = 0.05
"""Share of runs on either side that makes the printed one no outlier."""


def _runs(
    key: str, label: str, quantity: str, bound: float, **ends: float
) -> SuccessRate:
    return share(
        printed_program(),
        quantity,
        label.removeprefix("runs that "),
        key=key,
        label=label,
        bound=bound,
        **ends,
    )


def _stops(key: str, label: str, **ends: float) -> SuccessRate:
    return _runs(key, label, "stopped_after", TAIL, **ends)


CLAIM = Claim(
    statement=(
        "That training stops after 27 of 100 epochs, without a useful model, is typical"
        " of the printed program."
    ),
    strength="usually",
    rows=("A-REG-19",),
    source=f"{SOURCE}, code and its output",
    core=(
        _runs(
            "early",
            "runs that stop before their 100 epochs",
            "stopped_early",
            0.5,
            at_least=1.0,
        ),
        _stops(
            "late", "runs that stop after epoch 27 or later", at_least=PRINTED_EPOCH
        ),
        _stops(
            "soon", "runs that stop after epoch 27 or before", at_most=PRINTED_EPOCH
        ),
        _runs(
            "useless",
            "runs that keep a model no better than guessing one half on new rows",
            "test_loss_kept",
            0.5,
            at_least=LN_2,
        ),
    ),
    shown=(
        _stops("within_ten", "runs that stop within ten epochs", at_most=10.0),
        _stops("beyond_fifty", "runs that go on beyond 50 epochs", at_least=51.0),
        _runs(
            "above_guess",
            "runs that keep a validation loss of at least ln 2, as printed",
            "val_loss_kept",
            TAIL,
            at_least=LN_2,
        ),
    ),
    seeds=PRINTED_SEEDS,
    answers={
        "core": (
            "Yes: {early} of runs stop early, about half of them by then, and {useless}"
            " keep a model no better than a guess."
        ),
        "!useless": "No: only {useless} of runs keep a model no better than a guess.",
    },
    how="{early.n} runs of the printed program on rows of its shape, labels by chance.",
    caveats=(
        "The printed rows are not given, and the printed accuracy of 0.6 looks like"
        " chance. Typical is outside of both tails of 5 % for the epoch, and more often"
        " than not else."
    ),
    figure="conditions",
)
