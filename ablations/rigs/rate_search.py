"""Optimizers in a league: each searches a rate at random, over four decades.

A network of two hidden layers of 32 ReLU units learns one of four tasks in 512 updates
of 32 rows. An arm's run is a whole search of 24 rates, told by what the best of 1 to 16
trials would have been; rates fall linearly to zero in every arm, unless it is `steady`
or needs no schedule.

The levels of an arm are `optimizer` and `task`; behind them stand `batch size`,
`order`, `rate`, `width`, `depth` and `updates`, where they are not as above.
"""

from __future__ import annotations

import math
from typing import Any, Unpack

from ablations.experiments.rate_search import RateSearchConfig
from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import Told, compare, shown
from ablations.tasks import TaskConfig

SEEDS = SeedPlan(quick=16, standard=16, full=80)
"""A run is a whole search, of 24 networks and one more."""

SIZES: dict[str, Any] = {"num_train": 1024, "num_val": 256}
TASKS = {
    "clusters": TaskConfig(name="gmm10", num_test=512, **SIZES),
    "spirals": TaskConfig(name="spirals", num_test=512, **SIZES),
    "MNIST-1D": TaskConfig(name="mnist1d", num_test=512, **SIZES),
    "digits": TaskConfig(name="digits", **SIZES),
}
"""What is learned, by its name in levels."""

WRONG = "wrong labels"
ALL_TASKS = TASKS | {
    WRONG: TaskConfig(name="gmm10", num_test=512, wrong_labels=0.2, **SIZES)
}
"""The same, and clusters of whose training labels a fifth are wrong."""

TARGETS = {"clusters": 0.05, "spirals": 0.15, "MNIST-1D": 0.4, "digits": 0.05}
"""Share of the loss of guessing that is to be reached."""

TARGET = (
    "The target is a training loss of 5 to 40 % of that of guessing, by task, chosen on"
    " other seeds and networks. Losses are read at updates that are 1.25 times apart."
)

OPTIMIZERS: dict[str, Any] = {
    "SGD": "sgd",
    "momentum": "momentum",
    "AdaGrad": "adagrad",
    "RMSProp": "rmsprop",
    "Adam": "adam",
}

SCHEDULE_FREE = "schedule-free AdamW"
CONTEXT: dict[str, Any] = {"Muon": "muon", SCHEDULE_FREE: "schedule_free_adamw"}
"""Optimizers that the notes do not name: they are shown, and judge nothing."""

IN_TIME = {"clusters": 50, "spirals": 130, "MNIST-1D": 200, "digits": 50}
"""About the updates that momentum takes to the targets in networks of 48 units, by
which these were chosen."""

NUM_ROWS, PASSES = 1024, 16
"""Training rows, and how often 512 updates of 32 see each."""

ORDERS = {
    "once": "shuffled once",
    "replaced": "drawn with replacement",
    "by_class": "class after class",
}

FULL_SEARCH = 16
FEWER_TRIALS = (1, 2, 4, 8)

TENTH, NEAR_ENOUGH, TWICE = (math.log10(times) for times in (1.1, 1.5, 2.0))
"""A tenth more, half as much again and twice as much, as differences of logarithms."""

SEARCHED = (
    "Networks of two layers of 32 ReLU units were trained at 24 random learning rates"
    " each, over four decades; compared is the best of 16, on average over all draws."
)
"""How most of the league's claims know."""

WHERE = (
    "Every optimizer has the same number of random rates, over four decades; those that"
    " fail count. Rates fall linearly to zero, and all else is as in Keras."
)
"""What all its claims have in common."""


def arm(optimizer: str, task: str = "clusters", **changes: Any) -> Arm:
    """Return the search of an optimizer on a task; `changes` are fields of the config.

    With another batch size there are as many passes over the rows, unless `num_steps`
    says how many updates.
    """
    told: dict[str, Level] = {"optimizer": optimizer, "task": task}
    usual = PASSES * NUM_ROWS // changes.get("batch_size", 32)
    if "batch_size" in changes:
        told["batch size"] = changes["batch_size"]
    if changes.setdefault("num_steps", usual) != usual:
        told["updates"] = changes["num_steps"]
    if "order" in changes:
        told["order"] = ORDERS[changes["order"]]
    if not changes.get("decay", True):
        told["rate"] = "steady rate"
    told |= {name: changes[name] for name in ("width", "depth") if name in changes}
    changes.setdefault("target", TARGETS.get(task, 0.5))
    rule = (OPTIMIZERS | CONTEXT)[optimizer]
    if optimizer == SCHEDULE_FREE:
        changes["decay"] = False
    config = RateSearchConfig(task=ALL_TASKS[task], rule=rule, **changes)
    return Arm(levels=told, config=config)


def _after(trials: int) -> str:
    return "after one trial" if trials == 1 else f"after {trials} trials"


def updates(trials: int = FULL_SEARCH) -> ScoreConfig:
    """Return the updates to the target that so many trials find, as a logarithm."""
    return ScoreConfig(
        quantity=f"log10_updates_after_{trials}",
        better="lower",
        words=f"log10 of the updates to the target {_after(trials)}",
    )


BY_DEFAULT = ScoreConfig(
    quantity="log10_updates_by_default",
    better="lower",
    words="log10 of the updates to the target at Keras's own rate",
)

LOSS = ScoreConfig(
    quantity=f"log10_loss_after_{FULL_SEARCH}",
    better="lower",
    words=f"log10 of the training loss {_after(FULL_SEARCH)}",
)

ACCURACY = ScoreConfig(
    quantity=f"test_accuracy_after_{FULL_SEARCH}",
    better="higher",
    words=f"test accuracy {_after(FULL_SEARCH)}",
)

NEAR = ScoreConfig(
    quantity="share_near_the_best",
    better="higher",
    words="share of rates within 1.5 times the fewest updates",
)


def faster(
    treatment: Arm,
    control: Arm,
    key: str,
    trials: int = FULL_SEARCH,
    **told: Unpack[Told],
) -> Comparison:
    """Predict that an optimizer needs a tenth fewer updates to the target."""
    score = updates(trials)
    return compare(treatment, "less", control, score, TENTH, key=key, **told)


def lower(
    treatment: Arm, control: Arm, key: str, margin: float = TWICE, **told: Unpack[Told]
) -> Comparison:
    """Predict a lower training loss in the end, half of it unless said otherwise."""
    return compare(treatment, "less", control, LOSS, margin, key=key, **told)


def higher(treatment: Arm, control: Arm, key: str, **told: Unpack[Told]) -> Comparison:
    """Predict at least twice the training loss in the end."""
    return compare(treatment, "greater", control, LOSS, TWICE, key=key, **told)


def in_context(task: str) -> tuple[SuccessRate, ...]:
    """Show how often searches of later optimizers are in time for a target."""
    within, found = IN_TIME[task], f"log10_updates_after_{FULL_SEARCH}"
    words = f"reach the target in {within} updates"
    score = ScoreConfig(quantity=found, at_most=math.log10(within), words=words)
    return tuple(
        shown(
            arm(optimizer, task),
            score,
            key=f"{rule}_{named(task)}",
            label=f"searches whose best of {FULL_SEARCH} rates needs at most {within}"
            f" updates, {optimizer}, {task}",
            quick=False,
        )
        for optimizer, rule in CONTEXT.items()
    )


def named(task: str) -> str:
    """Return a task as keys of predictions have it."""
    return task.lower().replace("-", "").replace(" ", "_")
