"""Adam's listing has two averages, two corrections and one small term.

Keras takes the corrections into the rate, so that its small term is added to a root
that is not yet corrected; which matters already where gradients are a hundred times
that term, as the uncorrected root is far smaller than the gradient at first.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import (
    ADAM,
    COMPARED,
    FAULTS,
    SIZES,
    as_far,
    as_printed,
    with_its_term,
)

CLAIM = Claim(
    statement="Adam computes the updates of the printed algorithm.",
    strength="always",
    rows=("A-OPT-35",),
    source=f"{ADAM}, algorithm",
    reference="Kingma and Ba (2015), Adam: a method for stochastic optimization,"
    " algorithm 1",
    axis="gradient size",
    core=tuple(as_printed("adam", size) for size in SIZES),
    beside=(
        as_far("adam", "a_millionth"),
        *(with_its_term("adam", size) for size in SIZES),
    ),
    controls=(FAULTS,),
    answers={
        "one a_thousandth !a_millionth !far_a_millionth moved_a_millionth": "No, not"
        " where gradients are tiny: for a millionth the printed updates are"
        " {far_a_millionth} times Keras's, which adds its small term before the"
        " correction.",
        "one a_thousandth !a_millionth": "No, not where gradients are tiny: for a"
        " millionth updates of Keras are not the printed ones.",
        "core": "Yes: for gradients of one, a thousandth and a millionth updates of"
        " Keras are the printed ones, to a hundredth.",
        "!core": "No: updates of Keras are not the printed ones.",
    },
    how=COMPARED,
    caveats="The small term is the notes' example for other rules; Keras has ten times"
    " as much by default.",
)
