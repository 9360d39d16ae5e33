"""Gradient descent turns the penalty's gradient into a shrinkage by a fixed share.

Momentum adds it up over many steps, and Adam divides it by the size of the gradients
like everything else, so that weights with large gradients hardly shrink.
"""

from functools import partial

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE
from ablations.rigs.regularization.penalties import (
    FACTOR,
    GOOD,
    NORM,
    decayed,
    penalized,
)
from ablations.rigs.regularization.readings import TIE, accuracy, measured

trajectories = partial(measured, "decay_trajectories")
# Rounding leaves a hundred-thousandth of the weights between two paths.
path = partial(trajectories, expected=0.0, tolerance=1e-5)
LARGE = 3.0
"""A decay that does under Adam what a penalty of 0.03 does, by other seeds."""


def _alike(key: str, l2: float, decay: float) -> tuple[Equivalence, Equivalence]:
    parts = {"accuracy": (accuracy(), TIE), "norm": (NORM, FACTOR)}
    test, norm = (
        Equivalence(
            key=f"{part}_{key}",
            label=f"{score.words} with L2 of {l2:g} less that with decay of {decay:g}",
            treatment=penalized(l2),
            control=decayed(decay),
            score=score,
            margin=margin,
            quick=False,
        )
        for part, (score, margin) in parts.items()
    )
    return test, norm


def _matters(words: str, arm: Arm) -> Comparison:
    return Comparison(
        key=f"{words}_matters",
        label=f"change of the log10 of the norm by {words}",
        treatment=arm,
        control=penalized(0.0),
        score=NORM,
        margin=FACTOR,
        direction="less",
        quick=False,
    )


CLAIM = Claim(
    statement="L2 regularization is weight decay.",
    strength="always",
    rows=("A-REG-11",),
    source=f"{SOURCE}, L2 regularization",
    reference="Loshchilov and Hutter (2019), Decoupled weight decay regularization",
    core=(
        path("sgd", "distance of paths, gradient descent", "distance_under_sgd"),
        path("momentum", "distance of paths, momentum", "distance_under_momentum"),
        path("rmsprop", "distance of paths, RMSProp", "distance_under_rmsprop"),
        path("adam", "distance of paths, Adam", "distance_under_adam"),
        *_alike("weak", 0.01, 0.02),
        *_alike("strong", GOOD, 2 * GOOD),
    ),
    beside=_alike("large", GOOD, LARGE),
    controls=(
        _matters("penalty", penalized(GOOD)),
        _matters("decay", decayed(LARGE)),
        trajectories(
            "pull_of_decay",
            "times as fast the calmer of two weights shrinks under Adam, by decay",
            "ratio_of_pulls_by_decay",
            1.0,
            tolerance=0.01,
        ),
        trajectories(
            "pull_of_l2",
            "times as fast the calmer of two weights shrinks under Adam, by L2",
            "ratio_of_pulls_by_l2",
            2.0,
            relation="at_least",
        ),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: under all four optimizers both take the weights the same way.",
        "sgd !adam !accuracy_strong": (
            "No: it is under plain gradient descent, but under Adam a penalty of 0.03"
            " and its decay end {accuracy_strong} percentage points of accuracy apart."
        ),
        "!adam": "No: under Adam, penalty and decay take the weights different ways.",
    },
    how=(
        "A least-squares fit took forty steps by either under four optimizers, and"
        " {accuracy_strong.n} networks per strength 1,500 updates under Adam."
    ),
    caveats=(
        "A decay of twice the strength belongs to a penalty. Trained networks have two"
        " layers of 64 units, and their decay, unlike the penalty, also shrinks biases."
    ),
)
