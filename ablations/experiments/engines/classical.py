"""Fit the models of `ablations.experiments.classical` with scikit-learn.

Every fit uses one thread, so that chunks of runs can be made side by side.
Its numbers follow from the seed: the rows, and whatever the model draws.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, Ridge, RidgeClassifier
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR
from threadpoolctl import threadpool_limits

from ablations.tasks import TaskConfig, make_task
from ablations.tasks.data import Data

NUM_TREES = 200
MOST_ITERATIONS = 5000

ONE_AT_A_TIME = threading.Lock()
"""Held while a linear model is fitted, which is short, or a forest: what becomes of
warnings, which scikit-learn sets anew for each tree, and how many threads multiply
matrices (for small ones several are far slower than one), are settings of the whole
process."""

LINEAR = ("logistic_regression", "linear_svm", "ridge")

CLASSIFIERS: dict[str, Callable[..., Any]] = {
    "logistic_regression": partial(LogisticRegression, max_iter=MOST_ITERATIONS),
    "linear_svm": partial(LinearSVC, max_iter=MOST_ITERATIONS),
    "rbf_svm": SVC,
    "random_forest": partial(RandomForestClassifier, n_estimators=NUM_TREES, n_jobs=1),
    "gradient_boosting": partial(HistGradientBoostingClassifier, early_stopping=False),
    "ridge": RidgeClassifier,
}
REGRESSORS: dict[str, Callable[..., Any]] = {
    "linear_svm": partial(LinearSVR, max_iter=MOST_ITERATIONS),
    "rbf_svm": SVR,
    "random_forest": partial(RandomForestRegressor, n_estimators=NUM_TREES, n_jobs=1),
    "gradient_boosting": partial(HistGradientBoostingRegressor, early_stopping=False),
    "ridge": Ridge,
}
WITHOUT_CHANCE = ("SVC", "SVR")
"""Models that draw nothing and take no seed."""


@dataclass(frozen=True)
class Search:
    """What is tried for every seed: settings of a model on rows, in their order."""

    task: TaskConfig
    model: str
    trials: Sequence[Mapping[str, Any]]

    def read(self, y: np.ndarray) -> np.ndarray:
        """Return what a model learns of targets `[N, K]`, numbers or classes `[N]`."""
        if self.task.is_regression:
            return y[:, 0].astype(np.float64)
        return y.argmax(axis=1) if y.shape[1] > 1 else (y[:, 0] > 0.5).astype(np.intp)


def fit_seeds(search: Search, seeds: np.ndarray) -> list[np.ndarray]:
    """Fit every setting on every seed and score the best.

    Returns:
        Validation and test score of the chosen setting, its place, and the number of
        fits that did not converge, each `[S]`.
    """
    task = make_task(search.task)
    found = []
    for seed in seeds:
        data = task.rows_of_run(seed)
        alone = ONE_AT_A_TIME if search.model == "random_forest" else nullcontext()
        # Trees are far slower by several threads where cores are busy with others.
        with alone, threadpool_limits(limits=1, user_api="openmp"):
            found.append(_fit_seed(search, int(seed), data))
    return [np.array(each) for each in zip(*found, strict=True)]


def _fit_seed(search: Search, seed: int, data: Data) -> tuple[float, float, int, int]:
    """Return validation and test score, the chosen trial and the fits not converged."""
    x, y = data.x.astype(np.float64), search.read(data.y)
    best: tuple[float, int, Any] = (-np.inf, -1, None)
    num_unconverged = 0
    for place, settings in enumerate(search.trials):
        model = _estimator(search, settings, seed, x)
        if search.model in LINEAR:
            num_unconverged += not _fit_linear(model, x, y)
        else:
            model.fit(x, y)
        quality = _quality(search, model, data.x_val, data.y_val)
        if best[2] is None or quality > best[0]:
            best = (quality, place, model)
    quality, place, model = best
    tested = _quality(search, model, data.x_test, data.y_test)
    sign = -1.0 if search.task.is_regression else 1.0
    return sign * quality, sign * tested, place, num_unconverged


def _estimator(
    search: Search, settings: Mapping[str, Any], seed: int, x: np.ndarray
) -> Any:
    """Return an estimator that is not fitted yet."""
    models = REGRESSORS if search.task.is_regression else CLASSIFIERS
    given = dict(settings)
    if "gamma_factor" in given:
        given["gamma"] = given.pop("gamma_factor") / (x.shape[1] * x.var())
    model = models[search.model](**given)
    if type(model).__name__ not in WITHOUT_CHANCE:
        model.set_params(random_state=seed % 2**32)
    return model


def _fit_linear(model: Any, x: np.ndarray, y: np.ndarray) -> bool:
    """Fit, and return whether the solver did not warn that it has not converged.

    Other warnings are given on.
    """
    with ONE_AT_A_TIME, threadpool_limits(limits=1):
        with warnings.catch_warnings(
            record=True, action="always", category=ConvergenceWarning
        ) as caught:
            model.fit(x, y)
        others = [w for w in caught if not issubclass(w.category, ConvergenceWarning)]
        for one in others:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    return len(others) == len(caught)


def _quality(search: Search, model: Any, x: np.ndarray, y: np.ndarray) -> float:
    """Return the accuracy, or minus the mean squared error."""
    p, truth = model.predict(x.astype(np.float64)), search.read(y)
    if search.task.is_regression:
        return -float(np.mean((p - truth) ** 2))
    return float(np.mean(p == truth))
