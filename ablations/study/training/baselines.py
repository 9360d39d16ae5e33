"""Train models that are no networks on the same splits, with a few settings each."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from ablations.store.codec import spec_digest
from ablations.store.store import Store
from ablations.study.table.splits import Splits

if TYPE_CHECKING:
    from ablations.study.table.preprocessing import Prepared

BASELINES_VERSION = 1
"""Number in every run's key; it grows when the same baseline is trained otherwise."""

ROWS_FOR_THREADS = 5000
"""Fewer rows are fitted faster by one thread than by several that wait for another."""

Settings = dict[str, Any]


@dataclass(frozen=True)
class Baseline:
    """A model that is no network, and the settings that it tries.

    Attributes:
        name: What reports call it.
        settings: What it tries; the best on the validation rows is judged.
        make: Makes a model of scikit-learn from the task and a setting.
    """

    name: str
    settings: tuple[Settings, ...]
    make: Callable[[str, Settings], Any]


def _dummy(task: str, settings: Settings) -> Any:
    from sklearn.dummy import DummyClassifier, DummyRegressor

    # Shares of the classes as probabilities, the largest class as the answer.
    if task == "classification":
        return DummyClassifier(strategy="prior")
    return DummyRegressor(strategy="mean")


def _linear(task: str, settings: Settings) -> Any:
    from sklearn.linear_model import LogisticRegression, Ridge

    if task == "classification":
        return LogisticRegression(C=settings["c"], max_iter=500)
    return Ridge(alpha=1.0 / settings["c"])


def _random_forest(task: str, settings: Settings) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestClassifier if task == "classification" else RandomForestRegressor
    return kind(n_estimators=100, random_state=0, **settings)


def _boosting(task: str, settings: Settings) -> Any:
    from sklearn.ensemble import (
        HistGradientBoostingClassifier,
        HistGradientBoostingRegressor,
    )

    classifies = task == "classification"
    kind = (
        HistGradientBoostingClassifier if classifies else HistGradientBoostingRegressor
    )
    return kind(max_iter=50, early_stopping=False, random_state=0, **settings)


DUMMY = "dummy"

BASELINES = (
    Baseline(DUMMY, ({},), _dummy),
    Baseline("linear", ({"c": 0.01}, {"c": 0.1}, {"c": 1.0}), _linear),
    Baseline(
        "random forest",
        (
            {"min_samples_leaf": 1},
            {"min_samples_leaf": 3},
            {"min_samples_leaf": 10},
        ),
        _random_forest,
    ),
    Baseline(
        "gradient boosting",
        ({"learning_rate": 0.03}, {"learning_rate": 0.1}, {"learning_rate": 0.3}),
        _boosting,
    ),
)
"""Simple ones first. The dummy answers with the largest class, or with the mean."""


def wanted_baselines(everything: bool) -> tuple[Baseline, ...]:
    """Return all baselines, or only the dummy, without which nothing can be judged."""
    return BASELINES if everything else BASELINES[:1]


def specification(baseline: Baseline, splits: Splits) -> dict[str, Any]:
    """Return the plain data that the key of a baseline's runs is the digest of."""
    return {
        "baseline": baseline.name,
        "baselines_version": BASELINES_VERSION,
        "settings": list(baseline.settings),
        "data": splits.digest,
    }


def train_baselines(
    baselines: Sequence[Baseline],
    splits: Splits,
    store: Store,
    machine: Callable[[], Mapping[str, Any]],
    stream: TextIO,
) -> int:
    """Train what is not stored, split by split, and return how many runs that were."""
    num_trained = 0
    for baseline in baselines:
        digest = store.put_spec(specification(baseline, splits))
        places = np.arange(len(splits.folds))
        missing = np.setdiff1d(places, store.seeds_present(digest))
        if not len(missing):
            continue
        found = [run_baseline(baseline, splits, int(place)) for place in missing]
        arrays = {
            name: np.array(
                [
                    [one[name]] if name.startswith("curve.") else one[name]
                    for one in found
                ]
            )
            for name in found[0]
        }
        arrays["steps"] = np.zeros((len(missing), 1), np.int32)
        ends = np.full(len(missing), -1)
        store.insert(digest, missing, ["ok"] * len(missing), ends, arrays, machine())
        num_trained += len(missing)
        stream.write(f"Baseline {baseline.name}: {len(missing)} splits.\n")
        stream.flush()
    return num_trained


def run_baseline(baseline: Baseline, splits: Splits, place: int) -> dict[str, Any]:
    """Return the metrics of a baseline on one split.

    Each setting is fitted to the training rows; the best on the validation rows, by
    cross-entropy or squared error, is judged on the test rows.
    """
    from threadpoolctl import threadpool_limits

    rows, task = splits.prepared(place), splits.dataset.task
    num_threads = None if len(rows.x_train) >= ROWS_FOR_THREADS else 1
    started = time.perf_counter()
    # A fit that has not converged is judged like any other.
    with warnings.catch_warnings(action="ignore"), threadpool_limits(num_threads):
        tried = [
            _tried(baseline.make(task, settings), rows, task)
            for settings in baseline.settings
        ]
        loss = "crossentropy" if task == "classification" else "squared_error"
        number = int(np.argmin([values[loss] for values, _ in tried]))
        values, model = tried[number]
        said = said_by(model, rows.x_test, rows.y_test)
    tested = metrics_of(task, rows.y_test, said)
    return {
        **{f"curve.val_{k}": np.float32(v) for k, v in values.items()},
        **{f"curve.test_{k}": np.float32(v) for k, v in tested.items()},
        "setting": np.int32(number),
        "seconds": np.float32(time.perf_counter() - started),
    }


def _tried(model: Any, rows: Prepared, task: str) -> tuple[dict[str, float], Any]:
    """Fit a model; return its metrics on the validation rows, and the model."""
    y = rows.y_train.argmax(axis=1) if task == "classification" else rows.y_train[:, 0]
    model.fit(rows.x_train, y)
    return metrics_of(task, rows.y_val, said_by(model, rows.x_val, rows.y_val)), model


def said_by(model: Any, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return probabilities `[N, K]` of all classes, or predictions `[N, 1]`."""
    if not hasattr(model, "predict_proba"):
        return np.asarray(model.predict(x)).reshape(-1, 1)
    said = np.zeros(y.shape)
    # A class that has no training rows has no probability.
    said[:, np.asarray(model.classes_, int)] = model.predict_proba(x)
    return said


def metrics_of(task: str, y: np.ndarray, said: np.ndarray) -> dict[str, float]:
    """Return the metrics that networks have, of targets and outputs `[N, K]`."""
    if task == "regression":
        return {"squared_error": float(((said - y) ** 2).mean())}
    codes, right = y.argmax(axis=1), y.argmax(axis=1) == said.argmax(axis=1)
    recalls = [right[codes == code].mean() for code in np.unique(codes)]
    sure = np.clip(said / said.sum(axis=1, keepdims=True), 1e-7, 1 - 1e-7)
    return {
        "accuracy": float(right.mean()),
        "balanced_accuracy": float(np.mean(recalls)),
        "crossentropy": float(-(y * np.log(sure)).sum(axis=1).mean()),
    }


def stored_baselines(
    baselines: Sequence[Baseline], splits: Splits, store: Store
) -> dict[str, dict[str, np.ndarray]]:
    """Return the arrays of every baseline `[J]`, by name."""
    found = {}
    for baseline in baselines:
        table = store.load(spec_digest(specification(baseline, splits)))
        found[baseline.name] = {
            name: array[:, 0] if array.ndim == 2 else array
            for name, array in table.arrays.items()
        }
    return found
