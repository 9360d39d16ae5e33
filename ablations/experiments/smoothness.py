"""Read how loss and gradient change along a step down the gradient."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.covariate_shift import UNIT_STEP, turn
from ablations.experiments.readouts.trained_networks import (
    Arrays,
    ReadoutConfig,
    Trained,
    classifying,
    log10,
)
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, Positive, requirement
from models.numpy_mlp import Networks, check_followable, crossentropy, softmax


class SmoothnessConfig(ReadoutConfig):
    """Walk down the gradient from networks that have the same loss.

    A network is taken at the first record at which its loss on the training rows is at
    most a target. From there it walks straight down the gradient g of that loss,
    w - t |w| g / |g| with lengths over all weights, to the distances t: as shares of
    the length of the weights, so that weights of another size walk as far.
    `log10_loss_range` is the logarithm of the largest minus the smallest loss on the
    way, the start included; `gradient_turn` is 1 minus the cosine of the angle between
    the gradients at the start and at the last distance. Batch norm has the statistics
    of all training rows throughout.

    Args:
        training: The last of its `log_steps` is the longest one, and any of them may
            end it.
        target_loss: Loss on the training rows at which networks are taken.
        distances: Lengths of steps over the length of the weights, increasing.

    References:
        Santurkar et al. (2018), "How Does Batch Normalization Help Optimization?",
        section 3.1.
    """

    chunk_size: ClassVar[int] = 10
    networks_per_stack: ClassVar[int | None] = 11
    seconds_per_run: ClassVar[float] = 0.2

    kind: Literal["smoothness"] = "smoothness"
    target_loss: Positive
    distances: tuple[Positive, ...] = (0.01, 0.02, 0.05, 0.1)

    def check(self) -> None:
        """Refuse networks that drop units, and distances in no order."""
        super().check()
        check_followable(self.model)
        if any(self.model.per_layer("dropout")):
            raise requirement("dropout", "must be 0", self.model.dropout)
        if list(self.distances) != sorted(set(self.distances)) or not self.distances:
            raise requirement("distances", "must increase", self.distances)
        if not self.training.log_steps or not self.training.from_logits:
            must = "must have `log_steps`, and read logits"
            raise requirement("training", must, self.training.log_steps)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the loss at the start, and what becomes of it and its gradient."""
        return ("loss", "log10_loss_range", "gradient_turn")

    def get_training(self) -> TrainingConfig:
        """Return the longest training; the networks are taken within it."""
        longest = self.training.log_steps[-1]
        metrics = ("loss",)
        return self.training.replace(num_steps=longest, metrics=metrics, probes=())

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train to the target and walk from there.

        Returns:
            As `ExperimentConfig.run`, with `taken_at` `[S]`, numbers of updates.
        """
        trained, taken_at = self.train_to_loss(seeds, self.target_loss)
        found = self.read(trained) | {"taken_at": taken_at.astype(np.int32)}
        return self.arrange(found, trained.diverged_at)

    def read(self, trained: Trained) -> Arrays:
        """Walk down the gradient, and look at loss and gradient on the way."""
        weights, data = trained.result.weights, trained.data
        gradient = self._gradient(trained, weights)
        losses = [loss_of(self.model, weights, data.x, data.y)]
        for distance in self.distances:
            there = walked(weights, gradient, distance)
            losses.append(loss_of(self.model, there, data.x, data.y))
        after = self._gradient(trained, there)
        along = np.stack(losses, axis=1)
        return {
            "loss": along[:, 0],
            "log10_loss_range": log10(along.max(axis=1) - along.min(axis=1)),
            "gradient_turn": turn(flat(gradient), flat(after)),
        }

    def _gradient(
        self, trained: Trained, weights: list[np.ndarray]
    ) -> list[np.ndarray]:
        """Return gradients of the loss on all training rows, each `[S, ...]`.

        They are read from one long update, which takes all rows as one batch.
        """
        one_update = classifying(UNIT_STEP, trained.data.x.shape[1], 1, "sgd")
        start = ([*weights], [*trained.result.state])
        result = self.train(
            trained.seeds, trained.data, training=one_update, start=start
        ).result
        pairs = zip(weights, result.weights, strict=True)
        return [(old - new) / np.float32(UNIT_STEP) for old, new in pairs]


def loss_of(
    model: MLPConfig, weights: list[np.ndarray], x: np.ndarray, y: np.ndarray
) -> np.ndarray:
    """Return the cross-entropy of rows by networks that have their statistics `[S]`."""
    said = softmax(Networks(model, weights).logits(np.asarray(x)))
    return crossentropy(said, np.asarray(y))


def flat(arrays: list[np.ndarray]) -> np.ndarray:
    """Return all arrays `[S, ...]` side by side `[S, P]`, in float64."""
    rows = [np.asarray(array, np.float64).reshape(len(array), -1) for array in arrays]
    return np.concatenate(rows, axis=1)


def walked(
    weights: list[np.ndarray], gradient: list[np.ndarray], distance: float
) -> list[np.ndarray]:
    """Return weights `[S, ...]` after a step of a length relative to their own."""
    lengths = [np.linalg.norm(flat(each), axis=1) for each in (weights, gradient)]
    factor = distance * lengths[0] / lengths[1]
    return [
        (w - factor.reshape(-1, *[1] * (w.ndim - 1)) * g).astype(np.float32)
        for w, g in zip(weights, gradient, strict=True)
    ]
