"""ReLU cuts away half of the mean square of what it is given.

A weight variance of two over fan_in puts back as much, so that neither the signal on
its way up nor the gradient on its way down shrinks or grows with depth.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS
from ablations.rigs.readings import equals

SIGNALS, WITHIN = "signal_propagation", 0.02
"""Four standard errors of a factor per layer over 49 layers and eight networks."""

XAVIER = "factor per layer of the mean square of activations, Xavier"


def _factor(way: str, what: str) -> ExactCheck:
    quantity, at = f"factor_{way}_relu_he", ("direction", way)
    label = f"factor per layer of the mean square of {what}"
    return equals(SIGNALS, quantity, 1.0, WITHIN, key=way, label=label, at=at)


def _deviation(kind: str) -> ExactCheck:
    """Predict a ratio within four standard errors of a million normal draws."""
    quantity, label = (
        f"sd_ratio_he_{kind}",
        f"deviation of {kind} weights over √(2/fan_in)",
    )
    return equals("initial_weights", quantity, 1.0, 0.003, key=kind, label=label)


CLAIM = Claim(
    statement="He initialization keeps the signals of deep ReLU networks alive.",
    rows=("B-SOL-15",),
    source=f"{BASICS}, proper weight initialization",
    reference="He et al. (2015), Delving deep into rectifiers, section 2.2",
    axis="direction",
    core=(_factor("forward", "activations"), _factor("backward", "gradients")),
    beside=(_deviation("normal"), _deviation("uniform")),
    controls=(
        equals(
            SIGNALS, "factor_forward_relu_glorot", 0.5, 0.01, key="xavier", label=XAVIER
        ),
    ),
    answers={
        "core": (
            "Yes: on average a ReLU layer keeps the mean square of activations and"
            " gradients within two percent; with Xavier's weights it halves per layer."
        ),
        "!core": "No: each layer changes both mean squares by more than two percent.",
    },
    how="Eight untrained networks of fifty layers of 512 ReLU units were measured, four"
    " with normal weights and four with uniform ones.",
)
