"""Splits are equal in size and share, and keep equal rows together."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import Dataset, load_dataset
from ablations.study.table.folds import describe_folds, make_folds
from ablations.study.table.repeats import number_rows
from models.config import ConfigError


def make_dataset(num_rows: int, weights=(0.5, 0.5), again: int = 0) -> Dataset:
    """Return rows of two inputs; the first `again` of them come twice."""
    rng = np.random.default_rng(num_rows)
    counts = np.round(np.array(weights) * num_rows).astype(int)
    labels = np.repeat(np.arange(len(weights)), counts)
    labels = rng.permutation(np.resize(labels, num_rows))
    frame = pd.DataFrame({"a": rng.normal(size=num_rows), "b": 1.5, "y": labels})
    frame["b"] = rng.normal(size=num_rows)
    frame["y"] = frame["y"].map(lambda label: f"class {label}")
    frame = pd.concat([frame, frame.head(again)], ignore_index=True)
    return load_dataset(frame, "y", num_splits=2)


def make_regression(num_rows: int) -> Dataset:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(num_rows, 3)), columns=list("aby"))
    return load_dataset(frame, "y")


@pytest.mark.parametrize("num_rows", [40, 97, 203])
@pytest.mark.parametrize("num_splits", [2, 3, 5])
@pytest.mark.parametrize("again", [0, 11])
def test_parts_share_no_row_and_all_folds_are_of_one_size(num_rows, num_splits, again):
    dataset = make_dataset(num_rows, (0.6, 0.4), again)
    folds = make_folds(dataset, num_splits, 2, seed=4)
    assert [(f.repeat, f.split) for f in folds] == [
        (repeat, split) for repeat in range(2) for split in range(num_splits)
    ]
    sizes = {(len(f.train), len(f.val), len(f.test)) for f in folds}
    assert len(sizes) == 1
    for fold in folds:
        used = np.concatenate([fold.train, fold.val, fold.test])
        assert len(np.unique(used)) == len(used)
        assert used.max() < len(dataset)
        # Blocks differ by a row or two, and so much is left out of each part.
        assert len(used) >= len(dataset) - 6


@pytest.mark.parametrize("dataset", [make_dataset(103), make_regression(103)])
def test_hardly_a_row_is_never_tested_and_none_twice(dataset):
    folds = make_folds(dataset, 5, 1, seed=0)
    tested = np.concatenate([fold.test for fold in folds])
    assert len(np.unique(tested)) == len(tested) >= 100


@pytest.mark.parametrize("weights", [(0.5, 0.5), (0.9, 0.1), (0.5, 0.3, 0.2)])
def test_classes_have_their_share_in_every_part(weights):
    dataset = make_dataset(300, weights)
    for fold in make_folds(dataset, 5, 2, seed=1):
        for part in (fold.train, fold.val, fold.test):
            counts = np.bincount(dataset.target[part], minlength=len(weights))
            expected = np.array(weights) * len(part)
            # A class that does not divide evenly is off by one, a trimmed one by two.
            assert np.abs(counts - expected).max() <= 2


def test_a_class_with_two_rows_for_each_split_is_in_all_trainings_and_tests():
    dataset = make_dataset(100, (0.9, 0.1))
    for fold in make_folds(dataset, 5, 3, seed=1):
        assert (dataset.target[fold.test] == 1).sum() >= 1
        assert (dataset.target[fold.train] == 1).sum() >= 1


def test_equal_rows_are_in_one_part_of_every_split():
    dataset = make_dataset(80, again=40)
    rows = number_rows(dataset.frame)
    folds = make_folds(dataset, 4, 3, seed=2)
    for fold in folds:
        parts = [set(rows[part]) for part in (fold.train, fold.val, fold.test)]
        assert not parts[0] & parts[1]
        assert not parts[0] & parts[2]
        assert not parts[1] & parts[2]
    assert "repeats_together" in {n.code for n in describe_folds(dataset, folds)}


def test_every_row_twice_still_makes_parts_that_share_no_row():
    dataset = make_dataset(60, again=60)
    rows = number_rows(dataset.frame)
    for fold in make_folds(dataset, 5, 1, seed=2):
        assert not set(rows[fold.train]) & set(rows[fold.test])


def test_where_few_rows_are_possible_repeats_go_apart_and_that_is_said():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.integers(0, 2, (200, 3)), columns=list("aby"))
    dataset = load_dataset(frame, "y")
    folds = make_folds(dataset, 5, 1, seed=0)
    assert len(folds[0].test) == 40
    codes = {note.code: note.severity for note in describe_folds(dataset, folds)}
    assert codes["repeats_apart"] == "warning"


@pytest.mark.parametrize("num_different", [1, 2, 4, 5, 8, 12, 20])
def test_no_part_is_empty_however_few_rows_are_different(num_different):
    codes = np.random.default_rng(num_different).integers(0, num_different, 60)
    frame = pd.DataFrame({"a": codes * 1.5, "b": codes % 2 == 0})
    frame["y"] = np.random.default_rng(0).normal(size=60)
    if num_different == 1:
        frame.loc[0, "a"] = 9.5
    dataset = load_dataset(frame, "y")
    for num_splits in (2, 5):
        folds = make_folds(dataset, num_splits, 1, seed=0)
        assert all(len(f.train) and len(f.val) and len(f.test) for f in folds)
        assert len(describe_folds(dataset, folds)) >= 1


def test_what_is_left_out_is_said_with_the_sizes():
    dataset = make_dataset(104)
    folds = make_folds(dataset, 5, 1, seed=0)
    fold = folds[0]
    left = 104 - len(fold.train) - len(fold.val) - len(fold.test)
    text = {n.code: n.text for n in describe_folds(dataset, folds)}["surplus_rows"]
    assert text.startswith(f"{left} rows are left out")
    assert f"{len(fold.train)} rows to train on, {len(fold.val)} to validate" in text


def test_a_seed_gives_the_same_splits_and_another_gives_others():
    dataset = make_dataset(100)
    one, same, other = (
        np.stack([fold.test for fold in make_folds(dataset, 5, 2, seed)])
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert not np.array_equal(one[:5], one[5:])


def test_more_repeats_keep_the_splits_of_the_first():
    dataset = make_dataset(100)
    one, more = make_folds(dataset, 5, 1, 0), make_folds(dataset, 5, 3, 0)
    for fold, same in zip(one, more, strict=False):
        np.testing.assert_array_equal(fold.train, same.train)


def test_targets_of_a_regression_do_not_choose_the_splits():
    frame = pd.DataFrame(np.random.default_rng(1).normal(size=(60, 3)))
    other = frame.assign(**{"2": -(frame[2] ** 3)}).drop(columns=2)
    folds = make_folds(load_dataset(frame, 2), 3, 1, 0)
    again = make_folds(load_dataset(other, "2"), 3, 1, 0)
    for fold, same in zip(folds, again, strict=True):
        np.testing.assert_array_equal(fold.test, same.test)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 1, 0), "`num_splits` must be at least 2"),
        ((5, 0, 0), "`num_repeats` must be at least 1"),
        ((5, 1, -1), "`seed` must not be negative"),
        ((30, 1, 0), "`folds` must be at most half .* class 'class 0' has 20"),
    ],
)
def test_splits_that_cannot_be_made_are_refused(arguments, message):
    with pytest.raises(ConfigError, match=message):
        make_folds(make_dataset(40), *arguments)


def test_too_many_splits_of_a_regression_are_refused():
    with pytest.raises(ConfigError, match="half the number of rows, 30"):
        make_folds(make_regression(30), 16, 1, 0)
