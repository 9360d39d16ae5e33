"""Batch norm has four numbers per feature, of which it learns scale and shift.

The other two are the running mean and variance, which no gradient moves.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.batch_norm import CODE
from ablations.rigs.readings import equals

PRINTED = "printed_batch_norm_parameters"


def _counted(quantity: str, count: float) -> ExactCheck:
    words = quantity.replace("_", " ")
    label = words if "bytes" in quantity else f"parameters, {words}"
    # Sizes in kilobytes are printed with two decimals.
    half = 0.005 if "kilobytes" in quantity else 0.0
    return equals(PRINTED, quantity, count, half, key=quantity, label=label)


CLAIM = Claim(
    statement="The printed network with batch norm has 1,344 + 256 + 2,080 + 128 + 33 ="
    " 3,841 parameters, 15.00 KB; 3,649 of them, 14.25 KB, are trainable, and 192, 768"
    " bytes, are not.",
    strength="always",
    rows=("A-BN-18",),
    source=f"{CODE} and its output",
    reference="Keras, documentation of Model.summary",
    core=(
        _counted("dense_1", 1344),
        _counted("batch_norm_1", 256),
        _counted("dense_2", 2080),
        _counted("batch_norm_2", 128),
        _counted("output_layer", 33),
        _counted("total", 3841),
        _counted("trainable", 3649),
        _counted("not_trainable", 192),
        _counted("kilobytes_in_total", 15.00),
        _counted("trainable_kilobytes", 14.25),
        _counted("bytes_not_trainable", 768),
    ),
    answers={
        "core": "Yes: Keras counts the same, layer by layer, in total and in bytes.",
        "!total": "No: Keras counts another number of parameters in total.",
        "!core": "No: Keras counts other numbers everywhere.",
    },
    how="Keras built the network from the arguments of the printed code, and its"
    " parameters were counted.",
)
