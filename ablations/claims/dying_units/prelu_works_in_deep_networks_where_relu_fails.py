"""In a deep and narrow ReLU network a layer whose units are all dead cuts the signal.

PReLU passes a part of what is below zero, and learns how large a part. Much of its gain
goes with the slope of a quarter at which it starts: from zero it gains less than half
as much.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import LONG
from ablations.rigs.dying_units.networks import LOST, SEEDS, TABLE, TEST, network
from ablations.rigs.readings import compare

DEPTHS, NARROW = (10, 20), 8


def _deep(activation: str, depth: int, optimizer: str = "Adam", **changes: Any) -> Arm:
    return network(activation, optimizer, depth=depth, width=NARROW, **changes)


def _better(depth: int, activation: str = "PReLU", end: str = "") -> Comparison:
    arms = (_deep(name, depth) for name in (activation, "ReLU"))
    return _beats(*arms, key=f"deep{depth}{end}")


def _beats(prelu: Arm, relu: Arm, **said: Any) -> Comparison:
    return compare(prelu, "greater", relu, TEST, 0.05, **said)


CLAIM = Claim(
    statement="PReLU is for deep networks in which ReLU fails.",
    rows=("B-ACT-18",),
    source=f"{TABLE}, use cases",
    reference="He, Zhang, Ren and Sun (2015), Delving deep into rectifiers",
    axis="depth",
    core=(
        *(_better(depth) for depth in DEPTHS),
        _beats(_deep("PReLU", 10, "SGD"), _deep("ReLU", 10, "SGD"), key="sgd"),
    ),
    beside=(
        *(_better(depth, "PReLU from slope 0", "_zero") for depth in DEPTHS),
        _beats(
            _deep("PReLU", 20, updates=LONG),
            _deep("ReLU", 20, updates=LONG),
            key="long20",
        ),
        _beats(
            network("PReLU", bias=-3.0),
            network("ReLU", bias=-3.0),
            key="biased",
            at=("network", "three wide layers"),
        ),
        *(
            _beats(
                _deep("PReLU", depth),
                _deep("leaky ReLU", depth),
                key=f"leaky{depth}",
            )
            for depth in DEPTHS
        ),
        *(
            compare(
                _deep("ReLU", depth),
                "less",
                _deep("ReLU", 2),
                TEST,
                LOST,
                key=f"fails{depth}",
            )
            for depth in DEPTHS
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "core": "Yes: in twenty layers of eight units PReLU gets {deep20.treatment} of"
        " the test rows right, ReLU {deep20.control}; in ten layers it leads, too.",
        "deep10 !deep20": "It depends: in ten layers of eight units PReLU is {deep10}"
        " percentage points ahead of ReLU, in twenty less than five.",
        "!deep10 deep20": "It depends: in twenty layers of eight units PReLU is"
        " {deep20} percentage points ahead of ReLU, in ten less than five.",
        "!core": "No: in ten and in twenty layers of eight units PReLU gains less than"
        " five percentage points over ReLU.",
    },
    how="Narrow networks of ten and twenty layers, {deep10.n} of each kind, were"
    " trained for 500 updates on 512 rows of ten classes, most by Adam.",
    caveats=(
        "Each network has a learning rate of its own. That ReLU fails is read as ten"
        " points behind two layers of the same width; PReLU is compared with ReLU of"
        " its own depth, not with two layers, which remain far ahead of both."
    ),
)
