"""A gate is shut up to a critical number and open above it.

The step function and ReLU do not move below zero; a smooth curve moves on both sides.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_least, at_most

WORDS = {"relu": "ReLU", "leaky_relu": "leaky ReLU", "elu": "ELU"}


def _is_shut(name: str) -> ExactCheck:
    """Predict less than a hundredth of the whole movement below zero."""
    words = WORDS.get(name, name)
    return at_most(
        "gates",
        f"spread_below_zero_of_{name}",
        0.01,
        key=name,
        label=f"share of its movement below zero, {words}",
        at=("activation", words),
    )


CLAIM = Claim(
    statement="An activation can be thought of as a gate that checks whether its input"
    " is above a critical number.",
    strength="can",
    rows=("B-ACT-1",),
    source=f"{BASICS}, thresholding",
    reference="McCulloch and Pitts (1943), A logical calculus of the ideas immanent in"
    " nervous activity",
    axis="activation",
    core=tuple(
        _is_shut(name)
        for name in ("step", "relu", "leaky_relu", "elu", "sigmoid", "tanh")
    ),
    controls=(
        at_least(
            "gates",
            "spread_below_zero_of_linear",
            0.4,
            key="linear",
            label="share of its movement below zero, linear",
        ),
    ),
    answers={
        "step relu !sigmoid !tanh": "Some can: the step function and ReLU stay shut"
        " below zero, while sigmoid and tanh make half of their movement there.",
        "core": "Yes: all six activations stay shut below a critical number.",
        "!core": "No: none of six activations stays shut below a critical number.",
    },
    how="The movement of each activation from -6 to 0 was compared with that from -6"
    " to 6.",
    caveats=(
        "The critical number is zero; shut is read as a hundredth of the movement."
        " Leaky ReLU has a slope of 0.2 here; with 0.01 it would count as shut, too."
    ),
)
