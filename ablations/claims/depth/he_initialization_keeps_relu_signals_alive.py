"""ReLU cuts away half of the mean square of what it is given.

A weight variance of two over fan_in puts back as much, so that neither the signal on
its way up nor the gradient on its way down shrinks or grows with depth.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.depth.recipes import BASICS

WITHIN = 0.02
"""Four standard errors of a factor per layer over 49 layers and eight networks."""

CLAIM = Claim(
    statement="He initialization keeps the signals of deep ReLU networks alive.",
    rows=("B-SOL-15",),
    source=f"{BASICS}, proper weight initialization",
    reference="He et al. (2015), Delving deep into rectifiers, section 2.2",
    predictions=(
        *(
            ExactCheck(
                label=f"standard deviation over √(2 / fan_in), {words}",
                measurement="initial_weights",
                quantity=f"sd_ratio_{name}",
                expected=1.0,
                # Four standard errors of a million normal draws.
                tolerance=0.003,
            )
            for name, words in (("he_normal", "normal"), ("he_uniform", "uniform"))
        ),
        ExactCheck(
            label="mean square of activations, factor per layer",
            measurement="signal_propagation",
            quantity="factor_forward_relu_he",
            expected=1.0,
            tolerance=WITHIN,
        ),
        ExactCheck(
            label="mean square of gradients, factor per layer",
            measurement="signal_propagation",
            quantity="factor_backward_relu_he",
            expected=1.0,
            tolerance=WITHIN,
        ),
    ),
    controls=(
        ExactCheck(
            label="mean square of activations, factor per layer, Xavier",
            measurement="signal_propagation",
            quantity="factor_forward_relu_glorot",
            expected=0.5,
            tolerance=WITHIN / 2,
        ),
    ),
    caveats=(
        "Fifty layers of 512 ReLU units before any training, four networks with normal"
        " weights and four with uniform ones."
    ),
    findings={
        "supported": (
            "Keras's He normal has {0} times the deviation √(2 / fan_in). Through 50"
            " layers of 512 ReLU units the mean square of the activations changes by a"
            " factor of {2} per layer and that of the gradients by {3}; with Xavier the"
            " activations' would by {controls[0]}."
        )
    },
)
