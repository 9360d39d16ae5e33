"""More rows and more updates help every recipe that lets gradients through.

Few layers of the old recipe are slow rather than stuck, so that updates make up for it.
Many layers are stuck, and then only a better recipe helps.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.classical import RATES, network_config
from ablations.rigs.depth.recipes import SEEDS, accuracy, succeeds, tuned
from ablations.rigs.readings import compare
from ablations.tasks import TaskConfig

FEW, MANY = 50, 2000
"""Updates."""

LITTLE, MUCH = 100, 4000
"""Training rows."""


def _arm(recipe: str, rows: int, updates: int, depth: int) -> Arm:
    task = TaskConfig(
        name="gmm10", spread=0.9, num_train=rows, num_val=300, num_test=1000
    )
    return tuned(
        network_config(task, depth, recipe, num_steps=updates),
        {
            "recipe": f"{recipe} recipe",
            "rows": rows,
            "updates": updates,
            "depth": depth,
        },
        rates=RATES[recipe],
    )


def _outweigh(
    key: str, old: tuple[int, int], modern: tuple[int, int], depth: int = 3
) -> Comparison:
    """Compare two corners: the effect of one factor minus that of the recipe.

    With the third factor fixed, the mean effect of the data is half of (old, much) -
    (old, little) + (modern, much) - (modern, little), that of the recipe alike;
    subtracted, all but (old, much) - (modern, little) cancels.

    Args:
        key: Its key, which begins with the factor.
        old: Rows and updates of the old recipe.
        modern: Rows and updates of the modern recipe.
        depth: Number of layers; ten have the better chances only.
    """
    factor = key.partition("_")[0]
    rest = f"{old[1]:,} updates" if factor == "data" else f"{old[0]:,} rows"
    return compare(
        _arm("old", *old, depth),
        "greater",
        _arm("modern", *modern, depth),
        accuracy(),
        0.05,
        key=key,
        label=f"what {factor} add to test accuracy beyond the recipe, {rest}, {depth}"
        " layers",
        differs_in=("data", "budget"),
        headline=key == "updates_little",
    )


CLAIM = Claim(
    statement=(
        "Before 2010 the bottleneck of neural networks was data and hardware, not ideas"
        " of how to train them."
    ),
    rows=("A-INT-15",),
    source="Deep learning notes, chapter 1, history",
    axis="depth",
    core=(
        _outweigh("data_few", (MUCH, FEW), (LITTLE, FEW)),
        _outweigh("data_many", (MUCH, MANY), (LITTLE, MANY)),
        _outweigh("updates_little", (LITTLE, MANY), (LITTLE, FEW)),
        _outweigh("updates_much", (MUCH, MANY), (MUCH, FEW)),
        _outweigh("data_deep", (MUCH, MANY), (LITTLE, MANY), 10),
        _outweigh("updates_deep", (MUCH, MANY), (MUCH, FEW), 10),
    ),
    controls=(
        succeeds(
            _arm("modern", LITTLE, MANY, 3),
            key="modern",
            label="runs that learn by the modern recipe",
        ),
    ),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "data_many !data_few !updates_little !updates_much !data_deep !updates_deep": (
            "No: a better recipe does more for accuracy than forty times the rows or"
            " updates, but for three layers with many updates."
        ),
        "core": "Yes: forty times the rows or updates do more than a better recipe.",
        "!core": "No: forty times the rows or updates do not do more than a better"
        " recipe.",
    },
    how=(
        "{data_few.n} networks of three and ten layers were trained on 100 and 4,000"
        " rows, for 50 and 2,000 updates, by an old and a modern recipe."
    ),
    caveats=(
        "The modern recipe is ReLU, He's weights and Adam, the old one sigmoid, small"
        " uniform weights and plain gradient descent; how data, updates and recipe"
        " compare depends on how far each is moved."
    ),
    figure="effects",
)
