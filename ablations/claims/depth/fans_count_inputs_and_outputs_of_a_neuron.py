"""A dense layer's kernel has a row per input and a column per unit.

Keras takes the number of rows for fan_in, which is what a unit reads, and the number of
columns for fan_out, which is how many units each input of the layer feeds.
How many units its own units feed is a matter of the next layer.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS

EXACT = 1e-4
"""A fan is read from a float32 limit, good to about 1e-6."""

CLAIM = Claim(
    statement="The numbers of a neuron's inputs and outputs are fan_in and fan_out.",
    rows=("B-SOL-13",),
    source=f"{BASICS}, xavier normal",
    reference="Glorot and Bengio (2010), section 4.2",
    predictions=(
        ExactCheck(
            label="fan_in of a layer whose units read 6",
            measurement="fans_of_a_neuron",
            quantity="fan_in",
            expected=6.0,
            tolerance=EXACT,
        ),
        ExactCheck(
            label="fan_out of a layer of 10 whose units feed 4",
            measurement="fans_of_a_neuron",
            quantity="fan_out",
            expected=4.0,
            tolerance=EXACT,
        ),
        *(
            ExactCheck(
                label=f"{fan} of a layer of 8 between layers of 8",
                measurement="fans_of_a_neuron",
                quantity=f"{fan}_of_equal_layers",
                expected=8.0,
                tolerance=EXACT,
            )
            for fan in ("fan_in", "fan_out")
        ),
    ),
    caveats="Dense layers in Keras; a neuron's outputs are the units that it feeds.",
    findings={
        "conditional": (
            "In a network of 6, 10 and 4 units Keras takes {0} for the hidden layer's"
            " fan_in, which is what each unit reads, but {1} for its fan_out, where"
            " each unit feeds 4. Between equally wide layers both are right."
        )
    },
)
