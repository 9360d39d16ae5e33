"""Behind batch norm a layer's output does not depend on the size of its weights.

A step that is too long makes weights larger, and their gradients smaller in turn, so
that training calms down instead of diverging.
"""

from ablations.arm import Arm
from ablations.claim import Claim
from ablations.prediction import Comparison
from ablations.rigs.depth import BASICS, EFFECT, SEEDS, learns
from ablations.rigs.signals import HE, mostly, rarely, untuned

DEPTH = 8
FACTOR = 3
"""How many times a rate must grow to count as one that batch norm allowed."""

RATES = {"SGD": (0.1, 0.2), "Adam": (0.003, 0.01)}
"""Rates at which plain networks learn."""

TOO_HIGH = {"SGD": 0.4, "Adam": 0.03}
"""Rates at which they hardly do any more."""

TRIPLED = {0.003: 0.009, 0.01: 0.03, 0.03: 0.09, 0.1: 0.3, 0.2: 0.6, 0.4: 1.2}


def _name(optimizer: str, rate: float, *, norm: bool) -> str:
    return f"{optimizer}, {'batch norm' if norm else 'plain'}, rate {rate:g}"


def _arm(optimizer: str, rate: float, *, norm: bool) -> Arm:
    return untuned(
        rate,
        optimizer=optimizer.lower(),
        activation="relu",
        initializer=HE,
        depth=DEPTH,
        batch_norm="before" if norm else None,
    )


def _pair(optimizer: str, rate: float) -> dict[str, Arm]:
    return {
        _name(optimizer, at, norm=norm): _arm(optimizer, at, norm=norm)
        for at, norm in ((rate, False), (TRIPLED[rate], True))
    }


def _thrice(optimizer: str, rate: float) -> str:
    return f"{optimizer}: learns as often at {TRIPLED[rate]:g} as plain at {rate:g}"


def _beyond(optimizer: str) -> str:
    rate = TOO_HIGH[optimizer]
    return f"{optimizer}: learns at {TRIPLED[rate]:g}, {FACTOR} times a plain limit"


CLAIM = Claim(
    statement="Batch normalization allows higher learning rates.",
    rows=("B-SOL-8",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Bjorck et al. (2018)",
    arms={
        name: arm
        for optimizer, rates in RATES.items()
        for rate in (*rates, TOO_HIGH[optimizer])
        for name, arm in _pair(optimizer, rate).items()
    },
    predictions=(
        *(
            Comparison(
                label=_thrice(optimizer, rate),
                treatment=_name(optimizer, TRIPLED[rate], norm=True),
                control=_name(optimizer, rate, norm=False),
                score=learns(),
                margin=EFFECT,
                direction="no_less",
                at=("learning rate", rate),
            )
            for optimizer, rates in RATES.items()
            for rate in rates
        ),
        *(
            mostly(
                _beyond(optimizer),
                _name(optimizer, TRIPLED[rate], norm=True),
                learns(),
                at=("learning rate", rate),
            )
            for optimizer, rate in TOO_HIGH.items()
        ),
    ),
    beyond_quick=(
        *(_thrice("Adam", rate) for rate in RATES["Adam"]),
        _beyond("Adam"),
        "plain networks at 0.03, Adam",
    ),
    headline=_beyond("SGD"),
    controls=(
        rarely(
            "plain networks bear no 0.4, SGD",
            _name("SGD", TOO_HIGH["SGD"], norm=False),
            learns(),
        ),
    ),
    shown=(
        rarely(
            "plain networks at 0.03, Adam",
            _name("Adam", TOO_HIGH["Adam"], norm=False),
            learns(),
        ),
    ),
    seeds=SEEDS,
    caveats=(
        "Eight ReLU layers with He's weights, batches of 32, 500 updates; a rate is"
        " borne where runs classify half of the training rows. How high the limit is"
        " with batch norm also depends on the size of the first weights."
    ),
    figure="curves",
)
