"""Train models that are no networks on the same splits, with a few settings each."""

from __future__ import annotations

import itertools
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ablations.running.heartbeat import Heartbeat
from ablations.running.machine import num_cores, release_memory
from ablations.stats.row_scores import score_rows
from ablations.store.codec import spec_digest
from ablations.store.store import Store
from ablations.study.table.preprocessing import PLAIN, Prepared
from ablations.study.table.splits import Splits
from ablations.study.training.ways import (
    DUMMY,
    PLAIN_WAY,
    Baseline,
    Settings,
    Ways,
)

BASELINES_VERSION = 3
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

SECONDS_PER_SPLIT, SECONDS_PER_CELL = 0.5, 4e-5
"""What all baselines took on two cores, for guesses of the time: a split, and a cell of
its training rows, for numbers or two classes."""


def _dummy(task: str, settings: Settings) -> Any:
    from sklearn.dummy import DummyClassifier, DummyRegressor

    # Shares of the classes as probabilities, the largest class as the answer.
    if task == "classification":
        return DummyClassifier(strategy="prior")
    return DummyRegressor(**{"strategy": "mean", **settings})


def _linear(task: str, settings: Settings) -> Any:
    from sklearn.linear_model import LogisticRegression, Ridge

    if task == "classification":
        return LogisticRegression(C=settings["c"], max_iter=1000)
    return Ridge(alpha=1.0 / settings["c"])


def _random_forest(task: str, settings: Settings) -> Any:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    kind = RandomForestClassifier if task == "classification" else RandomForestRegressor
    return kind(**{"n_estimators": NUM_TREES, "random_state": 0, **settings})


def _boosting(task: str, settings: Settings) -> Any:
    from sklearn.ensemble import (
        HistGradientBoostingClassifier,
        HistGradientBoostingRegressor,
    )

    classifies = task == "classification"
    kind = (
        HistGradientBoostingClassifier if classifies else HistGradientBoostingRegressor
    )
    settings = {"max_iter": MOST_ROUNDS, "random_state": 0, **settings}
    return kind(early_stopping=False, **settings)


BASELINES = (
    Baseline(DUMMY, ({},), _dummy, ()),
    Baseline(
        "linear",
        tuple({"c": 10.0**power} for power in range(-4, 4)),
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
        is_drawn=True,
    ),
    Baseline(
        "gradient boosting",
        ({"learning_rate": 0.03}, {"learning_rate": 0.1}, {"learning_rate": 0.3}),
        _boosting,
        is_drawn=True,
    ),
)
"""Simple ones first. The dummy answers with the largest class, or with the mean or
median.

Trees split numbers by their ranks, so that scaling by quantiles changes nothing there.
"""


def for_rows(baseline: Baseline, settings: Settings, num_rows: int) -> Settings:
    """Return settings as they are for so many training rows."""
    if baseline.make is _random_forest and num_rows > MOST_ROWS_PER_TREE:
        return {**settings, "max_samples": MOST_ROWS_PER_TREE}
    return settings


def draw_seed(study: int, split: int) -> int:
    """Return the seed of all that is drawn in one split of a study."""
    return int(np.random.SeedSequence([study, split]).generate_state(1)[0])


def wanted_baselines(everything: bool) -> tuple[Baseline, ...]:
    """Return all baselines, or only the dummy, without which nothing can be judged."""
    return BASELINES if everything else BASELINES[:1]


def guess_seconds(splits: Splits) -> float:
    """Return about how long all baselines take on two cores."""
    cells = splits.num_rows * splits.num_inputs * max(splits.num_outputs - 1, 1)
    return len(splits.folds) * (SECONDS_PER_SPLIT + SECONDS_PER_CELL * cells)


def specification(
    baseline: Baseline, splits: Splits, ways: Ways = PLAIN_WAY
) -> dict[str, Any]:
    """Return the plain data that the key of a baseline's runs is the digest of."""
    own = ways.of(baseline)
    is_usual = own == (PLAIN,) and ways.score not in ("mae", "rmsle")
    prepared = {"preparations": [asdict(one) for one in own], "score": ways.score}
    return {
        **({} if is_usual else prepared),
        **({"seed": splits.seed} if baseline.is_drawn else {}),
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
    stream: Heartbeat,
    ways: Ways = PLAIN_WAY,
) -> int:
    """Train what is not stored, split by split, and return how many runs that were."""
    num_trained, here = 0, machine()
    for baseline in baselines:
        digest = store.put_spec(specification(baseline, splits, ways))
        places = np.arange(len(splits.folds))
        missing = np.setdiff1d(places, store.seeds_present(digest))
        if not len(missing):
            continue
        began = time.monotonic()
        for number, place in enumerate(missing):
            what = f"Baseline {baseline.name}, split {number + 1} of {len(missing)}"
            with stream.doing(what):
                one = run_baseline(baseline, splits, int(place), ways)
            arrays = {name: np.array([value]) for name, value in one.items()}
            arrays["steps"] = np.zeros((1, 1), np.int32)
            ends = np.array([-1])
            store.insert(digest, [int(place)], ["ok"], ends, arrays, here)
            if splits.num_rows >= ROWS_FOR_THREADS:
                release_memory()  # that of a forest, which was grown in threads
        num_trained += len(missing)
        seconds = time.monotonic() - began
        stream.write(
            f"Baseline {baseline.name}: {len(missing)} splits, {seconds:.0f} s.\n"
        )
        stream.flush()
    return num_trained


