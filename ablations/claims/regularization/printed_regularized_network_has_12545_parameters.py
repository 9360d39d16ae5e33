"""A dense layer has inputs times units weights, and a bias per unit.

Dropout has no parameters: it draws its masks.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured


def _counted(key: str, label: str, quantity: str, count: float) -> ExactCheck:
    return measured("printed_parameters", key, label, quantity, count)


CLAIM = Claim(
    statement=(
        "The printed network with L2 and dropout has 4,224 + 8,256 + 65 = 12,545"
        " parameters, 49.00 KB, and none of them in its dropout layers."
    ),
    strength="always",
    rows=("A-REG-37",),
    source=f"{SOURCE}, code and its output",
    reference="Keras, documentation of Model.summary",
    core=(
        _counted(
            "first", "parameters, first hidden layer", "first_hidden_layer", 4224.0
        ),
        _counted(
            "second", "parameters, second hidden layer", "second_hidden_layer", 8256.0
        ),
        _counted("output", "parameters, output layer", "output_layer", 65.0),
        _counted("dropout", "parameters, dropout layers", "dropout_layers", 0.0),
        _counted("total", "parameters in all", "total", 12545.0),
        measured(
            "printed_parameters",
            "size",
            "kilobytes of 1,024 bytes",
            "kilobytes",
            49.0,
            0.005,  # It is printed with two decimals.
        ),
    ),
    beside=(_counted("fixed", "parameters, not trainable", "not_trainable", 0.0),),
    answers={
        "core": "Yes: Keras counts the same, layer by layer, none of them in dropout.",
        "!total": "No: Keras counts another number of parameters in all.",
    },
    how="The network is built by Keras from the printed code's arguments.",
)
