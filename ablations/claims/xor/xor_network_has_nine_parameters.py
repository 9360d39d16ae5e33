"""The hidden layer has four weights and two biases, the output two and one.

Each of these nine is a 32-bit number of four bytes.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.xor import SOURCE

PRINTED_SUMMARY = {
    "hidden_parameters": 6.0,
    "output_parameters": 3.0,
    "parameters": 9.0,
    "bytes": 36.0,
}

CLAIM = Claim(
    statement="The XOR network has 6 + 3 = 9 parameters, which take 36 bytes.",
    rows=("A-XOR-10",),
    source=f"{SOURCE}, output of the code",
    predictions=tuple(
        ExactCheck(
            label=quantity.replace("_", " "),
            measurement="network_size",
            quantity=quantity,
            expected=expected,
        )
        for quantity, expected in PRINTED_SUMMARY.items()
    ),
    findings={
        "supported": ("Keras counts {0} + {1} = {2} parameters, which take {3} bytes.")
    },
)
