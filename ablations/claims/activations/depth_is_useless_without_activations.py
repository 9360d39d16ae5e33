"""Linear layers one behind the other compute what one of them does.

The way to it differs: a product of several weights moves fastest where all of them are
large already, so that deep linear networks learn in stages and prefer few directions.
"""

from itertools import product

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, TimeToTarget
from ablations.rigs.activations import NOTES
from ablations.rigs.depth.recipes import OWN_RATE
from ablations.rigs.readings import compare
from ablations.rigs.training.heads import TIE
from ablations.rigs.training.networks import SEEDS, TEST, linear, reaches

TASKS = {"clusters": "clusters", "digits": "digits", "few": "digits, 64 rows"}
FASTER = 0.25
"""A fifth fewer updates."""


def _gains_nothing(task: str, depth: int) -> Comparison:
    """Predict that hidden layers add less than a point of accuracy."""
    arms = linear(TASKS[task], depth), linear(TASKS[task], 0)
    key, at = f"{task}_{depth}", ("task", TASKS[task])
    return compare(arms[0], "no_greater", arms[1], TEST, TIE, key=key, at=at)


def _is_no_faster(task: str) -> TimeToTarget:
    """Predict that two hidden layers save less than a fifth of the updates.

    Thirty in a hundred training rows are what a linear layer reaches on every task.
    """
    return TimeToTarget(
        treatment=linear(TASKS[task], 2),
        control=linear(TASKS[task], 0),
        score=reaches(0.3),
        budget=2000,
        margin=FASTER,
        direction="no_less",
        key=f"time_{task}",
    )


CLAIM = Claim(
    statement="Without activations depth is useless.",
    strength="always",
    rows=("A-ACT-6",),
    source=f"{NOTES}, without any activation",
    reference="Saxe, McClelland and Ganguli (2014), Exact solutions to the nonlinear"
    " dynamics of learning in deep linear neural networks",
    axis="task",
    core=tuple(_gains_nothing(*each) for each in product(TASKS, (2, 5))),
    beside=tuple(map(_is_no_faster, TASKS)),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": (
            "Yes, for accuracy: linear hidden layers gain less than a percentage point,"
            " and five of them lose {few_5} when trained on 64 digits."
        ),
        "!core": "No: two and five linear hidden layers gain a percentage point or more"
        " on one layer, on clusters {clusters_2}.",
        "clusters_2 clusters_5 digits_2 digits_5 !few_2": "Not with few rows: from few"
        " digits {few_2.treatment} of test rows are right with two linear layers more,"
        " {few_2.control} without.",
        "clusters_2 !digits_2": "Not everywhere: on digits {digits_2.treatment} of test"
        " rows are right with two linear hidden layers, {digits_2.control} without.",
        "!clusters_2": "No: on clusters {clusters_2.treatment} of test rows are right"
        " with two linear hidden layers, {clusters_2.control} without.",
    },
    how="{clusters_2.n} networks each of one layer and of two and five linear hidden"
    " layers were trained for 2,000 updates on clusters, on digits and on 64 of them.",
    caveats="Plain gradient descent; hidden layers have 64 units. The way there may"
    " differ: which network is faster to a low accuracy depends on the task, and rates"
    f" are chosen for the accuracy at the end. {OWN_RATE}",
)
