"""Tanh of x is twice the sigmoid of 2x, less one.

Dividing the printed quotient by its larger exponential turns one form into the other.
"""

from ablations.protocol.claim import Claim
from ablations.rigs.activations import NOTES
from ablations.rigs.readings import equals

FORMS = "tanh_forms"
ROUNDING = 1e-15
"""Some rounding errors of float64 next to one."""

CLAIM = Claim(
    statement="Tanh of x is twice the sigmoid of 2x less one, and the difference of"
    " both exponentials over their sum.",
    strength="always",
    rows=("A-ACT-10",),
    source=f"{NOTES}, tanh",
    core=(
        equals(
            FORMS,
            "deviation_of_the_rescaled_sigmoid",
            0.0,
            ROUNDING,
            key="sigmoid",
            label="largest deviation of the rescaled sigmoid",
        ),
        equals(
            FORMS,
            "deviation_of_the_quotient",
            0.0,
            ROUNDING,
            key="quotient",
            label="largest deviation of the quotient of exponentials",
        ),
    ),
    beside=(
        equals(
            FORMS,
            "share_of_finite_quotients_at_800",
            1.0,
            key="far",
            label="share of finite quotients at ±800",
        ),
    ),
    answers={
        "core !far": (
            "Yes, to the last digit; but in double precision the quotient of"
            " exponentials is no number (NaN) from about 710 on."
        ),
        "core": "Yes: all three forms agree to the last digit.",
        "!core": "No: neither form is tanh.",
    },
    how="The three forms were computed in double precision at 6,001 numbers from -30"
    " to 30, and the last also at 800.",
)
