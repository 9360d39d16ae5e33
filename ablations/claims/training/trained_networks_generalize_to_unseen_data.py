"""What rows have in common is also true of rows that were left out.

A wide network learns its training rows by heart whether or not there is anything in
common, so that accuracy on them says little about other rows.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.backpropagation import BASICS
from ablations.rigs.readings import compare, trend
from ablations.rigs.training.networks import SEEDS, TEST, TRAINING, fitted

GAP = 0.05
"""Accuracy that may be lost on new rows."""

MOMENTS = (0, 30, 100, 300, 1000)
WRONG = "a fifth of the labels wrong"


def _carries_over(task: str, labels: str, **said: Any) -> Comparison:
    """Predict that test rows are told nearly as well as training rows."""
    arm = fitted(task, labels)
    label = f"test accuracy less training accuracy, {arm.name}"
    return compare(arm, "no_less", arm, TEST, GAP, TRAINING, label=label, **said)


def _core(task: str) -> Comparison:
    return _carries_over(task, "true labels", key=task, at=("task", task))


CLAIM = Claim(
    statement="Networks that learn their training rows ideally generalize well to rows"
    " they have not seen.",
    strength="can",
    rows=("B-TRN-11",),
    source=f"{BASICS}, goal of training",
    reference="Zhang, Bengio, Hardt, Recht and Vinyals (2017), Understanding deep"
    " learning requires rethinking generalization",
    axis="task",
    core=(_core("clusters"), _core("digits"), _core("spirals")),
    beside=(
        _carries_over("clusters", WRONG, key="wrong_clusters"),
        _carries_over("digits", WRONG, key="wrong_digits"),
        _carries_over("clusters", "random labels", key="random"),
        trend(
            [fitted("clusters")],
            "rises",
            [
                TEST.replace(at=at, words=f"test accuracy after {at:,} updates")
                for at in MOMENTS
            ],
            0.05,
            key="grows",
        ),
        compare(
            fitted("clusters"),
            "greater",
            fitted("clusters"),
            TRAINING.replace(words="training accuracy at the end"),
            0.4,
            TRAINING.replace(at=0, words="training accuracy at the start"),
            key="learned",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "clusters digits spirals !wrong_clusters !wrong_digits": "Yes where labels are"
        " true: digits lose {digits} percentage points on new rows; where a fifth is"
        " wrong they lose {wrong_digits}.",
        "core": "Yes: new rows lose under five percentage points, digits {digits}, even"
        " where a fifth of the training labels is wrong.",
        "!core": "No: networks that learned their rows lose more than five percentage"
        " points on new ones, digits {digits}.",
        "digits": "Yes, on digits: {digits.treatment} of new rows are right after"
        " {digits.control} of training rows.",
        "clusters": "Yes, on clusters: {clusters.treatment} of new rows are right after"
        " {clusters.control} of training rows.",
    },
    how="{clusters.n} networks of two layers learned about a thousand rows of three"
    " tasks in 4,000 updates of Adam, with true labels and with a fifth of them wrong.",
    caveats="Training accuracy counts the labels that were given, test accuracy the"
    " true ones. Test rows of digits are the same for all seeds.",
)
