"""A dense layer has inputs times units weights, and a bias per unit.

Dropout has no parameters: it draws its masks.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.readings import equals
from ablations.rigs.regularization.noisy_labels import SOURCE


def _counted(key: str, where: str, count: float, tolerance: float = 0.0) -> ExactCheck:
    label = where if key == "size" else f"parameters, {where}"
    quantity = where.replace(" ", "_")
    return equals(
        "printed_parameters", quantity, count, tolerance, key=key, label=label
    )


CLAIM = Claim(
    statement="The printed network with L2 and dropout has 4,224 + 8,256 + 65 = 12,545"
    " parameters, 49.00 KB, and none of them in its dropout layers.",
    strength="always",
    rows=("A-REG-37",),
    source=f"{SOURCE}, code and its output",
    reference="Keras, documentation of Model.summary",
    core=(
        _counted("first", "first hidden layer", 4224),
        _counted("second", "second hidden layer", 8256),
        _counted("output", "output layer", 65),
        _counted("dropout", "dropout layers", 0),
        _counted("total", "total", 12545),
        _counted("size", "kilobytes", 49, 0.005),  # It is printed with two decimals.
    ),
    beside=(_counted("fixed", "not trainable", 0),),
    answers={
        "core": "Yes: Keras counts the same, layer by layer, none of them in dropout.",
        "!total": "No: Keras counts another number of parameters in all.",
    },
    how="Keras built the network from the arguments of the printed code, and its"
    " parameters were counted.",
)
