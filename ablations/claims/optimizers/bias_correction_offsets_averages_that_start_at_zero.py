"""After t updates the weights of all gradients add up to one less beta to the t.

The rest of the weight is on the zero at the start; dividing by the sum takes it away.
"""

from functools import partial
from itertools import product

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import ADAM, HUNDREDTH, SIZES, in_words
from ablations.rigs.readings import DIGITS, at_most, equals

MEANS = "corrected_averages"
KIND, TRUE = "kind of gradient", ("gradients", "squares")
check = partial(equals, MEANS, expected=1.0)


def _is_the_rate(whose: str, words: str, size: str) -> ExactCheck:
    label, key = f"first {words} over the rate, {in_words(size)}", f"{whose}_at_{size}"
    return equals("first_updates", key, 1.0, HUNDREDTH, key=key, label=label)


def _is_right(kind: str, what: str) -> ExactCheck:
    """Predict that a corrected average is the true one; random ones vary."""
    return check(
        f"corrected_average_of_{kind}_{what}",
        tolerance=DIGITS if kind == "equal" else 0.02,
        key=f"{kind}_{what}",
        at=(KIND, kind),
    )


CLAIM = Claim(
    statement="Bias correction makes up for averages that start at zero and are close"
    " to it at first, most of all where the decay rate is close to one.",
    strength="always",
    rows=("A-OPT-37",),
    source=f"{ADAM}, bias correction",
    reference="Kingma and Ba (2015), Adam: a method for stochastic optimization,"
    " section 3",
    axis=KIND,
    core=(
        at_most(MEANS, "uncorrected_average_after_one_update", 0.5, key="start"),
        at_most(MEANS, "uncorrected_average_of_random_gradients", 0.9, key="bias"),
        check("share_of_rates_that_pull_more_than_the_one_below", key="more"),
        *(_is_right(*case) for case in product(("equal", "random"), TRUE)),
    ),
    beside=(
        *(_is_the_rate("printed", "printed update", size) for size in SIZES),
        *(_is_the_rate("keras", "update of Keras", size) for size in SIZES),
    ),
    answers={
        "core !keras_at_a_millionth": "Yes, from the first update on; yet for gradients"
        " of a millionth Keras's first update is {keras_at_a_millionth.percent} of the"
        " rate.",
        "core": "Yes: corrected averages are right on average from the first update"
        " on.",
        "!core": "No: corrected averages are as wrong as others.",
    },
    how="Averages of the printed rule were read under one gradient, for 10 updates, and"
    " under 100,000 random ones, for 5.",
    caveats="Gradients are of one distribution throughout; where that drifts, no"
    " average is right.",
)
