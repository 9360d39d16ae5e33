"""Small steps seldom carry a unit to where it is off for every row.

A careful rate can only keep units from dying; those that start dead have no gradient
that a rate could multiply.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.dying_units.networks import (
    DEAD,
    DEFINED,
    OPTIMIZERS,
    SEEDS,
    TASKS,
    WHERE,
    few_dead,
    network,
)
from ablations.rigs.readings import mostly


def _few(
    optimizer: str, times: float = 1.0, task: str = "clusters", bias: float = 0.0
) -> SuccessRate:
    arm = network("ReLU", optimizer, times=times, task=task, bias=bias)
    multiple = {1.0: "best", 1 / 3: "third", 3.0: "three"}[times]
    key = f"{optimizer.lower()}_{multiple}_{'biased' if bias else task}"
    quick = optimizer == "SGD" and task == "clusters"
    return mostly(arm, few_dead(), key=key, quick=quick)


UNLIKE: tuple[dict[str, Any], ...] = ({"times": 1 / 3}, {"bias": -3.0})

CLAIM = Claim(
    statement="A careful choice of the learning rate solves the dead neuron problem.",
    rows=("B-DEAD-7",),
    source=f"{DEAD}, solutions",
    reference="Lu, Shin, Su and Karniadakis (2020), Dying ReLU and initialization",
    axis="optimizer",
    core=tuple(_few(rule, task=task) for rule in OPTIMIZERS for task in TASKS),
    beside=tuple(_few(rule, **how) for rule in OPTIMIZERS for how in UNLIKE),
    controls=tuple(_few(rule, times=3.0) for rule in OPTIMIZERS),
    seeds=SEEDS,
    answers={
        "core sgd_best_biased": "Yes: at the best rate {sgd_best_clusters} networks on"
        " clusters have few dead units, even if biases began at minus three.",
        "core !sgd_best_biased": "Yes, in training: at the best rate"
        " {sgd_best_clusters} networks have few dead units, but from biases of minus"
        " three {sgd_best_biased} do.",
        "core": "Yes, against dying in training: at the best rate {sgd_best_clusters}"
        " networks on clusters have few dead units, and with Adam"
        " {adam_best_clusters}.",
        "sgd_best_clusters !adam_best_clusters": "With gradient descent: at the best"
        " rate {sgd_best_clusters} networks on clusters have few dead units, with Adam"
        " {adam_best_clusters}.",
        "!core": "No: even at the best rate most networks have more than five of a"
        " hundred units dead.",
    },
    how=WHERE + " Few are at most five of a hundred units.",
    caveats=(
        f"{DEFINED} A rate need not be very careful: three times the best one"
        " leaves most networks with few dead units, too. Rates at which many"
        " units die are in another claim."
    ),
)
