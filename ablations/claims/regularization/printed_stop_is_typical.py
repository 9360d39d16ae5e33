"""With 20 rows to validate on, the validation loss wanders and stops it by chance.

Three epochs in a row without a new minimum may come early in one run and late in
another, so that stops may spread over all epochs.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.stopping import (
    LN_2,
    PRINTED_SEEDS,
    printed_program,
    share,
)

TAIL = 0.05
"""Share of runs on either side that makes the printed one no outlier."""
PRINTED = printed_program()
most = partial(share, PRINTED, bound=0.5)
stops = partial(share, PRINTED, "stopped_after", bound=TAIL)
above = partial(share, PRINTED, "val_loss_kept", bound=TAIL)

CLAIM = Claim(
    statement="That training stops after 27 of 100 epochs, without a useful model, is"
    " typical of the printed program.",
    rows=("A-REG-19",),
    source=f"{SOURCE}, code and its output",
    core=(
        most("stopped_early", "stop before their 100 epochs", 1, key="early"),
        stops("stop after epoch 27 or later", 27, key="late"),
        stops("stop after epoch 27 or before", at_most=27, key="soon"),
        most(
            "test_loss_kept", "keep a model no better than a guess", LN_2, key="useless"
        ),
    ),
    shown=(
        stops("stop within ten epochs", at_most=10, key="within_ten"),
        stops("go on beyond 50 epochs", 51, key="beyond_fifty"),
        above("keep a validation loss of at least ln 2", LN_2, key="above_guess"),
    ),
    seeds=PRINTED_SEEDS,
    answers={
        "core": (
            "Yes: {early} of runs stop before their epochs are over, and {useless} keep"
            " a model no better than a guess."
        ),
        "!core": "No: most runs make all their epochs, and keep a useful model.",
    },
    how="The printed program was run {early.n} times on rows of its shape with labels"
    " by chance.",
    caveats=(
        "An epoch is typical if at least 5 % of the runs stop there or earlier and 5 %"
        " there or later; anything else if more than half of the runs do it."
    ),
)
