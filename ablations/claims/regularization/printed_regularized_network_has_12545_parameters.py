"""A dense layer has inputs times units weights, and a bias per unit.

Dropout has no parameters: it draws its masks.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE

COUNTS = {
    "first_hidden_layer": 4224,
    "second_hidden_layer": 8256,
    "output_layer": 65,
    "dropout_layers": 0,
    "total": 12545,
    "not_trainable": 0,
}

CLAIM = Claim(
    statement=(
        "The printed network with L2 and dropout has 4,224 + 8,256 + 65 = 12,545"
        " parameters, 49.00 KB, and none of them in its dropout layers."
    ),
    rows=("A-REG-37",),
    source=f"{SOURCE}, code and its output",
    reference="Keras, documentation of Model.summary",
    predictions=(
        *(
            ExactCheck(
                label=f"parameters, {name.replace('_', ' ')}",
                measurement="printed_parameters",
                quantity=name,
                expected=float(count),
            )
            for name, count in COUNTS.items()
        ),
        ExactCheck(
            label="kilobytes of 1,024 bytes",
            measurement="printed_parameters",
            quantity="kilobytes",
            expected=49.0,
            # It is printed with two decimals.
            tolerance=0.005,
        ),
    ),
    findings={
        "supported": (
            "Keras counts {0} + {1} + {2} = {4} parameters, {6} KB in single precision,"
            " and {3} in the dropout layers."
        )
    },
    caveats="The network is built by Keras from the printed code's arguments.",
)
