"""A league of activations: the same networks on several tasks, all else being equal.

Networks of 24 units a layer, two or six layers deep unless an arm says otherwise, train
by Adam for 600 updates of 32 rows. Each activation starts from weights that suit it,
He's for the ReLU family and Xavier's else, and has a learning rate of its own: of five
rates the best on validation rows and five tuning seeds, the middlemost of those within
half a point. The task is the unit of what is said in general: three are drawn by a rule
(`clusters`, `spirals`, `boxes`), two show digits (`digits` in pixels, `signals` in
points) and one is the table of a survey (`survey`).

The levels of an arm are `activation`, a name of `ACTIVATIONS`, `task` and `depth`;
behind them stand `optimizer`, `weights`, `gain`, `rate`, `inputs` and `batch norm`,
where they are not as above.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import Comparison, Equivalence, League, TimeToTarget
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import CLUSTERS, accuracy, deep_config, tuned
from ablations.rigs.readings import Said, alike, compare
from ablations.tasks import TaskConfig
from models.config import InitializerConfig

SEEDS = SeedPlan(quick=10, standard=20, full=100)

FRESH_SEEDS = SEEDS.replace(first=1_000)
"""Seeds of claims that ask about the survey, whose test rows first were training rows.

All of such a claim is judged on them, since its outcomes on other tasks had been seen.
"""

DEPTHS = SHALLOW, DEEPER = 2, 6
DEEP = (("clusters", 10), ("digits", 10), ("signals", 10), ("clusters", 20))
"""Tasks and depths at which deep networks are asked how fast they learn."""

WIDTH, UPDATES, EARLY, SOON = 24, 600, 150, 200
STEPS = (0, 20, 40, 70, 100, EARLY, SOON, 300, 400, 500, UPDATES)
"""Numbers of updates at which runs are recorded."""

TASKS: dict[str, tuple[TaskConfig, int, int]] = {
    "clusters": (CLUSTERS, 20, 10),
    "spirals": (TaskConfig(name="spirals"), 2, 2),
    "boxes": (TaskConfig(name="tabular"), 20, 2),
    "digits": (TaskConfig(name="digits"), 64, 10),
    "signals": (TaskConfig(name="mnist1d", num_train=2000, num_val=500), 40, 10),
    "survey": (TaskConfig(name="fair"), 8, 2),
}
"""What is learned, its inputs and its classes."""

TARGETS = {"clusters": 0.5, "digits": 0.5, "signals": 0.3}
"""Training accuracy that counts as having learned, well above chance."""

ACTIVATIONS: dict[str, str | dict[str, Any]] = {
    "linear": "linear",
    "softmax": "softmax",
    "sigmoid": "sigmoid",
    "centered sigmoid": {"name": "sigmoid", "output_shift": -0.5},
    "steep sigmoid": {"name": "sigmoid", "input_scale": 4.0},
    "steep centered sigmoid": {
        "name": "sigmoid",
        "input_scale": 4.0,
        "output_shift": -0.5,
    },
    "tanh": "tanh",
    "ReLU": "relu",
    "ReLU6": "relu6",
    "leaky ReLU": {"name": "leaky_relu", "slope": 0.01},
    "leaky ReLU, slope 0.001": {"name": "leaky_relu", "slope": 0.001},
    "leaky ReLU, slope 0.1": {"name": "leaky_relu", "slope": 0.1},
    "leaky ReLU, slope 0.3": {"name": "leaky_relu", "slope": 0.3},
    "ELU": "elu",
    "GELU": "gelu",
}
"""Leaky ReLU has the slope of the notes, a steep sigmoid that of tanh at zero, 1."""

THEN = " then "
"""Stands between the activations of layers that differ."""

LIKE_A_SIGMOID = ("linear", "softmax", "tanh")
"""Activations without "sigmoid" in their name that start from Xavier's weights."""

RATES = {
    "adam": (0.0003, 0.001, 0.003, 0.01, 0.03),
    "momentum": (0.003, 0.01, 0.03, 0.1, 0.3),
}

POINT, FASTER = 0.01, 0.1
"""What matters: a percentage point of accuracy, and being 1.1 times as fast."""

HOW = (
    "Networks of two and six layers of 24 units took 600 updates by Adam on each of six"
    " tasks"
)
"""How the league knows; how many networks there were comes behind."""

OWN_RATE = (
    "Each activation has a learning rate of its own, and weights at the start that suit"
    " it."
)
FOR_SPEED = (
    f"{OWN_RATE} Rates are the best after 200 updates, and updates are counted where"
    " runs are recorded, 20 to 100 of them apart."
)


def _suited(activation: str) -> str:
    """Return the initializer that suits an activation."""
    saturates = activation in LIKE_A_SIGMOID or "sigmoid" in activation
    return "glorot_uniform" if saturates else "he_normal"


