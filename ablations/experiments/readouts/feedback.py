"""Train networks whose errors pass back through fixed random weights."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import ReadoutConfig, Trained
from ablations.training.config import TrainingConfig
from models.config import requirement


class FeedbackAlignmentConfig(ReadoutConfig):
    """Describe networks that learn by random feedback in place of the chain rule.

    Every layer takes the gradient by its own weights from the error at its outputs, as
    ever; the error itself is handed down through random weights that never change.
    First weights are those of the plain network of the same seed.
    """

    chunk_size: ClassVar[int] = 50
    seconds_per_run: ClassVar[float] = 0.4

    kind: Literal["feedback_alignment"] = "feedback_alignment"

    def check(self) -> None:
        """Refuse networks with other parts than dense layers with biases."""
        super().check()
        model = self.model
        plain = model.replace(batch_norm=None, skip=None, use_bias=True)
        if model != plain or not model.hidden_units or any(model.per_layer("dropout")):
            must = "must be hidden layers with biases and nothing between them"
            raise requirement("model", must, model.hidden_units)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return what the training records."""
        return self.training.metrics

    def get_training(self) -> TrainingConfig:
        """Return the training, with its metrics at the end."""
        return self.training.replace(log_steps=(), probes=())

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train one network for each seed."""
        from ablations.experiments.engines.feedback import train_by_feedback

        data = self.rows(seeds)
        parts = (self.model, self.get_training(), seeds, data)
        return Trained(
            seeds, data, self.model, train_by_feedback(*parts, self.chunk_size)
        )
