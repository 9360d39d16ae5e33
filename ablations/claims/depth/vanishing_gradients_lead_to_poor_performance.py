"""Layers that do not learn hand on random features of the inputs.

Layers above them can still learn from those, so that idle early layers alone cost far
less; a deep sigmoid network fails since hardly anything of the inputs passes through
its early layers at all.
"""

from typing import Any

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.recipes import BASICS, LATER_SEEDS, LONG, accuracy, succeeds
from ablations.rigs.depth.signals import GLOROT, HE, STEPS, trained
from ablations.rigs.readings import compare

COST = 0.05
"""Test accuracy that counts as poor performance when it is lost."""


def _balanced(depth: int, **changes: Any) -> Arm:
    return trained(activation="relu", initializer=HE, depth=depth, **changes)


def _frozen(depth: int, **budget: Any) -> Arm:
    still = {"frozen_layers": depth // 2}
    recorded = {} if budget else {"log_steps": STEPS}
    return _balanced(depth, training=recorded | still, **budget)


def _vanishing(depth: int, **budget: Any) -> Arm:
    return trained(activation="sigmoid", initializer=GLOROT, depth=depth, **budget)


TEST, HEAD = accuracy(), "vanishing8"
FAULTS = {"vanishing": _vanishing, "idle": _frozen}


def _costs_later(fault: str, depth: int) -> Comparison:
    """Predict what a fault costs after four times the updates."""
    faulty = FAULTS[fault](depth, num_steps=LONG)
    balanced = _balanced(depth, num_steps=LONG)
    return compare(faulty, "less", balanced, TEST, COST, key=f"{fault}{depth}_long")


CLAIM = Claim(
    statement=(
        "A network performs poorly because vanishing gradients leave its early layers"
        " idle."
    ),
    rows=("B-VAN-3",),
    source=f"{BASICS}, vanishing gradient problem",
    reference="Glorot and Bengio (2010); Saxe et al. (2011)",
    axis="depth",
    core=(
        compare(_vanishing(4), "less", _balanced(4), TEST, COST, key="vanishing4"),
        compare(_frozen(4), "less", _balanced(4), TEST, COST, key="idle4"),
        compare(
            _vanishing(8), "less", _balanced(8), TEST, COST, key=HEAD, headline=True
        ),
        compare(_frozen(8), "less", _balanced(8), TEST, COST, key="idle8"),
        *(_costs_later(fault, depth) for depth in (4, 8) for fault in FAULTS),
    ),
    beside=(
        compare(_frozen(4), "no_greater", _vanishing(4), TEST, COST, key="as_much4"),
        compare(_frozen(8), "no_greater", _vanishing(8), TEST, COST, key="as_much8"),
    ),
    controls=(succeeds(_balanced(8), key="balanced"),),
    standard_only=True,
    seeds=LATER_SEEDS,
    answers={
        "vanishing4 !vanishing4_long !idle4 vanishing8 vanishing8_long idle8": (
            "Not settled: with eight layers vanishing gradients cost"
            " {vanishing8_long} percentage points, but freezing the first four"
            " layers of a healthy network only {idle8}."
        ),
        "core": "Yes: in 2,000 updates of eight layers vanishing gradients still cost"
        " {vanishing8_long} percentage points of accuracy; idle early layers cost"
        " accuracy, too.",
        "!core": "No: neither vanishing gradients nor idle early layers cost five"
        " percentage points of accuracy, in 500 updates or in 2,000.",
    },
    how=(
        "{vanishing8.n} networks of four and of eight layers, balanced, half frozen or"
        " vanishing, were trained for 500 and for 2,000 updates of plain gradient"
        " descent on 1,024 rows of ten classes; with four layers vanishing gradients"
        " cost {vanishing4} points after 500 and {vanishing4_long} after 2,000."
    ),
    caveats=(
        "Balanced is ReLU with He's weights, vanishing sigmoid with Glorot's; half"
        " frozen leaves the first half of a balanced one as it began. The vanishing and"
        " the balanced network differ in activation, too, and with four layers the"
        " first gradient is small rather than vanished. Each network has its own"
        " learning rate; one at chance trains at the middle of its grid."
    ),
)
