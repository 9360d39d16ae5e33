"""Search on a file of the user, from its rows to what the best network is worth.

Everything that a user can get wrong is checked before a backend is loaded.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.running.executors import make_executor
from ablations.study.settings.recipe import Recipe
from ablations.study.table.dataset import Dataset, load_dataset
from ablations.study.table.folds import Fold, make_folds
from ablations.study.table.preprocessing import Preparation, Prepared, prepare
from ablations.study.table.told import HowToRead
from ablations.tasks.data import Data
from ablations.training.devices import choose_device, load_backend, pool_no_memory
from ablations.tuner.folder import check_folder, claimed, identify
from ablations.tuner.settings import SearchConfig
from models.config import one_of, requirement
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
        dataset: The data as they were read.
        source: Where they were read from.
        test: What `measure` gives for the best network on the test rows, the mean over
            the networks of several folds; {} if every trial failed.
        target_transform: What is learned in place of numbers to predict.
    """

    search: Search
    dataset: Dataset
    source: str
    test: dict[str, float]
    target_transform: str = "none"


def tune_file(
    source: str,
    target: str | None,
    *,
    task: str | None = None,
    fields: Sequence[str] = (),
    read: Mapping[str, Any] | None = None,
    folds: int | None = None,
    seed: int = 0,
    begin: Callable[[str], None] | None = None,
    report: Report | None = None,
    out: Path | None = None,
    device: str = "auto",
    executor: str = "local",
    **settings: Any,
) -> FileSearch:
    """Read a file, search, and measure the best trial on rows that no trial saw.

    Args:
        source: A file or `sklearn:NAME`.
        target: The column to predict.
        task: "classification" or "regression"; None looks at the target.
        fields: Fields of the search space as typed, such as `width=16,32`.
        read: What a study has by the same names: how columns are read, `drop`, `keep`,
            `group`, `time`, `sample_weight` and `target_transform`.
        folds: Splits of the cross-validation that scores a trial; None scores it on
            one part of the rows.
        seed: Decides the parts of the rows, too.
        begin: Is told in a line what is searched.
        report: As in `tune`.
        out: As in `tune`.
        device: Where to train: "auto", "cpu" or "gpu".
        executor: Who trains, a name that `make_executor` takes.
        **settings: `oracle`, `trials`, `max_epochs`, `objective`, ... of `tune`.

    Raises:
        ConfigError: If the file, the space or a setting cannot be used, or `out` holds
            anything but this search.
    """
    told: dict[str, Any] = dict(parse_field(text) for text in fields)
    space = SearchSpace(**told)
    config = SearchConfig(seed=seed, **settings)
    if folds is not None and folds < 2:
        raise requirement("folds", "must be at least 2", folds)
    choose_device(device)
    pool_no_memory()
    carrier = make_executor(executor, device)
    if out is not None:
        check_folder(out)
    options = dict(read or {})
    transform = options.pop("target_transform", "none")
    recipe = Recipe(target_transform=transform)
    preparation = Preparation(target_transform=recipe.target_transform)
    dataset = _read(source, target, task, options)
    parts = [
        prepare(dataset, fold, preparation) for fold in split_rows(dataset, folds, seed)
    ]
    data = [_of(part) for part in parts]
    about: dict[str, Any] = {"name": source, "digest": dataset.digest}
    if out is not None:
        with claimed(out, identify(config, space, data, dataset.task, **about)):
            pass  # Whatever is wrong with it is said before a backend is loaded.
    if begin:
        begin(_describe(dataset, parts))
    about |= {"space": space, "out": out, "report": report, "executor": carrier}
    with closing(carrier):
        carrier.begin()
        load_backend(device)
        from ablations.tuner.search import tune

        search = tune(data, dataset.task, **dict(config), **about)
    test = _test(search, parts, dataset.task)
    return FileSearch(search, dataset, source, test, transform)


def _read(
    source: str, target: str | None, task: str | None, options: Mapping[str, Any]
) -> Dataset:
    """Read a file as told."""
    chosen: Any = task and one_of("task", task, TASKS)
    told = HowToRead.arguments(options)
    weight = told.pop("sample_weight", None)
    return load_dataset(source, target, chosen, weight=weight, **told)


def _of(part: Prepared) -> Data:
    """Return the rows that a trial learns from, and those that score it."""
    return Data(
        part.x_train,
        part.y_train,
        part.x_val,
        part.y_val,
        weight=part.weight_train,
        weight_val=part.weight_val,
    )


