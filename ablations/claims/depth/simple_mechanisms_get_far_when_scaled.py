"""More rows pin down more of a function, and more units can express more of it.

Each buys a steady share of the error for every doubling, until the other one runs
short.
"""

from typing import Any

from ablations.experiments.scaling import ScalingConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Interaction, Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import SEEDS
from ablations.tasks import TaskConfig

ROWS = (64, 256, 1024, 4096)
WIDTHS = (4, 16, 64, 256)
TEACHERS = {"simple": 32, "rich": 512}
"""Hidden units of the networks that made the targets."""

FALL = 0.3
"""Fall of log10 of the test error over a factor of 64 that counts: a factor of two."""

BEND = 0.15
"""Change of the fall per factor of four that a straight line may show.

It is a change of the exponent by a quarter.
"""

ERROR = ScoreConfig(
    quantity="log10_test_loss", better="lower", words="log10 of the test error"
)


def _name(teacher: str, rows: int, width: int) -> str:
    return f"{rows} rows, {width} units, {teacher} target"


def _arm(teacher: str, rows: int, width: int) -> Arm:
    task = TaskConfig(
        name="teacher",
        num_train=ROWS[-1],
        num_val=500,
        num_test=1000,
        width=TEACHERS[teacher],
    )
    return Arm(config=ScalingConfig(task=task, num_rows=rows, width=width))


def _ladder(teacher: str, axis: str) -> tuple[str, ...]:
    if axis == "rows":
        return tuple(_name(teacher, rows, WIDTHS[-1]) for rows in ROWS)
    return tuple(_name(teacher, ROWS[-1], width) for width in WIDTHS)


def _predictions(teacher: str, axis: str) -> tuple[Trend | Interaction, ...]:
    ladder = _ladder(teacher, axis)
    first, second, third, last = ladder
    bend: dict[str, Any] = {
        "neither": first,
        "first": second,
        "second": third,
        "both": last,
        "score": ERROR,
        "margin": BEND,
    }
    return (
        Trend(
            label=f"error halves over 64 times the {axis}, {teacher} target",
            arms=ladder,
            scores=(ERROR,),
            margin=FALL,
            direction="falls",
        ),
        Interaction(
            label=f"the fall does not level off with {axis}, {teacher} target",
            direction="no_greater",
            **bend,
        ),
        Interaction(
            label=f"nor does it grow steeper with {axis}, {teacher} target",
            direction="no_less",
            **bend,
        ),
    )


ALL = tuple(
    prediction
    for teacher in ("rich", "simple")
    for axis in ("rows", "units")
    for prediction in _predictions(teacher, axis)
)

CLAIM = Claim(
    statement=(
        "Simple mechanisms get far when they are scaled up: error falls as a power of"
        " the number of rows and of units."
    ),
    rows=("A-INT-4",),
    source="Deep learning notes, introduction",
    reference="Hestness et al. (2017); Kaplan et al. (2020)",
    arms={
        name: _arm(teacher, rows, width)
        for teacher in TEACHERS
        for rows in ROWS
        for width in WIDTHS
        if rows == ROWS[-1] or width == WIDTHS[-1]
        for name in (_name(teacher, rows, width),)
    },
    predictions=ALL,
    beyond_quick=tuple(p.label for p in ALL[3:]),
    standard_only=True,
    seeds=SEEDS,
    caveats=(
        "One hidden ReLU layer, Adam for at most 3,000 updates, targets without noise"
        " from random networks of one tanh layer, 1.8 decades of either scale. Where"
        " the error levels off, it may be the number of updates that runs short."
    ),
    findings={
        "conditional": (
            "64 times the rows change log10 of the error by {0} for a rich target"
            " and {6} for a simple one (-0.3 halves it; {0.n} seeds). 64 times the"
            " units change it by {3}, not a half, and {9}, but for the simple one the"
            " last factor of four brings less than the first, by {10}. Its fall with"
            " rows grows steeper, by {8}."
        )
    },
)
