"""A leaky unit that is below zero for every row still has a gradient, a small one.

With a slope of 0.01 what three such layers pass on is a millionth. Adam divides a
gradient by its usual size, so that a small one moves a weight as far as a large one.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import LONG
from ablations.rigs.dying_units.networks import (
    DEAD,
    OPTIMIZERS,
    SEEDS,
    TEST,
    WHERE,
    loses,
    network,
    repaired,
)
from ablations.rigs.readings import alike, compare

DIGITS: dict[str, Any] = {"task": "digits"}
LEAKY, NOTES = "leaky ReLU", "Deep learning notes, activation functions"


def _repaired(
    optimizer: str, bias: float, name: str = LEAKY, key: str = "", **changes: Any
) -> Comparison:
    arm = network(name, optimizer, bias=bias, **changes)
    quick = optimizer == "SGD" and not key
    return repaired(arm, key=f"{optimizer.lower()}{-bias:g}{key}", quick=quick)


def _better(optimizer: str, bias: float) -> Comparison:
    leaky, relu = (network(name, optimizer, bias=bias) for name in (LEAKY, "ReLU"))
    key, quick = f"better_{optimizer.lower()}{-bias:g}", optimizer == "SGD"
    return compare(leaky, "greater", relu, TEST, 0.05, key=key, quick=quick)


def _lost(optimizer: str, bias: float) -> Comparison:
    key, quick = f"lost_{optimizer.lower()}{-bias:g}", optimizer == "SGD"
    return loses(network("ReLU", optimizer, bias=bias), key=key, quick=quick)


BIASED = tuple((optimizer, bias) for optimizer in OPTIMIZERS for bias in (-3.0, -10.0))

CLAIM = Claim(
    statement="Leaky ReLU fixes the dying ReLU problem.",
    rows=("A-ACT-21", "B-ACT-13"),
    source=f"{NOTES}; {DEAD}",
    reference="Maas, Hannun and Ng (2013), Rectifier nonlinearities",
    axis="optimizer",
    core=(
        *(_repaired(rule, -3.0) for rule in OPTIMIZERS),
        *(_repaired(rule, -3.0, LEAKY, "_digits", **DIGITS) for rule in OPTIMIZERS),
        repaired(
            network(LEAKY, "Adam", times=10.0), key="rate", at=("rate", 10), quick=False
        ),
    ),
    beside=(
        *(_repaired(rule, -10.0) for rule in OPTIMIZERS),
        _repaired("SGD", -3.0, LEAKY, "_long", updates=LONG),
        *(_better(*how) for how in BIASED),
        *(_lost(*how) for how in BIASED),
        _repaired("SGD", -3.0, "leaky ReLU, slope 0.1", "_tenth"),
        _repaired("SGD", -3.0, "leaky ReLU, slope 0.3", "_third"),
        _repaired("Adam", -10.0, "leaky ReLU, slope 0.1", "_tenth"),
        _repaired("Adam", -10.0, "leaky ReLU, slope 0.3", "_third"),
        loses(network("ReLU", "Adam", times=10.0), key="lost_rate", quick=False),
        *(
            loses(
                network("ReLU", rule, bias=-3.0, **DIGITS),
                key=f"lost_{rule.lower()}_digits",
                quick=False,
            )
            for rule in OPTIMIZERS
        ),
    ),
    controls=(alike(network(LEAKY), network("ReLU"), TEST, 0.02, key="sane"),),
    seeds=SEEDS,
    answers={
        "core lost_sgd3 lost_adam3": "Yes: from biases of minus three, where ReLU"
        " networks lose over ten percentage points, leaky ones come within five of"
        " healthy ones.",
        "!sgd3 ?better_sgd3 !adam3 lost_adam3 better_adam3": (
            "Not settled: from biases of minus three, with a slope of 0.01, Adam"
            " comes within {adam3} percentage points of healthy networks, plain"
            " gradient descent not."
        ),
        "!sgd3 !sgd3_digits adam3 adam3_digits": "With Adam: in 500 updates leaky"
        " networks recover from biases of minus three; with gradient descent they stay"
        " {sgd3} percentage points behind.",
        "!core": "No: from a bias of minus three leaky networks end {adam3} percentage"
        " points behind healthy ones with Adam and {sgd3} with gradient descent.",
    },
    how=WHERE + " Their biases began far below zero, or the rate was ten times the best"
    " one.",
    caveats=(
        "Leaky has the slope 0.01 of the notes; with larger ones, such as 0.3, gradient"
        " descent recovers from biases of minus three, too. From minus ten not even"
        " Adam wins back most. Healthy is ReLU with biases of zero at its best rate."
    ),
)
