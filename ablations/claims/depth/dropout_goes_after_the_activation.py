"""Dropout multiplies each unit by zero or by one fixed number.

Where f(cx) is c f(x) for every positive c, as for ReLU, it does not matter which comes
first. Others turn a dropped sum into the activation of zero, which for the sigmoid is
one half, and change kept units by another factor.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import at_least, equals

ORDER, SCALED = "dropout_order", "deviation_from_zero_or_scaled"
NEITHER = "deviation of outputs from both zero and the scaled activation"


def _matters(key: str, name: str) -> ExactCheck:
    """Predict a difference well above rounding, of outputs of order one."""
    label = f"largest difference of outputs if dropout comes before, {name}"
    at = ("activation", name)
    return at_least(ORDER, f"difference_{key}", 0.01, key=key, label=label, at=at)


CLAIM = Claim(
    statement="Dropout belongs after the activation, not before it.",
    rows=("B-SOL-3",),
    source=f"{BASICS}, dropout layers",
    reference="Srivastava et al. (2014), Dropout, section 4",
    axis="activation",
    core=(
        _matters("relu", "ReLU"),
        _matters("leaky_relu", "leaky ReLU"),
        _matters("elu", "ELU"),
        _matters("tanh", "tanh"),
        _matters("sigmoid", "sigmoid"),
    ),
    controls=(
        equals(ORDER, SCALED, 0.0, 1e-5, key="scaled", label=NEITHER),
        equals(ORDER, "sigmoid_of_a_dropped_sum", 0.5, 1e-6, key="dropped"),
    ),
    answers={
        "!relu !leaky_relu elu tanh sigmoid": (
            "It depends on the activation: the order changes outputs of ELU, tanh and"
            " sigmoid, not of ReLU; which order trains better was not tested."
        ),
        "core": "Yes: for all five activations outputs change if dropout comes before.",
        "!core": "No: for no activation do outputs change if dropout comes before.",
    },
    how="One layer was computed under one mask with dropout before and after the"
    " activation, by Keras and by this project's own layers.",
    caveats="Which place trains better is not asked.",
)
