"""Data are linear, for a task, if nothing does better than a weighted sum of inputs.

Curves pay where inputs act together or level off; with few rows or much noise a curve
costs more than it finds.
"""

from typing import Any

from ablations.experiments.classical import ClassicalConfig
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import Comparison
from ablations.rigs.activations import NOTES
from ablations.rigs.depth.classical import SAME_ROWS, TIE, beats
from ablations.rigs.depth.recipes import FRESH_SEEDS
from ablations.tasks import TaskConfig

TASKS = {
    "digits": ("digits", 500),
    "mnist": ("mnist5k", 500),
    "cancer": ("breast_cancer_split", 300),
    "wine": ("wine", 90),
    "iris": ("iris", 75),
    "affairs": ("fair", 1000),
    "diabetes": ("diabetes", 250),
    "visits": ("randhie", 500),
}
"""Data of packages and rows that train."""

NUMBERS = ("diabetes", "visits")
"""Those of which a number is predicted and not a class."""

MODELS = {
    "classes": ("rbf_svm", "support vectors", "logistic_regression", 4),
    "numbers": ("random_forest", "forest", "ridge", 7),
}
"""A model that bends, what it is called, one that does not, and settings of each."""


def _fitted(key: str, model: str, words: str, trials: int) -> Arm:
    name, num_rows = TASKS[key]
    task = TaskConfig(name=name, num_train=num_rows)
    fields: dict[str, Any] = {"model": model, "trials": trials}
    config = ClassicalConfig(task=task, **fields)
    return Arm(levels={"model": words, "task": key}, config=config)


def _is_curved(key: str) -> Comparison:
    """Predict that a model that bends beats a linear one by a point."""
    kind = "numbers" if key in NUMBERS else "classes"
    curved, words, straight, trials = MODELS[kind]
    bent = _fitted(key, curved, words, trials)
    linear = _fitted(key, straight, "linear model", trials)
    return beats(bent, linear, TIE, key=key, at=("task", key))


CLAIM = Claim(
    statement="Real-world data are rarely linear.",
    rows=("A-ACT-32",),
    source=f"{NOTES}, why non-linearity is important",
    reference="Fernández-Delgado, Cernadas, Barro and Amorim (2014), Do we need"
    " hundreds of classifiers to solve real world classification problems?",
    axis="task",
    core=tuple(map(_is_curved, TASKS)),
    standard_only=True,
    seeds=FRESH_SEEDS,
    answers={
        "core": "Yes: on eight real data sets curves beat a weighted sum by a point or"
        " more, on digits by {digits}.",
        "!core": "No: on none of eight real data sets do curves beat a weighted sum of"
        " inputs by a point.",
        "digits mnist !cancer !affairs": (
            "Mixed: curves gain {digits} percentage points on digits and {mnist} on"
            " MNIST; on breast cancer, affairs and diabetes they lose a little."
        ),
        "digits": "It depends on the data: curves gain {digits} percentage points on"
        " digits, and not a point on all of eight data sets.",
        "!digits": "Not on images: on digits {digits.treatment} of test rows are right"
        " with curves, {digits.control} with a weighted sum.",
    },
    how=(
        "On each of eight data sets a curved model (support vectors, or a forest"
        " for numbers) and a linear one were fitted {digits.n} times, the best of"
        " equally many settings on validation rows."
    ),
    caveats=(
        "Affairs are the survey of other claims. Data that ship with packages, with"
        " 1,000 training rows at most; a point is one of accuracy, or a hundredth of"
        " the variance of the numbers predicted. Where curves gain nothing there may be"
        " some, too weak for so few rows. Visits to doctors are not judged: a few"
        " people with many visits make errors differ so much from seed to seed that"
        f" neither model surely beats a constant answer. {SAME_ROWS}"
    ),
)
