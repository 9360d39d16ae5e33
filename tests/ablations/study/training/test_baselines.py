import numpy as np
import pandas as pd
import pytest
from sklearn import metrics
from threadpoolctl import threadpool_limits

from ablations.study.table.dataset import load_dataset
from ablations.study.table.folds import make_folds
from ablations.study.table.splits import Splits
from ablations.study.training.baselines import (
    BASELINES,
    MOST_ROUNDS,
    metrics_of,
    run_baseline,
    said_by,
)

generator = np.random.default_rng(6)
CODES = generator.integers(0, 3, size=40)
SHARES = generator.dirichlet(np.ones(3), size=40)


def make_splits(target: np.ndarray) -> Splits:
    """Return splits of 80 rows with one column that tells the target."""
    x = np.random.default_rng(1).normal(size=(80, 2))
    frame = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": target})
    dataset = load_dataset(frame, "y", num_splits=4)
    return Splits(dataset, make_folds(dataset, 4, 1, 0))


COLUMN = np.random.default_rng(1).normal(size=(80, 2))[:, 0]
CLASSES = np.where(COLUMN > 0, "high", "low")


def test_metrics_are_those_of_scikit_learn():
    ours = metrics_of("classification", np.eye(3)[CODES], SHARES)
    said = SHARES.argmax(axis=1)
    assert ours["accuracy"] == pytest.approx(metrics.accuracy_score(CODES, said))
    assert ours["balanced_accuracy"] == pytest.approx(
        metrics.balanced_accuracy_score(CODES, said)
    )
    assert ours["crossentropy"] == pytest.approx(metrics.log_loss(CODES, SHARES))
    y, p = generator.normal(size=(2, 30, 1))
    expected = metrics.mean_squared_error(y, p)
    assert metrics_of("regression", y, p)["squared_error"] == pytest.approx(expected)


@pytest.mark.parametrize("baseline", BASELINES, ids=lambda baseline: baseline.name)
@pytest.mark.parametrize("target", [CLASSES, COLUMN * 10], ids=["classes", "numbers"])
def test_every_baseline_learns_a_column_that_tells_the_target(baseline, target):
    splits = make_splits(target)
    found = run_baseline(baseline, splits, 0)
    guess = run_baseline(BASELINES[0], splits, 0)
    name = "crossentropy" if splits.dataset.classes else "squared_error"
    ours, theirs = found[f"curve.test_{name}"], guess[f"curve.test_{name}"]
    assert ours == theirs if baseline.name == "dummy" else ours < 0.7 * theirs
    assert 0 <= found["setting"] < len(baseline.settings)


def test_a_baseline_is_the_same_when_it_is_trained_again():
    splits = make_splits(CLASSES)
    for baseline in BASELINES:
        first, second = (run_baseline(baseline, splits, 1) for _ in range(2))
        for found in (first, second):
            del found["seconds"]
        assert first == second


def test_a_forest_that_grew_is_one_that_was_fitted_at_once():
    splits = make_splits(CLASSES)
    rows, forest = splits.prepared(0), BASELINES[2]
    found = run_baseline(forest, splits, 0)
    whole = forest.make("classification", forest.settings[found["setting"]])
    whole.fit(rows.x_train, rows.y_train.argmax(axis=1))
    told = metrics_of(
        "classification", rows.y_test, said_by(whole, rows.x_test, rows.y_test)
    )
    assert found["curve.test_crossentropy"] == np.float32(told["crossentropy"])


@pytest.mark.parametrize("target", [CLASSES, COLUMN * 10], ids=["classes", "numbers"])
def test_boosting_counts_up_to_the_best_round_on_the_validation_rows(target):
    splits = make_splits(target)
    task, rows = splits.dataset.task, splits.prepared(0)
    boosting = BASELINES[3]
    found = run_baseline(boosting, splits, 0)
    settings = boosting.settings[found["setting"]]
    model = boosting.make(task, {**settings, "max_iter": int(found["rounds"]) + 5})
    y = rows.y_train.argmax(axis=1) if splits.dataset.classes else rows.y_train[:, 0]
    name = "crossentropy" if splits.dataset.classes else "squared_error"
    with threadpool_limits(1):
        model.fit(rows.x_train, y)
        losses = [
            metrics_of(
                task, rows.y_val, said_by(model, rows.x_val, rows.y_val, place + 1)
            )[name]
            for place in range(found["rounds"] + 5)
        ]
    assert 1 < found["rounds"] < MOST_ROUNDS
    assert np.argmin(losses) == found["rounds"] - 1
    assert found[f"curve.val_{name}"] == pytest.approx(min(losses), rel=1e-5)


def test_linear_models_try_strengths_over_seven_powers_of_ten():
    strengths = [settings["c"] for settings in BASELINES[1].settings]
    np.testing.assert_allclose(np.diff(np.log10(strengths)), 1.0)
    assert strengths[-1] / strengths[0] == pytest.approx(1e7)
