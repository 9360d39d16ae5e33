"""Layers without activations make up one linear layer, which draws straight borders.

Where classes lie in boxes or around each other, no straight border is enough.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence
from ablations.rigs.activations import BASICS, NOTES
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import as_good, in_test, network
from ablations.rigs.readings import mostly

MUCH = 0.05
NONLINEAR = "ReLU", "tanh"
COMPLEX = ("spirals", "boxes", "digits", "signals", "survey")
"""Tasks of real data, or whose classes are drawn by a rule that is not linear."""


def _gains(name: str, task: str) -> Comparison:
    key = f"{task}_{name.lower()}"
    return in_test(name, "greater", "linear", task, margin=MUCH, key=key)


def _logistic(task: str) -> Equivalence:
    """Predict that two linear layers do as well as none."""
    deep, none = network("linear", task), network("linear", task, 0)
    return as_good(deep, none, key=f"{task}_logistic")


CLAIM = Claim(
    statement="Non-linear activations let a network learn complex patterns.",
    strength="can",
    rows=("A-ACT-1",),
    source=f"{NOTES}, why activations; {BASICS}",
    reference="Goodfellow, Bengio and Courville (2016), Deep Learning, section 6.1",
    axis="task",
    core=tuple(_gains(name, task) for name in NONLINEAR for task in COMPLEX),
    beside=(
        *(_gains(name, "clusters") for name in NONLINEAR),
        *map(_logistic, ("clusters", "spirals")),
        mostly(network("ReLU"), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.FRESH_SEEDS,
    answers={
        "spirals_relu signals_relu !survey_relu": (
            "Yes: ReLU networks beat linear ones by {spirals_relu} percentage points on"
            " spirals and {signals_relu} on signals; on a survey they gain nothing."
        ),
        "core": "Yes: with ReLU networks gain {spirals_relu} percentage points on"
        " spirals and {digits_relu} on digits over linear ones.",
        "!core": "No: on none of five tasks does ReLU or tanh gain five percentage"
        " points over linear layers.",
        "spirals_relu spirals_tanh": "Yes, they can: on spirals networks gain"
        " {spirals_relu} percentage points with ReLU and {spirals_tanh} with tanh.",
        "!spirals_relu !spirals_tanh": "Not on every task: on spirals networks gain"
        " less than five percentage points with ReLU or tanh.",
    },
    how="Networks of two layers, with ReLU, tanh or no activation, took 600 updates"
    " by Adam on each of six tasks, {spirals_relu.n} of each kind.",
    caveats=league.OWN_RATE,
)