@dataclass(frozen=True, eq=False)
class _Fitted:
    """A model that was fitted.

    Attributes:
        model: The model of scikit-learn.
        rows: What it was fitted to.
        rounds: Rounds of boosting that count, 0 for a model without rounds.
        on_val: What it says of the validation rows [N, K], as an answer to the targets
            of `rows`.
        loss: What settings are chosen by.
        number: Which setting it has.
    """

    model: Any
    rows: Prepared
    rounds: int
    on_val: np.ndarray
    loss: float
    number: int


def run_baseline(
    baseline: Baseline,
    splits: Splits,
    place: int,
    ways: Ways = PLAIN_WAY,
) -> dict[str, Any]:
    """Return what a baseline says of the held-out rows of one split.

    Each setting is fitted to the training rows, as often as there are ways to prepare
    them, with a seed of the study's and the split's own where chance enters; the best
    on the validation rows is judged on the test rows. That is, for each
    preparation, the best by cross-entropy or squared error; and of those the best by
    what the nets are judged by, as class weights never lower the cross-entropy.
    Boosting goes on until the validation rows gain no more, and counts up to its best
    round.
    """
    from threadpoolctl import threadpool_limits

    plain, seed = splits.prepared(place), draw_seed(splits.seed, place)
    judged = splits.variant(ways.judged).prepared(place)
    num_threads = None if len(plain.x_train) >= ROWS_FOR_THREADS else 1
    started = time.perf_counter()
    best = []
    # A fit that has not converged is judged like any other.
    with warnings.catch_warnings(action="ignore"), threadpool_limits(num_threads):
        best = [
            _best(baseline, splits.variant(how).prepared(place), judged, ways, seed)
            for how in ways.of(baseline)
        ]
        said = [judged.said_of(one.rows, one.on_val) for one in best]
        chosen = ways.best(said, judged)
        one = best[chosen]
        on_val, rows = one.on_val, one.rows
        if _is_forest(one.model):
            _grow(one.model, rows, NUM_TREES)
            on_val = said_by(one.model, rows.x_val, rows.y_val)
        on_test = said_by(one.model, rows.x_test, rows.y_test, one.rounds)
    return {
        "outputs.val": plain.said_of(rows, on_val).astype(ways.dtype),
        "outputs.test": plain.said_of(rows, on_test).astype(ways.dtype),
        "setting": np.int32(one.number),
        "preparation": np.int32(chosen),
        "rounds": np.int32(one.rounds),
        "seconds": np.float32(time.perf_counter() - started),
    }


def _best(
    baseline: Baseline, rows: Prepared, judged: Prepared, ways: Ways, seed: int
) -> _Fitted:
    """Return the best of all settings, fitted to rows that are prepared in one way."""
    best = None
    task = "regression" if rows.scale else "classification"
    drawn = {"random_state": seed} if baseline.is_drawn else {}
    for number, settings in enumerate(ways.settings_of(baseline)):
        sized = for_rows(baseline, settings, len(rows.x_train))
        model = baseline.make(task, {**sized, **drawn})
        rounds = _fit(model, rows)
        said = said_by(model, rows.x_val, rows.y_val, rounds)
        loss = score_rows(
            ways.loss(task),
            judged.y_val,
            judged.said_of(rows, said),
            weights=rows.weight_val,
        ).value
        # The worse is let go: a forest of many rows is large.
        if best is None or loss < best.loss:
            best = _Fitted(model, rows, rounds, said, loss, number)
    if best is None:
        raise ValueError(f"{baseline.name} has no settings.")
    return best


def _fit(model: Any, rows: Prepared) -> int:
    """Fit a model to the training rows; return its rounds, 0 where it has none."""
    if _is_forest(model):
        _grow(model, rows, TREES_TO_CHOOSE)
    elif hasattr(model, "max_iter") and hasattr(model, "early_stopping"):
        return _boost(model, rows)
    else:
        model.fit(rows.x_train, _answers(rows, rows.y_train), **_weights(rows))
    return 0


def _answers(rows: Prepared, y: np.ndarray) -> np.ndarray:
    """Return class codes, or numbers [N], of targets [N, K]."""
    return y.argmax(axis=1) if rows.scale is None else y[:, 0]


def _weights(rows: Prepared) -> dict[str, np.ndarray]:
    """Return how much training rows count; not every model takes weights."""
    return {} if rows.weight_train is None else {"sample_weight": rows.weight_train}


def _is_forest(model: Any) -> bool:
    """Return whether a model is made of trees that can be added to."""
    return hasattr(model, "n_estimators")


def _grow(model: Any, rows: Prepared, num_trees: int) -> None:
    """Add trees to a forest, on all cores, up to a number of them."""
    model.set_params(n_estimators=num_trees, warm_start=True, n_jobs=num_cores())
    model.fit(rows.x_train, _answers(rows, rows.y_train), **_weights(rows))
    # Threads would add the answers of the trees in an order of their own.
    model.set_params(n_jobs=1)


def _boost(model: Any, rows: Prepared) -> int:
    """Fit boosting until the validation rows gain no more; return its best round."""
    y, y_val = _answers(rows, rows.y_train), _answers(rows, rows.y_val)
    known = np.isin(y_val, y) if rows.scale is None else np.ones(len(y_val), bool)
    if not known.any():
        model.fit(rows.x_train, y, **_weights(rows))
        return int(model.n_iter_)
    held = {"X_val": rows.x_val[known], "y_val": y_val[known]}
    if rows.weight_val is not None:
        held["sample_weight_val"] = rows.weight_val[known]
    model.set_params(early_stopping=True, n_iter_no_change=PATIENCE)
    model.fit(rows.x_train, y, **_weights(rows), **held)
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
