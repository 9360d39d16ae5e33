"""More rows and more updates help every recipe that lets gradients through.

Few layers of the old recipe are slow rather than stuck, so that updates make up for it.
Many layers are stuck, and then only a better recipe helps.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.classical import RATES, network_config
from ablations.rigs.depth.recipes import SEEDS, accuracy, succeeds, tuned
from ablations.tasks import TaskConfig

ROWS = {"little data": 100, "much data": 4000}
UPDATES = {"few updates": 50, "many updates": 2000}
MARGIN = 0.05
"""Test accuracy by which one bottleneck must weigh more than another."""

Corner = tuple[str, str, str]
"""Recipe, data and updates."""


def _name(corner: Corner, depth: int) -> str:
    recipe, data, updates = corner
    return f"{recipe} recipe, {data}, {updates}, {depth} layers"


def _arm(corner: Corner, depth: int) -> Arm:
    recipe, data, updates = corner
    task = TaskConfig(
        name="gmm10", spread=0.9, num_train=ROWS[data], num_val=300, num_test=1000
    )
    config = network_config(task, depth, recipe, num_steps=UPDATES[updates])
    return tuned(config, rates=RATES[recipe])


QUESTIONS: dict[str, tuple[Corner, Corner]] = {
    "data outweigh the recipe, few updates": (
        ("old", "much data", "few updates"),
        ("modern", "little data", "few updates"),
    ),
    "data outweigh the recipe, many updates": (
        ("old", "much data", "many updates"),
        ("modern", "little data", "many updates"),
    ),
    "updates outweigh the recipe, little data": (
        ("old", "little data", "many updates"),
        ("modern", "little data", "few updates"),
    ),
    "updates outweigh the recipe, much data": (
        ("old", "much data", "many updates"),
        ("modern", "much data", "few updates"),
    ),
}
"""The effect of one factor minus that of the recipe is a difference of two corners.

With the third factor fixed, the mean effect of the data is half of (old, much) - (old,
little) + (modern, much) - (modern, little), that of the recipe alike; subtracted, all
but (old, much) - (modern, little) cancels.
"""


ASKED = (
    *((label, 3) for label in QUESTIONS),
    ("data outweigh the recipe, many updates", 10),
    ("updates outweigh the recipe, much data", 10),
)
"""Questions with the number of layers; ten layers have the better chances only."""


def _outweighs(label: str, depth: int) -> Comparison:
    treatment, control = QUESTIONS[label]
    return Comparison(
        label=f"{label}, {depth} layers",
        treatment=_name(treatment, depth),
        control=_name(control, depth),
        score=accuracy(),
        margin=MARGIN,
        at=("depth", depth),
        differs_in=("data", "budget"),
    )


ALL = tuple(_outweighs(label, depth) for label, depth in ASKED)
TRAINED = ("modern", "little data", "many updates")
HEADLINE = "updates outweigh the recipe, little data, 3 layers"

CLAIM = Claim(
    statement=(
        "Before 2010 the bottleneck of neural networks was data and hardware, not ideas"
        " of how to train them."
    ),
    rows=("A-INT-15",),
    source="Deep learning notes, chapter 1, history",
    arms={
        _name(corner, depth): _arm(corner, depth)
        for label, depth in ASKED
        for corner in QUESTIONS[label]
    },
    predictions=ALL,
    beyond_quick=tuple(p.label for p in ALL if p.label != HEADLINE),
    headline=HEADLINE,
    controls=(succeeds("the modern recipe learns", _name(TRAINED, 3)),),
    standard_only=True,
    seeds=SEEDS,
    caveats=(
        "Forty times the rows, forty times the updates, and a recipe of ReLU, He's"
        " weights and Adam in place of sigmoid, small uniform weights and plain"
        " gradient descent; how the three compare depends on how far each is moved."
    ),
    figure="effects",
    findings={
        "conditional": (
            "Forty times the data do more for test accuracy than the recipe with 3"
            " layers and 2,000 updates, {1}, but not with 50 updates, {0}, or with 10"
            " layers, {4}. Forty times the updates never do: {2} and {3} with 3"
            " layers and little or much data, {5} with 10 layers, over {0.n} seeds."
        )
    },
)
