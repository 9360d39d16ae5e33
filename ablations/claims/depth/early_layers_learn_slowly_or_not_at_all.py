"""Plain gradient descent moves each layer in proportion to its gradient.

Where gradients shrink towards the input, early layers therefore move the least. Adam
divides that size out, so that all layers move alike from the first updates on, unless
gradients fall below the small number that it adds to the divisor.
"""

from itertools import product
from typing import Any

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import (
    BASICS,
    LATER_SEEDS,
    LONG,
    NUM_STEPS,
    OWN_RATE,
)
from ablations.rigs.depth.signals import DEPTHS, GLOROT, HE, trained
from ablations.rigs.readings import mostly, rarely, when

MOMENTS = {"start": 0, "early": 100, "late": NUM_STEPS, "later": LONG}
RELU = trained(activation="relu", initializer=HE, depth=8, optimizer="sgd")


def _slow(at: int) -> ScoreConfig:
    """Return success: the first layer moves a tenth as far as the last, or less."""
    words = f"hardly move the first layer {when(at)}"
    return ScoreConfig(quantity="update_ratio", at=at, at_most=-1.0, words=words)


def _is_slow(optimizer: str, depth: int, moment: str) -> SuccessRate:
    budget: dict[str, Any] = {"num_steps": LONG} if moment == "later" else {}
    arm = trained(initializer=GLOROT, depth=depth, optimizer=optimizer, **budget)
    key, quick = f"{optimizer}_{depth}_{moment}", (optimizer, depth) == ("sgd", 8)
    score, head = _slow(MOMENTS[moment]), key == "sgd_8_late"
    return mostly(arm, score, key=key, quick=quick and not budget, headline=head)


CLAIM = Claim(
    statement="Where gradients vanish, the layers near the inputs hardly move or stand"
    " still.",
    rows=("B-VAN-2",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Hochreiter (1991); Glorot and Bengio (2010)",
    axis="optimizer",
    core=tuple(_is_slow(*at) for at in product(("sgd", "adam"), DEPTHS, MOMENTS)),
    controls=(rarely(RELU, _slow(100), key="relu"),),
    seeds=LATER_SEEDS,
    answers={
        "sgd_8_start sgd_8_early sgd_8_late sgd_8_later"
        " !sgd_4_late !sgd_4_later !adam_4_later !adam_8_later": (
            "Not settled: in {sgd_8_later} networks of eight layers plain descent"
            " hardly moves the first one in 2,000 updates; Adam moves it."
        ),
        "core": "Yes: by plain descent and by Adam the first layer hardly moves at any"
        " time in 2,000 updates.",
        "!core": "No: by plain descent and by Adam the first layer moves at all times.",
    },
    how="{sgd_8_late.n} networks of four and of eight sigmoid layers were trained by"
    " plain gradient descent and by Adam for 500 updates, and for 2,000, on 1,024 rows"
    " of ten classes.",
    caveats=(
        "Hardly moves means: relative to its size, at most a tenth as far as"
        " the last hidden layer. With four layers the first gradient is small"
        f" rather than vanished. {OWN_RATE}"
    ),
    figure="gradient_depth",
)
