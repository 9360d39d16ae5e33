"""Train models that are no networks on the same splits, with a few settings each."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TextIO

import numpy as np

from ablations.stats.row_scores import score_rows
from ablations.store.codec import spec_digest
from ablations.store.store import Store
from ablations.study.table.preprocessing import PLAIN, Preparation, Prepared
from ablations.study.table.splits import Splits

BASELINES_VERSION = 2
"""Number in every run's key; it grows when the same baseline is trained otherwise."""

ROWS_FOR_THREADS = 5000
"""Fewer rows are fitted faster by one thread than by several that wait for another."""

CHOSEN_BY = {"classification": "crossentropy", "regression": "rmse"}
"""Score on validation rows that a setting is chosen by; less is better."""

DUMMY = "dummy"

Settings = dict[str, Any]


@dataclass(frozen=True)
class Baseline:
    """A model that is no network, and the settings that it tries.

    Attributes:
        name: What reports call it.
        settings: What it tries; the best on the validation rows is judged.
        make: Makes a model of scikit-learn from the task and a setting.
        ingredients: What of the preparation of rows it tries as the nets do, by the
            names of `Preparation`.
    """

    name: str
    settings: tuple[Settings, ...]
    make: Callable[[str, Settings], Any]
    ingredients: tuple[str, ...] = ("target_transform", "class_weight")


@dataclass(frozen=True)
class Ways:
    """How baselines have rows prepared, and how the best way is found.

    Attributes:
        preparations: Those of the nets.
        score: Name of what the nets are judged by.
        higher_is_better: Whether more of it is better.
        positive: The class that is looked for.
    """

    preparations: tuple[Preparation, ...] = (PLAIN,)
    score: str = "crossentropy"
    higher_is_better: bool = False
    positive: int = 1

    def of(self, baseline: Baseline) -> tuple[Preparation, ...]:
        """Return the different ways that a baseline tries."""
        ways = (
            Preparation(**{name: getattr(one, name) for name in baseline.ingredients})
            for one in self.preparations
        )
        return tuple(dict.fromkeys(ways))

    def settings_of(self, baseline: Baseline) -> tuple[Settings, ...]:
        """Return the settings that a baseline tries.

        Of all answers that are always the same, the median has the smallest absolute
        error, as the mean has the smallest squared one.
        """
        if baseline.name == DUMMY and self.score == "mae":
            return ({"strategy": "median"},)
        return baseline.settings

    def loss(self, task: str) -> str:
        """Return the score that settings are chosen by; less is better."""
        return "mae" if self.score == "mae" else CHOSEN_BY[task]

    def best(self, said: Sequence[np.ndarray], rows: Prepared) -> int:
        """Return which outputs `[N, K]` for the validation rows are best."""
        if len(said) == 1:
            return 0
        sign = 1.0 if self.higher_is_better else -1.0
        args = (self.positive, rows.weight_val)
        found = [score_rows(self.score, rows.y_val, one, *args).value for one in said]
        return int(np.argmax(sign * np.array(found)))


PLAIN_WAY = Ways()


def _dummy(task: str, settings: Settings) -> Any:
    from sklearn.dummy import DummyClassifier, DummyRegressor

    # Shares of the classes as probabilities, the largest class as the answer.
    if task == "classification":
        return DummyClassifier(strategy="prior")
    return DummyRegressor(**{"strategy": "mean", **settings})


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


