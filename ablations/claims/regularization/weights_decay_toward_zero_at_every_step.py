"""Gradient descent under a penalty first shrinks a weight, then follows the data.

The first part is a fixed share of the weight; which way the weight moves in all is up
to both, and while a network learns, the data win.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import at_least, equals
from ablations.rigs.regularization.noisy_labels import SOURCE

shrinks = partial(at_least, "decay_trace", bound=0.99)
# Weights are read to seven digits before and after a small step.
pull = partial(equals, "decay_trace", expected=0, tolerance=1e-3)
SHARE = "share of weights and steps that shrink, penalty"
NO_DATA = "share of weights and steps that shrink, without data"
PULL = "distance of the penalty's pull from a fixed share of the weight,"

CLAIM = Claim(
    statement="Under an L2 penalty every step brings weights nearer to zero.",
    strength="always",
    rows=("A-REG-10",),
    source=f"{SOURCE}, L2 regularization",
    reference="Krogh and Hertz (1992); Loshchilov and Hutter (2019)",
    core=(
        shrinks("share_that_shrinks_at_0_0001", key="weak", label=f"{SHARE} 0.0001"),
        shrinks("share_that_shrinks_at_0_01", key="medium", label=f"{SHARE} 0.01"),
        shrinks("share_that_shrinks_at_0_1", key="strong", label=f"{SHARE} 0.1"),
    ),
    beside=(
        shrinks("share_that_shrinks_without_data", key="no_data", label=NO_DATA),
        pull("error_of_the_pull_under_sgd", key="pull_sgd", label=f"{PULL} descent"),
        pull("error_of_the_pull_under_adam", key="pull_adam", label=f"{PULL} Adam"),
    ),
    answers={
        "!weak !strong": (
            "No: in a linear model that starts from small weights, only"
            " {weak.percent} of all single weight changes go towards zero."
        ),
        "core": (
            "Yes: while a linear model learns, nearly every step brings its weights"
            " nearer to zero."
        ),
    },
    how="A linear model took forty steps of gradient descent from small weights on 64"
    " rows of 20 inputs, under three penalties.",
    caveats=("All weights start small; weights that start large were not tried."),
)
