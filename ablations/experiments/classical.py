"""Fit a classical model of scikit-learn to the rows that networks train on."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import TaskConfig, make_task
from models.config import PositiveInt, one_of, requirement

STRENGTHS = (1.0, 0.01, 100.0, 0.1, 10.0, 0.001, 1000.0, 0.0001)
"""Inverse strengths of a penalty, in the order in which they are tried."""

TRIALS: dict[str, tuple[dict[str, float | str], ...]] = {
    "logistic_regression": tuple({"C": c} for c in STRENGTHS),
    "linear_svm": tuple({"C": c} for c in STRENGTHS),
    "ridge": tuple({"alpha": 1.0 / c} for c in STRENGTHS),
    "rbf_svm": tuple(
        {"C": c, "gamma_factor": factor}
        for factor in (1.0, 0.1, 10.0, 0.01)
        for c in (1.0, 10.0, 100.0, 0.1)
    ),
    "random_forest": tuple(
        {"max_features": share, "min_samples_leaf": leaf}
        for leaf in (1, 3, 10)
        for share in ("sqrt", 1 / 3, 1.0)
    ),
    "gradient_boosting": tuple(
        {"learning_rate": rate, "max_leaf_nodes": leaves, "max_iter": trees}
        for trees in (100, 300)
        for rate in (0.1, 0.03, 0.3)
        for leaves in (31, 8)
    ),
}
"""Settings per model, in the order in which they are tried.

The first is what scikit-learn takes by itself, or near it. `C` is the inverse strength
of the penalty and `alpha` the strength. `gamma_factor` is the factor on 1 / (number of
inputs x variance of the inputs). Forests have 200 trees.
"""

SECONDS_PER_TRIAL = {
    "logistic_regression": 0.02,
    "linear_svm": 0.1,
    "ridge": 0.01,
    "rbf_svm": 0.03,
    "random_forest": 0.2,
    "gradient_boosting": 0.1,
}
"""About what a fit to some hundred rows takes on one core."""

SECONDS_PER_INPUT_OF_FOREST = 8e-5
"""What a forest takes on top of that for an input of a row."""


class ClassicalConfig(ExperimentConfig):
    """Describe the best of some settings of a classical model, chosen for every seed.

    Each setting is fitted to the training rows; the one that does best on the
    validation rows (the first of equally good ones) is scored on the test rows. It is
    not fitted again with the validation rows. Classes are scored by their accuracy,
    numbers by the mean squared error, `loss`.

    Args:
        task: The rows, with validation and test rows.
        model: Support vectors, forests, boosting and ridge also predict numbers.
        trials: How many of `TRIALS` are tried, from the first on.
    """

    chunk_size: ClassVar[int] = 10

    kind: Literal["classical"] = "classical"
    task: TaskConfig
    model: Literal[
        "logistic_regression",
        "linear_svm",
        "rbf_svm",
        "random_forest",
        "gradient_boosting",
        "ridge",
    ]
    trials: PositiveInt

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if not self.task.is_split:
            must = "must have validation rows and test rows"
            raise requirement("task", must, self.task.name)
        if self.task.is_regression:
            one_of("model", self.model, [m for m in TRIALS if not m.startswith("log")])
        most = len(TRIALS[self.model])
        if self.trials > most:
            must = f"must be at most {most} for {self.model!r}"
            raise requirement("trials", must, self.trials)
        return self

    def summary(self) -> str:
        """Describe the runs in one line."""
        words = self.model.replace("_", " ")
        tried = "one setting" if self.trials == 1 else f"best of {self.trials} settings"
        return f"{words}, {tried}, on {self.task.name}"

    def title(self) -> str:
        """Return model and task."""
        return f"{self.model.replace('_', ' ')} on {self.task.name}"

    def guess_seconds(self, num_runs: int) -> float:
        """Return about how long so many runs take."""
        seconds, rows = SECONDS_PER_TRIAL[self.model], make_task(self.task)
        if self.model == "random_forest":
            seconds += SECONDS_PER_INPUT_OF_FOREST * rows.num_rows * rows.num_inputs
        return seconds * self.trials * num_runs

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return `val_` and `test_` of the accuracy, or of the loss for numbers."""
        metric = "loss" if self.task.is_regression else "accuracy"
        return (f"val_{metric}", f"test_{metric}")

    def get_loss(self) -> str | None:
        """Return what `loss` measures."""
        return "mse" if self.task.is_regression else None

    def count_settings(self) -> int:
        """Return how many settings every run tries."""
        return self.trials

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Fit and choose for every seed.

        Returns:
            As `ExperimentConfig.run`, with `chosen_trial` `[S]`, the place of the
            setting that did best, and `num_unconverged` `[S]`, the number of fits that
            stopped before their solver had converged.
        """
        from ablations.experiments.engines.classical import Search, fit_seeds

        search = Search(self.task, self.model, TRIALS[self.model][: self.trials])
        val, test, chosen, unconverged = fit_seeds(search, seeds)
        counts = {"chosen_trial": chosen, "num_unconverged": unconverged}
        scores = dict(zip(self.recorded_metrics(), (val, test), strict=True))
        return self.arrange(scores | {n: v.astype(np.int32) for n, v in counts.items()})