BASELINES = (
    Baseline(DUMMY, ({},), _dummy, ()),
    Baseline(
        "linear",
        ({"c": 0.01}, {"c": 0.1}, {"c": 1.0}),
        _linear,
        ("target_transform", "class_weight", "scaling"),
    ),
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
"""Simple ones first. The dummy answers with the largest class, or with the mean or
median.

Trees split numbers by their ranks, so that scaling by quantiles changes nothing there.
"""


def wanted_baselines(everything: bool) -> tuple[Baseline, ...]:
    """Return all baselines, or only the dummy, without which nothing can be judged."""
    return BASELINES if everything else BASELINES[:1]


def specification(
    baseline: Baseline, splits: Splits, ways: Ways = PLAIN_WAY
) -> dict[str, Any]:
    """Return the plain data that the key of a baseline's runs is the digest of."""
    own = ways.of(baseline)
    is_usual = own == (PLAIN,) and ways.score != "mae"
    prepared = {"preparations": [asdict(one) for one in own], "score": ways.score}
    return {
        **({} if is_usual else prepared),
        "baseline": baseline.name,
        "baselines_version": BASELINES_VERSION,
        "settings": list(ways.settings_of(baseline)),
        "data": splits.digest,
    }


def train_baselines(
    baselines: Sequence[Baseline],
    splits: Splits,
    store: Store,
    machine: Callable[[], Mapping[str, Any]],
    stream: TextIO,
    ways: Ways = PLAIN_WAY,
) -> int:
    """Train what is not stored, split by split, and return how many runs that were."""
    num_trained = 0
    for baseline in baselines:
        digest = store.put_spec(specification(baseline, splits, ways))
        places = np.arange(len(splits.folds))
        missing = np.setdiff1d(places, store.seeds_present(digest))
        if not len(missing):
            continue
        found = [run_baseline(baseline, splits, int(one), ways) for one in missing]
        arrays = {name: np.array([one[name] for one in found]) for name in found[0]}
        arrays["steps"] = np.zeros((len(missing), 1), np.int32)
        ends = np.full(len(missing), -1)
        store.insert(digest, missing, ["ok"] * len(missing), ends, arrays, machine())
        num_trained += len(missing)
        stream.write(f"Baseline {baseline.name}: {len(missing)} splits.\n")
        stream.flush()
    return num_trained


def run_baseline(
    baseline: Baseline,
    splits: Splits,
    place: int,
    ways: Ways = PLAIN_WAY,
) -> dict[str, Any]:
    """Return what a baseline says of the held-out rows of one split.

    Each setting is fitted to the training rows, as often as there are ways to prepare
    them; the best on the validation rows is judged on the test rows. That is, for each
    preparation, the best by cross-entropy or squared error; and of those the best by
    what the nets are judged by, as class weights never lower the cross-entropy.
    """
    from threadpoolctl import threadpool_limits

    plain, task = splits.prepared(place), splits.dataset.task
    num_threads = None if len(plain.x_train) >= ROWS_FOR_THREADS else 1
    started = time.perf_counter()
    best = []
    # A fit that has not converged is judged like any other.
    with warnings.catch_warnings(action="ignore"), threadpool_limits(num_threads):
        for how in ways.of(baseline):
            rows = splits.variant(how).prepared(place)
            tried = [
                _tried(baseline.make(task, settings), rows, plain, ways.loss(task))
                for settings in ways.settings_of(baseline)
            ]
            number = int(np.argmin([loss for loss, _, _ in tried]))
            best.append((number, *tried[number][1:], rows))
        chosen = ways.best([on_val for _, on_val, _, _ in best], plain)
        number, on_val, model, rows = best[chosen]
        on_test = plain.said_of(rows, said_by(model, rows.x_test, rows.y_test))
    return {
        "outputs.val": on_val.astype(np.float32),
        "outputs.test": on_test.astype(np.float32),
        "setting": np.int32(number),
        "preparation": np.int32(chosen),
        "seconds": np.float32(time.perf_counter() - started),
    }


def _tried(
    model: Any, rows: Prepared, plain: Prepared, loss: str
) -> tuple[float, np.ndarray, Any]:
    """Fit a model; return its loss and outputs on the validation rows, and itself.

    The outputs are as the rows are plainly prepared.
    """
    y = rows.y_train.argmax(axis=1) if rows.scale is None else rows.y_train[:, 0]
    # Not every model takes weights.
    told = {} if rows.weight_train is None else {"sample_weight": rows.weight_train}
    model.fit(rows.x_train, y, **told)
    said = plain.said_of(rows, said_by(model, rows.x_val, rows.y_val))
    scored = score_rows(loss, plain.y_val, said, weights=rows.weight_val)
    return scored.value, said, model


def said_by(model: Any, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return probabilities `[N, K]` of all classes, or predictions `[N, 1]`."""
    if not hasattr(model, "predict_proba"):
        return np.asarray(model.predict(x)).reshape(-1, 1)
    said = np.zeros(y.shape)
    # A class that has no training rows has no probability.
    said[:, np.asarray(model.classes_, int)] = model.predict_proba(x)
    return said


def stored_baselines(
    baselines: Sequence[Baseline],
    splits: Splits,
    store: Store,
    ways: Ways = PLAIN_WAY,
) -> dict[str, dict[str, np.ndarray]]:
    """Return the arrays of every baseline `[J, ...]`, by name."""
    found = {}
    for baseline in baselines:
        asked = specification(baseline, splits, ways)
        found[baseline.name] = store.load(spec_digest(asked)).arrays
    return found


def outputs_of(stored: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return what a baseline says of the held-out rows `[J, 1, N, K]`, by part."""
    return {part: stored[f"outputs.{part}"][:, None] for part in ("val", "test")}
