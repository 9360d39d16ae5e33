"""The printed formula is one over one plus an exponential.

Keras computes the same by a form that cannot overflow.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import equals

CLAIM = Claim(
    statement="The sigmoid of z is one over one plus e to the minus z.",
    strength="always",
    rows=("B-ACT-3",),
    source=f"{BASICS}, sigmoid",
    core=(
        equals(
            "sigmoid_formula",
            "deviation_from_the_formula",
            0.0,
            1e-6,
            key="formula",
            label="largest deviation of Keras's sigmoid from the formula",
        ),
    ),
    answers={
        "core": ("Yes: Keras's sigmoid is the printed formula, to six decimal places."),
        "!core": "No: Keras's sigmoid is not the printed formula.",
    },
    how="Both were compared at 16,001 numbers from -80 to 80.",
)
