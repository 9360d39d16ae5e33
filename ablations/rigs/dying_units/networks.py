"""Networks whose ReLU units die, and what is put in their place.

Three hidden layers of 64 units with He's weights learn 10 clusters in 20 dimensions, or
digits, from 512 rows in 500 updates. A unit is dead if its slope is 0 on every training
row, so that none has a gradient for its weights. Units are killed by a negative bias at
the start, or by a multiple of the learning rate that is best for the same network.

The levels of an arm are `activation`, a name of `ACTIVATIONS`, `optimizer`, `bias`, the
first value of every hidden bias, and `rate`, in words; behind them stand `task`,
`depth`, `width` and `updates`, where they are not as above.
"""

from __future__ import annotations

from typing import Any, Unpack

from ablations.experiments.readouts.table import readout
from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import Comparison
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import (
    BASICS,
    CLUSTERS,
    NUM_STEPS,
    Changes,
    accuracy,
    deep_config,
    tuned,
)
from ablations.rigs.depth.signals import HE
from ablations.rigs.readings import Said, compare, when
from ablations.tasks import TaskConfig

DEAD = f"{BASICS}, dead neuron problem"
TABLE = f"{BASICS}, table of activation functions"

SEEDS = SeedPlan(quick=10, standard=40, full=200)

FEW = CLUSTERS.replace(num_train=512)
"""As many rows as probes look at, so that dead means dead for all of them."""

RANDOM = TaskConfig(name="random_labels", num_train=512, num_val=512, num_test=1024)
"""Labels that can only be memorized: how many are is what a network can hold."""

TASKS: dict[str, tuple[TaskConfig, dict[str, Any]]] = {
    "clusters": (FEW, {}),
    "digits": (
        TaskConfig(name="digits", num_train=512, num_val=512),
        {"input_units": 64},
    ),
}
"""What is learned, and what of the network fits it."""

ACTIVATIONS: dict[str, str | dict[str, Any]] = {
    "ReLU": "relu",
    "leaky ReLU": {"name": "leaky_relu", "slope": 0.01},
    "leaky ReLU, slope 0.1": {"name": "leaky_relu", "slope": 0.1},
    "leaky ReLU, slope 0.3": {"name": "leaky_relu", "slope": 0.3},
    "PReLU": {"name": "prelu", "slope": 0.25},
    "PReLU from slope 0": {"name": "prelu", "slope": 0.0},
    "ELU": "elu",
    "GELU": "gelu",
}
"""Leaky ReLU has the slope of the notes, PReLU starts at that of its paper."""

OPTIMIZERS = {"SGD": "sgd", "Adam": "adam"}
RATES = {
    "SGD": (0.01, 0.03, 0.1, 0.3, 1.0),
    "Adam": (0.0003, 0.001, 0.003, 0.01, 0.03),
}
PROBES = ("zero_slope_share", "flat_share")

DEFAULTS = {"SGD": 0.01, "Adam": 0.001}
"""The learning rates that Keras starts with."""

MULTIPLES = {
    1 / 3: "a third of the best rate",
    1.0: "best rate",
    3.0: "3 times the best rate",
    10.0: "10 times the best rate",
    30.0: "30 times the best rate",
}
"""Multiples of the best rate, as arms call them."""

LOST, REPAIRED, DIED = 0.1, 0.05, 0.05
"""Accuracy that counts as lost, and that a repair may leave; share that counts."""

WHERE = (
    "Networks of three layers of 64 units were trained for 500 updates on 512 rows of"
    " ten classes, each at a learning rate of its own."
)
"""How most of the chapter knows."""

DEFINED = (
    "A unit is dead if its slope is 0 on every training row. Runs that diverge count"
    " as having none, and are listed apart. The rate called best is the middle one of"
    " those nearly as good as the best of five; the very best may be three times as"
    " large."
)


def _config(
    activation: str, optimizer: str, bias: float, task: str, **changes: Any
) -> ArmConfig:
    rows, fitting = TASKS[task]
    return deep_config(
        activation=ACTIVATIONS[activation],
        initializer=HE,
        optimizer=OPTIMIZERS[optimizer],
        task=rows,
        probes=PROBES,
        num_steps=changes.pop("updates", NUM_STEPS),
        bias_start=bias,
        **{"depth": 3, **fitting, **changes},
    )


