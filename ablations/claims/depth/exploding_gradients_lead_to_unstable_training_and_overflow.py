"""Weights twice too large in each of twenty layers make gradients a million times.

The first update then moves weights by many times their own size, which raises the next
gradient further, until numbers leave the range of floating point.
"""

from collections.abc import Callable

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import BASICS, DEPTH, SEEDS
from ablations.rigs.depth.signals import HE, exploded, finite, start, times, untuned
from ablations.rigs.readings import mostly, rarely

RATES = {"low": 0.001, "middle": 0.01, "high": 0.1}
BEYOND_ITS_SIZE = ScoreConfig(
    quantity="largest_update",
    at=0,
    at_least=0.0,
    words="move a layer by more than its own size in the first update",
)


def _start(gain: float) -> Arm:
    return start(
        activation="relu", initializer=times(gain, HE), learning_rate=RATES["middle"]
    )


def _huge(gain: float, predict: Callable[..., SuccessRate] = mostly) -> SuccessRate:
    return predict(
        _start(gain),
        BEYOND_ITS_SIZE,
        key=f"huge_{100 * gain:.0f}",
        label=f"runs whose first update exceeds a layer's size, {gain:g} times He's"
        " weights",
    )


def _finite(
    gain: float, rate: str, predict: Callable[..., SuccessRate] = rarely
) -> SuccessRate:
    arm = untuned(
        learning_rate=RATES[rate],
        activation="relu",
        initializer=times(gain, HE),
        depth=DEPTH,
        num_steps=100,
        training={"log_steps": (0, 10, 50, 100)},
    )
    return predict(
        arm,
        finite(),
        key=f"finite_{100 * gain:.0f}_{rate}",
        label=f"runs that stay finite, {gain:g} times He's weights, rate"
        f" {RATES[rate]:g}",
        headline=(gain, rate) == (2.0, "middle"),
    )


CLAIM = Claim(
    statement=(
        "Exploding gradients lead to unstable training, in which weights become very"
        " large and may overflow."
    ),
    rows=("B-EXP-2",),
    source=f"{BASICS}, exploding gradient problem",
    reference="Pascanu, Mikolov and Bengio (2013); Hanin and Rolnick (2018)",
    core=(_huge(2.0), _finite(2.0, "middle")),
    beside=(
        _huge(1.25),
        _huge(1.5),
        *(_finite(gain, rate) for gain in (1.25, 1.5) for rate in RATES),
        _finite(2.0, "low"),
        _finite(2.0, "high"),
    ),
    controls=(
        mostly(
            _start(2.0),
            exploded(),
            key="explode",
            label="runs whose gradients explode, 2 times He's weights",
        ),
        _huge(1.0, rarely),
        *(_finite(1.0, rate, mostly) for rate in RATES),
    ),
    seeds=SEEDS,
    answers={
        "core": (
            "Yes: from weights twice too large, the first update exceeds a layer's own"
            " size in {huge_200} runs, and {finite_200_middle} stay finite."
        ),
        "!core": "No: even from weights twice too large, the first update exceeds a"
        " layer's own size in {huge_200} runs, and {finite_200_middle} stay finite.",
    },
    how=(
        "{huge_200.n} networks of twenty ReLU layers for every size of weights and"
        " learning rate took 100 updates of plain gradient descent."
    ),
    caveats=(
        "He's weights are those that keep the signal's size. First updates are taken at"
        " a rate of 0.01."
    ),
    figure="divergence_map",
)
