"""Inputs of variance 1 lie where a sigmoid is almost a straight line.

A learned scale can stretch them to where it bends, and a shift can move the bend. The
next layer has weights of its own, but cannot bend what comes out straight.
"""

from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.batch_norm import NOTES
from ablations.rigs.normalization import networks as rig
from ablations.rigs.readings import compare, mostly

LOST = 0.02
BARE = "neither scale nor shift"
MEMORIZED = ScoreConfig(
    quantity="accuracy",
    better="higher",
    failed_value=0.1,
    words="training accuracy",
)
LEARNS = ScoreConfig(
    quantity="accuracy", at_least=0.2, words="memorize a fifth of the labels"
)


def _loses(
    activation: str, depth: int, without: str = BARE, key: str = "", **said: Any
) -> Comparison:
    key = key or f"{activation}_{depth}"
    treatment = rig.memorizing(activation, depth, without)
    control = rig.memorizing(activation, depth)
    return compare(treatment, "less", control, MEMORIZED, LOST, key=key, **said)


CLAIM = Claim(
    statement="If batch norm always gave mean 0 and variance 1, layers might be"
    " restricted, sigmoids to where they are linear, and networks might lose"
    " representational power.",
    strength="can",
    rows=("A-BN-7",),
    source=f"{NOTES}, scale and shift",
    reference="Ioffe and Szegedy (2015), section 3",
    axis="activation",
    core=(
        _loses("sigmoid", 3),
        _loses("sigmoid", 6),
        _loses("tanh", 3),
        _loses("relu", 3),
    ),
    beside=(
        _loses("sigmoid", 3, "no scale", "no_scale"),
        _loses("sigmoid", 3, "no shift", "no_shift"),
    ),
    controls=(
        mostly(rig.memorizing("sigmoid", 3), LEARNS, key="learns_3"),
        mostly(rig.memorizing("sigmoid", 6), LEARNS, key="learns_6"),
    ),
    standard_only=True,
    seeds=rig.SEEDS,
    answers={
        "sigmoid_3 tanh_3 !relu_3": "Yes: without scale and shift three sigmoid layers"
        " memorize {sigmoid_3} percentage points fewer of random labels, three tanh"
        " layers {tanh_3}; ReLU loses next to nothing.",
        "sigmoid_3": "Yes: without scale and shift three sigmoid layers memorize"
        " {sigmoid_3} percentage points fewer of random labels.",
        "sigmoid_6": "Yes: without scale and shift six sigmoid layers memorize"
        " {sigmoid_6} percentage points fewer of random labels.",
        "!core": "No: without scale and shift layers memorize about as many random"
        " labels.",
    },
    how="Networks of 32 units a layer, {sigmoid_3.n} for each case, took 1,000"
    " updates by Adam on 1,024 rows with random labels.",
    caveats="How many random labels are memorized stands for representational power, so"
    " that what only learns more slowly counts as weaker."
    f" Every network has the best of five rates for it. {rig.ALL_ROWS}",
)
