"""Weights twice too large in each of twenty layers make gradients a million times.

The first update then moves weights by many times their own size, which raises the next
gradient further, until numbers leave the range of floating point.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.score import ScoreConfig
from ablations.rigs.depth.recipes import BASICS, DEPTH, SEEDS
from ablations.rigs.depth.signals import HE, exploded, finite, start, times, untuned
from ablations.rigs.readings import mostly, rarely

GAINS = (1.25, 1.5, 2.0)
RATES = (0.001, 0.01, 0.1)
MIDDLE = RATES[1]
NUM_STEPS = 100

BEYOND_ITS_SIZE = ScoreConfig(
    quantity="largest_update",
    at=0,
    at_least=0.0,
    words="move a layer by more than its own size in the first update",
)


def _start(gain: float) -> str:
    return f"weights {gain:g} times He's, before training"


def _training(gain: float, rate: float) -> str:
    return f"weights {gain:g} times He's, learning rate {rate:g}"


def _trained(gain: float, rate: float) -> Arm:
    return untuned(
        rate,
        activation="relu",
        initializer=times(gain, HE),
        depth=DEPTH,
        num_steps=NUM_STEPS,
        training={"log_steps": (0, 10, 50, NUM_STEPS)},
    )


def _overflows(gain: float, rate: float) -> str:
    return f"overflow from weights {gain:g} times He's, rate {rate:g}"


def _huge(gain: float) -> str:
    return f"huge first update from weights {gain:g} times He's, rate {MIDDLE:g}"


CLAIM = Claim(
    statement=(
        "Exploding gradients lead to unstable training, in which weights become very"
        " large and may overflow."
    ),
    rows=("B-EXP-2",),
    source=f"{BASICS}, exploding gradient problem",
    reference="Pascanu, Mikolov and Bengio (2013); Hanin and Rolnick (2018)",
    arms={
        **{
            _start(gain): start(
                activation="relu", initializer=times(gain, HE), learning_rate=MIDDLE
            )
            for gain in (1.0, *GAINS)
        },
        **{
            _training(gain, rate): _trained(gain, rate)
            for gain in (1.0, *GAINS)
            for rate in RATES
        },
    },
    predictions=(
        *(
            mostly(_huge(gain), _start(gain), BEYOND_ITS_SIZE, at=("gain", gain))
            for gain in GAINS
        ),
        *(
            rarely(
                _overflows(gain, rate),
                _training(gain, rate),
                finite(),
                at=("gain", gain),
            )
            for gain in GAINS
            for rate in RATES
        ),
    ),
    headline=_overflows(2.0, MIDDLE),
    controls=(
        mostly("gradients explode at twice He's weights", _start(2.0), exploded()),
        rarely("He's weights give no such update", _start(1.0), BEYOND_ITS_SIZE),
        *(
            mostly(
                f"He's weights stay finite, rate {rate:g}",
                _training(1.0, rate),
                finite(),
            )
            for rate in RATES
        ),
    ),
    seeds=SEEDS,
    findings={
        "conditional": (
            "Twenty ReLU layers with weights 1.5 or 2 times He's overflow even at rate"
            " 0.001: {6} and {9} of {6.n} runs stay finite. With 1.25 times it depends"
            " on the rate: {3} stay finite at 0.001, {4} at 0.01. In the first update"
            " at 0.01, {0} move a layer by more than its size from 1.25 times,"
            " {1.brief} from 1.5 times."
        )
    },
    caveats=(
        "Twenty ReLU layers under plain gradient descent for 100 updates; He's weights"
        " are those that keep the signal's size."
    ),
    figure="divergence_map",
)
