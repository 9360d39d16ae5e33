"""ReLU is zero for every negative input.

The string that the code passes to Keras names another function, which goes on with
slope 0.2 below zero, so its units always have a gradient.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured

slope = partial(measured, "printed_activation", tolerance=1e-6)
OF = "slope of the program's activation"

CLAIM = Claim(
    statement="The XOR program uses the activation that the text names, ReLU.",
    strength="always",
    rows=("A-XOR-11",),
    source=f"{SOURCE}, solution and code",
    reference="Maas, Hannun and Ng (2013), Rectifier nonlinearities",
    core=(slope("slope_below_zero", 0.0, f"{OF} below zero"),),
    controls=(slope("slope_above_zero", 1.0, f"{OF} above zero"),),
    answers={
        "!core slope_above_zero": (
            "No: below zero the program's activation has slope {slope_below_zero},"
            " where ReLU is flat."
        ),
        "core slope_above_zero": (
            "Yes: the program's activation is flat below zero, as ReLU is."
        ),
    },
    how="The function that Keras gives for the printed string was evaluated.",
)
