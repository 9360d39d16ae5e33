"""Train models that are no networks on the same splits, with a few settings each."""

from __future__ import annotations

import itertools
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.running.heartbeat import Heartbeat
from ablations.running.machine import num_cores
from ablations.store.codec import spec_digest
from ablations.store.store import Store
from ablations.study.table.splits import Splits

if TYPE_CHECKING:
    from ablations.study.table.preprocessing import Prepared

BASELINES_VERSION = 2
"""Number in every run's key; it grows when the same baseline is trained otherwise."""

ROWS_FOR_THREADS = 5000
"""Fewer rows are fitted faster by one thread than by several that wait for another."""

NUM_TREES = 100
TREES_TO_CHOOSE = 30
"""Trees of a forest; its setting is chosen by the first of them."""

MOST_ROWS_PER_TREE = 15_000
"""Of more training rows each tree of a forest sees so many, others every time."""

MOST_ROUNDS = 500
PATIENCE = 20
"""Rounds of boosting, at most, and those without a better validation loss."""

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
        return LogisticRegression(C=settings["c"], max_iter=1000)
    return Ridge(alpha=1.0 / settings["c"])


def _random_forest(task: str, settings: Settings) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestClassifier if task == "classification" else RandomForestRegressor
    return kind(n_estimators=NUM_TREES, random_state=0, **settings)


def _boosting(task: str, settings: Settings) -> Any:
    from sklearn.ensemble import (
        HistGradientBoostingClassifier,
        HistGradientBoostingRegressor,
    )

    classifies = task == "classification"
    kind = (
        HistGradientBoostingClassifier if classifies else HistGradientBoostingRegressor
    )
    settings = {"max_iter": MOST_ROUNDS, **settings}
    return kind(early_stopping=False, random_state=0, **settings)


DUMMY = "dummy"

BASELINES = (
    Baseline(DUMMY, ({},), _dummy),
    Baseline("linear", tuple({"c": 10.0**power} for power in range(-4, 4)), _linear),
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


def for_rows(baseline: Baseline, settings: Settings, num_rows: int) -> Settings:
    """Return settings as they are for so many training rows."""
    if baseline.make is _random_forest and num_rows > MOST_ROWS_PER_TREE:
        return {**settings, "max_samples": MOST_ROWS_PER_TREE}
    return settings


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
    stream: Heartbeat,
) -> int:
    """Train what is not stored, split by split, and return how many runs that were."""
    num_trained, here = 0, machine()
    for baseline in baselines:
        digest = store.put_spec(specification(baseline, splits))
        places = np.arange(len(splits.folds))
        missing = np.setdiff1d(places, store.seeds_present(digest))
        if not len(missing):
            continue
        began = time.monotonic()
        for number, place in enumerate(missing):
            what = f"Baseline {baseline.name}, split {number + 1} of {len(missing)}"
            with stream.doing(what):
                one = run_baseline(baseline, splits, int(place))
            arrays = {
                name: np.array([[value] if name.startswith("curve.") else value])
                for name, value in one.items()
            }
            arrays["steps"] = np.zeros((1, 1), np.int32)
            ends = np.array([-1])
            store.insert(digest, [int(place)], ["ok"], ends, arrays, here)
        num_trained += len(missing)
        seconds = time.monotonic() - began
        stream.write(
            f"Baseline {baseline.name}: {len(missing)} splits, {seconds:.0f} s.\n"
        )
        stream.flush()
    return num_trained


def run_baseline(baseline: Baseline, splits: Splits, place: int) -> dict[str, Any]:
    """Return the metrics of a baseline on one split.

    Each setting is fitted to the training rows; the best on the validation rows, by
    cross-entropy or squared error, is judged on the test rows. Boosting goes on until
    the validation rows gain no more, and counts up to its best round.
    """
    from threadpoolctl import threadpool_limits

    rows, task = splits.prepared(place), splits.dataset.task
    num_threads = None if len(rows.x_train) >= ROWS_FOR_THREADS else 1
    started = time.perf_counter()
    # A fit that has not converged is judged like any other.
    with warnings.catch_warnings(action="ignore"), threadpool_limits(num_threads):
        values, model, rounds, number = _best(baseline, rows, task)
        if _is_forest(model):
            _grow(model, rows, task, NUM_TREES)
            told = said_by(model, rows.x_val, rows.y_val)
            values = metrics_of(task, rows.y_val, told)
        said = said_by(model, rows.x_test, rows.y_test, rounds)
    tested = metrics_of(task, rows.y_test, said)
    return {
        **{f"curve.val_{k}": np.float32(v) for k, v in values.items()},
        **{f"curve.test_{k}": np.float32(v) for k, v in tested.items()},
        "setting": np.int32(number),
        "rounds": np.int32(rounds),
        "seconds": np.float32(time.perf_counter() - started),
    }


