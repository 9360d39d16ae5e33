"""A unit dies when a step takes it below zero for every row, and none brings it back.

How many do depends on the size of the steps, so that it is asked at the rate of the
library, at the best rate and above it.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.dying_units.networks import (
    DEFINED,
    OPTIMIZERS,
    SEEDS,
    TABLE,
    TASKS,
    WHERE,
    by_default,
    die_in_training,
    network,
)


def _die(optimizer: str, times: int, task: str = "clusters") -> Comparison:
    arm = network("ReLU", optimizer, times=times, task=task)
    at, key = ("multiple of the best rate", times), f"{optimizer.lower()}{times}_{task}"
    quick = optimizer == "SGD" and task == "clusters"
    return die_in_training(arm, key=key, at=at, quick=quick)


def _by_default(optimizer: str, task: str) -> Comparison:
    key = f"{optimizer.lower()}_default_{task}"
    return die_in_training(by_default(optimizer, task), key=key, quick=False)


CLAIM = Claim(
    statement="ReLU units can die in training and stop learning.",
    strength="can",
    rows=("B-ACT-9",),
    source=TABLE,
    reference="Lu, Shin, Su and Karniadakis (2020), Dying ReLU and initialization",
    axis="multiple of the best rate",
    core=(
        *(_die(optimizer, 1, task) for optimizer in OPTIMIZERS for task in TASKS),
        _die("SGD", 3),
        _die("Adam", 3),
        _die("Adam", 10),
        *(_by_default(rule, task) for rule in OPTIMIZERS for task in TASKS),
    ),
    seeds=SEEDS,
    answers={
        "sgd1_clusters adam1_clusters": "Yes: on clusters {sgd1_clusters.percent} of"
        " the units die at the best rate of gradient descent, with Adam"
        " {adam1_clusters.percent}.",
        "adam1_clusters": "Yes: on clusters {adam1_clusters.percent} of the units die"
        " at the best rate of Adam.",
        "sgd1_clusters": "Yes: on clusters {sgd1_clusters.percent} of the units die at"
        " the best rate of gradient descent.",
        "!sgd1_clusters !adam1_clusters !sgd1_digits !adam1_digits adam10_clusters": (
            "Yes: at ten times the best rate of Adam {adam10_clusters.percent} of units"
            " die; at the best rate itself hardly any, {adam1_clusters.percent}."
        ),
        "!core": "No: less than five of a hundred units die at any rate tried.",
    },
    how=WHERE + " It was the best one, a multiple of it or Keras's default; dead units"
    " were counted before and after.",
    caveats=DEFINED,
)
