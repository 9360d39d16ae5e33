"""The slope of leaky ReLU is a setting, and training changes weights only.

PReLU is the same function with the slope among its weights.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_least, equals

PRESET = "preset_slopes"

CLAIM = Claim(
    statement="The slope of leaky ReLU must be set beforehand.",
    strength="always",
    rows=("B-ACT-14",),
    source=f"{BASICS}, table of activations",
    reference="He et al. (2015), Delving deep into rectifiers",
    core=(equals(PRESET, "trainable_numbers_of_leaky_relu", 0.0, key="leaky"),),
    controls=(at_least(PRESET, "trainable_numbers_of_prelu", 1.0, key="prelu"),),
    answers={
        "core": "Yes: nothing in the layer is trained, while PReLU learns a slope for"
        " each unit.",
        "!core": "No: the layer trains its slope.",
    },
    how="The trainable numbers of both Keras layers were counted for eight units.",
    caveats="Keras has a default slope, so nobody is made to choose; whether the choice"
    " matters is a matter of other claims.",
)
