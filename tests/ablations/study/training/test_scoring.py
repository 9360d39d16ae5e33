import numpy as np
import pandas as pd
import pytest
from sklearn import metrics

from ablations.study.settings.config import SCORES
from ablations.study.table.dataset import load_dataset
from ablations.study.table.folds import make_folds
from ablations.study.table.splits import Splits
from ablations.study.training.scoring import (
    mean_of_members,
    predictions_frame,
    score_splits,
    score_test_rows,
    targets_of,
    with_dummy,
)

NUM_SPLITS, NUM_SEEDS = 4, 2


def make_splits(task: str) -> Splits:
    rng = np.random.default_rng(5)
    x = rng.normal(size=(80, 2))
    target = 1000.0 + 30.0 * x[:, 0] if task == "regression" else np.repeat([0, 1], 40)
    frame = pd.DataFrame({"a": x[:, 0], "b": x[:, 1], "y": target})
    # A quarter of the rows are of the class that is looked for.
    dataset = load_dataset(frame.iloc[:54], "y", num_splits=NUM_SPLITS)
    return Splits(dataset, make_folds(dataset, NUM_SPLITS, 2, 0))


def make_outputs(splits: Splits) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(6)
    shape = (len(splits.folds), NUM_SEEDS)
    found = {}
    for part in ("val", "test"):
        num_rows = len(getattr(splits.folds[0], part))
        said = rng.normal(size=(*shape, num_rows, 1))
        if splits.dataset.classes:
            share = 1 / (1 + np.exp(-said))
            said = np.concatenate([1 - share, share], axis=-1)
        found[part] = said.astype(np.float32)
    return found


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_what_the_rows_add_to_a_score_has_the_score_as_its_mean(task):
    splits = make_splits(task)
    outputs = make_outputs(splits)
    scores = score_splits(SCORES[task], outputs, "test", splits)
    for name in SCORES[task]:
        rows = score_test_rows(name, outputs, splits)
        assert rows.shape == outputs["test"].shape[:3]
        np.testing.assert_allclose(rows.mean(axis=2), scores[name], rtol=1e-12)


def test_errors_are_in_the_unit_of_the_target():
    splits = make_splits("regression")
    outputs = make_outputs(splits)
    said = splits.prepared(1).in_units(outputs["val"][1, 0])
    known = splits.dataset.target[splits.folds[1].val]
    ours = score_splits(["mae"], outputs, "val", splits)["mae"]
    assert ours[1, 0] == pytest.approx(metrics.mean_absolute_error(known, said))
    assert ours[1, 0] > 5


@pytest.mark.parametrize("has_zeros", [False, True])
def test_ratios_are_those_of_scikit_learn_and_no_answer_is_too_small(has_zeros):
    splits = make_splits("regression")
    if has_zeros:
        splits.dataset.target[:9] = 0.0
    fold, scale = splits.folds[0], splits.prepared(0).scale
    known, test = (splits.dataset.target[rows] for rows in (fold.train, fold.test))
    said = np.where(np.arange(len(test)) % 2, -50.0, 1010.0)[:, None]
    outputs = {"test": scale.forward(said)[None, None]}
    ours = score_splits(["rmsle"], outputs, "test", splits)["rmsle"].item()
    floored = np.maximum(said, known.min())
    theirs = (
        metrics.root_mean_squared_log_error(test[:, None], floored)
        if has_zeros
        else metrics.root_mean_squared_error(np.log(test[:, None]), np.log(floored))
    )
    assert ours == pytest.approx(theirs, rel=1e-9)


def test_the_rarer_of_two_classes_is_looked_for():
    splits = make_splits("classification")
    outputs = make_outputs(splits)
    assert np.bincount(splits.dataset.target).tolist() == [40, 14]
    ours = score_splits(["average_precision"], outputs, "test", splits)
    theirs = metrics.average_precision_score(
        splits.dataset.target[splits.folds[0].test], outputs["test"][0, 1][:, 1]
    )
    assert ours["average_precision"][0, 1] == pytest.approx(theirs)


def test_predictions_are_of_every_row_of_the_first_repeat_once():
    splits = make_splits("regression")
    outputs = make_outputs(splits)
    frame = predictions_frame(outputs, splits)
    assert frame["row"].is_unique
    assert sorted(frame["split"].unique()) == list(range(NUM_SPLITS))
    first = frame[frame["split"] == 0]
    np.testing.assert_array_equal(first["target"], targets_of(splits, "test", 0)[:, 0])
    np.testing.assert_allclose(
        first["predicted"], splits.prepared(0).in_units(outputs["test"][0, 0, :, 0])
    )


def test_members_that_broke_down_do_not_count_and_the_dummy_stands_for_all_of_them():
    said = np.array([[[1.0, 3.0], [np.nan, 4.0], [np.nan, np.inf]]])[..., None, None]
    lost = np.array([[[False, False], [True, False], [True, True]]])
    mean = mean_of_members(said, lost)
    assert mean.shape == (1, 3, 1, 1)
    np.testing.assert_array_equal(mean[0, :, 0, 0], [2.0, 4.0, np.nan])
    whole = with_dummy(mean, np.full((1, 1, 1, 1), 7.0, np.float32))
    assert whole.dtype == np.float32
    assert whole[0, :, 0, 0].tolist() == [2.0, 4.0, 7.0]
