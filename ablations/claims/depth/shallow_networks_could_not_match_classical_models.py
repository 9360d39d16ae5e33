"""One or two layers already express what these tasks ask, once they are trained well.

Further layers then help little, and what is missing beside support vectors is the
smoothness of their rule, which no depth brings back.
"""

from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.depth.classical import (
    CLUSTERS,
    DIGITS,
    SPIRALS,
    TIE,
    beats,
    classical,
    matches,
    network,
)
from ablations.rigs.depth.recipes import NOTES, SEEDS, accuracy

TASKS = {"digits": DIGITS, "clusters": CLUSTERS, "spirals": SPIRALS}
SHALLOW, DEEP = (1, 2), 4
RIVALS = {"rbf_svm": "support vectors", "random_forest": "forest"}


def _layers(depth: int) -> str:
    return "one layer" if depth == 1 else f"{depth} layers"


def _network(recipe: str, depth: int, task: str) -> str:
    return f"{recipe} recipe, {_layers(depth)}, {task}"


def _arms(task: str) -> dict[str, Arm]:
    rows = TASKS[task]
    nets = [(recipe, depth) for recipe in ("old", "modern") for depth in SHALLOW]
    return {
        **{
            _network(recipe, depth, task): network(rows, depth, recipe)
            for recipe, depth in (*nets, ("modern", DEEP))
        },
        **{f"{name}, {task}": classical(model, rows) for model, name in RIVALS.items()},
    }


def _loses(recipe: str, depth: int, rival: str, task: str) -> Comparison:
    return Comparison(
        label=f"{recipe} recipe, {_layers(depth)} lose to {rival}, {task}",
        treatment=_network(recipe, depth, task),
        control=f"{rival}, {task}",
        score=accuracy(),
        margin=TIE,
        direction="less",
        differs_in=("tuning",),
    )


def _predictions(task: str) -> tuple[Comparison, ...]:
    rows, deep = TASKS[task], _network("modern", DEEP, task)
    return (
        *(
            _loses(recipe, depth, rival, task)
            for rival in RIVALS.values()
            for recipe in ("old", "modern")
            for depth in SHALLOW
        ),
        matches(
            f"{DEEP} layers close the gap to support vectors, {task}",
            deep,
            f"support vectors, {task}",
            rows,
        ),
        beats(
            f"{DEEP} layers beat two, {task}",
            deep,
            _network("modern", 2, task),
            rows,
        ),
    )


ALL = tuple(p for task in TASKS for p in _predictions(task))
HEADLINE = "modern recipe, 2 layers lose to support vectors, digits"

CLAIM = Claim(
    statement=(
        "With only one or two layers, neural networks could not match support vector"
        " machines and random forests: depth was the missing piece."
    ),
    rows=("A-INT-5",),
    source=NOTES,
    arms={name: arm for task in TASKS for name, arm in _arms(task).items()},
    predictions=ALL,
    beyond_quick=tuple(p.label for p in ALL if p.label != HEADLINE),
    headline=HEADLINE,
    seeds=SEEDS,
    caveats=(
        "Layers of 64 units, 500 updates, 300 to 500 training rows; the old recipe is"
        " sigmoid, small uniform weights and plain gradient descent, with learning"
        " rates that its time may not have dared to take. The test rows of digits are"
        " the same for all seeds, so that intervals there cover splits and first"
        " weights, but not other test rows."
    ),
    figure="effects",
    findings={
        "conditional": (
            "Two modern layers lose to support vectors on digits, {3}, and clusters,"
            " {13}, and four do not close the gap, {8} and {18}; on spirals it is"
            " undecided whether two lose, {23}, and whether four do not, {28}, over"
            " {3.n} seeds. Two are nowhere 0.01 below forests; two of the old recipe"
            " lose to both everywhere."
        )
    },
)
