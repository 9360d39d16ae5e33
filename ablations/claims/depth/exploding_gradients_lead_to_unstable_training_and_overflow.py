"""Weights twice too large in twenty layers make gradients a million times as large.

The first update then moves weights by many times their own size, which raises the next
gradient further, until numbers leave the range of floating point.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth import signals as rig
from ablations.rigs.depth.recipes import BASICS, DEPTH, SEEDS
from ablations.rigs.readings import Told, mostly, rarely

RATES = {"low": 0.001, "middle": 0.01, "high": 0.1}
HUGE = "move a layer by more than its own size in the first update"
BEYOND_ITS_SIZE = ScoreConfig(quantity="largest_update", at=0, at_least=0.0, words=HUGE)
START = {gain: rig.times(gain, rig.HE) for gain in (1.0, 1.25, 1.5, 2.0)}
FIRST = {
    gain: rig.start(activation="relu", initializer=weights, learning_rate=0.01)
    for gain, weights in START.items()
}
SHORT = {"num_steps": 100, "training": {"log_steps": (0, 10, 50, 100)}}


def _huge(gain: float) -> SuccessRate:
    return mostly(FIRST[gain], BEYOND_ITS_SIZE, key=f"huge_{100 * gain:.0f}")


def _arm(gain: float, rate: str) -> Arm:
    told = {"initializer": START[gain], "learning_rate": RATES[rate], "depth": DEPTH}
    return rig.untuned(activation="relu", **told, **SHORT)


def _finite(gain: float, rate: str) -> SuccessRate:
    key, head = f"finite_{100 * gain:.0f}_{rate}", (gain, rate) == (2.0, "middle")
    told: Told = {"headline": head, "quick": head}
    return rarely(_arm(gain, rate), rig.finite(), key=key, **told)


CLAIM = Claim(
    statement="Exploding gradients lead to unstable training, in which weights become"
    " very large and may overflow.",
    rows=("B-EXP-2",),
    source=f"{BASICS}, exploding gradient problem",
    reference="Pascanu, Mikolov and Bengio (2013); Hanin and Rolnick (2018)",
    core=(_huge(2.0), _finite(2.0, "middle")),
    beside=(
        *map(_huge, (1.25, 1.5)),
        *(_finite(gain, rate) for gain in (1.25, 1.5) for rate in RATES),
        _finite(2.0, "low"),
        _finite(2.0, "high"),
    ),
    controls=(
        mostly(FIRST[2.0], rig.exploded(), key="explode"),
        rarely(FIRST[1.0], BEYOND_ITS_SIZE, key="huge_100"),
        *(mostly(_arm(1.0, r), rig.finite(), key=f"finite_100_{r}") for r in RATES),
    ),
    seeds=SEEDS,
    answers={
        "core": "Yes: with He's weights doubled, the first update exceeds a layer's own"
        " size in {huge_200} runs, and {finite_200_middle} stay finite.",
        "!core": "No: even with He's weights doubled, the first update exceeds a"
        " layer's own size in {huge_200} runs, and {finite_200_middle} stay finite.",
    },
    how="{huge_200.n} networks of twenty ReLU layers for every size of weights and"
    " learning rate took 100 updates of plain gradient descent on 1,024 rows of ten"
    " classes.",
    caveats="He's weights are those that keep the signal's size.",
    figure="divergence_map",
)
