"""Read stored runs: which epoch they kept, what they say there and what it scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.stats.row_scores import Scored, normalized, rarer_class, score_rows
from ablations.store.store import Store
from ablations.study.table.splits import Splits
from ablations.study.table.target_scale import TargetScale, curve_of
from ablations.study.training.net import METRICS, MONITORED, NetConfig
from ablations.study.training.runs import Candidate, epochs_kept

if TYPE_CHECKING:
    import pandas as pd

PARTS = ("val", "test")

Outputs = Mapping[str, np.ndarray]
"""What models say of the validation and test rows of every split, by part: shares of
the classes that sum to 1, or standardized numbers `[J, S, N, K]`, float32."""


@dataclass(frozen=True)
class Judged:
    """The judged runs of one arm: J splits, S seeds, T epochs.

    Of an ensemble a run is all its members together: their mean outputs and curves.
    Members that broke down are left out.

    Attributes:
        rates: Learning rate of every split `[J]`.
        epochs: Epoch whose weights each run kept, from 1 `[J, S]`.
        diverged: Which runs broke down `[J, S]`.
        outputs: What each run says at that epoch, by part `[J, S, N, K]`; what the
            dummy says where it broke down.
        curves: Metrics after every epoch, by `val_` or `test_` and the name of the
            metric, and the training `loss` `[J, S, T]`.
    """

    rates: np.ndarray
    epochs: np.ndarray
    diverged: np.ndarray
    outputs: Outputs
    curves: dict[str, np.ndarray]


def read_judged(
    candidate: Candidate,
    places: np.ndarray,
    num_seeds: int,
    store: Store,
    dummy: Outputs,
) -> Judged:
    """Return the judged runs of an arm.

    Args:
        candidate: The arm.
        places: Place of the chosen rate in every split `[J]`.
        num_seeds: Trainings per split, S, of an ensemble so many times its members.
        store: Where they are.
        dummy: What stands for the outputs of runs that broke down, `[J, 1, N, K]`.
    """
    net, members = candidate.nets[0], candidate.num_members
    arrays = _read_arrays(candidate, places, num_seeds * members, store)
    # [J, S, M, ...] of M members
    arrays = {
        name: array.reshape(len(places), num_seeds, members, *array.shape[2:])
        for name, array in arrays.items()
    }
    curves = {
        name.removeprefix("curve."): array
        for name, array in arrays.items()
        if name.startswith("curve.")
    }
    watched = curves[f"val_{MONITORED[net.kind]}"]
    flat = epochs_kept(watched.reshape(-1, watched.shape[-1]), candidate.patience)
    kept = flat.reshape(watched.shape[:-1])
    value = np.take_along_axis(watched, kept[..., None], axis=-1)[..., 0]
    lost = (arrays["diverged_at"] >= 0) | ~np.isfinite(value)
    said = {part: arrays[f"outputs.{candidate.patience}.{part}"] for part in PARTS}
    for one in said.values():
        lost |= ~np.isfinite(one).all(axis=(-2, -1))
    said = {part: _linked(one, net) for part, one in said.items()}
    return Judged(
        rates=np.array(candidate.rates)[places],
        epochs=np.rint(kept.mean(axis=2) + 1).astype(int),
        diverged=lost.all(axis=2),
        outputs={
            part: with_dummy(mean_of_members(one, lost), dummy[part])
            for part, one in said.items()
        },
        curves={name: mean_of_members(curve, lost) for name, curve in curves.items()},
    )


def _read_arrays(
    candidate: Candidate, places: np.ndarray, num_trained: int, store: Store
) -> dict[str, np.ndarray]:
    """Return what is stored of the trainings of an arm `[J, trainings, ...]`."""
    names = [
        *(f"curve.{metric}" for metric in candidate.nets[0].recorded_metrics()),
        *(f"outputs.{candidate.patience}.{part}" for part in PARTS),
    ]
    seeds = np.array(
        [candidate.seeds_of(split, num_trained) for split in range(len(places))]
    )
    whole: dict[str, np.ndarray] = {}
    for place in np.unique(places):
        digest = candidate.nets[place].digest
        mine = places == place
        table = store.load(digest, seeds[mine].ravel(), names)
        for name, array in {**table.arrays, "diverged_at": table.diverged_at}.items():
            rows = array.reshape(-1, num_trained, *array.shape[1:])
            shape = (*seeds.shape, *rows.shape[2:])
            whole.setdefault(name, np.zeros(shape, array.dtype))[mine] = rows
    return whole


def _linked(said: np.ndarray, net: NetConfig) -> np.ndarray:
    """Return outputs `[J, ...]` that can be compared.

    Those are shares of the classes, which some losses do not make sum to 1, or numbers
    as the plain recipe has them.
    """
    if net.kind == "classification":
        return normalized(said)
    if net.rows is net.splits:
        return said
    return np.stack(
        [
            net.splits.prepared(j).said_of(net.rows.prepared(j), one)
            for j, one in enumerate(said)
        ]
    )


def mean_of_members(values: np.ndarray, lost: np.ndarray) -> np.ndarray:
    """Return the mean `[J, S, ...]` over the members of each run, NaN without any.

    Args:
        values: A value of every member `[J, S, M, ...]`.
        lost: Which members broke down and do not count `[J, S, M]`.
    """
    lost = lost.reshape(*lost.shape, *(1,) * (values.ndim - lost.ndim))
    total = np.where(lost, 0.0, values).sum(axis=2)
    number = (~lost).sum(axis=2)
    return np.where(number, total / np.maximum(number, 1), np.nan)


def with_dummy(said: np.ndarray, dummy: np.ndarray) -> np.ndarray:
    """Return outputs `[J, S, N, K]` with those of the dummy where there are none."""
    return np.where(np.isnan(said), dummy, said).astype(dummy.dtype)


def targets_of(splits: Splits, part: str, split: int) -> np.ndarray:
    """Return the targets of a part of a split: zeros and ones `[N, K]` of classes.

    Numbers are in the unit of the target `[N, 1]`.
    """
    dataset = splits.dataset
    targets = dataset.target[getattr(splits.folds[split], part)]
    if dataset.classes:
        return np.eye(len(dataset.classes))[targets]
    return targets[:, None]


def score_splits(
    names: Sequence[str], outputs: Outputs, part: str, splits: Splits
) -> dict[str, np.ndarray]:
    """Return scores of outputs `[J, S]`, by name."""
    said = outputs[part]
    found = {name: np.zeros(said.shape[:2]) for name in names}
    for j, s, y, p in _each_run(said, part, splits):
        for name in names:
            found[name][j, s] = _scored(name, y, p, splits, j, part).value
    return found


def score_test_rows(name: str, outputs: Outputs, splits: Splits) -> np.ndarray:
    """Return what every test row adds to a score `[J, S, N]`; their mean is the score.

    See `ablations.stats.row_scores.Scored`.
    """
    said = outputs["test"]
    found = np.zeros(said.shape[:3])
    for j, s, y, p in _each_run(said, "test", splits):
        scored = _scored(name, y, p, splits, j, "test")
        found[j, s] = scored.value + scored.influence
    return found


def _scored(
    name: str, y: np.ndarray, p: np.ndarray, splits: Splits, split: int, part: str
) -> Scored:
    """Score a part of a split; RMSLE is the RMSE of logarithms."""
    dataset = splits.dataset
    if name == "rmsle":
        known = dataset.target[splits.folds[split].train]
        scale = TargetScale.fit(known, curve_of(dataset, "log"))
        name, y, p = "rmse", scale.turned(y), scale.turned(scale.floored(p))
    # Of two classes the rarer one is looked for.
    positive = rarer_class(dataset.target) if dataset.classes else 1
    weights = getattr(splits.prepared(split), f"weight_{part}")
    return score_rows(name, y, p, positive, weights)


def _each_run(
    said: np.ndarray, part: str, splits: Splits
) -> Iterator[tuple[int, int, np.ndarray, np.ndarray]]:
    """Yield split, seed, targets and outputs `[N, K]` in the unit of the target."""
    for j in range(len(said)):
        y = targets_of(splits, part, j)
        for s in range(said.shape[1]):
            yield j, s, y, _told(said[j, s], splits, j)


def _told(said: np.ndarray, splits: Splits, split: int) -> np.ndarray:
    if splits.dataset.classes:
        return said
    return splits.prepared(split).in_units(said)


def predictions_frame(outputs: Outputs, splits: Splits) -> pd.DataFrame:
    """Return what the first seed of a net says of the test rows of the first repeat."""
    import pandas as pd

    frames = []
    for j, fold in enumerate(splits.folds):
        if fold.repeat:
            continue
        said = _told(outputs["test"][j, 0], splits, j)
        frame = {"row": fold.test, "split": np.full(len(fold.test), fold.split)}
        frame["target"] = splits.dataset.target[fold.test]
        if splits.dataset.classes:
            frame |= {f"p_{k}": said[:, k] for k in range(said.shape[1])}
        else:
            frame["predicted"] = said[:, 0]
        frames.append(pd.DataFrame(frame))
    return pd.concat(frames, ignore_index=True)


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
