"""Gradient descent under a penalty first shrinks a weight, then follows the data.

The first part is a fixed share of the weight; which way the weight moves in all is up
to both, and while a network learns, the data win.
"""

from ablations.measures.regularization.penalties import TRACED
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE

ALWAYS = 0.99
"""Share of weights and steps that counts as all."""


def _shrinks(label: str, name: str) -> ExactCheck:
    return ExactCheck(
        label=label,
        measurement="decay_trace",
        quantity=f"share_that_shrinks_{name}",
        expected=ALWAYS,
        relation="at_least",
    )


CLAIM = Claim(
    statement="Under an L2 penalty every step brings weights nearer to zero.",
    rows=("A-REG-10",),
    source=f"{SOURCE}, L2 regularization",
    reference="Krogh and Hertz (1992); Loshchilov and Hutter (2019)",
    predictions=(
        _shrinks("share of steps that shrink a weight, no data", "without_data"),
        *(
            _shrinks(
                f"share of steps that shrink a weight, least squares with {l2:g}",
                f"at_{l2:g}".replace(".", "_"),
            )
            for l2 in TRACED
        ),
        ExactCheck(
            label="distance of the penalty's pull from a fixed share, gradient descent",
            measurement="decay_trace",
            quantity="error_of_the_pull_under_sgd",
            expected=0.0,
            # Weights are read to seven digits before and after a small step.
            tolerance=1e-3,
        ),
        ExactCheck(
            label="distance of the penalty's pull from a fixed share, Adam",
            measurement="decay_trace",
            quantity="error_of_the_pull_under_adam",
            expected=0.0,
            tolerance=1e-3,
        ),
    ),
    findings={
        "conditional": (
            "Without data every step shrinks every weight ({0} of them). While a line"
            " is fitted, {1} of weights and steps shrink at the printed strength and"
            " {3} at 0.1. What holds at every step of gradient descent is the pull"
            " itself, within {4} of a fixed share of the weight; Adam's is off by {5}"
            " times what it should be."
        )
    },
    caveats=(
        "Forty steps of gradient descent from small weights, 64 rows and 20 inputs;"
        " Adam's pull is that of a first step. A weight that starts large is more often"
        " seen to shrink."
    ),
)
