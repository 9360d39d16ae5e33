"""The sigmoid of zero is a half, and its outputs lie evenly around that.

Outputs of one sign give all weights that enter a unit above gradients of one sign, so
that they rise or fall together.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_least, equals

CENTERS = "centers"


def _is_off(deviation: str) -> ExactCheck:
    """Predict a mean output of a tenth or more for inputs around zero."""
    name, at = deviation.replace(".", "_"), ("input deviation", float(deviation))
    quantity = f"mean_of_sigmoid_for_deviation_{name}"
    label = f"mean output for inputs of deviation {deviation} around zero"
    return at_least(CENTERS, quantity, 0.1, key=f"spread_{name}", label=label, at=at)


CLAIM = Claim(
    statement="The sigmoid's outputs are not centered on zero.",
    strength="always",
    rows=("B-ACT-22",),
    source=f"{BASICS}, table of activations",
    reference="LeCun, Bottou, Orr and Müller (1998), Efficient backprop, section 4.4",
    axis="input deviation",
    core=(_is_off("0.1"), _is_off("1"), _is_off("10")),
    beside=(
        equals(
            CENTERS,
            "same_signs_above_sigmoid",
            1.0,
            key="signs",
            label="share of rows whose gradients at a unit above have one sign",
        ),
    ),
    controls=(
        equals(CENTERS, "mean_of_tanh_for_deviation_1", 0.0, 1e-6, key="tanh"),
        equals(CENTERS, "same_signs_above_tanh", 0.0, 0.05, key="tanh_signs"),
    ),
    answers={
        "core signs": (
            "Yes: they lie around one half, and each row moves all weights into a unit"
            " of the next layer in the same direction."
        ),
        "core": "Yes: their mean is one half for inputs around zero.",
        "!core": "No: their mean is near zero for inputs around zero.",
    },
    how="Mean outputs of Keras's sigmoid and tanh were computed for 100,001 normal"
    " inputs of three spreads.",
    caveats="Whether that slows training down is a matter of other claims.",
)
