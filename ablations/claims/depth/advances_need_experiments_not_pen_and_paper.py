"""A wide random layer sums so many weights that its sums are normal.

Then the growth of signals and gradients per layer is an integral over one normal
variable, which gave the scale of today's initializers before they were tried.
"""

from ablations.measures.depth.signals import PAIRS
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck

ERROR = 0.05
"""Error of a factor per layer from which on a theory is of little use."""

RULES = {"glorot": "Xavier", "he": "He"}

CLAIM = Claim(
    statement=(
        "Deep learning is an engineering science, in which pen and paper do not lead"
        " to advances."
    ),
    rows=("A-INT-19",),
    source="Deep learning notes, chapter 1, experiments and engineering",
    reference=(
        "He et al. (2015), Delving deep into rectifiers; Poole et al. (2016),"
        " Exponential expressivity in deep neural networks through"
        " transient chaos; Schoenholz et al. (2017), Deep information propagation;"
        " Yang et al. (2019), A mean field theory of batch normalization"
    ),
    predictions=(
        *(
            ExactCheck(
                label=f"error of the predicted {what}, {name} with {RULES[rule]}",
                measurement="signal_propagation",
                quantity=f"error_{way}_{name}_{rule}",
                expected=ERROR,
                relation="at_least",
            )
            for way, what in (("forward", "signal"), ("backward", "gradient"))
            for name, rule in PAIRS
        ),
        *(
            ExactCheck(
                label=f"error of the predicted gradient, {name} with batch norm",
                measurement="signal_propagation",
                quantity=f"error_backward_{name}_batch_norm",
                expected=ERROR,
                relation="at_least",
            )
            for name in ("relu", "tanh")
        ),
    ),
    controls=(
        ExactCheck(
            label="error of a theory that leaves out the activation, smallest",
            measurement="signal_propagation",
            quantity="smallest_error_without_the_activation",
            expected=ERROR,
            relation="at_least",
        ),
    ),
    caveats=(
        "All that is tested is whether theory on paper predicts the factors by which"
        " signals and gradients grow per layer; refuted means that it does. This bears"
        " on one advance, the scale of first weights, whose rule He et al. (2015)"
        " derived on paper; how other advances came about is history. Networks have 50"
        " layers of 512 units and are not trained; two of them have batch norm."
    ),
    findings={
        "refuted": (
            "On paper the growth per layer of mean squares through 50 layers is right"
            " within 5 % everywhere: with ReLU and He's weights the largest relative"
            " error is {1} for signals and {7} for gradients, and with ReLU and batch"
            " norm {12} for gradients; that of a theory that leaves out the activation"
            " is at least {controls[0]}."
        )
    },
)
