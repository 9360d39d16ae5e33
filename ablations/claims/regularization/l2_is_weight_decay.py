"""Gradient descent turns the penalty's gradient into a shrinkage by a fixed share.

Momentum adds it up over many steps, and Adam divides it by the size of the gradients
like everything else, so that weights with large gradients hardly shrink.
"""

from functools import partial

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence
from ablations.rigs.readings import at_least, compare, equals
from ablations.rigs.regularization import penalties as rig
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.readings import TIE, accuracy, alike

MEASURE = "decay_trajectories"
# Rounding leaves a hundred-thousandth of the weights between two paths.
path = partial(equals, MEASURE, expected=0.0, tolerance=1e-5)
LARGE = 3.0
"""A decay that does under Adam what a penalty of 0.03 does, by other seeds."""
NORM = rig.NORM, rig.FACTOR
PLAIN, GOOD, DECAYED = rig.penalized(0.0), rig.penalized(rig.GOOD), rig.decayed(LARGE)


def _alike(key: str, l2: float, decay: float) -> tuple[Equivalence, Equivalence]:
    arms = rig.penalized(l2), rig.decayed(decay)
    return (
        alike(*arms, accuracy(), TIE, key=f"accuracy_{key}", quick=False),
        alike(*arms, *NORM, key=f"norm_{key}", quick=False),
    )


CLAIM = Claim(
    statement="L2 regularization is weight decay.",
    strength="always",
    rows=("A-REG-11",),
    source=f"{SOURCE}, L2 regularization",
    reference="Loshchilov and Hutter (2019), Decoupled weight decay regularization",
    core=(
        path("distance_under_sgd", key="sgd"),
        path("distance_under_momentum", key="momentum"),
        path("distance_under_rmsprop", key="rmsprop"),
        path("distance_under_adam", key="adam"),
        *_alike("weak", 0.01, 0.02),
        *_alike("strong", rig.GOOD, 2 * rig.GOOD),
    ),
    beside=_alike("large", rig.GOOD, LARGE),
    controls=(
        compare(GOOD, "less", PLAIN, *NORM, key="penalty_matters", quick=False),
        compare(DECAYED, "less", PLAIN, *NORM, key="decay_matters", quick=False),
        equals(MEASURE, "ratio_of_pulls_by_decay", 1, 0.01, key="pull_of_decay"),
        at_least(MEASURE, "ratio_of_pulls_by_l2", 2, key="pull_of_l2"),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: under all four optimizers both take the weights the same way.",
        "sgd !adam": "No: it is under plain gradient descent, but not under Adam.",
        "!adam": "No: under Adam, penalty and decay take the weights different ways.",
    },
    how="A least-squares fit took forty steps by either under four optimizers, and"
    " {accuracy_strong.n} networks per strength 1,500 updates under Adam.",
    caveats="A decay of twice the strength belongs to a penalty.",
)
