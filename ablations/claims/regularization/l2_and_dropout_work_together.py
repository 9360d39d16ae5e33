"""A penalty of 1e-4 is small beside a loss of about one, and changes little.

Dropout bears on false labels and on exact numbers alike, though a network can spare
units for the one and not for the other.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, Interaction
from ablations.rigs.regularization.dropout import error, regression_config
from ablations.rigs.regularization.noisy_labels import SEEDS, SOURCE, noisy_config
from ablations.rigs.regularization.readings import TIE, accuracy, generalizes

CLUSTERS, NUMBERS = "clusters", "numbers"
SCORES = {CLUSTERS: accuracy(), NUMBERS: error("test_squared_error")}
SHARES = (0.3, 0.2)
"""Shares dropped behind the first and the second layer of the printed program."""


def _network(task: str, parts: str, l2: float = 1e-4) -> Arm:
    penalty = l2 if parts in ("L2", "both") else 0.0
    drops = parts in ("dropout", "both")
    config = noisy_config if task == CLUSTERS else regression_config
    return Arm(
        levels={"penalty": penalty, "dropout": drops, "task": task},
        config=config(l2=penalty, dropout=SHARES if drops else 0.0),
    )


def _change(task: str, treatment: str, control: str) -> Comparison:
    key = f"{task}_{treatment}_{control}".lower()
    return generalizes(
        _network(task, treatment),
        _network(task, control),
        SCORES[task],
        "greater" if task == CLUSTERS else "less",
        key=key,
        quick=key == "clusters_both_neither",
    )


def _together(task: str) -> Interaction:
    return Interaction(
        key=f"{task}_together",
        label=f"effect of L2 beside dropout, less its effect alone, {task}",
        neither=_network(task, "neither"),
        first=_network(task, "L2"),
        second=_network(task, "dropout"),
        both=_network(task, "both"),
        score=SCORES[task],
        margin=TIE,
        direction="no_less" if task == CLUSTERS else "no_greater",
        quick=False,
    )


CHANGES = ("L2", "neither"), ("dropout", "neither"), ("both", "dropout"), ("both", "L2")
STRONG = _network(CLUSTERS, "L2", 300 * 1e-4), _network(CLUSTERS, "neither")

CLAIM = Claim(
    statement="An L2 penalty of 1e-4 and dropout of 0.3 and 0.2 together make a network"
    " generalize better.",
    rows=("A-REG-40",),
    source=f"{SOURCE}, code: regularization methods",
    reference="Srivastava et al. (2014), Dropout, section 6.5",
    axis="task",
    core=tuple(_change(task, "both", "neither") for task in SCORES),
    beside=(
        *(_change(task, *change) for task in SCORES for change in CHANGES),
        *map(_together, SCORES),
    ),
    controls=(generalizes(*STRONG, key="strong", quick=False),),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: together they raise test accuracy by {clusters_both_neither}"
            " percentage points on clusters, and reduce the error on numbers."
        ),
        "clusters_both_neither !numbers_both_neither": (
            "Not settled: together they raise test accuracy by {clusters_both_neither}"
            " percentage points on clusters, but do not reduce the error on numbers."
        ),
        "!core": "No: together they help neither on clusters nor on numbers.",
    },
    how="Networks with both, one or neither, {clusters_both_neither.n} each, took 1,500"
    " updates on 320 rows of clusters with false labels or of noisy numbers.",
    caveats="Clusters: two ReLU layers of 64 units; numbers: layers of 128 and 64 as in"
    " the program, eight inputs, error in shares of the target's variance.",
    figure="effects",
)
