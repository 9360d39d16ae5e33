"""The hidden layer has four weights and two biases, the output two and one.

Each of these nine is a 32-bit number of four bytes.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.xor import SOURCE, measured

SIZE = "network_size"

CLAIM = Claim(
    statement="The XOR network has 6 + 3 = 9 parameters, which take 36 bytes.",
    strength="always",
    rows=("A-XOR-10",),
    source=f"{SOURCE}, output of the code",
    core=(
        measured(SIZE, "hidden_parameters", 6.0, "hidden parameters"),
        measured(SIZE, "output_parameters", 3.0, "output parameters"),
        measured(SIZE, "parameters", 9.0, "parameters in all"),
        measured(SIZE, "bytes", 36.0, "bytes of all parameters"),
    ),
    answers={
        "core": "Yes: Keras counts {parameters} parameters, which take {bytes} bytes.",
        "!parameters": "No: Keras counts {parameters} parameters, not nine.",
        "!bytes": "No: the parameters take {bytes} bytes, not thirty-six.",
    },
    how="The printed network was built in Keras and its parameters were counted.",
)
