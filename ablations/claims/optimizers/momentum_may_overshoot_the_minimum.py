"""A ball keeps the velocity that it has when it gets to the bottom.

It swings through where the rate times the curvature is over the square of one less the
root of the coefficient; below that it creeps.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.landscapes import NOTES
from ablations.rigs.readings import at_least, at_most, equals

OVERSHOOT = "momentum_overshoot"
RATES = {"thousandth": "0.001", "hundredth": "0.01", "tenth": "0.1", "one": "1"}


def _overshoots(key: str) -> ExactCheck:
    """Predict that it goes past the minimum by a hundredth of the start."""
    rate = RATES[key]
    return at_least(
        *(OVERSHOOT, f"momentum_past_it_at_{rate.replace('.', '_')}", 0.01),
        key=key,
        label="distance past the minimum over that at the start, rate"
        f" {rate} over the curvature",
    )


CLAIM = Claim(
    statement="Momentum may overshoot the minimum.",
    strength="can",
    rows=("A-OPT-22",),
    source=f"{NOTES}, momentum, limitations",
    reference="Polyak (1964), Some methods of speeding up the convergence of iteration"
    " methods",
    core=(_overshoots("tenth"),),
    beside=(
        *(_overshoots(key) for key in RATES if key != "tenth"),
        equals(
            *(OVERSHOOT, "share_of_rates_as_the_law_says", 1.0),
            key="law",
            label="share of coefficients and rates at which it overshoots as the law"
            " says",
        ),
    ),
    controls=(
        at_most(
            *(OVERSHOOT, "sgd_past_it_at_0_1", 0.0),
            key="sgd",
            label="distance past the minimum, SGD, rate 0.1 over the curvature",
        ),
    ),
    answers={
        "core thousandth hundredth one": "Yes: at all four rates momentum goes past the"
        " minimum.",
        "core !thousandth": "Yes: at a rate of a tenth over the curvature it goes past"
        " by {tenth.percent}; at a thousandth it does not.",
        "core": "Yes: at a rate of a tenth over the curvature it goes past by"
        " {tenth.percent} of the distance.",
        "!core": "No: at a rate of a tenth over the curvature momentum does not go past"
        " the minimum.",
    },
    how="Descents of 5,000 updates with a coefficient of 0.9 were computed in a bowl,"
    " at four rates.",
)
