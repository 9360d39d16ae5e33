"""Dropped units change the variance that the next batch norm sees in training.

At inference nothing is dropped, so that in theory moving averages of training do not
fit; here they cost nothing measurable. Why both together lose to dropout alone on
digits was not looked into.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.batch_norm import CODE
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import mostly
from ablations.rigs.regularization.readings import (
    MEMORIZES,
    accuracy,
    generalizes,
    within_runs,
)

TASKS = ("clusters", "digits")
MOVING = accuracy("moving_test_accuracy", "test accuracy by moving averages")


def _arms(task: str) -> dict[str, Arm]:
    """Return both together, each alone and neither."""
    shares = rig.PRINTED
    return {
        "both": rig.overfitting(True, dropout=shares, task=task),
        "norm": rig.overfitting(True, task=task),
        "dropout": rig.overfitting(False, dropout=shares, task=task),
        "none": rig.overfitting(False, task=task),
    }


def _beats(task: str, other: str) -> Comparison:
    """Predict a gain over neither, or no loss to one alone."""
    arms = _arms(task)
    return generalizes(
        arms["both"],
        arms[other],
        direction="greater" if other == "none" else "no_less",
        key=f"{task}_{other}",
        at=("task", task),
    )


def _by_averages(task: str) -> Comparison:
    both, key = _arms(task)["both"], f"{task}_moving"
    return within_runs(both, MOVING, accuracy(), direction="no_less", key=key)


CLAIM = Claim(
    statement="Dropout goes well with batch norm, behind each of its layers, as in the"
    " code.",
    rows=("A-BN-21",),
    source=CODE,
    reference="Li et al. (2019), Understanding the disharmony between dropout and batch"
    " normalization by variance shift",
    axis="task",
    core=tuple(_beats(task, other) for task in TASKS for other in ("norm", "dropout")),
    beside=(
        *(_beats(task, "none") for task in TASKS),
        *map(_by_averages, TASKS),
    ),
    controls=(mostly(_arms("clusters")["none"], MEMORIZES, key="memorizes"),),
    standard_only=True,
    seeds=rig.MORE_SEEDS,
    answers={
        "core clusters_none digits_none": "Yes: together they add {clusters_none}"
        " percentage points of test accuracy on clusters, {digits_none} on digits, and"
        " do no worse than either alone.",
        "clusters_norm clusters_dropout digits_norm ?digits_dropout": "Not settled: on"
        " clusters both together do no worse than either alone; on digits dropout"
        " alone ends {digits_dropout} percentage points ahead.",
        "clusters_none digits_none !clusters_dropout !digits_dropout": "No: together"
        " they help, but dropout alone does better, by {clusters_dropout} percentage"
        " points on clusters and {digits_dropout} on digits.",
        "clusters_none digits_none !clusters_norm !digits_norm": "No: together they"
        " help, but batch norm alone does better, by {clusters_norm} percentage points"
        " on clusters and {digits_norm} on digits.",
        "!core": "No: together they do worse than either alone, on clusters and on"
        " digits.",
    },
    how=(
        "Networks of two layers, {clusters_none.n} for each of the four"
        " combinations, took 1,500 updates on 320 rows, 15 % of them with false"
        " labels, with the shares of units dropped that the printed code drops."
    ),
    caveats="A loss of less than one percentage point to either alone counts as none."
    f" {rig.ALL_ROWS}",
)
