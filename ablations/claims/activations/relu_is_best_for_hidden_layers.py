"""ReLU passes gradients on whole, and half of its units are off for any one row.

Its relatives keep a gradient below zero, or have no kink at it; what that brings
depends on both the task and the depth.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, League
from ablations.rigs.activations import BASICS
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import (
    DEEPER,
    DEPTHS,
    SHALLOW,
    TASKS,
    in_test,
    network,
    ranked_first,
)
from ablations.rigs.readings import mostly

RIVALS = {"leaky": "leaky ReLU", "elu": "ELU", "gelu": "GELU"}
OTHERS = (*RIVALS.values(), "tanh", "sigmoid")


def _no_worse(rival: str, task: str, depth: int) -> Comparison:
    """Predict that ReLU is at most a percentage point behind."""
    key = f"{rival}_{task}{'' if depth == DEEPER else '_shallow'}"
    other, at = RIVALS[rival], ("rival", RIVALS[rival])
    return in_test("ReLU", "no_less", other, task, depth, key=key, at=at)


def _first(task: str, depth: int) -> League:
    key, label = f"first_{task}_{depth}", f"rank of ReLU on {task}, {depth} layers"
    return ranked_first("ReLU", OTHERS, task, depth, key=key, label=label)


CLAIM = Claim(
    statement="For the hidden layers of deep networks ReLU is the best activation.",
    rows=("B-ACT-36", "B-ACT-11"),
    source=f"{BASICS}, table of activations and advice below it",
    reference="Ramachandran, Zoph and Le (2017), Searching for activation functions",
    axis="rival",
    core=tuple(_no_worse(rival, task, DEEPER) for rival in RIVALS for task in TASKS),
    beside=(
        *(_no_worse(rival, task, SHALLOW) for rival in RIVALS for task in TASKS),
        *(_first(task, depth) for depth in DEPTHS for task in TASKS),
        mostly(network("ReLU"), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.FRESH_SEEDS,
    answers={
        "core first_clusters_6 first_digits_6": "Yes: in six layers nothing beats ReLU"
        " by a percentage point on any of six tasks; on clusters and digits it is"
        " surely first.",
        "core": "Yes, with equals: in six layers leaky ReLU, ELU and GELU gain less"
        " than a percentage point over ReLU on all six tasks.",
        "!core": "No: in six layers leaky ReLU, ELU and GELU beat ReLU by more than a"
        " percentage point on all six tasks.",
        "leaky_spirals leaky_boxes leaky_digits leaky_signals leaky_survey elu_spirals"
        " elu_digits elu_survey gelu_spirals gelu_boxes gelu_digits gelu_survey"
        " ?leaky_clusters ?gelu_clusters ?elu_boxes ?elu_signals ?gelu_signals"
        " !elu_clusters": "Yes, give or take a percentage point: in six layers only ELU"
        " on clusters is surely further ahead, by {elu_clusters} points.",
        "!gelu_clusters !elu_clusters": "Not on every task: in six layers on clusters"
        " GELU is {gelu_clusters} percentage points ahead of ReLU, and ELU"
        " {elu_clusters}.",
        "gelu_spirals !elu_spirals": "Not on every task: on spirals ELU is"
        " {elu_spirals} percentage points ahead of ReLU in six layers.",
        "!gelu_spirals": "Not on every task: on spirals GELU is {gelu_spirals}"
        " percentage points ahead of ReLU in six layers.",
        "!gelu_clusters": "Not on every task: on clusters GELU is {gelu_clusters}"
        " percentage points ahead of ReLU in six layers.",
        "!elu_clusters": (
            "Good rather than best: in six layers rivals are mostly within a percentage"
            " point of ReLU, but on clusters ELU is {elu_clusters} ahead."
        ),
    },
    how=f"{league.HOW}, {{leaky_clusters.n}} of each kind.",
    figure="league_ranks",
    caveats=(
        f"{league.OWN_RATE} Best is read as: no rival is a percentage point ahead. The"
        " verdict is about the mean over tasks; on single tasks rivals may lead."
        " Whether ReLU is surely ahead of all others stands beside."
    ),
)