def split_rows(dataset: Dataset, num_folds: int | None, seed: int) -> list[Fold]:
    """Return the folds of a search, all with the same test rows, which no trial sees.

    Args:
        dataset: The rows.
        num_folds: Splits of the rows that are not kept for the end, or None for one
            part of them to score by.
        seed: Chooses the parts.
    """
    # Where rows have times, the last split tests on the latest.
    whole = make_folds(dataset, NUM_SPLITS, 1, seed)[-1]
    if num_folds is None:
        return [whole]
    rest = np.union1d(whole.train, whole.val)
    inner = make_folds(_rows_of(dataset, rest), num_folds, 1, seed)
    return [
        Fold(0, i, rest[np.union1d(fold.train, fold.val)], rest[fold.test], whole.test)
        for i, fold in enumerate(inner)
    ]


def _rows_of(dataset: Dataset, rows: np.ndarray) -> Dataset:
    """Return some rows of a data set: of every array that has one per row."""
    frame = dataset.frame.iloc[rows].reset_index(drop=True)
    return dataclasses.replace(_take(dataset, len(dataset), rows), frame=frame)


def _take(record: Any, num_rows: int, rows: np.ndarray) -> Any:
    """Return a dataclass, and those in it, with some rows of what has so many."""
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        value = getattr(record, field.name)
        if isinstance(value, np.ndarray) and len(value) == num_rows:
            changes[field.name] = value[rows]
        elif dataclasses.is_dataclass(value):
            changes[field.name] = _take(value, num_rows, rows)
    return dataclasses.replace(record, **changes)


def _describe(dataset: Dataset, parts: Sequence[Prepared]) -> str:
    first = parts[0]
    text = (
        f"{dataset.name}: {dataset.task}, {first.x_train.shape[1]} inputs;"
        f" {len(first.x_train):,} rows to train on, {len(first.x_val):,} to score"
        f" trials, {len(first.x_test):,} kept for the end."
    )
    if len(parts) > 1:
        text += f" A trial's score is its mean over {len(parts)} such splits."
    return text


def _test(search: Search, parts: Sequence[Prepared], task: str) -> dict[str, float]:
    """Return what the networks of the best trial are worth on the test rows."""
    if not search.has_model:
        return {}
    found = [
        measure(
            p.in_units(model.predict(p.x_test, verbose=0)),
            p.in_units(p.y_train),
            p.in_units(p.y_test),
            task,
            p.weight_test,
        )
        for model, p in zip(search.tuner.fold_models(), parts, strict=True)
    ]
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


def measure(
    predicted: np.ndarray,
    y_train: np.ndarray,
    y_test: np.ndarray,
    task: str,
    weights: np.ndarray | None = None,
) -> dict[str, float]:
    """Return what predictions `[N, K]` are worth beside those of a constant.

    The constant is the most frequent class, or the mean, of the training rows.

    Returns:
        `accuracy` and `constant_accuracy`, or `rmse` and `constant_rmse`, the root mean
        squared errors. Rows count by their weights `[N]`, if they have any.
    """

    def mean(values: np.ndarray) -> float:
        return float(np.average(values, axis=0, weights=weights))

    if task == "classification":
        right = predicted.argmax(axis=1) == y_test.argmax(axis=1)
        most = int(np.argmax(y_train.sum(axis=0)))
        return {"accuracy": mean(right), "constant_accuracy": mean(y_test[:, most])}
    answers = {"rmse": predicted, "constant_rmse": y_train.mean(axis=0)}
    return {
        name: float(np.sqrt(mean((said - y_test)[:, 0] ** 2)))
        for name, said in answers.items()
    }


SCORES = {"accuracy": "accuracy", "rmse": "root mean squared error"}
"""What `measure` finds, in words."""


def describe_test(test: dict[str, float], num_folds: int | None = None) -> str:
    """Return what the best network is worth, in a sentence."""
    if not test:
        return "Every trial failed; lower the learning rates."
    (name, value), (_, constant) = test.items()
    mean = f" (mean of its {num_folds} networks)" if num_folds else ""
    return (
        f"Best trial on the rows kept for the end: {SCORES[name]} {value:.4g}{mean};"
        f" a constant prediction has {constant:.4g}."
    )
