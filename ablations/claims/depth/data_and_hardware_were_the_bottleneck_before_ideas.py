"""More rows and more updates help every recipe that lets gradients through.

Three layers of the old recipe learn slowly, so that more updates narrow the gap without
closing it. Many layers are stuck, and then only a better recipe helps.
"""

from ablations.protocol.arm import Arm, Level
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.classical import CLUSTERS, RATES, network_config
from ablations.rigs.depth.recipes import SEEDS, accuracy, succeeds, tuned
from ablations.rigs.readings import Said, compare


def _arm(recipe: str, rows: int, updates: int, depth: int) -> Arm:
    task = CLUSTERS.replace(num_train=rows)
    config = network_config(task, depth, recipe, num_steps=updates)
    levels: dict[str, Level] = {"recipe": f"{recipe} recipe", "rows": rows}
    levels |= {"updates": updates, "depth": depth}
    return tuned(config, levels, rates=RATES[recipe])


def _outweigh(
    key: str, much: tuple[int, int], little: tuple[int, int], depth: int = 3
) -> Comparison:
    """Predict that one factor, rows or updates, does more than the recipe.

    With the third factor fixed, the mean effect of the data is half of (old, much) -
    (old, little) + (modern, much) - (modern, little), that of the recipe alike;
    subtracted, all but (old, much) - (modern, little) cancels.
    """
    old, modern = _arm("old", *much, depth), _arm("modern", *little, depth)
    said = Said(key=key, differs_in=("data", "budget"))
    return compare(old, "greater", modern, accuracy(), 0.05, **said)


CLAIM = Claim(
    statement="Before 2010 the bottleneck of neural networks was data and hardware, not"
    " ideas of how to train them.",
    rows=("A-INT-15",),
    source="Deep learning notes, chapter 1, history",
    axis="depth",
    core=(
        _outweigh("updates_little", (100, 2000), (100, 50)),
        _outweigh("updates", (4000, 2000), (4000, 50)),
        _outweigh("rows_few", (4000, 50), (100, 50)),
        _outweigh("rows", (4000, 2000), (100, 2000)),
        # Ten layers have the better chances only.
        _outweigh("deep", (4000, 2000), (4000, 50), 10),
        _outweigh("deep_rows", (4000, 2000), (100, 2000), 10),
    ),
    controls=(succeeds(_arm("modern", 100, 2000, 3), "modern"),),
    standard_only=True,
    seeds=SEEDS,
    answers={
        "rows !rows_few !updates_little !updates !deep !deep_rows": (
            "No: forty times the rows outweigh a better recipe in one of three"
            " settings; forty times the updates in none."
        ),
        "core": "Yes: forty times the rows or the updates outweigh a better recipe.",
        "!core": "No: forty times the rows or the updates outweigh no better recipe.",
    },
    how="Networks of three or ten layers, {modern.n} for each case, were trained on 100"
    " or 4,000 rows of ten classes, for 50 or 2,000 updates, by an old and a modern"
    " recipe.",
    caveats="Modern are ReLU, He's weights and Adam, old sigmoids, small weights and"
    " plain descent. How they compare depends on how far each is moved.",
)
