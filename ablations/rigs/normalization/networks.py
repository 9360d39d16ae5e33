"""Networks with batch norm and without: how fast, how far and how steadily they learn.

Deep ones have 3 to 20 layers of 64 units, with He's weights for ReLU and Glorot's else,
and learn ten clusters or MNIST-1D from 1,024 rows in batches of 32. Their levels are
`activation`, `batch norm`, on, off or its place, `depth`, `optimizer` and `task` where
they are not plain descent and clusters, `learned` where batch norm learns less, `moved`
where units are dropped on purpose, and `training loss` where networks are taken at one.
Others overfit 320 rows with false labels, as those of
`ablations.rigs.regularization.noisy_labels`; their levels are `batch norm`, `dropout`,
on or off, `batch`, the rows of one, and `task` where it is not clusters.

Scores at inference have mean and variance of all training rows; those whose names begin
with `moving_` have Keras's averages, of momentum 0.99.
"""

from __future__ import annotations

from typing import Any, Literal

from ablations.experiments.covariate_shift import CovariateShiftConfig
from ablations.experiments.readouts.table import readout
from ablations.experiments.smoothness import SmoothnessConfig
from ablations.protocol.arm import Arm, Level, TuneConfig
from ablations.protocol.claim import SeedPlan
from ablations.protocol.network_runs import ArmConfig
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import CLUSTERS, deep_config, tuned
from ablations.rigs.depth.signals import RATES
from ablations.rigs.regularization.dropout import BATCH
from ablations.rigs.regularization.dropout import DIGITS as NOISY_DIGITS
from ablations.rigs.regularization.noisy_labels import METRICS, noisy_config
from ablations.tasks import TaskConfig

SEEDS = SeedPlan(quick=10, standard=20, full=100)
MORE_SEEDS = SEEDS.replace(standard=40, full=200)
"""For differences of a point of accuracy, of networks that are small."""

MNIST1D = TaskConfig(name="mnist1d", num_train=1024, num_val=512, num_test=1024)
DIGITS = TaskConfig(name="digits", num_train=512, num_val=300)
LABELS = TaskConfig(name="random_labels", num_train=1024, num_val=512, num_test=512)
"""Labels that can only be memorized: how many are is what a network can represent."""

TASKS: dict[str, tuple[TaskConfig, dict[str, Any]]] = {
    "clusters": (CLUSTERS, {}),
    "MNIST-1D": (MNIST1D, {"input_units": 40}),
    "digits": (DIGITS, {"input_units": 64}),
    "random labels": (LABELS, {}),
}
"""What is learned, and what of the network fits it."""

WORDS = {"relu": "ReLU", "tanh": "tanh", "sigmoid": "sigmoid"}
Place = Literal["before", "after"] | None

ALL_ROWS = "Statistics at inference are those of all training rows."
"""A caveat of all claims that evaluate networks with batch norm."""


def levels_of(
    norm: Place, depth: int, activation: str, optimizer: str, task: str
) -> dict[str, Level]:
    """Return what sets a deep network apart."""
    levels: dict[str, Level] = {"activation": WORDS[activation]}
    levels["batch norm"] = norm is not None
    levels |= {"depth": depth}
    levels |= {} if optimizer == "sgd" else {"optimizer": "Adam"}
    return levels | ({} if task == "clusters" else {"task": task})


def config_of(
    norm: Place,
    depth: int,
    activation: str = "relu",
    optimizer: str = "sgd",
    task: str = "clusters",
    metrics: tuple[str, ...] = ("accuracy",),
    log_steps: tuple[int, ...] = (),
    **changes: Any,
) -> ArmConfig:
    """Return a deep network; `changes` are arguments of `deep_config`."""
    rows, fitting = TASKS[task]
    return deep_config(
        activation=activation,
        initializer="he_normal" if activation == "relu" else "glorot_uniform",
        optimizer=optimizer,
        task=rows,
        depth=depth,
        batch_norm=norm,
        training={"metrics": metrics, "log_steps": log_steps},
        **(fitting | changes),
    )


STEPS = (0, *range(10, 200, 10), *range(200, 501, 25))
"""Numbers of updates at which networks that are timed are recorded."""

HEADSTARTS = {True: 50, False: 200}
"""Updates after which the learning rate of a network that is timed is chosen, by
whether it learns fast: clusters, in up to six layers."""

MOVED: dict[str, dict[str, Any]] = {
    "units dropped for a batch": BATCH,
    "units dropped for a row": {},
}
"""What moves the inputs of layers between updates, or moves those of single rows."""

SHARE_MOVED = 0.2
"""Share of units that are 0 in a batch, or in a row, and in others a quarter larger."""


def timed(norm: Place, depth: int, task: str = "clusters", moved: str = "") -> Arm:
    """Return a network at the rate by which it has learned most at its headstart.

    `moved` is a name of `MOVED`, empty for nothing.
    """
    headstart = HEADSTARTS[depth <= 6 and task == "clusters"]
    score = ScoreConfig(
        quantity="accuracy",
        at=headstart,
        better="higher",
        failed_value=0.0,
        words=f"reach a training accuracy in {headstart} updates",
    )
    changes = (MOVED[moved] | {"dropout": SHARE_MOVED}) if moved else {}
    config = config_of(norm, depth, task=task, log_steps=STEPS, **changes)
    levels = levels_of(norm, depth, "relu", "sgd", task)
    levels |= {"moved": moved} if moved else {}
    tune = TuneConfig(learning_rates=RATES["sgd"], score=score, seeds=5, widen=2)
    return Arm(levels=levels, config=config, tune=tune)


TO_LEARN = 300
"""Updates of networks that only learn or do not."""

