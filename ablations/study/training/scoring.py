"""Read stored runs: which epoch they kept, and what they scored there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ablations.store.codec import spec_digest
from ablations.store.store import Store
from ablations.study.table.splits import Splits, seeds_of
from ablations.study.training.net import METRICS, MONITORED
from ablations.study.training.runs import Candidate, epochs_kept

PARTS = ("val", "test")


@dataclass(frozen=True)
class Judged:
    """The judged runs of one arm: J splits, S seeds, T epochs.

    Attributes:
        rates: Learning rate of every split `[J]`.
        epochs: Epoch whose weights each run kept, from 1 `[J, S]`.
        diverged: Which runs broke down `[J, S]`.
        metrics: What each run had at that epoch, by `val_` or `test_` and the name of
            the metric `[J, S]`.
        curves: The same after every epoch, and the training `loss` `[J, S, T]`.
    """

    rates: np.ndarray
    epochs: np.ndarray
    diverged: np.ndarray
    metrics: dict[str, np.ndarray]
    curves: dict[str, np.ndarray]


def read_judged(
    candidate: Candidate, places: np.ndarray, num_seeds: int, store: Store
) -> Judged:
    """Return the judged runs of an arm.

    Args:
        candidate: The arm.
        places: Place of the chosen rate in every split `[J]`.
        num_seeds: Trainings per split, S.
        store: Where they are.
    """
    kind = candidate.nets[0].kind
    seeds = np.array([seeds_of(split, num_seeds) for split in range(len(places))])
    curves: dict[str, np.ndarray] = {}
    diverged = np.zeros(seeds.shape, bool)
    for place in np.unique(places):
        digest = spec_digest(candidate.nets[place].specification())
        mine = places == place
        table = store.load(digest, seeds[mine].ravel())
        diverged[mine] = (table.diverged_at >= 0).reshape(-1, num_seeds)
        for name, array in table.arrays.items():
            if name.startswith("curve."):
                rows = array.reshape(-1, num_seeds, array.shape[-1])
                short = name.removeprefix("curve.")
                whole = curves.setdefault(
                    short, np.zeros((*seeds.shape, array.shape[-1]), np.float32)
                )
                whole[mine] = rows
    watched = curves[f"val_{MONITORED[kind]}"]
    flat = epochs_kept(watched.reshape(-1, watched.shape[-1]), candidate.patience)
    kept = flat.reshape(seeds.shape)
    metrics = {
        name: np.take_along_axis(curve, kept[..., None], axis=2)[..., 0].astype(float)
        for name, curve in curves.items()
    }
    lost = diverged | ~np.isfinite(metrics[f"val_{MONITORED[kind]}"])
    rates = np.array(candidate.rates)[places]
    return Judged(rates, kept + 1, lost, metrics, curves)


def scores_of(
    metrics: Mapping[str, np.ndarray], part: str, splits: Splits
) -> dict[str, np.ndarray]:
    """Return every score of a task, by name, from metrics `[J]` or `[J, S]`.

    A root mean squared error is in the unit of the target; R2 is 1 minus the squared
    error over the variance of the part's own rows.
    """
    if splits.dataset.task == "classification":
        return {k: metrics[f"{part}_{k}"] for k in METRICS["classification"]}
    error = metrics[f"{part}_squared_error"]
    shape = (-1,) + (1,) * (error.ndim - 1)
    rows = [splits.prepared(split) for split in range(len(splits.folds))]
    unit = np.array([one.target_std for one in rows]).reshape(shape)
    variance = np.array([np.var(getattr(one, f"y_{part}")) for one in rows])
    share = error / np.maximum(variance.reshape(shape), 1e-12)
    return {"rmse": np.sqrt(error) * unit, "r2": 1.0 - share}


def with_penalty(
    scores: Mapping[str, np.ndarray],
    diverged: np.ndarray,
    dummy: Mapping[str, np.ndarray],
) -> dict[str, np.ndarray]:
    """Return scores `[J, S]` in which a diverged run has that of the dummy `[J]`."""
    return {
        name: np.where(diverged, dummy[name][:, None], values)
        for name, values in scores.items()
    }


def curve_rows(name: str, judged: Judged, kind: str) -> list[dict[str, Any]]:
    """Return the rows of the frame of learning curves of one arm."""
    found = []
    for key, curve in judged.curves.items():
        rows, _, metric = key.partition("_")
        if rows not in PARTS:
            rows, metric = "train", key
        elif metric not in METRICS[kind]:
            continue
        runs = curve[~judged.diverged].astype(float)
        if not len(runs):
            continue
        low, high = np.quantile(runs, (0.1, 0.9), axis=0)
        found += [
            {
                "arm": name,
                "epoch": epoch + 1,
                "rows": rows,
                "metric": metric,
                "mean": float(runs[:, epoch].mean()),
                "low": float(low[epoch]),
                "high": float(high[epoch]),
            }
            for epoch in range(curve.shape[-1])
        ]
    return found
