"""Dropping inputs costs what they say, and costs little where others say the same.

Images and clusters in many dimensions have inputs to spare; of eight inputs that each
enter the target, none says what another does.
"""

from ablations.experiments.retention_surface import cell_metric
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.rigs.regularization.dropout import (
    DROPOUT,
    FEW_SEEDS,
    loss,
    retention_surface,
)
from ablations.rigs.regularization.readings import TIE, accuracy, within_runs

NUMBERS = "eight inputs"
EXAMPLE, ALL_KEPT, INPUTS_ONLY, BEST = (0.6, 0.8), (1.0, 1.0), (1.0, 0.8), None
"""Shares of hidden units and of inputs kept; `BEST` is the pair that is chosen."""


def _score(task: str, cell: tuple[float, float] | None) -> ScoreConfig:
    score, metric = (loss(), "loss") if task == NUMBERS else (accuracy(), "accuracy")
    best = f"test_{metric}_of_best"
    return score.replace(quantity=cell_metric(metric, cell) if cell else best)


def _compare(
    key: str,
    words: str,
    task: str,
    cell: tuple[float, float] | None,
    other: tuple[float, float] | None,
    *,
    beats: bool = True,
) -> Comparison:
    better, no_worse, change = ("greater", "no_less", "test accuracy")
    if task == NUMBERS:
        better, no_worse, change = ("less", "no_greater", "test error")
    return within_runs(
        retention_surface(task),
        _score(task, cell),
        _score(task, other),
        TIE,
        key=f"{key}_{task.split()[0]}",
        label=f"change of {change} {words}, {task}",
        direction=better if beats else no_worse,
        quick=task == "clusters",
    )


def _gain(task: str) -> Comparison:
    return _compare("example", "by the example", task, EXAMPLE, ALL_KEPT)


def _best(task: str) -> Comparison:
    words = "from the best pair to the example"
    return _compare("best", words, task, EXAMPLE, BEST, beats=False)


def _inputs(task: str) -> Comparison:
    words = "by dropping a fifth of the inputs"
    return _compare("inputs", words, task, INPUTS_ONLY, ALL_KEPT, beats=False)


CLAIM = Claim(
    statement=(
        "Keeping 60 % of the hidden units and 80 % of the inputs is a good example of"
        " retention."
    ),
    strength="can",
    rows=("A-REG-30",),
    source=f"{DROPOUT}, how dropout works",
    reference="Srivastava et al. (2014), Dropout, section 4 and appendix A.4",
    core=(_gain("clusters"), _gain("digits"), _gain(NUMBERS)),
    beside=(
        *map(_best, ("clusters", "digits", NUMBERS)),
        *map(_inputs, ("clusters", "digits", NUMBERS)),
    ),
    controls=(_compare("some", "by the best pair", "clusters", BEST, ALL_KEPT),),
    seeds=FEW_SEEDS,
    answers={
        "example_clusters example_digits !example_eight": (
            "Yes: it raises test accuracy by {example_digits} percentage points on"
            " images, though where each of a few inputs counts the error does not fall."
        ),
        "example_clusters": (
            "Yes: it raises test accuracy by {example_clusters} percentage points on"
            " clusters of rows, a fifth of whose labels are drawn anew."
        ),
        "!core": "No: it helps neither on clusters, nor on images, nor on numbers.",
    },
    how=(
        "Twelve pairs of shares were tried on each of three tasks with 320 rows and"
        " 1,500 updates, on {example_clusters.n} seeds."
    ),
    caveats=(
        "Two ReLU layers of 64 units under Adam at one rate; a fifth of the labels of"
        " clusters and digits are drawn anew, the eight inputs come with noisy numbers."
        " The best of twelve pairs is chosen on validation rows, for every seed."
    ),
    figure="retention_surface",
)
