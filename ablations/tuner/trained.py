"""What the trainings of a trial produced, and the file that keeps it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

METRIC, WEIGHT = "metric/", "weight/"
FILE_NAME = "trained.npz"


@dataclass(frozen=True)
class TrainedTrial:
    """What the trainings of a trial produced, one per execution, or per fold and that.

    Attributes:
        metrics: Values at the best epoch of every training, by name.
        best_epochs: The best epochs, counted from 0, of those trained now.
        weights: Weights and state of the lowest validation loss, per training, as the
            family of the trial has them.
        diverged_at: Number of updates after which a training was not finite, or -1.
        num_epochs: Epochs trained now, of the training that stopped last.
    """

    metrics: dict[str, list[float]]
    best_epochs: list[int]
    weights: tuple[list[np.ndarray], ...]
    diverged_at: int
    num_epochs: int

    def to_bytes(self) -> bytes:
        """Return a file that `read_trained` reads."""
        arrays = {
            "best_epochs": np.array(self.best_epochs),
            "ends": np.array([self.diverged_at, self.num_epochs]),
        }
        for name, values in self.metrics.items():
            arrays[f"{METRIC}{name}"] = np.array(values)
        for place, parts in enumerate(zip(*self.weights, strict=True)):
            arrays[f"{WEIGHT}{place}"] = np.stack(parts)
        file = io.BytesIO()
        np.savez(file, **arrays)  # type: ignore[arg-type]
        return file.getvalue()


def read_trained(path: Path) -> TrainedTrial | None:
    """Return what a file holds, None where there is none or it is damaged."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            whole = dict(arrays)
        weights = [whole[f"{WEIGHT}{i}"] for i in range(_count(whole, WEIGHT))]
        num_runs = len(whole["best_epochs"])
        diverged_at, num_epochs = whole["ends"].tolist()
        return TrainedTrial(
            metrics={
                name.removeprefix(METRIC): values.tolist()
                for name, values in whole.items()
                if name.startswith(METRIC)
            },
            best_epochs=whole["best_epochs"].tolist(),
            weights=tuple([part[run] for part in weights] for run in range(num_runs)),
            diverged_at=diverged_at,
            num_epochs=num_epochs,
        )
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile):
        return None


def _count(arrays: dict[str, np.ndarray], prefix: str) -> int:
    return sum(name.startswith(prefix) for name in arrays)
