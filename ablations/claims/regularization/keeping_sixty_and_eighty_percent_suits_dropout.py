"""Dropping inputs costs what they say, and costs little where others say the same.

Images and clusters in many dimensions have inputs to spare; of eight inputs that each
enter the target, none says what another does.
"""

from ablations.experiments.readouts.dropout import cell_metric
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.dropout import DROPOUT, error, retention_surface
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS
from ablations.rigs.regularization.readings import TIE, accuracy, within_runs

TASKS = ("clusters", "digits", "eight inputs")
EXAMPLE, ALL, INPUTS, BEST = (0.6, 0.8), (1.0, 1.0), (1.0, 0.8), None
KEPT = {
    EXAMPLE: "with the example",
    ALL: "with all kept",
    INPUTS: "with a fifth of the inputs dropped",
    BEST: "with the best pair",
}
"""Shares of hidden units and of inputs kept; `BEST` is the pair that is chosen."""
UP_DOWN: tuple[Direction, Direction] = ("greater", "less")
NO_WORSE: tuple[Direction, Direction] = ("no_less", "no_greater")


def _score(task: str, cell: tuple[float, float] | None) -> ScoreConfig:
    score, metric = (accuracy(), "accuracy") if task != TASKS[2] else (error(), "loss")
    quantity = cell_metric(metric, cell) if cell else f"test_{metric}_of_best"
    return score.replace(quantity=quantity, words=f"{score.words} {KEPT[cell]}")


def _compare(
    key: str,
    cell: tuple[float, float] | None,
    other: tuple[float, float] | None,
    task: str,
) -> Comparison:
    up, down = UP_DOWN if key in ("example", "some") else NO_WORSE
    return within_runs(
        retention_surface(task),
        _score(task, cell),
        _score(task, other),
        TIE,
        up if task != TASKS[2] else down,
        key=f"{key}_{task.split()[0]}",
        quick=task == "clusters",
    )


CLAIM = Claim(
    statement="Keeping 60 % of the hidden units and 80 % of the inputs is a good"
    " example of retention.",
    strength="can",
    rows=("A-REG-30",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 4 and appendix A.4",
    core=tuple(_compare("example", EXAMPLE, ALL, task) for task in TASKS),
    beside=(
        *(_compare("best", EXAMPLE, BEST, task) for task in TASKS),
        *(_compare("inputs", INPUTS, ALL, task) for task in TASKS),
    ),
    controls=(_compare("some", BEST, ALL, "clusters"),),
    seeds=FEW_SEEDS,
    answers={
        "example_clusters example_digits !example_eight": (
            "Yes: it raises test accuracy by {example_digits} percentage points on"
            " images, though where each of a few inputs counts the error does not"
            " fall."
        ),
        "example_clusters": (
            "Yes: it raises test accuracy by {example_clusters} percentage points on"
            " clusters of rows, a fifth of whose labels are drawn anew."
        ),
        "!core": "No: it helps neither on clusters, nor on images, nor on numbers.",
    },
    how="Twelve pairs of shares were tried on each of three tasks with 320 rows and"
    " 1,500 updates, on {example_clusters.n} seeds.",
    caveats="Two ReLU layers of 64 units under Adam at one rate; a fifth of the labels"
    " of clusters and digits are drawn anew, the eight inputs come with noisy numbers."
    " The best of twelve pairs is chosen on validation rows, for every seed.",
    figure="retention_surface",
)
