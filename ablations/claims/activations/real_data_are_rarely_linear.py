"""Data are linear, for a task, if nothing does better than a weighted sum of inputs.

Curves pay where inputs act together or level off; with few rows or much noise a curve
costs more than it finds.
"""

from ablations.experiments.classical import ClassicalConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.activations import NOTES
from ablations.rigs.depth.classical import SAME_ROWS, TIE, beats
from ablations.rigs.depth.recipes import SEEDS
from ablations.tasks import TaskConfig

TASKS = {
    "digits": ("digits", 500, "logistic_regression"),
    "mnist": ("mnist5k", 500, "logistic_regression"),
    "cancer": ("breast_cancer_split", 300, "logistic_regression"),
    "wine": ("wine", 90, "logistic_regression"),
    "iris": ("iris", 75, "logistic_regression"),
    "affairs": ("fair", 1000, "logistic_regression"),
    "diabetes": ("diabetes", 250, "ridge"),
    "visits": ("randhie", 1000, "ridge"),
}
"""Data of packages, rows that train, and the linear model for classes or numbers."""

TRIALS = 4


def _fitted(key: str, model: str, words: str) -> Arm:
    name, num_rows, _ = TASKS[key]
    task = TaskConfig(name=name, num_train=num_rows)
    fields = {"model": model, "trials": TRIALS}
    return Arm(
        levels={"model": words, "task": key},
        config=ClassicalConfig(task=task, **fields),
    )


def _is_curved(key: str) -> Comparison:
    """Predict that support vectors beat the linear model by a point."""
    curved = _fitted(key, "rbf_svm", "support vectors")
    straight = _fitted(key, TASKS[key][2], "linear model")
    told = {"key": key, "at": ("task", key), "quick": key == "cancer"}
    return beats(curved, straight, TIE, **told)


CLAIM = Claim(
    statement="Real-world data are rarely linear.",
    rows=("A-ACT-32",),
    source=f"{NOTES}, why non-linearity is important",
    reference="Fernández-Delgado, Cernadas, Barro and Amorim (2014), Do we need hundreds"
    " of classifiers to solve real world classification problems?",
    axis="task",
    core=tuple(map(_is_curved, TASKS)),
    seeds=SEEDS,
    answers={
        "core": "Yes: on eight real data sets curves beat a weighted sum by a point or"
        " more, on digits by {digits}.",
        "!core": "No: on none of eight real data sets do curves beat a weighted sum of"
        " inputs by a point.",
        "digits mnist !cancer": "It depends on the data: curves gain {digits} percentage"
        " points on digits and {mnist} on MNIST, but less than one on breast cancer.",
        "digits": "It depends on the data: curves gain {digits} percentage points on"
        " digits, and not a point on all of eight data sets.",
        "!digits": "Not on images: on digits {digits.treatment} of test rows are right"
        " with curves, {digits.control} with a weighted sum.",
    },
    how="Support vectors with round kernels and linear models, {digits.n} of each, chose"
    " the best of four settings on validation rows of eight data sets.",
    caveats=f"Data that ship with packages, with 1,000 training rows at most."
    f" {SAME_ROWS}",
)
