"""Behind batch norm a layer's output does not depend on the size of its weights.

A step that is too long makes weights larger, and their gradients smaller in turn, so
that training calms down instead of diverging.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.rigs.depth.recipes import BASICS, SEEDS, learns, rescues
from ablations.rigs.depth.signals import HE, untuned
from ablations.rigs.readings import mostly, rarely

DEPTH = 8

TOO_HIGH = {"SGD": 0.6, "Adam": 0.03}
"""Rates at which plain networks hardly ever learn; at a third of these they do."""

THIRDS = {"SGD": 0.2, "Adam": 0.01}
TRIPLED = {"SGD": 1.8, "Adam": 0.09}


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


def _plain(optimizer: str) -> str:
    return _name(optimizer, TOO_HIGH[optimizer], norm=False)


def _rescued(optimizer: str) -> str:
    return f"{optimizer}: learns at {TOO_HIGH[optimizer]:g}, too high without"


def _thrice(optimizer: str) -> str:
    return f"{optimizer}: learns at {TRIPLED[optimizer]:g}, three times as high"


CLAIM = Claim(
    statement="Batch normalization allows higher learning rates.",
    rows=("B-SOL-8",),
    source=f"{BASICS}, batch normalization",
    reference="Ioffe and Szegedy (2015); Bjorck et al. (2018)",
    arms={
        _name(optimizer, rate, norm=norm): _arm(optimizer, rate, norm=norm)
        for optimizer in TOO_HIGH
        for rate, norm in (
            (THIRDS[optimizer], False),
            (TOO_HIGH[optimizer], False),
            (TOO_HIGH[optimizer], True),
            (TRIPLED[optimizer], True),
        )
    },
    predictions=(
        *(
            rescues(
                _rescued(optimizer),
                _name(optimizer, rate, norm=True),
                _plain(optimizer),
            )
            for optimizer, rate in TOO_HIGH.items()
        ),
        *(
            mostly(_thrice(optimizer), _name(optimizer, rate, norm=True), learns())
            for optimizer, rate in TRIPLED.items()
        ),
    ),
    beyond_quick=(
        _rescued("Adam"),
        _thrice("Adam"),
        "plain networks, Adam",
        "plain networks at a third of the rate, Adam",
    ),
    headline=_thrice("SGD"),
    controls=(
        rarely("plain networks, SGD", _plain("SGD"), learns()),
        *(
            mostly(
                f"plain networks at a third of the rate, {optimizer}",
                _name(optimizer, rate, norm=False),
                learns(),
            )
            for optimizer, rate in THIRDS.items()
        ),
    ),
    shown=(rarely("plain networks, Adam", _plain("Adam"), learns()),),
    seeds=SEEDS,
    findings={
        "supported": (
            "With batch norm {0.treatment} of runs of 8 ReLU layers learn by SGD at"
            " rate 0.6, against {0.control} without: {0}. By Adam at 0.03 it is"
            " {1.treatment} against {1.control}: {1}. At three times these rates they"
            " still learn, {2} of {2.n} runs by SGD and {3} by Adam."
        )
    },
    caveats=(
        "Eight ReLU layers with He's weights, batches of 32, 500 updates; to learn is"
        " to classify half of the training rows. How high the limit is with batch norm"
        " also depends on the size of the first weights. Accuracy is that in use, with"
        " moving averages of momentum 0.99."
    ),
    figure="rate_limits",
)
