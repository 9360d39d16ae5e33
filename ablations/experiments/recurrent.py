"""Train recurrent networks on streams."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ablations.experiments.sequences import RecurrentSettings


class RecurrentConfig(RecurrentSettings):
    """Describe the training of a recurrent network on a stream.

    The fields are those of `RecurrentSettings`.
    """

    kind: Literal["recurrent"] = "recurrent"

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train one network per seed; see `ExperimentConfig.run`."""
        from ablations.experiments.engines.recurrent import train_recurrent

        return train_recurrent(self, seeds)
