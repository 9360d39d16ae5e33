"""Gradient descent goes far along steep directions first, along flat ones late.

Stopped after t steps of rate eta it has shrunk every direction of a quadratic about as
ridge regression of penalty 1 / (eta t) does; noise along flat directions stays out.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.regularization.noisy_labels import SOURCE


def _check(label: str, quantity: str, relation: str, expected: float) -> ExactCheck:
    return ExactCheck.model_validate(
        {
            "label": label,
            "measurement": "ridge_path",
            "quantity": quantity,
            "relation": relation,
            "expected": expected,
        }
    )


CLAIM = Claim(
    statement="Early stopping acts as a regularizer.",
    rows=("A-REG-21",),
    source=f"{SOURCE}, early stopping",
    reference="Ali et al. (2019); Goodfellow et al. (2016), section 7.8",
    predictions=(
        _check(
            "the norm grows with every step",
            "smallest_growth_of_the_norm",
            "at_least",
            0.0,
        ),
        _check(
            "the norm stays below that of least squares",
            "largest_norm_over_least_squares",
            "at_most",
            1.0,
        ),
        # A tenth is the smallest difference of errors that matters.
        _check(
            "error of the best stop over that of least squares",
            "error_of_the_best_stop_over_least_squares",
            "at_most",
            0.9,
        ),
        # The constant of the cited theorem.
        _check(
            "error of the best stop over that of the best ridge",
            "error_of_the_best_stop_over_the_best_ridge",
            "at_most",
            1.22,
        ),
        # The largest difference of 1 - exp(-x) and x / (1 + x) is 0.204.
        _check(
            "distance to ridge of penalty 1 / (eta t), over least squares",
            "largest_distance_to_ridge_over_least_squares",
            "at_most",
            0.21,
        ),
    ),
    headline="error of the best stop over that of least squares",
    findings={
        "supported": (
            "The best stop of descent on noisy rows has {2} of the error of least"
            " squares, and {3} of that of the best ridge. Step by step descent stays"
            " within {4} of the length of the solution from ridge regression of"
            " penalty 1 / (eta t)."
        )
    },
    caveats=(
        "A linear model: 60 rows, 30 inputs of unequal scales, noise as large as the"
        " coefficients, 400 draws. The two paths are close, not equal. What stopping"
        " does for networks is asked elsewhere."
    ),
)
