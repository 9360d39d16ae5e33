"""More rows pin down more of a function, and more units can express more of it.

Each buys a steady share of the error for every doubling, until the other one runs
short.
"""

from ablations.experiments.scaling import ScalingConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Interaction, Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import SEEDS
from ablations.rigs.readings import Said, interaction, trend
from ablations.tasks import TaskConfig

ROWS, WIDTHS = (64, 256, 1024, 4096), (4, 16, 64, 256)
TASK = TaskConfig(name="teacher", num_train=4096, num_val=500, num_test=1000)
TEACHERS = {"rich": 512, "simple": 32}
"""Hidden units of the networks that made the targets."""

FALL = 0.3
"""Fall of log10 of the test error over a factor of 64 that counts: a factor of two."""

BEND = 0.15
"""Change of the fall per factor of four that counts: of the exponent by a quarter."""

ERROR = ScoreConfig(
    quantity="log10_test_loss", better="lower", words="log10 of the test error"
)


def _arm(teacher: str, rows: int, width: int) -> Arm:
    task = TASK.replace(width=TEACHERS[teacher])
    return Arm(
        levels={"target": f"{teacher} target", "rows": rows, "width": width},
        config=ScalingConfig(task=task, num_rows=rows, width=width),
    )


def _power(teacher: str, scale: str) -> tuple[Trend | Interaction, ...]:
    """Predict that the error halves at least, without levelling off or steepening."""
    by_rows, by_units = ((r, 256) for r in ROWS), ((4096, w) for w in WIDTHS)
    sizes = by_rows if scale == "rows" else by_units
    arms = [_arm(teacher, rows, width) for rows, width in sizes]
    key, at, on = f"{teacher}_{scale}", ("scale", scale), f"{scale}, {teacher} target"
    told: Said = {"key": f"{key}_goes_on", "at": at}
    told["label"] = f"flattening of the error's fall on a log scale, {on}"
    flatter = interaction(arms, ERROR, BEND, "no_greater", **told)
    steeper = flatter.replace(
        direction="no_less",
        key=f"{key}_steady",
        label=f"flattening of the fall, steepening if below 0, {on}",
    )
    label = f"log10 of the error over 64 times the {on}"
    falls = trend(arms, "falls", ERROR, FALL, key=key, label=label, at=at)
    return falls, flatter, steeper


CLAIM = Claim(
    statement=(
        "Simple mechanisms get far when they are scaled up: error falls as a power of"
        " the number of rows and of units."
    ),
    strength="can",
    rows=("A-INT-4",),
    source="Deep learning notes, introduction",
    reference="Hestness et al. (2017); Kaplan et al. (2020)",
    axis="scale",
    core=tuple(p for t in TEACHERS for s in ("rows", "units") for p in _power(t, s)),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "rich_rows rich_rows_goes_on rich_rows_steady !rich_units"
        " !simple_units_goes_on": (
            "In part: sixty-four times the rows divide a rich target's error by"
            " {rich_rows.power} along a power law; the other three curves bend or"
            " hardly fall."
        ),
        "core": "Yes: for both targets sixty-four times the rows or the units at least"
        " halve the error, as a power of them.",
    },
    how=(
        "{rich_rows.n} networks of one layer per scale were trained for at most 3,000"
        " updates of Adam on 64 to 4,096 rows with 4 to 256 units."
    ),
    caveats=(
        "Targets without noise from random networks of one tanh layer, of many"
        " units (rich) or few (simple). Where the error levels off, it may be the"
        " number of updates that runs short."
    ),
)
