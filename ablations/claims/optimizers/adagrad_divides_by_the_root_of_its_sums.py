"""AdaGrad remembers the sum of each weight's squared gradients.

Its root is about the size of a gradient times the root of how many there were; a small
term keeps the division from failing where there was none. Keras adds that term under
the root.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.optimizers import (
    ADAGRAD,
    COMPARED,
    FAULTS,
    HUNDREDTH,
    RULES,
    SIZES,
    as_far,
    as_printed,
    with_its_term,
)
from ablations.rigs.readings import equals

CLAIM = Claim(
    statement="AdaGrad divides the learning rate by the root of the sum of a weight's"
    " squared gradients, plus a small term.",
    strength="always",
    rows=("A-OPT-24",),
    source=f"{ADAGRAD}, algorithm",
    reference="Duchi, Hazan and Singer (2011), Adaptive subgradient methods for online"
    " learning and stochastic optimization",
    axis="gradient size",
    core=tuple(as_printed("adagrad", size) for size in SIZES),
    beside=(
        as_far("adagrad", "a_millionth"),
        *(with_its_term("adagrad", size) for size in SIZES),
        *(
            equals(
                RULES,
                f"times_of_default_adagrad_at_{size}",
                1.0,
                HUNDREDTH,
                key=f"default_{size}",
                label="length of the printed updates over those of Keras's defaults,"
                f" gradients of {size.replace('_', ' ')}",
            )
            for size in ("one", "a_thousandth")
        ),
    ),
    controls=(FAULTS,),
    answers={
        "one a_thousandth !a_millionth !far_a_millionth moved_a_millionth": "No, not"
        " where gradients are tiny: for a millionth the printed updates are"
        " {far_a_millionth} times Keras's, whose small term stands under the root.",
        "one a_thousandth !a_millionth": "No, not where gradients are tiny: for a"
        " millionth updates of Keras are not the printed ones.",
        "core": "Yes: for gradients of one, a thousandth and a millionth updates of"
        " Keras are the printed ones, to a hundredth.",
        "!core": "No: updates of Keras are not the printed ones.",
    },
    how=COMPARED,
    caveats=(
        "Sums start at zero, as printed; Keras starts them at 0.1 unless"
        " told, with which the printed updates are far longer already for"
        " gradients of a thousandth."
    ),
)
