"""Classify the test rows as one who knows the law that they are drawn by."""

from __future__ import annotations

from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import TaskConfig, make_task
from ablations.tasks.assembly import generator
from ablations.tasks.synthetic import GMM_INPUTS, GMM_MODES
from models.config import requirement


class BayesRuleConfig(ExperimentConfig):
    """Describe the rule of the smallest error for clusters of Gaussians.

    A row x belongs to the class c that has the largest sum, over its modes m, of
    exp(-|x - m|^2 / (2 spread^2)); where labels are random, any class is as good.
    It learns nothing, so it overfits nothing.

    Args:
        task: Clusters, with test rows.
    """

    chunk_size: ClassVar[int] = 50
    seconds_per_run: ClassVar[float] = 0.002

    kind: Literal["bayes_rule"] = "bayes_rule"
    task: TaskConfig

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.task.name != "gmm10" or not self.task.num_test:
            raise requirement("task", "must be gmm10 with test rows", self.task.name)
        if not self.task.spread:
            raise requirement("spread", "must be above 0", self.task.spread)
        return self

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the accuracy on the test rows."""
        return ("test_accuracy",)

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Classify the test rows of every seed."""
        shares = []
        for seed in seeds:
            rows = make_task(self.task).rows_of_run(int(seed)).arrays()
            answers = self.scores(rows["x_test"], int(seed)).argmax(axis=1)
            shares.append(np.mean(answers == rows["y_test"].argmax(axis=1)))
        return self.arrange({"test_accuracy": np.array(shares)})

    def scores(self, x: np.ndarray, seed: int) -> np.ndarray:
        """Return the log-density of rows `[N, D]` in every class, up to a constant."""
        shape = (self.task.class_count(), GMM_MODES, GMM_INPUTS)
        centres = generator(self.task.name, "centres", seed).normal(size=shape)
        rows = x.astype(np.float64)
        squares = (rows**2).sum(axis=1)[:, None, None] + (centres**2).sum(axis=2)
        products = np.tensordot(rows, centres, axes=(1, 2))  # [N, classes, modes]
        spread = self.task.setting("spread")
        distances = squares - 2.0 * products
        return np.logaddexp.reduce(-distances / (2.0 * spread**2), axis=2)
