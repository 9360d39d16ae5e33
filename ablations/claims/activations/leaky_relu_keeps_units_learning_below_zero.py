"""Below zero the slope is small and never zero.

A gradient that passes several such layers below zero is multiplied by the slope each
time.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import at_least, equals

SLOPES, UNIT = "leaky_relu_slopes", "unit_gradients"


def _keeps(slope: str) -> ExactCheck:
    """Predict that a unit that is negative for all rows has a gradient left."""
    name = slope.replace(".", "_")
    quantity, key = f"gradient_of_leaky_{name}_active_in_0", f"slope_{name}"
    label = f"gradient left where all rows are negative, slope {slope}"
    at = ("slope", float(slope))
    return at_least(UNIT, quantity, 0.001, key=key, label=label, at=at)


CLAIM = Claim(
    statement="Leaky ReLU's small slope below zero lets neurons go on learning from"
    " negative inputs.",
    strength="usually",
    rows=("A-ACT-20",),
    source=f"{NOTES}, leaky ReLU",
    reference="Maas, Hannun and Ng (2013), Rectifier nonlinearities improve neural"
    " network acoustic models",
    axis="slope",
    core=(_keeps("0.01"), _keeps("0.1"), _keeps("0.3")),
    beside=(
        at_least(
            SLOPES,
            "through_ten_layers_of_slope_0_3",
            0.001,
            key="deep",
            label="gradient left behind ten negative layers, slope 0.3",
        ),
        equals(SLOPES, "deviation_of_the_slope_0_01", 0.0, 1e-6, key="exact"),
    ),
    controls=(equals(UNIT, "gradient_of_relu_active_in_0", 0.0, key="relu"),),
    answers={
        "core !deep": (
            "Yes: with a slope of 0.01 a hundredth of the gradient is left; but ten"
            " such layers, even with 0.3, leave next to nothing."
        ),
        "core": "Yes: the slope itself, such as a hundredth, is left of the gradient.",
        "!core": "No: no gradient is left for negative inputs.",
    },
    how="The gradient of one unit was computed for batches whose rows are all negative,"
    " for three slopes.",
    caveats="That there is a gradient; how much faster a unit comes back in training is"
    " a matter of other claims.",
)
