"""Linear layers one behind the other compute what one of them does.

The way to it differs: a product of several weights moves fastest where all of them are
large already, so that deep linear networks learn in stages and prefer few directions.
"""

from itertools import product

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, TimeToTarget
from ablations.protocol.score import ScoreConfig
from ablations.rigs.activations import NOTES
from ablations.rigs.depth.recipes import CLUSTERS, OWN_RATE, deep_config, tuned
from ablations.rigs.heads import SEEDS, TEST, TIE
from ablations.rigs.readings import compare
from ablations.tasks import TaskConfig

TASKS = {
    "clusters": (CLUSTERS, 20, "clusters"),
    "digits": (TaskConfig(name="digits"), 64, "digits"),
    "few": (TaskConfig(name="digits", num_train=64), 64, "digits, 64 rows"),
}
DEPTHS = (2, 5)
RATES = (0.01, 0.03, 0.1, 0.3, 1.0)
STEPS = (0, 10, 20, 30, 40, 50, 70, 100, 150, 200, 300, 500, 1000)
FASTER = 0.25
"""A fifth fewer updates."""

BEGINS = ScoreConfig(
    quantity="accuracy", at_least=0.3, words="classify three of ten training rows"
)
"""What a linear layer reaches on every task."""


def _linear(task: str, depth: int) -> Arm:
    """Return layers without activations, as many hidden ones, by gradient descent."""
    rows, num_inputs, words = TASKS[task]
    config = deep_config(
        activation="linear",
        initializer="glorot_uniform",
        depth=depth,
        task=rows,
        num_steps=2000,
        input_units=num_inputs,
        learning_rate=RATES[2],
        training={"log_steps": STEPS},
    )
    levels = {"hidden layers": f"{depth} linear hidden layers", "task": words}
    return tuned(config, levels, rates=RATES, seeds=5, tolerance=0.003)


def _gains_nothing(task: str, depth: int) -> Comparison:
    """Predict that hidden layers add less than a point of accuracy."""
    arms, key = (_linear(task, depth), _linear(task, 0)), f"{task}_{depth}"
    at = ("task", TASKS[task][2])
    return compare(arms[0], "no_greater", arms[1], TEST, TIE, key=key, at=at)


def _is_no_faster(task: str) -> TimeToTarget:
    """Predict that two hidden layers save less than a fifth of the updates."""
    return TimeToTarget(
        treatment=_linear(task, 2),
        control=_linear(task, 0),
        score=BEGINS,
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
    core=tuple(_gains_nothing(*each) for each in product(TASKS, DEPTHS)),
    beside=tuple(map(_is_no_faster, TASKS)),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: linear hidden layers gain less than a point on one layer: on"
        " clusters {clusters_5.treatment} of test rows with five, {clusters_5.control}"
        " with none.",
        "!core": "No: two and five linear hidden layers gain a percentage point or more"
        " on one layer, on clusters {clusters_2}.",
        "clusters_2 clusters_5 digits_2 digits_5 !few_2": "Not with few rows: from few"
        " digits {few_2.treatment} of test rows are right with two linear layers more,"
        " {few_2.control} without.",
        "clusters_2 !digits_2": "Not everywhere: on digits {digits_2.treatment} of"
        " test rows are right with two linear hidden layers, {digits_2.control}"
        " without.",
        "!clusters_2": "No: on clusters {clusters_2.treatment} of test rows are right"
        " with two linear hidden layers, {clusters_2.control} without.",
    },
    how="{clusters_2.n} networks each of one layer and of two and five linear hidden"
    " layers were trained for 2,000 updates on clusters, on digits and on 64 of them.",
    caveats=f"Plain gradient descent; hidden layers have 64 units. {OWN_RATE}",
)
