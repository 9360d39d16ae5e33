"""Read when networks under early stopping stop, and what they keep."""

from __future__ import annotations

from typing import ClassVar, Literal

import numpy as np

from ablations.experiments.readouts.trained_networks import (
    Arrays,
    ReadoutConfig,
    Trained,
)
from ablations.training.config import TrainingConfig
from models.config import requirement

KEPT = ("val_loss", "val_accuracy", "test_loss", "test_accuracy")
"""What is measured of the weights that a run keeps."""


class EarlyStoppedConfig(ReadoutConfig):
    """Give one number per quantity of networks that stop early.

    Args:
        training: The training, with early stopping; its metrics are not read.
    """

    chunk_size: ClassVar[int] = 250
    seconds_per_run: ClassVar[float] = 0.005

    kind: Literal["early_stopped"] = "early_stopped"

    def check(self) -> None:
        """Refuse training that does not stop early."""
        super().check()
        if self.training.early_stopping is None:
            raise requirement("training", "must have `early_stopping`", None)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the epochs made and kept, and what is kept.

        `stopped_early` is 1 for runs that ended before their epochs ran out.
        """
        kept = (f"{name}_kept" for name in KEPT)
        return ("stopped_after", "kept_epoch", "stopped_early", *kept)

    def get_training(self) -> TrainingConfig:
        """Return the training, with what is measured of the weights kept."""
        return self.training.replace(metrics=KEPT)

    def read(self, trained: Trained) -> Arrays:
        """Count epochs, and look up what was measured at the one that is kept."""
        result = trained.result
        per_epoch = self.training.steps_per_epoch(trained.data.num_rows)
        early = result.stopped_at >= 0
        made = np.where(early, result.stopped_at, self.recorded_steps()[0])
        # A run that diverged before the end of an epoch keeps what it started with.
        kept = np.maximum(result.best_at, 0)
        places = np.arange(len(kept)), np.searchsorted(result.log_steps, kept)
        return {
            "stopped_after": made / per_epoch,
            "kept_epoch": kept / per_epoch,
            "stopped_early": early,
            **{f"{name}_kept": result.curves[name][places] for name in KEPT},
        }
