"""Train models that are no networks on the same splits, with a few settings each."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from ablations.stats.row_scores import score_rows
from ablations.store.codec import spec_digest
from ablations.store.store import Store
from ablations.study.table.splits import Splits

if TYPE_CHECKING:
    from ablations.study.table.preprocessing import Prepared

BASELINES_VERSION = 2
"""Number in every run's key; it grows when the same baseline is trained otherwise."""

ROWS_FOR_THREADS = 5000
"""Fewer rows are fitted faster by one thread than by several that wait for another."""

CHOSEN_BY = {"classification": "crossentropy", "regression": "rmse"}
"""Score on validation rows that a setting is chosen by; less is better."""

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
        arrays = {name: np.array([one[name] for one in found]) for name in found[0]}
        arrays["steps"] = np.zeros((len(missing), 1), np.int32)
        ends = np.full(len(missing), -1)
        store.insert(digest, missing, ["ok"] * len(missing), ends, arrays, machine())
        num_trained += len(missing)
        stream.write(f"Baseline {baseline.name}: {len(missing)} splits.\n")
        stream.flush()
    return num_trained


def run_baseline(baseline: Baseline, splits: Splits, place: int) -> dict[str, Any]:
    """Return what a baseline says of the held-out rows of one split.

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
        number = int(np.argmin([loss for loss, _, _ in tried]))
        _, on_val, model = tried[number]
        on_test = said_by(model, rows.x_test, rows.y_test)
    return {
        "outputs.val": on_val.astype(np.float32),
        "outputs.test": on_test.astype(np.float32),
        "setting": np.int32(number),
        "seconds": np.float32(time.perf_counter() - started),
    }


def _tried(model: Any, rows: Prepared, task: str) -> tuple[float, np.ndarray, Any]:
    """Fit a model; return its loss and outputs on the validation rows, and itself."""
    y = rows.y_train.argmax(axis=1) if task == "classification" else rows.y_train[:, 0]
    model.fit(rows.x_train, y)
    said = said_by(model, rows.x_val, rows.y_val)
    return score_rows(CHOSEN_BY[task], rows.y_val, said).value, said, model


def said_by(model: Any, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return probabilities `[N, K]` of all classes, or predictions `[N, 1]`."""
    if not hasattr(model, "predict_proba"):
        return np.asarray(model.predict(x)).reshape(-1, 1)
    said = np.zeros(y.shape)
    # A class that has no training rows has no probability.
    said[:, np.asarray(model.classes_, int)] = model.predict_proba(x)
    return said


def stored_baselines(
    baselines: Sequence[Baseline], splits: Splits, store: Store
) -> dict[str, dict[str, np.ndarray]]:
    """Return the arrays of every baseline `[J, ...]`, by name."""
    return {
        baseline.name: store.load(spec_digest(specification(baseline, splits))).arrays
        for baseline in baselines
    }


def outputs_of(stored: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what a baseline says of the held-out rows `[J, 1, N, K]`, by part."""
    return {part: stored[f"outputs.{part}"][:, None] for part in ("val", "test")}
