"""Dropping inputs costs what they say, and costs little where others say the same.

Images and clusters in many dimensions have inputs to spare; of eight inputs that each
enter the target, none says what another does.
"""

from ablations.experiments.readouts.dropout import cell_metric
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.prediction import Direction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.readings import Said, error
from ablations.rigs.regularization.dropout import DROPOUT, retention_surface
from ablations.rigs.regularization.noisy_labels import FEW_SEEDS
from ablations.rigs.regularization.readings import TIE, accuracy, within_runs

TASKS = ("clusters", "digits", "eight inputs")
CELLS = {
    "the example's": (0.6, 0.8),
    "the whole network's": (1.0, 1.0),
    "fewer inputs'": (1.0, 0.8),
}
"""Shares of hidden units and of inputs kept; the best pair is chosen."""
EXAMPLE, ALL, INPUTS, BEST = *CELLS, "the best pair's"
SAID = {
    EXAMPLE: "60 % of units and 80 % of inputs kept",
    ALL: "all kept",
    INPUTS: "80 % of inputs kept",
    BEST: "best pair",
}


def _score(task: str, kept: str) -> ScoreConfig:
    score, metric = (accuracy(), "accuracy") if task != TASKS[2] else (error(), "loss")
    cell = cell_metric(metric, CELLS[kept]) if kept in CELLS else ""
    words = f"{kept} {score.words}"
    return score.replace(quantity=cell or f"test_{metric}_of_best", words=words)


def _better(key: str, kept: str, other: str, task: str) -> Comparison:
    scores, up = (_score(task, kept), _score(task, other)), task != TASKS[2]
    told: Said = {"key": f"{key}_{task.split()[0]}"}
    metric = "test accuracy" if up else "test error"
    told["label"] = f"{metric}, {SAID[kept]} less {SAID[other]}; {task}"
    direction: Direction = "greater" if up else "less"
    return within_runs(retention_surface(task), *scores, TIE, direction, **told)


def _no_worse(key: str, kept: str, other: str, task: str) -> Comparison:
    better = _better(key, kept, other, task)
    return better.replace(direction="no_less" if task != TASKS[2] else "no_greater")


CLAIM = Claim(
    statement="Keeping 60 % of the hidden units and 80 % of the inputs is a good"
    " example of retention.",
    strength="can",
    rows=("A-REG-30",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 4 and appendix A.4",
    core=tuple(_better("example", EXAMPLE, ALL, task) for task in TASKS),
    beside=(
        *(_no_worse("best", EXAMPLE, BEST, task) for task in TASKS),
        *(_no_worse("inputs", INPUTS, ALL, task) for task in TASKS),
    ),
    controls=(_better("some", BEST, ALL, "clusters"),),
    standard_only=True,
    seeds=FEW_SEEDS,
    answers={
        "example_clusters example_digits !example_eight": (
            "Yes: it raises test accuracy by {example_digits} percentage points on"
            " images, but with eight inputs that all count the error rises instead."
        ),
        "example_clusters": (
            "Yes: on clusters it raises test accuracy by {example_clusters} percentage"
            " points."
        ),
        "!core": "No: it helps neither on clusters, nor on images, nor on numbers.",
    },
    how="Twelve pairs of shares were tried on each of three tasks with 320 rows and"
    " 1,500 updates, on {example_clusters.n} seeds.",
    caveats="The best of twelve pairs is chosen on validation rows, for every seed.",
    figure="retention_surface",
)
