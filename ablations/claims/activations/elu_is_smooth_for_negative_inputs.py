"""Below zero ELU is an exponential, which is smooth.

At zero its slope is alpha on one side and one on the other, so that only an alpha of
one has no jump there.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import at_least, at_most, equals

SMOOTH = "smoothness"
ALPHAS = ("0.5", "1", "2")


def _is_smooth(alpha: str) -> ExactCheck:
    """Predict a slope that changes by at most alpha per unit of input below zero."""
    name, at = alpha.replace(".", "_"), ("alpha", float(alpha))
    quantity, key = f"largest_change_below_zero_of_elu_{name}", f"alpha_{name}"
    label, bound = f"largest change of the slope below zero, alpha {alpha}", at[1]
    return at_most(SMOOTH, quantity, bound, 1e-6, key=key, label=label, at=at)


def _joins(alpha: str) -> ExactCheck:
    name, at = alpha.replace(".", "_"), ("alpha", float(alpha))
    quantity, label = f"jump_at_zero_of_elu_{name}", f"jump at zero, alpha {alpha}"
    return equals(SMOOTH, quantity, 0.0, 1e-3, key=f"jump_{name}", label=label, at=at)


CLAIM = Claim(
    statement="ELU is smooth for negative inputs.",
    strength="always",
    rows=("B-ACT-27",),
    source=f"{BASICS}, table of activations",
    reference="Clevert, Unterthiner and Hochreiter (2016), Fast and accurate deep"
    " network learning by exponential linear units",
    axis="alpha",
    core=tuple(_is_smooth(alpha) for alpha in ALPHAS),
    beside=(
        *(_joins(alpha) for alpha in ALPHAS),
        equals(SMOOTH, "deviation_of_the_slope_of_keras", 0.0, 1e-6, key="keras"),
    ),
    controls=(at_least(SMOOTH, "jump_at_zero_of_relu", 1.0, key="relu"),),
    answers={
        "core jump_1 !jump_0_5 !jump_2": "Yes below zero; at zero itself its slope"
        " jumps unless alpha is one.",
        "core": "Yes: its slope never jumps below zero.",
        "!core": "No: its slope jumps below zero.",
    },
    how="Slopes were compared at inputs a ten-thousandth apart for alpha of 0.5, 1 and"
    " 2, and with Keras's by automatic differentiation.",
)
