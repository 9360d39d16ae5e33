"""Batch norm fixes mean and variance before each activation, so that inputs drift less.

A layer's gradient depends on the layers before it through more than two moments, and
changes when they are updated with batch norm as well.
"""

from ablations.experiments.covariate_shift import CovariateShiftConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import (
    BASICS,
    SEEDS,
    deep_config,
    levels_of,
    succeeds,
)
from ablations.rigs.readings import compare
from ablations.tasks import TaskConfig

TASK = TaskConfig(name="gmm10", num_train=512, num_val=300, num_test=500)
LESS = 0.1
"""Fall of a log10 that counts as less: a fifth."""

DRIFT = ScoreConfig(
    quantity="log10_input_drift",
    better="lower",
    words="log10 of the drift of the inputs of layers",
)
CHANGE = ScoreConfig(
    quantity="log10_gradient_change",
    better="lower",
    words="log10 of the relative change of gradients by the update of earlier layers",
)


def _arm(activation: str, rate: float, norm: str | None) -> Arm:
    initializer = "he_normal" if activation == "relu" else "glorot_uniform"
    told = {"activation": activation, "initializer": initializer, "batch_norm": norm}
    return Arm(
        levels=levels_of({**told, "learning_rate": rate}),
        config=CovariateShiftConfig(
            task=TASK,
            model=deep_config(depth=5, width=32, **told).model,
            learning_rate=rate,
        ),
    )


def _less(score: ScoreConfig, activation: str, rate: float, key: str) -> Comparison:
    what = "inputs drift" if score == DRIFT else "gradients change"
    word = "ReLU" if activation == "relu" else activation
    return compare(
        _arm(activation, rate, "before"),
        "less",
        _arm(activation, rate, None),
        score,
        LESS,
        key=key,
        label=f"how much less {what} with batch norm (log10), {word} at rate {rate:g}",
    )


CLAIM = Claim(
    statement=(
        "Batch norm reduces internal covariate shift, the change of the inputs of"
        " layers while the layers before them learn."
    ),
    rows=("B-SOL-7",),
    source=f"{BASICS}, solutions to common problems",
    reference="Ioffe and Szegedy (2015); Santurkar et al. (2018)",
    axis="rate",
    core=(
        _less(DRIFT, "relu", 0.03, "relu_slow"),
        _less(DRIFT, "relu", 0.1, "relu_fast"),
        _less(DRIFT, "tanh", 0.1, "tanh"),
    ),
    beside=(
        _less(CHANGE, "relu", 0.03, "relu_slow_gradient"),
        _less(CHANGE, "relu", 0.1, "relu_fast_gradient"),
        _less(CHANGE, "tanh", 0.1, "tanh_gradient"),
    ),
    controls=(
        succeeds(
            _arm("relu", 0.1, None),
            key="plain_learns",
            label="runs that learn without batch norm, ReLU at rate 0.1",
        ),
        succeeds(
            _arm("relu", 0.1, "before"),
            key="normed_learns",
            label="runs that learn with batch norm, ReLU at rate 0.1",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: with batch norm the inputs of layers drift less, by a factor of"
            " {relu_fast.power} with ReLU and {tanh.power} with tanh at the same rate."
        ),
        "!core": "No: with batch norm the inputs of layers drift no less than without,"
        " by the fifth that counts.",
    },
    how=(
        "{tanh.n} networks of five layers of 32 units were followed over the first ten"
        " passes of plain gradient descent, with and without batch norm."
    ),
    caveats="The learning rate is the same with and without batch norm.",
    figure="effects",
)
