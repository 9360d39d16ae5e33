"""Training stops where the loss is flat, which may be a poor place or a wrong lesson.

Two units may settle where one row of XOR stays wrong; wide networks can fit whatever
labels they are given, false ones included.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs import xor
from ablations.rigs.readings import alike, mostly
from ablations.rigs.training.networks import EARLIER, LAST, SEEDS, fitted, loss

XOR = xor.network("ReLU")
WRONG, RANDOM = "a fifth of the labels wrong", "random labels"


def _right(task: str, labels: str = "true labels", **said: Any) -> SuccessRate:
    """Predict that most networks are right on nine of ten test rows."""
    score = ScoreConfig(
        quantity="test_accuracy",
        at_least=0.9,
        words="are right on nine of ten test rows",
    )
    at = ("task", f"{task}, {labels}")
    return mostly(fitted(task, labels), score, at=at, quick=False, **said)


def _converged(task: str, labels: str = "true labels", **said: Any) -> Any:
    """Predict that the last fifth of training changes the loss little."""
    arm = fitted(task, labels)
    return alike(arm, arm, loss(LAST), 0.05, loss(EARLIER), quick=False, **said)


CLAIM = Claim(
    statement="A network updates its weights until it converges and then makes right"
    " predictions.",
    rows=("B-BAS-5",),
    source="Basics of deep learning, layers of a network",
    reference="Zhang, Bengio, Hardt, Recht and Vinyals (2017), Understanding deep"
    " learning requires rethinking generalization",
    axis="task",
    core=(
        mostly(XOR, xor.solved(5000), key="xor", at=("task", "XOR, two units")),
        _right("spirals", key="spirals"),
        _right("clusters", key="clusters"),
        _right("digits", key="digits"),
    ),
    beside=(
        _right("clusters", WRONG, key="wrong_clusters"),
        _right("digits", WRONG, key="wrong_digits"),
        _right("clusters", RANDOM, key="random"),
        alike(
            XOR,
            XOR,
            loss(5000).replace(failed_value=1.0),
            0.02,
            loss(2000).replace(failed_value=1.0),
            key="xor_rests",
        ),
        _converged("spirals", key="spirals_rest"),
        _converged("clusters", key="clusters_rest"),
        _converged("digits", key="digits_rest"),
        _converged("clusters", WRONG, key="wrong_clusters_rest"),
        _converged("digits", WRONG, key="wrong_digits_rest"),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: of networks that converged most are right, on XOR in"
        " {xor.percent} of runs, and even where a fifth of the labels was wrong.",
        "!core": "No: networks converge on six tasks, and few of them are right on new"
        " rows.",
        "!xor spirals clusters digits !wrong_clusters": (
            "It depends: converged wide networks are right on three tasks with true"
            " labels; two ReLU units solve XOR in only {xor.percent} of runs."
        ),
        "!xor clusters digits": "It depends: converged networks are mostly right on"
        " clusters and digits, but two units are right on XOR in {xor.percent} of"
        " runs.",
        "clusters !wrong_clusters": "It depends: after true labels {clusters} networks"
        " are right on clusters, after a fifth of wrong ones {wrong_clusters}.",
    },
    how="Networks were trained until their loss hardly changed any more, and asked for"
    " new rows; on XOR for its four rows.",
    caveats="Right is nine of ten test rows, and most are six of ten networks. Whether"
    " networks had converged was read from their mean loss, which changed by less than"
    " a twentieth of a nat in the last fifth of 4,000 updates.",
)
