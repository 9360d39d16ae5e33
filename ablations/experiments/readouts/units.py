"""Read what single units are worth, and how much they resemble each other."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np
from threadpoolctl import threadpool_limits

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    ReadoutConfig,
    Trained,
)
from ablations.training.config import TrainingConfig
from models.config import Positive, PositiveInt, requirement
from models.numpy_mlp import check_followable, crossentropy, right_share, softmax
from models.randomness import STREAMS, name_index

SMALLEST_ADDED = 1e-4
"""Smallest loss added that is told apart, in nats; less, or a gain, counts as it, so
that no single network rules a mean of logarithms."""


class UnitAblationConfig(ReadoutConfig):
    """Take random units away from networks that fit their rows equally well.

    A network is followed to the first record at which its loss on the training rows,
    all units present, is at most a target, and is taken as it was then; one that does
    not get there is taken at the end.

    Units are set to zero, the others stay as they are. Every number is a mean over the
    hidden layers; that of lost units also over choices of units, which are the same for
    all networks of a seed.

    Args:
        training: The last of its `log_steps` is the longest one, and any of them may
            end it.
        target_loss: Loss on the training rows at which networks are taken.
        lost: Numbers of units that are set to zero.
        num_choices: Choices of units.
    """

    chunk_size: ClassVar[int] = 10
    networks_per_stack: ClassVar[int | None] = 11
    seconds_per_run: ClassVar[float] = 0.15

    kind: Literal["unit_ablation"] = "unit_ablation"
    target_loss: Positive
    lost: tuple[PositiveInt, ...] = (1, 8, 16, 32)
    num_choices: PositiveInt = 32

    def check(self) -> None:
        """Refuse layers of different widths, and more lost units than there are."""
        super().check()
        widths = self.model.hidden_units
        if len(widths) != 2 or len(set(widths)) != 1:
            raise requirement("hidden_units", "must be two equal layers", widths)
        if max(self.lost) > widths[0]:
            must = f"must be at most the number of units ({widths[0]})"
            raise requirement("lost", must, self.lost)
        if not self.training.log_steps or not self.training.from_logits:
            must = "must have `log_steps`, and read logits"
            raise requirement("training", must, self.training.log_steps)
        check_followable(self.model)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the losses, what lost units add to them, and the correlation."""
        added = (f"log10_added_loss_{k}" for k in self.lost)
        return ("loss", "test_accuracy", "unit_correlation", *added)

    def get_training(self) -> TrainingConfig:
        """Return the longest training; the networks are taken within it."""
        longest = self.training.log_steps[-1]
        return self.training.replace(num_steps=longest, metrics=("loss",))

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train to the end, and again until each network reaches the target.

        Returns:
            As `ExperimentConfig.run`, with `taken_at` `[S]`, numbers of updates.
        """
        trained, taken_at = self.train_to_loss(seeds, self.target_loss)
        found = self.read(trained) | {"taken_at": taken_at.astype(np.int32)}
        return self.arrange(found, trained.diverged_at)

    @threadpool_limits.wrap(limits=1, user_api="blas")
    def read(self, trained: Trained) -> Arrays:
        """Take units away.

        `loss` on the training rows and `test_accuracy` are those with all units;
        `log10_added_loss_<k>` is the logarithm of the loss without k units minus that
        with all; `unit_correlation` is the mean size of the correlation over test rows
        of two units of a layer, of those that vary.
        """
        networks, data = trained.networks, trained.data
        signals = [layer.outputs for layer in networks.layers(data.x)]  # [S, N, H]
        loss = mean_loss(networks.logits_after(2, signals[1]), data.y)
        unseen = [layer.outputs for layer in networks.layers(np.asarray(data.x_test))]
        answers = networks.logits_after(2, unseen[1])
        alike = [[mean_correlation(one) for one in layer] for layer in unseen]
        found: Arrays = {
            "loss": loss,
            "test_accuracy": right_share(answers, np.asarray(data.y_test)),
            "unit_correlation": np.mean(alike, axis=0),
        }
        sizes = (signals[0].shape[-1], self.num_choices, self.lost)
        choices = [unit_choices(int(seed), *sizes) for seed in trained.seeds]
        for k in self.lost:
            kept = np.stack([kept_units(sizes[0], each[k]) for each in choices], axis=1)
            losses = [
                mean_loss(networks.logits_after(layer, signal * one), data.y)
                for layer, signal in enumerate(signals, 1)
                for one in kept
            ]
            added = np.stack(losses, axis=1).mean(axis=1) - loss
            found[f"log10_added_loss_{k}"] = np.log10(np.maximum(added, SMALLEST_ADDED))
        return found


def mean_loss(outputs: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return the mean cross-entropy of logits `[..., N, K]`, in nats `[...]`."""
    return crossentropy(softmax(outputs), y)


def unit_choices(
    seed: int, num_units: int, num_choices: int, lost: tuple[int, ...]
) -> dict[int, list[np.ndarray]]:
    """Return places of units by their number; fewer are the first of more."""
    rng = np.random.default_rng((STREAMS["data"], name_index("lost units"), seed))
    orders = [rng.permutation(num_units) for _ in range(num_choices)]
    return {k: [order[:k] for order in orders] for k in lost}


def kept_units(num_units: int, lost: list[np.ndarray]) -> np.ndarray:
    """Return 0 for lost units and 1 for the others `[choices, 1, H]`."""
    kept = np.ones((len(lost), 1, num_units))
    for row, units in zip(kept, lost, strict=True):
        row[0, units] = 0.0
    return kept


def mean_correlation(signals: np.ndarray) -> float:
    """Return the mean size of the correlation of two units that vary, 0 without two.

    The activations are `[N, H]`.
    """
    alive = signals[:, signals.std(axis=0) > 0.0]
    count = alive.shape[1]
    if count < 2:
        return 0.0
    sizes = np.abs(np.corrcoef(alive, rowvar=False))
    return float((sizes.sum() - count) / (count * (count - 1)))
