"""Adam's steps are as long as its rate, whatever the size of gradients.

So one rate may suit many networks. How much is lost by it is seen beside the best rate
of a search, and beside what rival rules lose.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.optimizers import ADAM
from ablations.rigs.rate_search import (
    BY_DEFAULT,
    FEWER_TRIALS,
    NEAR,
    NEAR_ENOUGH,
    SEEDS,
    TARGET,
    TASKS,
    WHERE,
    arm,
    named,
    updates,
)
from ablations.rigs.readings import compare


def _enough(optimizer: str, task: str, key: str) -> Comparison:
    """Predict that Keras's rate takes at most 1.5 times the updates of the best."""
    searched = arm(optimizer, task)
    return compare(
        searched,
        "no_greater",
        searched,
        BY_DEFAULT,
        NEAR_ENOUGH,
        updates(),
        key=key,
        label=f"log10 of the updates at Keras's rate less those after 16 trials,"
        f" {optimizer}, {task}",
        at=("task", task),
    )


def _wider(task: str, rival: str) -> Comparison:
    """Predict more rates near the best, by a twentieth: a fifth of a decade."""
    adam, other = (arm(name, task) for name in ("Adam", rival))
    key = f"wider_{rival.lower()}_{named(task)}"
    return compare(adam, "greater", other, NEAR, 0.05, key=key)


def _few(trials: int, task: str) -> Comparison:
    """Predict that so many trials take at most 1.5 times the updates of 16."""
    searched = arm("Adam", task)
    return compare(
        searched,
        "no_greater",
        searched,
        updates(trials),
        NEAR_ENOUGH,
        updates(),
        key=f"after_{trials}_{named(task)}",
        label=f"log10 of the updates after {trials} trials less those after 16, Adam,"
        f" {task}",
    )


CLAIM = Claim(
    statement="Adam requires little to no adjustment of its default settings.",
    strength="usually",
    rows=("A-OPT-41",),
    source=f"{ADAM}, advantages",
    reference="Sivaprasad et al. (2020), Optimizer benchmarking needs to account for"
    " hyperparameter tuning; Schmidt, Schneider and Hennig (2021), Descending through a"
    " crowded valley",
    axis="task",
    core=tuple(_enough("Adam", task, named(task)) for task in TASKS),
    beside=(
        *(_enough("SGD", task, f"sgd_{named(task)}") for task in TASKS),
        *(_wider(task, rival) for rival in ("SGD", "momentum") for task in TASKS),
        *(_few(trials, "clusters") for trials in FEWER_TRIALS),
        *(_few(4, task) for task in TASKS if task != "clusters"),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: on all four tasks Adam at Keras's rate takes at most 1.5 times"
        " the updates of the best of 16 rates.",
        "!core !sgd_clusters !sgd_spirals !sgd_mnist1d !sgd_digits": (
            "No: on all four tasks Adam at Keras's rate takes far more updates than at"
            " a searched one, on clusters {clusters.power} times; so does SGD."
        ),
        "!core": "No: on all four tasks Adam at Keras's rate takes over 1.5 times the"
        " updates of the best of 16 rates.",
    },
    how="Networks were trained at Keras's constant rate and at 24 random ones over four"
    " decades, which fall to zero.",
    caveats=f"{WHERE} {TARGET} Only the rate was searched. What never gets there counts"
    " with 512 updates, and so looks less slow than it is. These are few updates; what"
    " the rate of Keras costs in long training was not tested.",
)
