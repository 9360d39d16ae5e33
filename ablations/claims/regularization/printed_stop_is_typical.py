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

ARM = "printed program"
TAIL = 0.05
"""Share of runs on either side that makes the printed one no outlier."""


def _stops(label: str, words: str, bound: float, **bounds: float) -> SuccessRate:
    return share(label, ARM, "stopped_after", words, bound=bound, **bounds)


CLAIM = Claim(
    statement=(
        "That training stops after 27 of 100 epochs, without a useful model, is typical"
        " of the printed program."
    ),
    rows=("A-REG-19",),
    source=f"{SOURCE}, code and its output",
    arms={ARM: printed_program()},
    predictions=(
        share(
            "stops before its epochs run out",
            ARM,
            "stopped_early",
            "stop before their 100 epochs",
            at_least=1.0,
            bound=0.5,
        ),
        _stops(
            "not unusually late",
            "stop after epoch 27 or later",
            TAIL,
            at_least=PRINTED_EPOCH,
        ),
        _stops(
            "not unusually early",
            "stop after epoch 27 or before",
            TAIL,
            at_most=PRINTED_EPOCH,
        ),
        share(
            "no better than a guess on new rows",
            ARM,
            "test_loss_kept",
            "keep a model that is no better than guessing one half on new rows",
            at_least=LN_2,
            bound=0.5,
        ),
    ),
    shown=(
        _stops("stops within ten epochs", "stop within ten epochs", TAIL, at_most=10.0),
        _stops("goes on beyond 50", "go on beyond 50 epochs", TAIL, at_least=51.0),
        share(
            "validation loss above ln 2",
            ARM,
            "val_loss_kept",
            "keep a validation loss of at least ln 2, as printed",
            at_least=LN_2,
            bound=TAIL,
        ),
    ),
    seeds=PRINTED_SEEDS,
    findings={
        "supported": (
            "Of {0.n} repetitions on random labels {0.brief} stop early, {2.brief}"
            " after 27 epochs or before and {1.brief} then or later: {shown[0].brief}"
            " within ten, {shown[1].brief} beyond 50. {3.brief} keep a model that is"
            " no better than a guess."
        )
    },
    caveats=(
        "Labels are drawn at random, since the printed rows are not given and the"
        " printed accuracy of 0.6 looks like chance. Typical is outside of both tails"
        " of 5 % for the epoch, and more often than not else."
    ),
    figure="conditions",
)
