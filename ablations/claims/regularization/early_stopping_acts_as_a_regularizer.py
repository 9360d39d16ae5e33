"""Gradient descent goes far along steep directions first, along flat ones late.

Stopped after t steps of rate eta it has shrunk every direction of a quadratic about as
ridge regression of penalty 1 / (eta t) does; noise along flat directions stays out.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.regularization.noisy_labels import SOURCE
from ablations.rigs.regularization.readings import measured

check = partial(measured, "ridge_path")
at_most = partial(check, relation="at_most")

CLAIM = Claim(
    statement="Early stopping acts as a regularizer.",
    strength="can",
    rows=("A-REG-21",),
    source=f"{SOURCE}, early stopping",
    reference="Ali et al. (2019); Goodfellow et al. (2016), section 7.8",
    core=(
        # A tenth is the smallest difference of errors that matters.
        at_most(
            "error",
            "error of the best stop over that of least squares",
            "error_of_the_best_stop_over_least_squares",
            0.9,
        ),
    ),
    beside=(
        check(
            "growth",
            "smallest growth of the norm in a step",
            "smallest_growth_of_the_norm",
            0.0,
            relation="at_least",
        ),
        at_most(
            "norm",
            "largest norm over that of least squares",
            "largest_norm_over_least_squares",
            1.0,
        ),
        # The constant of the cited theorem.
        at_most(
            "ridge",
            "error of the best stop over that of the best ridge",
            "error_of_the_best_stop_over_the_best_ridge",
            1.22,
        ),
        # The largest difference of 1 - exp(-x) and x / (1 + x) is 0.204.
        at_most(
            "distance",
            "distance to ridge of penalty 1 / (eta t), over least squares",
            "largest_distance_to_ridge_over_least_squares",
            0.21,
        ),
    ),
    answers={
        "error": (
            "Yes: gradient descent that stops at its best step has {error.percent} of"
            " the error that fitting to the end has."
        ),
        "!error": (
            "No: gradient descent that stops at its best step has {error.percent} of"
            " the error that fitting to the end has."
        ),
    },
    how=(
        "Gradient descent on a linear model was followed step by step, beside ridge"
        " regression, on 400 draws of 60 noisy rows with 30 inputs."
    ),
    caveats=(
        "Inputs of unequal scales, noise as large as the coefficients. The two paths"
        " are close, not equal. What stopping does for networks is asked elsewhere."
    ),
)
