"""Who always says one half has a cross-entropy of ln 2, and needs no network for it.

On labels that have nothing to do with the inputs the best that training can do is to
come close to that; what it learns beyond is chance.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.stopping import (
    LEARNABLE_ROWS,
    LN_2,
    PRINTED_SEEDS,
    printed_program,
    share,
)


def _beats(label: str, arm: str) -> SuccessRate:
    return share(
        label,
        arm,
        "test_loss_kept",
        "keep a model that beats guessing one half on new rows",
        at_most=LN_2,
        bound=0.5,
    )


CLAIM = Claim(
    statement="The printed run of early stopping ends with a useful model.",
    rows=("A-REG-18",),
    source=f"{SOURCE}, output of the code",
    arms={
        "labels by chance": printed_program(),
        "labels from one input": printed_program(LEARNABLE_ROWS),
    },
    predictions=(
        ExactCheck(
            label="best printed validation loss, less that of guessing one half",
            measurement="printed_log",
            quantity="best_validation_loss_less_ln_2",
            expected=0.0,
            relation="at_most",
        ),
        _beats("the program on rows of its shape", "labels by chance"),
    ),
    controls=(_beats("rows that can be learned", "labels from one input"),),
    seeds=PRINTED_SEEDS,
    findings={
        "refuted": (
            "The smallest printed validation loss is {0} above that of guessing one"
            " half. On random labels {1.brief} of {1.n} repetitions keep a model that"
            " beats the guess on new rows; where one input decides, {controls[0].brief}"
            " do."
        )
    },
    caveats=(
        "The rows of the printed run are not given; theirs have its shape, 100 to train"
        " on, 20 to validate on, five inputs. The notes do not call the model useful:"
        " that a demonstration shows one is read into them."
    ),
)
