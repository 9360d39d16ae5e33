"""Above zero ReLU hands its input on unchanged.

A function that hands on its input has slope one everywhere, and no upper end.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import equals

SLOPES = "relu_slopes"

CLAIM = Claim(
    statement="ReLU is the larger of zero and x, and above zero it never saturates: its"
    " slope is one.",
    strength="always",
    rows=("A-ACT-15",),
    source=f"{NOTES}, ReLU",
    reference="Nair and Hinton (2010), Rectified linear units improve restricted"
    " Boltzmann machines; Glorot, Bordes and Bengio (2011)",
    core=(
        equals(SLOPES, "deviation_from_the_formula", 0.0, key="formula"),
        equals(SLOPES, "deviation_of_slopes_from_one_above_zero", 0.0, key="above"),
    ),
    beside=(
        equals(SLOPES, "largest_slope_below_zero", 0.0, key="below"),
        equals(
            SLOPES,
            "slope_at_zero",
            0.0,
            key="zero",
            label="slope at exactly zero, where none is defined",
        ),
    ),
    answers={
        "core zero": "Yes: exactly one for every positive number. At zero itself, where"
        " it has no slope, zero is used.",
        "core": "Yes: the slope is exactly one for every positive number.",
        "!core": "No: neither the formula nor the slope is as stated.",
    },
    how="Keras's ReLU and its slopes were computed at all 63,487 numbers of half"
    " precision.",
)