LIMITS = {"sgd": (0.1, 1000.0), "adam": (0.002, 20.0)}
"""Four orders of magnitude in which the largest learning rate is searched."""


def limit(norm: Place, depth: int, optimizer: str = "sgd") -> Arm:
    """Return networks whose largest learning rate is searched."""
    lowest, highest = LIMITS[optimizer]
    networks = config_of(norm, depth, optimizer=optimizer, num_steps=TO_LEARN)
    ends = {"lowest": lowest, "highest": highest}
    config = readout("rate_limit", networks, **ends)
    levels = levels_of(norm, depth, "relu", optimizer, "clusters")
    return Arm(levels=levels, config=config)


GAINS = (0.25, 0.5, 1.0, 2.0, 4.0)
GRID = (0.01, 0.03, 0.1, 0.3, 1.0)
"""Factors on first weights, and learning rates, that a network is tried with."""


def settings(norm: Place, depth: int, activation: str = "relu") -> Arm:
    """Return networks that are tried with 25 pairs of a rate and a factor."""
    networks = config_of(norm, depth, activation, num_steps=TO_LEARN)
    config = readout("trainable_settings", networks, rates=GRID, gains=GAINS)
    levels = levels_of(norm, depth, activation, "sgd", "clusters")
    return Arm(levels=levels, config=config)


def drifting(norm: Place, activation: str, depth: int) -> Arm:
    """Return networks on digits whose layers' inputs are followed for ten passes."""
    model = config_of(norm, depth, activation, task="digits").model
    config = CovariateShiftConfig(task=DIGITS, model=model, learning_rate=0.1)
    levels = levels_of(norm, depth, activation, "sgd", "digits")
    return Arm(levels=levels, config=config)


TAKEN = (*range(0, 80, 2), *range(80, 201, 5))
"""Numbers of updates at which networks are taken, if they have the same loss."""


def walking(norm: Place, depth: int, target: float) -> Arm:
    """Return networks that walk down their gradient from a training loss.

    They train at a rate of 0.1 until they have it.
    """
    networks = config_of(norm, depth, learning_rate=0.1, log_steps=TAKEN)
    config = SmoothnessConfig(
        task=networks.task,
        model=networks.model,
        training=networks.training,
        target_loss=target,
    )
    levels = levels_of(norm, depth, "relu", "sgd", "clusters")
    return Arm(levels=levels | {"training loss": target}, config=config)


OF_TEST = ("val_accuracy", "test_accuracy")


def placed(
    norm: Literal["before", "after"],
    activation: str,
    depth: int,
    task: str = "clusters",
) -> Arm:
    """Return a network at its best rate of seven, by validation rows."""
    config = config_of(norm, depth, activation, task=task, metrics=OF_TEST)
    levels = levels_of(norm, depth, activation, "sgd", task)
    levels["batch norm"] = f"{norm} the activation"
    return tuned(config, levels, rates=RATES["sgd"], seeds=5, tolerance=0.0)


LEARNED = {"": (True, True), "no scale": (True, False), "no shift": (False, True)}
LEARNED |= {"neither scale nor shift": (False, False)}
"""Whether batch norm learns a shift and a scale, by what it is called."""


def memorizing(activation: str, depth: int, without: str = "") -> Arm:
    """Return narrow networks that memorize random labels, at their best rate.

    The rate is the best of five for the rows that are memorized, there being no others
    to learn for. `without` is a name of `LEARNED`.
    """
    center, scale = LEARNED[without]
    config = config_of(
        "before",
        depth,
        activation,
        "adam",
        "random labels",
        width=32,
        num_steps=1000,
        batch_norm_center=center,
        batch_norm_scale=scale,
    )
    levels = levels_of("before", depth, activation, "adam", "random labels")
    levels |= {"learned": without} if without else {}
    score = ScoreConfig(
        quantity="accuracy",
        better="higher",
        failed_value=0.0,
        words="memorize training labels",
    )
    rates = (0.001, 0.003, 0.01, 0.03, 0.1)
    tune = TuneConfig(learning_rates=rates, score=score, seeds=5, widen=2)
    return Arm(levels=levels, config=config, tune=tune)


ROWS = 320
"""Training rows of the networks that overfit."""

PRINTED = (0.3, 0.2)
"""Shares of units that the printed program drops behind its two layers."""


FALSE_LABELS: dict[str, dict[str, Any]] = {
    "clusters": {},
    "digits": {"task": NOISY_DIGITS, "input_units": 64, "output_units": 10},
}
"""What is learned from too few rows, a fifth of whose labels is drawn anew."""


def _overfitting(norm: bool, batch: int, **changes: Any) -> ArmConfig:
    training: dict[str, Any] = {"batch_size": batch}
    if norm:
        changes["batch_norm"] = "before"
        training["batch_norm_statistics"] = "training_rows"
        training["metrics"] = (*METRICS, "moving_test_accuracy")
    return noisy_config(training=training, **changes)


def overfitting(
    norm: bool,
    batch: int = 32,
    dropout: float | tuple[float, float] | None = None,
    task: str = "clusters",
) -> Arm:
    """Return networks that overfit, with batch norm or dropout, or without."""
    changes = FALSE_LABELS[task] | ({} if dropout is None else {"dropout": dropout})
    config = _overfitting(norm, batch, **changes)
    levels: dict[str, Level] = {"batch norm": norm, "dropout": dropout is not None}
    levels |= {"batch": batch} | ({} if task == "clusters" else {"task": task})
    return Arm(levels=levels, config=config)


def noisy_batches(batch: int) -> Arm:
    """Return networks that overfit with batch norm, whose noise is read."""
    config = readout("batch_noise", _overfitting(True, batch))
    return Arm(levels={"noise of batch norm": True, "batch": batch}, config=config)
