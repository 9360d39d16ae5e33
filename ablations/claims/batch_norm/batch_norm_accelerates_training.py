"""With batch norm a step at the best rate lowers the loss further.

But an update takes longer, since means and variances have to be found and
differentiated, so that time is saved only if enough updates are saved.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import TimeToTarget
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import at_most

SAVES, HALVES = 0.25, 1.0
"""Excess of a network without batch norm that counts, and that outweighs an update
which takes twice as long."""
NAMES = {"clusters": "clusters", "MNIST-1D": "signals"}
TARGETS = {
    ("clusters", 3): 0.9,
    ("clusters", 6): 0.9,
    ("clusters", 20): 0.5,
    ("MNIST-1D", 6): 0.5,
}


def _faster(task: str, depth: int, margin: float, label: str = "") -> TimeToTarget:
    share = TARGETS[task, depth]
    words = f"classify {100 * share:.0f} % of the training rows"
    end = f", {NAMES[task]}, depth {depth}"
    return TimeToTarget(
        treatment=rig.timed("before", depth, task),
        control=rig.timed(None, depth, task),
        score=ScoreConfig(quantity="accuracy", at_least=share, words=words),
        budget=rig.STEPS[-1],
        margin=margin,
        key=f"{NAMES[task]}_{depth}" + ("_half" if label else ""),
        label=f"{label}{end}" if label else "",
        at=("depth", depth),
    )


RATIO = "updates to the target with batch norm over those without, at most half"

CLAIM = Claim(
    statement="Batch norm accelerates the training of deep networks.",
    rows=("A-BN-17",),
    source=f"{NOTES}, title of the research paper",
    reference="Ioffe and Szegedy (2015), Batch normalization: accelerating deep network"
    " training",
    axis="depth",
    core=tuple(_faster(*case, SAVES) for case in TARGETS),
    beside=(
        *(_faster(*case, HALVES, RATIO) for case in TARGETS),
        at_most(
            "time_of_batch_norm",
            "time_ratio",
            2.0,
            key="time",
            label="time of an update with batch norm over one without, six layers",
        ).replace(timed=True),
    ),
    standard_only=True,
    seeds=rig.SEEDS,
    answers={
        "core time": "Yes: without batch norm six layers need {clusters_6.times} times"
        " as many updates; one update with it takes {time} times as long.",
        "core !time": "In updates, yes: without batch norm six layers need"
        " {clusters_6.times} times as many; but each takes {time} times as long with"
        " it.",
        "!clusters_3 clusters_6 clusters_20": "It depends on depth: three layers gain"
        " little; without batch norm six need {clusters_6.times} times as many updates,"
        " twenty {clusters_20.times} times.",
        "!clusters_3 !clusters_6 clusters_20": "It depends on depth: without batch norm"
        " twenty layers need {clusters_20.times} times as many updates; with three and"
        " six it saves little.",
        "!core": "No: batch norm does not save a fifth of updates, at any depth tried.",
    },
    how=(
        "ReLU networks, {clusters_6.n} for each depth with and without batch"
        " norm, counted updates to a training accuracy of 90 % on clusters, or 50"
        " % where that is hard."
    ),
    caveats=(
        "Hard are twenty layers, and signals. On three and on twenty layers batch norm"
        " saves fewer updates, so that an update that takes longer uses up most of the"
        " gain. Every network trains by plain descent at the rate by which it has"
        f" learned most after 50 updates, or 200 where that is hard. {rig.ALL_ROWS}"
    ),
)
