"""Large steps can carry a unit, or the layers below it, to where it is always off.

From there no gradient brings it back; learned biases alone did not explain the deaths.
Under plain gradient descent the same steps also let the loss overflow, which is another
way to fail.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.dying_units.networks import (
    DEAD,
    DEFINED,
    SEEDS,
    WHERE,
    finite,
    kills,
    network,
)
from ablations.rigs.readings import shown


def _kills(
    optimizer: str, times: int, task: str = "clusters", quick: bool = False
) -> Comparison:
    high, best = (
        network("ReLU", optimizer, times=k, task=task) for k in (float(times), 1.0)
    )
    return kills(high, best, key=f"{optimizer.lower()}{times}_{task}", quick=quick)


def _finite(optimizer: str, times: int, quick: bool = False) -> SuccessRate:
    arm, key = network("ReLU", optimizer, times=times), f"{optimizer.lower()}{times}"
    return shown(arm, finite(), key=f"finite_{key}", quick=quick)


CLAIM = Claim(
    statement="ReLU units often die when the learning rate is too high.",
    rows=("B-DEAD-3",),
    source=f"{DEAD}, cause",
    reference="Lu, Shin, Su and Karniadakis (2020), Dying ReLU and initialization",
    axis="optimizer",
    core=(
        _kills("SGD", 10, quick=True),
        _kills("Adam", 10),
        _kills("Adam", 10, "digits"),
        _kills("Adam", 30),
    ),
    beside=(
        _kills("SGD", 3, quick=True),
        _kills("SGD", 3, "digits"),
        _kills("Adam", 3),
    ),
    shown=(
        _finite("SGD", 3, quick=True),
        _finite("SGD", 10),
        _finite("Adam", 10),
        _finite("Adam", 30),
    ),
    seeds=SEEDS,
    answers={
        "core !adam3_clusters !sgd3_clusters": (
            "Yes, but only far above a good rate: ten times that of Adam kills a"
            " further {adam10_clusters.percent} of units, three times"
            " {adam3_clusters.percent}."
        ),
        "core": "Yes: at ten times the best rate of Adam a further"
        " {adam10_clusters.percent} of the units on clusters die, with gradient descent"
        " {sgd10_clusters.percent}.",
        "adam10_clusters adam10_digits": "With Adam: ten times the best rate kills a"
        " further {adam10_clusters.percent} of the units on clusters, and"
        " {adam10_digits.percent} on digits.",
        "!core": "No: at ten times the best rate hardly more units are dead.",
    },
    how=WHERE + " Then they were trained anew at multiples of that rate.",
    caveats=DEFINED,
    figure="unit_deaths",
)
