"""Both averages start at zero: the one that is multiplied, and the one divided by.

Steps are too short only if the first is farther behind than the root of the second.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import ExactCheck
from ablations.rigs.optimizers import ADAM
from ablations.rigs.readings import at_most

WITHOUT = "uncorrected_updates"


def _is_slower(beta_2: float) -> ExactCheck:
    """Predict that ten updates go less far, by a tenth."""
    name = str(beta_2).replace(".", "_")
    return at_most(
        WITHOUT,
        f"times_at_{name}",
        0.9,
        key=f"beta_{name}",
        label=f"distance of ten updates over the corrected one, beta 2 of {beta_2}",
    )


CLAIM = Claim(
    statement="Without bias correction Adam's early steps would be too small.",
    strength="usually",
    rows=("A-OPT-38",),
    source=f"{ADAM}, bias correction; that steps would be small is implied",
    reference="Kingma and Ba (2015), Adam: a method for stochastic optimization,"
    " section 3",
    implied=True,
    core=(
        at_most(
            WITHOUT,
            "length_of_the_first_update_over_the_corrected",
            0.9,
            key="first",
        ),
        _is_slower(0.999),
    ),
    beside=(
        _is_slower(0.99),
        _is_slower(0.9),
        at_most(
            WITHOUT, "distance_of_1000_updates_over_the_corrected", 0.9, key="later"
        ),
    ),
    answers={
        "!core beta_0_9": "No: with the default decay rates early steps would be"
        " {beta_0_999} times as long; they are too small where both rates are equal.",
        "core": "Yes: the first update and the first ten go less far without"
        " correction.",
        "!core": "No: with the default decay rates early steps would be"
        " {beta_0_999} times as long.",
    },
    how="The printed rule took ten updates under one gradient, with the correction and"
    " without, a first decay rate of 0.9 and three second ones.",
    caveats="The size of the gradient cancels.",
)
