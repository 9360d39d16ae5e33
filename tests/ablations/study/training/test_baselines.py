import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from ablations.stats.row_scores import score_rows
from ablations.study.table.dataset import load_dataset
from ablations.study.table.folds import make_folds
from ablations.study.table.splits import Splits
from ablations.study.training.baselines import (
    BASELINES,
    MOST_ROUNDS,
    draw_seed,
    outputs_of,
    run_baseline,
    said_by,
    specification,
)
from ablations.study.training.scoring import score_splits
from ablations.study.training.ways import CHOSEN_BY


def make_splits(target: np.ndarray, **options) -> Splits:
    """Return splits of 80 rows with one column that tells the target."""
    x = np.random.default_rng(1).normal(size=(80, 2))
    frame = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": target})
    frame["count"] = 1.0 + np.arange(80) % 7
    options = options or {"drop": ["count"]}
    dataset = load_dataset(frame, "y", num_splits=4, **options)
    return Splits(dataset, make_folds(dataset, 4, 1, 0))


COLUMN = np.random.default_rng(1).normal(size=(80, 2))[:, 0]
CLASSES = np.where(COLUMN > 0, "high", "low")


def loss_of(found: dict[str, np.ndarray], splits: Splits) -> float:
    """Return the loss on the test rows of the first split."""
    stored = {name: np.asarray(array)[None] for name, array in found.items()}
    name = CHOSEN_BY[splits.dataset.task]
    return score_splits([name], outputs_of(stored), "test", splits)[name].item()


@pytest.mark.parametrize("baseline", BASELINES, ids=lambda baseline: baseline.name)
@pytest.mark.parametrize("target", [CLASSES, COLUMN * 10], ids=["classes", "numbers"])
def test_every_baseline_learns_a_column_that_tells_the_target(baseline, target):
    splits = make_splits(target)
    found = run_baseline(baseline, splits, 0)
    guess = run_baseline(BASELINES[0], splits, 0)
    ours, theirs = loss_of(found, splits), loss_of(guess, splits)
    assert ours == theirs if baseline.name == "dummy" else ours < 0.8 * theirs
    assert 0 <= found["setting"] < len(baseline.settings)


def test_a_baseline_is_the_same_when_it_is_trained_again():
    splits = make_splits(CLASSES)
    for baseline in BASELINES:
        first, second = (run_baseline(baseline, splits, 1) for _ in range(2))
        for name in ("outputs.val", "outputs.test", "setting", "rounds"):
            np.testing.assert_array_equal(first[name], second[name])


def test_a_forest_that_grew_is_one_that_was_fitted_at_once():
    splits = make_splits(CLASSES)
    rows, forest = splits.prepared(0), BASELINES[2]
    found = run_baseline(forest, splits, 0)
    settings = forest.settings[found["setting"]] | {"random_state": draw_seed(0, 0)}
    whole = forest.make("classification", settings)
    whole.fit(rows.x_train, rows.y_train.argmax(axis=1))
    for part in ("val", "test"):
        x, y = getattr(rows, f"x_{part}"), getattr(rows, f"y_{part}")
        told = said_by(whole, x, y).astype(np.float32)
        np.testing.assert_array_equal(found[f"outputs.{part}"], told)


def test_every_split_of_every_study_draws_its_own_forest():
    seeds = {draw_seed(study, split) for study in range(30) for split in range(30)}
    assert len(seeds) == 900
    plain = make_splits(CLASSES)
    other = Splits(plain.dataset, plain.folds, seed=1)
    assert plain.digest == other.digest
    for baseline in BASELINES:
        has_own = specification(baseline, plain) != specification(baseline, other)
        assert has_own == (baseline.name in ("random forest", "gradient boosting"))
    forest = BASELINES[2]
    one, two = (run_baseline(forest, splits, 0) for splits in (plain, other))
    assert (one["outputs.test"] != two["outputs.test"]).any()


@pytest.mark.parametrize("target", [CLASSES, COLUMN * 10], ids=["classes", "numbers"])
@pytest.mark.parametrize("options", [{}, {"weight": "count"}], ids=["all", "weighted"])
def test_boosting_counts_up_to_the_best_round_on_the_validation_rows(target, options):
    splits = make_splits(target, **options)
    task, rows = splits.dataset.task, splits.prepared(0)
    boosting = BASELINES[3]
    found = run_baseline(boosting, splits, 0)
    settings = boosting.settings[found["setting"]]
    model = boosting.make(task, {**settings, "max_iter": int(found["rounds"]) + 5})
    y = rows.y_train.argmax(axis=1) if splits.dataset.classes else rows.y_train[:, 0]

    def loss(said: np.ndarray) -> float:
        name = CHOSEN_BY[task]
        return score_rows(name, rows.y_val, said, weights=rows.weight_val).value

    with threadpool_limits(1):
        model.fit(rows.x_train, y, sample_weight=rows.weight_train)
        losses = [
            loss(said_by(model, rows.x_val, rows.y_val, place + 1))
            for place in range(found["rounds"] + 5)
        ]
    assert 1 < found["rounds"] < MOST_ROUNDS
    assert np.argmin(losses) == found["rounds"] - 1
    assert loss(found["outputs.val"]) == pytest.approx(min(losses), rel=1e-5)


def test_linear_models_try_strengths_over_seven_powers_of_ten():
    strengths = [settings["c"] for settings in BASELINES[1].settings]
    np.testing.assert_allclose(np.diff(np.log10(strengths)), 1.0)
    assert strengths[-1] / strengths[0] == pytest.approx(1e7)
