"""Softmax makes numbers that add up to one; training makes them probabilities.

Cross-entropy is least where they are the shares of the classes, among rows that were
not learned by heart. A network that goes on learning its rows by heart grows surer than
it is right.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.activations import BASICS
from ablations.rigs.readings import mostly
from ablations.rigs.training.heads import asked_for_probabilities, calibrated
from ablations.rigs.training.networks import SEEDS

TASKS = {"clusters": "overlapping clusters", "digits": "digits", "signals": "signals"}
SHORT, LONG = 100, 3000
"""Updates: about three passes over a thousand rows, and about a hundred."""


def _is_calibrated(key: str, updates: int) -> SuccessRate:
    """Predict that most networks are right in their numbers to five points."""
    arm = asked_for_probabilities(TASKS[key], updates)
    return mostly(arm, calibrated(), key=f"{key}_{updates}")


def _is_mended(key: str) -> SuccessRate:
    """Predict that one temperature for all rows makes up for long training."""
    arm = asked_for_probabilities(TASKS[key], LONG)
    score = calibrated("scaled_calibration_error")
    return mostly(arm, score, key=f"scaled_{key}")


CLAIM = Claim(
    statement="Softmax provides the probabilities of classes.",
    rows=("B-ACT-32",),
    source=f"{BASICS}, table of activation functions",
    reference="Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural"
    " networks",
    axis="updates",
    core=tuple(_is_calibrated(key, at) for at in (SHORT, LONG) for key in TASKS),
    beside=tuple(map(_is_mended, TASKS)),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: after a short and after a long training probabilities are right"
        " to five percentage points, on clusters in {clusters_3000} networks.",
        "!core": "No: neither after a short nor after a long training are probabilities"
        " right to five percentage points, on clusters in {clusters_3000} networks.",
        ("digits_3000 !clusters_100 !clusters_3000"): (
            "Mixed: on digits {digits_3000} networks are right to five percentage"
            " points; on overlapping clusters {clusters_100} after short"
            " training, none later."
        ),
        "clusters_100 !clusters_3000": "It depends on training: on clusters"
        " {clusters_100} are right to five points after a short one, {clusters_3000}"
        " after a long one.",
        "!clusters_100 clusters_3000": "It depends on training: on clusters"
        " {clusters_3000} are right to five points after a long one, {clusters_100}"
        " after a short one.",
        "!clusters_3000": "Not in general: on overlapping clusters probabilities are"
        " right to five percentage points in {clusters_3000} networks after long"
        " training.",
        "clusters_3000": "It depends on the task: on overlapping clusters"
        " {clusters_3000} networks are right to five percentage points.",
    },
    how="What {clusters_3000.n} networks of two layers said of test rows, after 100 and"
    " after 3,000 updates, was compared with how often they were right, in fifteen"
    " bins.",
    caveats=(
        "Networks train by Adam at a rate of 0.003. The error is of the probability of"
        " the predicted class; five hundred test rows of digits make some of it by"
        " chance, about two points. On digits nearly all rows are right, so that being"
        " too sure costs little; on signals, where half are right, networks that"
        " trained long are far too sure. One temperature for all rows mends that on"
        " clusters, but not in most networks on signals. After 100 updates most"
        " networks miss the five points on both, too, for reasons that were not looked"
        " into."
    ),
)
