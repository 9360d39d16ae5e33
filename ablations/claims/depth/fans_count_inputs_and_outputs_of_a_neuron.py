"""A dense layer's kernel has a row per input and a column per unit.

Keras takes the number of rows for fan_in, which is what a unit reads, and the number of
columns for fan_out, which is how many units each input of the layer feeds. How many
units its own units feed is a matter of the next layer.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import equals


def _fan(key: str, expected: float, widths: str) -> ExactCheck:
    """Predict a fan read from a float32 limit, good to about 1e-6."""
    at, fan = ("layer widths", widths), key.removesuffix("_of_equal_layers")
    label = f"{fan} of the middle layer, {widths} units"
    return equals("fans_of_a_neuron", key, expected, 1e-4, key=key, label=label, at=at)


CLAIM = Claim(
    statement="The numbers of a neuron's inputs and outputs are fan_in and fan_out.",
    strength="always",
    rows=("B-SOL-13",),
    source=f"{BASICS}, xavier normal",
    reference="Glorot and Bengio (2010), section 4.2",
    axis="layer widths",
    core=(
        _fan("fan_in", 6.0, "6, 10, 4"),
        _fan("fan_out", 4.0, "6, 10, 4"),
        _fan("fan_in_of_equal_layers", 8.0, "8, 8, 8"),
        _fan("fan_out_of_equal_layers", 8.0, "8, 8, 8"),
    ),
    answers={
        "fan_in !fan_out": "No: fan_in is the number of a neuron's inputs, but where"
        " each of ten neurons feeds four, fan_out is {fan_out}.",
        "core": "Yes: both fans are right, between equal layers and unequal ones.",
        "!core": "No: neither fan is right, not even between equal layers.",
    },
    how="Both fans were read from Keras's initializers in networks of layers of 6, 10"
    " and 4 units, and of 8 units each.",
    caveats="Dense layers; a neuron's outputs are the units that it feeds.",
)