def network(
    activation: str,
    task: str = "clusters",
    depth: int = SHALLOW,
    *,
    optimizer: str = "adam",
    weights: str = "",
    gain: float = 1.0,
    times: float = 1.0,
    inputs: str = "",
    fast: bool = False,
    **model: Any,
) -> Arm:
    """Return a network of the league.

    Args:
        activation: A name of `ACTIVATIONS`, or one per layer with `THEN` between.
        task: A name of `TASKS`.
        depth: Hidden layers.
        optimizer: A name of `RATES`.
        weights: Initializer, empty for the one that suits the activation.
        gain: Factor on all weights at the start.
        times: Factor on the learning rate that was chosen.
        inputs: Scaling of pixels, empty for that of the task.
        fast: Whether the rate is the best after 200 updates, not at the end.
        model: Further fields of `MLPConfig`.
    """
    rows, num_inputs, num_classes = TASKS[task]
    names = activation.split(THEN)
    starts = [
        InitializerConfig(name=weights or _suited(name), gain=gain) for name in names
    ]
    is_mixed = len(names) > 1
    config = deep_config(
        activation=tuple(map(ACTIVATIONS.__getitem__, names))
        if is_mixed
        else ACTIVATIONS[activation],
        initializer=tuple(starts) if is_mixed else starts[0],
        optimizer=optimizer,
        depth=depth,
        width=WIDTH,
        num_steps=UPDATES,
        task=rows.replace(scaling=inputs) if inputs else rows,
        training={"log_steps": STEPS},
        input_units=num_inputs,
        output_units=num_classes,
        **model,
    )
    levels: dict[str, Level] = {"activation": activation, "task": task, "depth": depth}
    if optimizer != "adam":
        levels["optimizer"] = optimizer
    if weights:
        levels["weights"] = f"{weights.partition('_')[0]} weights"
    if gain != 1.0:
        levels["gain"] = gain
    if times != 1.0:
        levels["rate"] = f"{times:g} times the best rate"
    if fast:
        levels["rate"] = "rate for speed"
    if inputs:
        levels["inputs"] = f"{inputs} inputs"
    if model.get("batch_norm"):
        levels["batch norm"] = True
    settings: dict[str, Any] = {"seeds": 5, "tolerance": 0.005}
    settings |= {} if times == 1.0 else {"times": times}
    arm = tuned(config, levels, rates=RATES[optimizer], **settings)
    if not fast or arm.tune is None:
        return arm
    score = arm.tune.score.replace(at=SOON)
    return arm.replace(tune=arm.tune.replace(score=score))


def on_test_rows(task: str, at: int | None = None) -> ScoreConfig:
    """Return the test accuracy on a task; a run that diverged counts as chance."""
    _, _, num_classes = TASKS[task]
    words = "test accuracy" if at is None else "early test accuracy"
    score = accuracy("test_accuracy", at)
    return score.replace(failed_value=1.0 / num_classes, words=words)


def better(
    treatment: Arm,
    direction: Direction,
    control: Arm,
    margin: float = POINT,
    updates: int | None = None,
    **said: Unpack[Said],
) -> Comparison:
    """Predict on which side of an arm another one lies in test accuracy.

    It is read after a number of updates, at the end if None.
    """
    score = on_test_rows(str(treatment.levels["task"]), updates)
    return compare(treatment, direction, control, score, margin, **said)


def in_test(
    activation: str,
    direction: Direction,
    other: str,
    task: str,
    depth: int = SHALLOW,
    margin: float = POINT,
    **said: Unpack[Said],
) -> Comparison:
    """Predict on which side of another activation one lies in test accuracy."""
    arms = network(activation, task, depth), network(other, task, depth)
    return better(arms[0], direction, arms[1], margin, **said)


def as_good(
    treatment: Arm, control: Arm, margin: float = POINT, **said: Unpack[Said]
) -> Equivalence:
    """Predict that two arms differ by less than a margin in test accuracy."""
    score = on_test_rows(str(treatment.levels["task"]))
    return alike(treatment, control, score, margin, **said)


def learned(task: str) -> ScoreConfig:
    """Return success: as many training rows are classified as count as learned."""
    share = TARGETS[task]
    words = f"classify {100 * share:g} % of the training rows"
    return ScoreConfig(quantity="accuracy", at_least=share, words=words)


def sooner(
    treatment: Arm, control: Arm, margin: float = FASTER, **said: Unpack[Said]
) -> TimeToTarget:
    """Predict that an arm is faster to learn: by 0.25 if it is 1.25 times as fast.

    Both should have rates for speed.
    """
    return TimeToTarget(
        treatment=treatment,
        control=control,
        score=learned(str(treatment.levels["task"])),
        budget=UPDATES,
        margin=margin,
        direction="less",
        **said,
    )


def ranked_first(
    best: str, others: Iterable[str], task: str, depth: int, **said: Unpack[Said]
) -> League:
    """Predict that an activation surely beats every other one on a task."""
    arms = {name: network(name, task, depth) for name in (best, *others)}
    arms_of: Any = {"ranked": tuple(arms.values()), "best": arms[best]}
    return League(**arms_of, score=on_test_rows(task), **said)
