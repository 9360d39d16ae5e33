"""Below zero the slope of ELU is e to the input, which is never zero in real numbers.

TensorFlow computes the slope as the output plus one, and float32 keeps seven digits:
far enough below zero the output is minus one to the last digit and that slope is gone.
Long before that it is too small to learn from.
"""

from ablations.protocol.claim import Claim, SeedPlan
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.dying_units.networks import (
    TABLE,
    WHERE,
    few_dead,
    hardly_learns,
    kills,
    network,
    repaired,
)
from ablations.rigs.readings import compare, mostly

NEVER = 0.9
"""Share of networks without a dead unit that forty can show."""

BIASED = {rule: network("ELU", rule, bias=-10.0) for rule in ("SGD", "Adam")}


def _none(optimizer: str) -> SuccessRate:
    key = f"{optimizer.lower()}10"
    return mostly(BIASED[optimizer], few_dead(0.0), NEVER, key=key)


CLAIM = Claim(
    statement="ELU units cannot die.",
    strength="always",
    rows=("B-ACT-31",),
    source=f"{TABLE}, as it implies",
    reference="Clevert, Unterthiner and Hochreiter (2016), ELU",
    implied=True,
    core=(
        _none("SGD"),
        _none("Adam"),
        mostly(network("ELU", "Adam", times=10.0), few_dead(0.0), NEVER, key="rate"),
    ),
    beside=(
        compare(
            BIASED["SGD"],
            "greater",
            network("ELU", "SGD"),
            hardly_learns(),
            0.05,
            key="hardly",
        ),
        repaired(BIASED["SGD"], key="repaired_sgd"),
        repaired(BIASED["Adam"], key="repaired_adam"),
        kills(
            network("ReLU", "SGD", bias=-10.0), network("ReLU", "SGD"), key="relu_dies"
        ),
    ),
    standard_only=True,
    seeds=SeedPlan(quick=40, standard=40, full=200),
    answers={
        "sgd10 adam10 !rate": (
            "Not as TensorFlow computes it: at ten times the best rate of Adam"
            " {rate.missed} networks have ELU units with slope zero."
        ),
        "core relu_dies": "Yes: from biases of minus ten no ELU unit loses its gradient"
        " in {sgd10} networks, where ReLU units are dead.",
        "!core": "No: from biases of minus ten only {sgd10} networks keep a gradient"
        " for every unit, and with Adam {adam10}.",
    },
    how=WHERE + " Their biases began at minus ten, or the rate was ten times the best"
    " one.",
    caveats="A unit is dead if its slope in float32 is 0 on every training row. In real"
    " numbers the slope of ELU is never 0. TensorFlow computes it as the output plus 1,"
    " which float32 rounds to 0 below some minus 17. A unit that keeps its gradient may"
    " still hardly learn.",
)
