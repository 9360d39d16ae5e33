"""Who always says one half has a cross-entropy of ln 2, and needs no network for it.

On labels that have nothing to do with the inputs the best that training can do is to
come close to that; what it learns beyond is chance.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured
from ablations.rigs.regularization.stopping import (
    LEARNABLE_ROWS,
    LN_2,
    PRINTED_SEEDS,
    printed_program,
    share,
)


def _beats(arm: Arm, key: str) -> SuccessRate:
    return share(
        arm,
        "test_loss_kept",
        "keep a model that beats guessing one half on new rows",
        key=key,
        label=f"runs that keep a model better than a guess, {arm.name}",
        at_most=LN_2,
        bound=0.5,
    )


CLAIM = Claim(
    statement="The printed run of early stopping ends with a useful model.",
    strength="always",
    rows=("A-REG-18",),
    source=f"{SOURCE}, output of the code",
    implied=True,
    core=(
        measured(
            "printed_log",
            "printed",
            "best printed validation loss, less that of guessing one half",
            "best_validation_loss_less_ln_2",
            0.0,
            relation="at_most",
        ),
    ),
    beside=(_beats(printed_program(), "chance"),),
    controls=(_beats(printed_program(LEARNABLE_ROWS), "learnable"),),
    seeds=PRINTED_SEEDS,
    answers={
        "!printed !chance": (
            "No: its best printed loss is worse than guessing one half, and on such"
            " rows only {chance} of repeated runs beat the guess."
        ),
        "printed": "Yes: its best printed loss is better than guessing one half.",
    },
    how=(
        "The printed losses, and {chance.n} runs of the program on rows of the same"
        " shape, with labels by chance."
    ),
    caveats=(
        "The rows of the printed run are not given; ours have its shape, 100 to train"
        " on, 20 to validate on, five inputs. The notes do not call the model useful:"
        " that a demonstration shows one is read into them."
    ),
)
