"""Kill units before training, and ask of units that died in it what killed them."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    ReadoutConfig,
    Trained,
)
from ablations.training.config import TrainingConfig
from models.config import MLPConfig, Rate, requirement
from models.numpy_mlp import Networks, check_followable

DEADLY = -1e6
"""A bias that no weighted inputs reach."""


class DeadUnitsConfig(ReadoutConfig):
    """Count dead units after training, and those that their biases keep off.

    A unit is dead if it puts out 0 for every training row. Beside its kernel stand a
    bias, and inputs that come from the layer below; `revived_share` is the share of
    dead units that are on for some training row once the bias is as it started, all
    else left as it is. It is 0 where no unit is dead.

    Args:
        dead_share: Share of the units of every hidden layer that is dead before
            training, rounded down to units.
    """

    chunk_size: ClassVar[int] = 20
    seconds_per_run: ClassVar[float] = 0.03

    kind: Literal["dead_units"] = "dead_units"
    dead_share: Rate = 0.0

    def check(self) -> None:
        """Refuse other activations than ReLU, batch norm and skips."""
        super().check()
        check_followable(self.model)
        names = {each.name for each in self.model.per_layer("activation")}
        if names != {"relu"} or self.model.batch_norm:
            must = "must be 'relu' without batch norm where dead units are counted"
            raise requirement("activation", must, sorted(names))

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return what the training records, and the shares of units."""
        return (*self.training.metrics, "share_of_dead_units", "revived_share")

    def get_training(self) -> TrainingConfig:
        """Return the training, with its metrics at the end."""
        return self.training.replace(log_steps=(), probes=())

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train from drawn weights, of which some units are dead."""
        from ablations.experiments.engines.stacks import draw_start

        weights, state = draw_start(self.model, seeds)
        start = (with_dead_units(self.model, weights, self.dead_share), state)
        return self.train(seeds, self.rows(seeds), start=start)

    def read(self, trained: Trained) -> Arrays:
        """Count the units of all hidden layers together."""
        dead, revived = dead_and_revived(trained.networks, np.asarray(trained.data.x))
        curves = trained.result.curves
        return {
            **{name: curves[name][:, -1] for name in self.training.metrics},
            "share_of_dead_units": dead.mean(axis=1),
            "revived_share": revived.sum(axis=1) / np.maximum(dead.sum(axis=1), 1),
        }


def with_dead_units(
    model: MLPConfig, weights: list[np.ndarray], share: float
) -> list[np.ndarray]:
    """Return starting weights `[S, ...]` with the first units of each layer dead."""
    found = []
    for name, array in zip(model.weight_shapes(), weights, strict=True):
        changed = np.array(array)
        if name.startswith("hidden_") and name.endswith("/bias"):
            changed[:, : int(share * changed.shape[1])] = DEADLY
        found.append(changed)
    return found


def dead_and_revived(
    networks: Networks, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which units are dead for inputs `[R, N, D]`, and which of them for a bias.

    Both are `[R, units of all hidden layers]`.
    """
    dead, revived = [], []
    for k, layer in enumerate(networks.layers(x), 1):
        learned = networks.named[f"hidden_{k}/bias"] - networks.config.bias_start
        off = (layer.sums <= 0.0).all(axis=1)
        dead.append(off)
        revived.append(off & (layer.sums - learned > 0.0).any(axis=1))
    return np.concatenate(dead, axis=1), np.concatenate(revived, axis=1)
