"""A unit whose bias is further below zero than its weighted inputs reach is off.

In a deeper layer the inputs shrink with what is off below, so that the same bias kills
more units there.
"""

from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.dying_units.networks import (
    DEAD,
    DEFINED,
    SEEDS,
    kills,
    network,
    taken_back,
)
from ablations.rigs.readings import MOSTLY


def _kills(bias: float, depth: int, optimizer: str = "SGD") -> Comparison:
    quick = depth == 3 and optimizer == "SGD"
    arms = (network("ReLU", optimizer, bias=b, depth=depth) for b in (bias, 0.0))
    key = f"{optimizer.lower()}{-bias:g}_{depth}"
    return kills(*arms, key=key, quick=quick, headline=key == "sgd10_3")


CLAIM = Claim(
    statement="A ReLU unit often dies when a large negative bias is learned.",
    rows=("B-DEAD-2",),
    source=f"{DEAD}, cause",
    reference="Lu, Shin, Su and Karniadakis (2020), Dying ReLU and initialization",
    axis="depth",
    core=(_kills(-10, 1), _kills(-10, 3), _kills(-10, 3, "Adam")),
    beside=(
        _kills(-1, 1),
        _kills(-1, 3),
        _kills(-3, 1),
        _kills(-3, 3),
        _kills(-3, 3, "Adam"),
        SuccessRate(
            arm=taken_back("Adam", 10),
            bound=MOSTLY,
            score=ScoreConfig(
                quantity="revived_share",
                at_least=0.5,
                words="revive most dead units once learned biases are taken back",
            ),
            key="learned",
            label="networks most of whose dead units revive once learned biases are"
            " taken back, of those that have any; ReLU, Adam, 10 times the best rate",
            among=ScoreConfig(
                quantity="share_of_dead_units",
                at_least=0.02,
                words="have dead units",
            ),
            quick=False,
        ),
    ),
    seeds=SEEDS,
    answers={
        "core !learned": (
            "Yes, if biases start there: minus ten kills nearly all units; but"
            " units that a high rate kills seldom die of learned biases."
        ),
        "core sgd3_3": "Yes: a bias of minus ten leaves a further {sgd10_3.percent} of"
        " units dead in three layers, one of minus three {sgd3_3.percent}.",
        "core": "Yes: a bias of minus ten leaves a further {sgd10_3.percent} of units"
        " dead in three layers, and {sgd10_1.percent} in one.",
        "!core": "No: not even a bias of minus ten leaves more units dead.",
    },
    how="Networks of one and three layers, whose biases began at zero or below, were"
    " trained for 500 updates on 512 rows, each at a rate of its own.",
    caveats=f"{DEFINED} Biases were set at the start, not learned; those that were"
    " learned at ten times the best rate of Adam stand beside them.",
)
