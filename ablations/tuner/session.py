"""Search on a file of the user, from its rows to what the best network is worth.

Everything that a user can get wrong is checked before a backend is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.study.table.dataset import load_dataset
from ablations.study.table.folds import make_folds
from ablations.study.table.preprocessing import prepare
from ablations.tasks.data import Data
from ablations.training.devices import choose_device, load_backend
from ablations.tuner.project import check_project
from ablations.tuner.settings import SearchConfig
from models.config import one_of
from models.search_space import SearchSpace, parse_field

if TYPE_CHECKING:
    from ablations.tuner.search import Report, Search

TASKS = ("classification", "regression")
NUM_SPLITS = 5
"""One part in so many are the test rows, which no trial sees."""


@dataclass(frozen=True)
class FileSearch:
    """A search and what its best network says of rows that no trial saw.

    Attributes:
        search: The search.
        notes: What was found in the file, and done about it.
        test: What `measure` gives for the best network on the test rows; {} if every
            trial failed.
    """

    search: Search
    notes: tuple[Any, ...]
    test: dict[str, float]


def tune_file(
    source: str,
    target: str | None,
    *,
    task: str | None = None,
    fields: Sequence[str] = (),
    seed: int = 0,
    begin: Callable[[str], None] | None = None,
    report: Report | None = None,
    out: Path | None = None,
    device: str = "auto",
    **settings: Any,
) -> FileSearch:
    """Read a file, search, and measure the best trial on rows that no trial saw.

    Args:
        source: A file or `sklearn:NAME`.
        target: The column to predict.
        task: "classification" or "regression"; None looks at the target.
        fields: Fields of the search space as typed, such as `width=16,32`.
        seed: Decides the parts of the rows, too.
        begin: Is told in a line what is searched.
        report: As in `tune`.
        out: As in `tune`.
        device: Where to train: "auto", "cpu" or "gpu".
        **settings: `oracle`, `trials`, `max_epochs`, `objective`, ... of `tune`.

    Raises:
        ConfigError: If the file, the space or a setting cannot be used.
    """
    told: dict[str, Any] = dict(parse_field(text) for text in fields)
    space = SearchSpace(**told)
    config = SearchConfig(seed=seed, **settings)
    choose_device(device)
    if out is not None:
        check_project(out)
    chosen: Any = task and one_of("task", task, TASKS)
    dataset = load_dataset(source, target, chosen)
    (fold, *_) = make_folds(dataset, NUM_SPLITS, 1, seed)
    rows = prepare(dataset, fold)
    data = Data(rows.x_train, rows.y_train, rows.x_val, rows.y_val)
    if begin:
        begin(
            f"{dataset.name}: {dataset.task}, {data.x.shape[1]} inputs;"
            f" {len(rows.x_train):,} rows to train on, {len(rows.x_val):,} to score"
            f" trials, {len(rows.x_test):,} kept for the end."
        )
    load_backend(device)
    from ablations.tuner.search import tune

    search = tune(
        data, dataset.task, space=space, out=out, report=report, **dict(config)
    )
    test = {}
    if search.has_model:
        predicted = search.best_model().predict(rows.x_test, verbose=0)
        test = measure(predicted, rows.y_train, rows.y_test, dataset.task)
    return FileSearch(search, dataset.notes, test)


def measure(
    predicted: np.ndarray, y_train: np.ndarray, y_test: np.ndarray, task: str
) -> dict[str, float]:
    """Return what predictions `[N, K]` are worth beside those of a constant.

    The constant is the most frequent class, or the mean, of the training rows.

    Returns:
        `accuracy` and `constant_accuracy`, or `squared_error` and
        `constant_squared_error` of targets as they were scaled.
    """
    if task == "classification":
        right = predicted.argmax(axis=1) == y_test.argmax(axis=1)
        most = int(np.argmax(y_train.sum(axis=0)))
        constant = float(np.mean(y_test[:, most]))
        return {"accuracy": float(np.mean(right)), "constant_accuracy": constant}
    return {
        "squared_error": float(np.mean((predicted - y_test) ** 2)),
        "constant_squared_error": float(np.mean((y_train.mean(axis=0) - y_test) ** 2)),
    }


def describe_test(test: dict[str, float]) -> str:
    """Return what the best network is worth, in a sentence."""
    if not test:
        return "Every trial failed; lower the learning rates."
    (name, value), (_, constant) = test.items()
    words = "accuracy" if name == "accuracy" else "squared error (target scaled to 1)"
    return (
        f"Best trial on the rows kept for the end: {words} {value:.4g};"
        f" a constant prediction has {constant:.4g}."
    )