def network(
    activation: str = "ReLU",
    optimizer: str = "SGD",
    *,
    bias: float = 0.0,
    times: float = 1.0,
    task: str = "clusters",
    **changes: Any,
) -> Arm:
    """Return a network at its best rate, or at a multiple of it.

    `changes` are `depth`, `width` and `updates`. The rate is the best of five by
    validation rows and five tuning seeds, of equally good ones the middlemost, chosen
    for the network as it is, its bias included.
    """
    levels: dict[str, Level] = {"activation": activation, "optimizer": optimizer}
    levels |= {"bias": bias, "rate": MULTIPLES[times]}
    levels |= {} if task == "clusters" else {"task": task}
    config = _config(activation, optimizer, bias, task, **changes)
    settings = {} if times == 1.0 else {"times": times}
    rates = RATES[optimizer]
    return tuned(config, levels | changes, rates=rates, seeds=5, **settings)


def by_default(optimizer: str, task: str = "clusters") -> Arm:
    """Return a ReLU network at the learning rate that Keras starts with."""
    arm = network(optimizer=optimizer, task=task)
    config = arm.with_learning_rate(DEFAULTS[optimizer])
    levels = arm.levels | {"rate": "default rate"}
    return Arm(levels=levels, config=config)


def taken_back(optimizer: str, times: float) -> Arm:
    """Return ReLU networks at a multiple of the best rate, whose biases are read."""
    arm = network(optimizer=optimizer, times=times)
    config = readout("dead_units", _config("ReLU", optimizer, 0.0, "clusters"))
    return arm.replace(levels=arm.levels | {"read": "bias taken back"}, config=config)


def crippled(width: int, share: float = 0.0, task: str = "random labels") -> Arm:
    """Return two layers, a share of whose units is dead from the start.

    They train for 1,000 updates by Adam at one rate.
    """
    rows = RANDOM if task == "random labels" else FEW
    config = deep_config(
        activation="relu",
        initializer=HE,
        optimizer="adam",
        learning_rate=0.003,
        depth=2,
        width=width,
        num_steps=1000,
        task=rows,
    )
    return Arm(
        levels={"task": task, "width": width, "dead share": share},
        config=readout("dead_units", config, dead_share=share),
    )


def dead(at: int | None = None) -> ScoreConfig:
    """Return the share of units without gradient; a diverged run counts as none."""
    words = f"share of units that are dead {'at the end' if at is None else when(at)}"
    return ScoreConfig(
        quantity="mean_zero_slope_share", at=at, failed_value=0.0, words=words
    )


def hardly_learns() -> ScoreConfig:
    """Return the share of units with less than a thousandth of the largest slope."""
    words = "share of units that hardly learn"
    return ScoreConfig(quantity="mean_flat_share", failed_value=0.0, words=words)


def few_dead(share: float = DIED) -> ScoreConfig:
    """Return success: training ends, with at most a share of units dead."""
    words = "have no dead unit"
    if share:
        words = f"have at most {100 * share:g} % of their units dead"
    return ScoreConfig(quantity="mean_zero_slope_share", at_most=share, words=words)


def finite() -> ScoreConfig:
    """Return success: the loss is a number at the end, as it is not after overflow."""
    words = "end with a finite loss"
    return ScoreConfig(quantity="loss", at_least=0.0, words=words)


TEST = accuracy()


def kills(treatment: Arm, control: Arm, **said: Unpack[Said]) -> Comparison:
    """Predict that in one arm more units are dead at the end than in the other."""
    return compare(treatment, "greater", control, dead(), DIED, **said)


def die_in_training(arm: Arm, **said: Unpack[Said]) -> Comparison:
    """Predict that more units are dead after training than before."""
    said.setdefault("label", f"share of units that die in training, {arm.name}")
    return compare(arm, "greater", arm, dead(), DIED, dead(0), **said)


def healthy(arm: Arm) -> Arm:
    """Return the ReLU network whose units nothing kills, trained as long."""
    updates = int(arm.levels.get("updates", NUM_STEPS))
    more: Changes = {} if updates == NUM_STEPS else {"updates": updates}
    task = str(arm.levels.get("task", "clusters"))
    return network("ReLU", str(arm.levels["optimizer"]), task=task, **more)


def loses(arm: Arm, **said: Unpack[Said]) -> Comparison:
    """Predict that ReLU networks lose accuracy to what kills their units."""
    return compare(arm, "less", healthy(arm), TEST, LOST, **said)


def repaired(arm: Arm, **said: Unpack[Said]) -> Comparison:
    """Predict that an arm comes within five points of a healthy ReLU network."""
    return compare(arm, "no_less", healthy(arm), TEST, REPAIRED, **said)
