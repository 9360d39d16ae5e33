"""Say what experiments share whose networks are read at the end of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task

if TYPE_CHECKING:
    from ablations.training.config import TrainingConfig


class TrainedNetworksConfig(ExperimentConfig):
    """Describe an experiment whose networks all train alike, in numbers of updates.

    A field `training` of the kind says how.
    """

    if TYPE_CHECKING:
        # Kinds declare it themselves, each in its own place: the order of the fields
        # is part of a rule's digest.
        training: TrainingConfig

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the end of training."""
        return (self.training.num_steps or 0,)

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates of one network."""
        return self.training.num_steps or 0

    def get_loss(self) -> str:
        """Return what every network minimizes."""
        return self.training.loss
