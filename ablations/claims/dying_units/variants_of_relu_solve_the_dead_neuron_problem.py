"""Variants differ from ReLU below zero, where a dead unit is.

At an input of -3 the slope is 0.25 for PReLU as it starts, 0.05 for ELU, 0.01 for leaky
ReLU and next to nothing for GELU. At -10 only leaky ReLU and PReLU still have one.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.rigs.dying_units.networks import (
    DEAD,
    OPTIMIZERS,
    SEEDS,
    WHERE,
    finite,
    loses,
    network,
    repaired,
)
from ablations.rigs.readings import shown

VARIANTS = {"leaky ReLU": "leaky", "PReLU": "prelu", "ELU": "elu", "GELU": "gelu"}
RELU = {"ReLU": "relu"}
LOW = (-3.0, -10.0)


def _repaired(variant: str, optimizer: str, bias: float) -> Comparison:
    key = f"{VARIANTS[variant]}_{optimizer.lower()}{-bias:g}"
    quick = variant == "leaky ReLU" and optimizer == "SGD"
    return repaired(network(variant, optimizer, bias=bias), key=key, quick=quick)


def _at_a_high_rate(variant: str) -> Comparison:
    arm = network(variant, "Adam", times=10.0)
    return repaired(arm, key=f"{VARIANTS[variant]}_rate", quick=False)


def _is_finite(name: str, bias: float, times: float) -> SuccessRate:
    """Show a cell of the map of biases and rates that nothing else reads."""
    arm = network(name, "Adam", bias=bias, times=times)
    key = f"{(VARIANTS | RELU)[name]}{abs(bias):g}_{times:g}"
    return shown(arm, finite(), key=key, quick=False)


CLAIM = Claim(
    statement="Leaky ReLU and other variants of ReLU solve the dead neuron problem.",
    rows=("B-DEAD-6",),
    source=f"{DEAD}, solutions",
    reference="Maas, Hannun and Ng (2013); Clevert, Unterthiner and Hochreiter (2016)",
    axis="activation",
    core=(
        *(_repaired(name, rule, -3.0) for name in VARIANTS for rule in OPTIMIZERS),
        *(_at_a_high_rate(variant) for variant in VARIANTS),
    ),
    beside=(
        *(_repaired(variant, "Adam", -10.0) for variant in VARIANTS),
        *(
            loses(
                network("ReLU", rule, bias=-3.0),
                key=f"lost_{rule.lower()}",
                quick=rule == "SGD",
            )
            for rule in OPTIMIZERS
        ),
    ),
    shown=(
        _is_finite("ReLU", -10.0, 1.0),
        _is_finite("ReLU", 0.0, 10.0),
        *(_is_finite(variant, 0.0, 1.0) for variant in VARIANTS),
        *(_is_finite(name, b, 10.0) for name in RELU | VARIANTS for b in LOW),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: leaky ReLU, PReLU, ELU and GELU all recover from biases of minus"
        " three, and at ten times the best rate of Adam.",
        (
            "elu_sgd3 elu_adam3 !gelu_sgd3 !gelu_adam3 !leaky_sgd3 !leaky_adam3"
            " prelu_adam3"
        ): (
            "Mixed: from biases of minus three ELU recovers with both optimizers and"
            " PReLU with Adam, but leaky ReLU and GELU with neither."
        ),
        "!core": "No: from biases of minus three no variant comes within five"
        " percentage points of a healthy ReLU network.",
    },
    how=WHERE + " Their biases began at minus three or minus ten, or the rate was ten"
    " times the best one.",
    caveats="Healthy is ReLU with biases of zero. PReLU starts at a slope of 0.25,"
    " leaky ReLU has one of 0.01.",
    figure="unit_deaths",
)
