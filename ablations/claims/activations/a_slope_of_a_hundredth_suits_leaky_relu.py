"""A slope of a hundredth keeps a gradient, and leaves the function nearly that of ReLU.

The larger the slope, the nearer the layer is to a linear one.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Equivalence
from ablations.rigs.activations import NOTES
from ablations.rigs.league import networks as league
from ablations.rigs.league.networks import (
    DEEPER,
    SHALLOW,
    TASKS,
    as_good,
    in_test,
    network,
)
from ablations.rigs.readings import Said, mostly

LEAKY, TENTH, THIRD = "leaky ReLU", 0.1, 0.3
ENDS = {DEEPER: "", SHALLOW: "_shallow"}


def _keeps_up(slope: float, task: str, depth: int) -> Comparison:
    other = f"{LEAKY}, slope {slope:g}"
    key = f"{task}_{slope:g}{ENDS[depth]}".replace(".", "_")
    label = f"test accuracy, slope 0.01 less {slope:g}; {task}, depth {depth}"
    said: Said = {"key": key, "label": label}
    return in_test(LEAKY, "no_less", other, task, depth, **said)


def _as_smaller(task: str) -> Equivalence:
    smaller = network(f"{LEAKY}, slope 0.001", task, DEEPER)
    return as_good(smaller, network(LEAKY, task, DEEPER), key=f"{task}_smaller")


CLAIM = Claim(
    statement="The slope of leaky ReLU is a small constant, such as 0.01.",
    rows=("A-ACT-23",),
    source=f"{NOTES}, leaky ReLU",
    reference="Maas, Hannun and Ng (2013), Rectifier nonlinearities; Xu et al. (2015)",
    axis="task",
    core=tuple(_keeps_up(THIRD, task, depth) for depth in ENDS for task in TASKS),
    beside=(
        *(_keeps_up(TENTH, task, depth) for depth in ENDS for task in TASKS),
        *map(_as_smaller, TASKS),
        mostly(network(LEAKY), league.learned("clusters"), key="learned"),
    ),
    standard_only=True,
    seeds=league.FRESH_SEEDS,
    answers={
        "core": "Yes: on all six tasks, with two layers and with six, a slope of 0.3"
        " gains less than a percentage point over a hundredth.",
        "!core": "No: on all six tasks, with two layers and with six, a slope of 0.3"
        " gains more than a percentage point.",
        "!boxes_0_3 clusters_0_3 spirals_0_3 digits_0_3 signals_0_3": "With six layers"
        " a hundredth loses {boxes_0_3} percentage points to a slope of 0.3 on boxes,"
        " less than one on four other tasks.",
        "spirals_0_3 digits_0_3 signals_0_3 survey_0_3 ?boxes_0_3 ?clusters_0_3": (
            "Not settled: with six layers a slope of 0.3 gains nothing like a"
            " percentage point on four tasks, but perhaps one on boxes and clusters."
        ),
        "!clusters_0_3": "Not on every task: on clusters with six layers a slope of 0.3"
        " gains {clusters_0_3} percentage points over a hundredth.",
        "clusters_0_3": "Not surely on every task: on clusters with six layers a slope"
        " of 0.3 gains less than a percentage point over a hundredth.",
    },
    how=f"{league.HOW}, {{clusters_0_1.n}} of each kind, with slopes from 0.001 to"
    " 0.3.",
    caveats=(
        f"{league.OWN_RATE} A good slope is read as one that a slope of 0.3 does not"
        " beat by a percentage point; on clusters with six layers 0.1 is ahead by more."
    ),
)
