"""Say where early stopping would have ended runs that went on.

A run that is watched at every epoch tells for any patience when it would have stopped
and which epoch it would have kept, for stopping changes nothing of what came before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.config import requirement


@dataclass(frozen=True)
class Stops:
    """Epochs at which runs stop; they count from 1.

    Attributes:
        stopped: Last epoch that is made, 0 where a run goes on to the end `[S]`.
        kept: Epoch whose weights are the best seen until then `[S]`.
    """

    stopped: np.ndarray
    kept: np.ndarray


def stops(values: np.ndarray, patience: int, min_delta: float = 0.0) -> Stops:
    """Apply the rule of `keras.callbacks.EarlyStopping` to whole curves.

    An epoch improves when `value + min_delta < best`; the first one always does, even
    if it is NaN, which nothing improves on. A run stops after the first epoch, but
    never the very first, that makes `patience` in a row without improvement.

    Args:
        values: What is monitored after every epoch, less being better `[S, E]`.
        patience: Epochs without improvement that are waited for; 0 waits for one.
        min_delta: Improvement that is too small to count.

    Raises:
        ConfigError: If there is no epoch, or the patience is negative.
    """
    if values.ndim != 2 or not values.shape[1]:
        raise requirement("values", "must be runs by epochs [S, E]", values.shape)
    if patience < 0:
        raise requirement("patience", "must be at least 0", patience)
    num_runs, num_epochs = values.shape
    best = values[:, 0]
    kept = np.ones(num_runs, np.intp)
    wait = np.zeros(num_runs, np.intp)
    stopped = np.zeros(num_runs, np.intp)
    for epoch in range(2, num_epochs + 1):
        value = values[:, epoch - 1]
        running = stopped == 0
        # A sum with infinity is no mistake here.
        with np.errstate(invalid="ignore"):
            better = running & (value + values.dtype.type(min_delta) < best)
        best = np.where(better, value, best)
        kept = np.where(better, epoch, kept)
        wait = np.where(better, 0, wait + 1)
        stopped = np.where(running & ~better & (wait >= patience), epoch, stopped)
    return Stops(stopped, kept)


def lowest(values: np.ndarray) -> np.ndarray:
    """Return the epoch, from 1, where whole curves are lowest, the first of equals.

    NaN counts as infinite.

    Args:
        values: `[S, E]`.
    """
    return np.where(np.isnan(values), np.inf, values).argmin(axis=1) + 1
