"""The slope of tanh at zero is four times that of the sigmoid, and its mean is zero.

Gradients shrink less from layer to layer, which counts for more the more layers there
are. A learning rate of its own makes up for a part of it.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.activations import BASICS, NOTES
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import (
    DEPTHS,
    EARLY,
    SHALLOW,
    TASKS,
    better,
    network,
)
from ablations.rigs.readings import mostly


def _better(
    key: str, task: str, depth: int = SHALLOW, updates: int | None = None, **how: Any
) -> Comparison:
    tanh, sigmoid = (network(name, task, depth, **how) for name in ("tanh", "sigmoid"))
    return better(tanh, "greater", sigmoid, updates=updates, key=key)


CLAIM = Claim(
    statement="In hidden layers tanh is more effective than the sigmoid.",
    rows=("A-ACT-12", "B-ACT-23"),
    source=f"{NOTES}, tanh; {BASICS}, table of activations",
    reference="LeCun, Bottou, Orr and Müller (1998), Efficient BackProp, section 4.4",
    axis="depth",
    core=(
        *(
            _better(f"{task}_{depth}", task, depth)
            for depth in DEPTHS
            for task in TASKS
        ),
        *(
            _better(f"momentum_{depth}", "clusters", depth, optimizer="momentum")
            for depth in DEPTHS
        ),
    ),
    beside=(
        *(_better(f"{task}_early", task, updates=EARLY) for task in TASKS),
        mostly(network("tanh"), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.FRESH_SEEDS,
    answers={
        "clusters_6 spirals_6 digits_6 signals_6 !boxes_2 !digits_2 !survey_2": (
            "Mostly: with six layers tanh is {clusters_6} percentage points ahead on"
            " clusters; with two it loses on boxes and hardly differs on digits."
        ),
        "core": "Yes: on every task that leaves room for it, with two layers and with"
        " six, tanh classifies at least one percentage point more.",
        "!core": "No: on no task, with two layers or six, does tanh gain a percentage"
        " point of test accuracy.",
        "!clusters_2 clusters_6": "It depends: on clusters tanh is {clusters_6}"
        " percentage points ahead with six layers, and less than one with two.",
        "clusters_2 clusters_6": "Not surely on every task: on clusters tanh is"
        " {clusters_2} percentage points ahead with two layers and {clusters_6} with"
        " six.",
        "!clusters_2 !clusters_6": "Not on every task: on clusters tanh gains less than"
        " a percentage point, with two layers and with six.",
    },
    how=f"{league.HOW}, {{clusters_2.n}} of each kind.",
    caveats=f"{league.OWN_RATE} More effective is read as one percentage point of test"
    " accuracy or more.",
)