def _best(
    baseline: Baseline, rows: Prepared, task: str
) -> tuple[dict[str, float], Any, int, int]:
    """Return what `_tried` returns of the best setting, and its number."""
    loss = "crossentropy" if task == "classification" else "squared_error"

    def fitted(settings: Settings) -> tuple[dict[str, float], Any, int]:
        sized = for_rows(baseline, settings, len(rows.x_train))
        return _tried(baseline.make(task, sized), rows, task)

    first, *others = baseline.settings
    best, number = fitted(first), 0
    for place, settings in enumerate(others, start=1):
        other = fitted(settings)
        # The worse is let go: a forest of many rows is large.
        if other[0][loss] < best[0][loss]:
            best, number = other, place
    return *best, number


def _tried(model: Any, rows: Prepared, task: str) -> tuple[dict[str, float], Any, int]:
    """Fit a model; return its metrics on the validation rows, the model, and rounds."""
    rounds = 0
    if _is_forest(model):
        _grow(model, rows, task, TREES_TO_CHOOSE)
    elif hasattr(model, "max_iter") and hasattr(model, "early_stopping"):
        rounds = _boost(model, rows, task)
    else:
        model.fit(rows.x_train, _answers(rows.y_train, task))
    said = said_by(model, rows.x_val, rows.y_val, rounds)
    return metrics_of(task, rows.y_val, said), model, rounds


def _answers(y: np.ndarray, task: str) -> np.ndarray:
    """Return class codes, or numbers [N], of targets [N, K]."""
    return y.argmax(axis=1) if task == "classification" else y[:, 0]


def _is_forest(model: Any) -> bool:
    """Return whether a model is made of trees that can be added to."""
    return hasattr(model, "n_estimators")


def _grow(model: Any, rows: Prepared, task: str, num_trees: int) -> None:
    """Add trees to a forest, on all cores, up to a number of them."""
    model.set_params(n_estimators=num_trees, warm_start=True, n_jobs=num_cores())
    model.fit(rows.x_train, _answers(rows.y_train, task))
    # Threads would add the answers of the trees in an order of their own.
    model.set_params(n_jobs=1)


def _boost(model: Any, rows: Prepared, task: str) -> int:
    """Fit boosting until the validation rows gain no more; return its best round."""
    y, y_val = _answers(rows.y_train, task), _answers(rows.y_val, task)
    known = np.isin(y_val, y) if task == "classification" else np.ones(len(y_val), bool)
    if not known.any():
        model.fit(rows.x_train, y)
        return int(model.n_iter_)
    model.set_params(early_stopping=True, n_iter_no_change=PATIENCE)
    model.fit(rows.x_train, y, X_val=rows.x_val[known], y_val=y_val[known])
    # The first score is that before any round.
    return max(1, int(model.validation_score_.argmax()))


def said_by(model: Any, x: np.ndarray, y: np.ndarray, rounds: int = 0) -> np.ndarray:
    """Return probabilities `[N, K]` of all classes, or predictions `[N, 1]`.

    Args:
        model: A fitted model of scikit-learn.
        x: Inputs `[N, D]`.
        y: Targets `[N, K]`.
        rounds: Rounds of boosting that count, 0 for a model without rounds.
    """

    def ask(name: str) -> np.ndarray:
        if not rounds:
            return getattr(model, name)(x)
        stages = getattr(model, f"staged_{name}")(x)
        return next(itertools.islice(stages, rounds - 1, None))

    if not hasattr(model, "predict_proba"):
        return np.asarray(ask("predict")).reshape(-1, 1)
    said = np.zeros(y.shape)
    # A class that has no training rows has no probability.
    said[:, np.asarray(model.classes_, int)] = ask("predict_proba")
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
