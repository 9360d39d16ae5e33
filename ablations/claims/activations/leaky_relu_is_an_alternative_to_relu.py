"""Leaky ReLU with a small slope is nearly the same function as ReLU.

Where hardly a unit dies there is little for the slope to repair.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Equivalence
from ablations.rigs.activations import BASICS
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import DEPTHS, TASKS, as_good, in_test, network
from ablations.rigs.readings import mostly


def _alike(task: str, depth: int) -> Equivalence:
    leaky, relu = (network(name, task, depth) for name in ("leaky ReLU", "ReLU"))
    label = f"gap in test accuracy to ReLU; {task}, depth {depth}"
    return as_good(leaky, relu, key=f"{task}_{depth}_alike", label=label)


CLAIM = Claim(
    statement="In hidden layers leaky ReLU is an alternative to ReLU.",
    rows=("B-ACT-15",),
    source=f"{BASICS}, table of activations",
    reference="Xu, Wang, Chen and Li (2015), Empirical evaluation of rectified"
    " activations in convolutional network",
    axis="depth",
    core=tuple(
        in_test("leaky ReLU", "no_less", "ReLU", task, depth, key=f"{task}_{depth}")
        for depth in DEPTHS
        for task in TASKS
    ),
    beside=(
        *(_alike(task, depth) for depth in DEPTHS for task in TASKS),
        mostly(network("ReLU"), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.FRESH_SEEDS,
    answers={
        "core": "Yes: on all six tasks, with two layers and with six, leaky ReLU loses"
        " less than one percentage point to ReLU.",
        "!core": "No: on all six tasks leaky ReLU loses more than a percentage point to"
        " ReLU, with two layers and with six.",
        "clusters_2 spirals_2 boxes_2 digits_2 survey_2"
        " clusters_6 spirals_6 boxes_6 digits_6 survey_6 ?signals_6": "On five of six"
        " tasks leaky ReLU loses less than a percentage point to ReLU, at both depths;"
        " on signals six layers are open.",
        "!clusters_6": "Not on every task: on clusters leaky ReLU is {clusters_6}"
        " percentage points behind ReLU in six layers.",
        "clusters_2 clusters_6 digits_2 digits_6": "At least on clusters and digits,"
        " where it loses less than a percentage point to ReLU, with two layers and with"
        " six.",
    },
    how=f"{league.HOW}, {{clusters_2.n}} of each kind.",
    caveats=f"{league.OWN_RATE} The slope is the 0.01 of the notes. What happens where"
    " units die is another claim's matter.",
)
