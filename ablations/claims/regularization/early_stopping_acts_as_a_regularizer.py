"""Gradient descent goes far along steep directions first, along flat ones late.

Stopped after t steps of rate eta it has shrunk every direction of a quadratic about as
ridge regression of penalty 1 / (eta t) does; noise along flat directions stays out.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.rigs.readings import at_least, at_most, yes_or_no
from ablations.rigs.regularization.noisy_labels import SOURCE

below = partial(at_most, "ridge_path")
BEST, STOP = "error_of_the_best_stop_over", "error of the best stop over that of"
GROWTH = "smallest growth of the weights' norm in a step"
NORM = "largest norm of the weights over that of least squares"
APART = "largest_distance_to_ridge_over_least_squares"
DISTANCE = "largest distance to ridge, over the norm of least squares"

CLAIM = Claim(
    statement="Early stopping acts as a regularizer.",
    strength="can",
    rows=("A-REG-21",),
    source=f"{SOURCE}, early stopping",
    reference="Ali et al. (2019); Goodfellow et al. (2016), section 7.8",
    # A tenth is the smallest difference of errors that matters.
    core=(
        below(f"{BEST}_least_squares", 0.9, key="error", label=f"{STOP} least squares"),
    ),
    beside=(
        at_least(
            "ridge_path", "smallest_growth_of_the_norm", 0, key="growth", label=GROWTH
        ),
        below("largest_norm_over_least_squares", 1, key="norm", label=NORM),
        # The constant of the cited theorem.
        below(
            f"{BEST}_the_best_ridge", 1.22, key="ridge", label=f"{STOP} the best ridge"
        ),
        # The largest difference of 1 - exp(-x) and x / (1 + x) is 0.204.
        below(APART, 0.21, key="distance", label=DISTANCE),
    ),
    answers=yes_or_no(
        "stopped at its best, a linear model has {error.percent} of the error on new"
        " rows that least squares has.",
        "error",
    ),
    how="Gradient descent on a linear model was followed step by step, beside ridge"
    " regression, on 400 draws of 60 noisy rows with 30 inputs.",
    caveats="What stopping does for networks is asked elsewhere.",
)
