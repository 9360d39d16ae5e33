"""The target says what kind of task it is."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import Dataset, load_dataset
from ablations.study.table.reading import plain_readings, read_target_like
from models.config import ConfigError

N = 120
ORDER = np.random.default_rng(0).permutation(N)


def table(y, **columns) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    inputs = {"a": rng.normal(size=N), "b": rng.choice(["u", "v", "w"], N)}
    return pd.DataFrame({**inputs, **columns, "y": y})


def notes(dataset: Dataset) -> dict[str, str]:
    return {note.code: note.text for note in dataset.notes}


@pytest.mark.parametrize(
    ("y", "classes"),
    [
        (ORDER % 2 == 0, ("False", "True")),
        (np.where(ORDER % 2, "yes", "no"), ("no", "yes")),
        ((ORDER % 2).astype(float), ("0", "1")),
        (ORDER % 2 - 0.5, ("-0.5", "0.5")),
        (ORDER % 3, ("0", "1", "2")),
        ((ORDER % 12).astype(str), tuple(str(i) for i in range(12))),
        (pd.Categorical(np.where(ORDER % 2, "b", "a")), ("a", "b")),
        (pd.Series(ORDER % 2, dtype="Int64"), ("0", "1")),
        (np.array(["1", "2", "3+"])[ORDER % 3], ("1", "2", "3+")),
        (np.array([" a", "a ", "b"])[ORDER % 3], ("a", "b")),
    ],
)
def test_a_target_of_few_different_values_is_of_classes(y, classes):
    dataset = load_dataset(table(y), "y", num_splits=3)
    assert dataset.task == "classification"
    assert dataset.classes == classes
    assert dataset.target.dtype == np.int64
    given = [str(cell).strip() for cell in y]
    first = {name: given.index(name) for name in classes if name in given}
    assert all(classes[dataset.target[row]] == name for name, row in first.items())


@pytest.mark.parametrize(
    "y",
    [
        ORDER,
        ORDER / 7,
        (ORDER % 30).astype(float),
        (ORDER % 9) / 2,
        [f"{i / 7:.3f}".replace(".", ",") for i in ORDER],
        pd.to_timedelta(ORDER, unit="h"),
    ],
)
def test_a_target_of_many_numbers_is_a_regression(y):
    dataset = load_dataset(table(y), "y")
    assert (dataset.task, dataset.classes) == ("regression", ())
    assert dataset.target.dtype == np.float64
    assert len(np.unique(dataset.target)) > 2


def test_ways_to_write_a_truth_value_are_one_class():
    y = np.array(["yes", "Yes", "no", "NO", "no", "yes"])[ORDER % 6]
    assert load_dataset(table(y), "y").classes == ("no", "yes")


def test_classes_that_only_capital_letters_tell_apart_are_warned_of():
    alike = load_dataset(table(np.tile(["Male", "male", "female"], 40)), "y")
    assert "'Male', 'male'. If they are one" in notes(alike)["classes_alike"]
    assert "classes_alike" not in notes(load_dataset(table(ORDER % 2), "y"))


def test_the_task_can_be_said():
    assert load_dataset(table(ORDER % 3), "y", "regression").task == "regression"
    many = load_dataset(table(ORDER % 24), "y", "classification", num_splits=2)
    assert len(many.classes) == 24
    assert many.classes[2] == "2"


def test_classes_of_a_regression_are_refused_with_what_they_are():
    with pytest.raises(ConfigError, match=r"at least two different values.*'cat'"):
        load_dataset(table(np.where(ORDER % 2, "cat", "dog")), "y", "regression")


def test_rows_without_a_target_are_left_out_and_counted():
    y = np.where(ORDER % 2, "a", "b").astype(object)
    y[:7] = None
    y[7] = "NA"
    dataset = load_dataset(table(y), "y")
    assert len(dataset) == len(dataset.frame) == N - 8
    assert notes(dataset)["missing_target"].startswith("8 rows have no usable target")
    assert dataset.frame["a"][0] == table(y)["a"][8]


def test_a_tiny_class_is_left_out_and_the_codes_stay_without_gaps():
    y = np.where(ORDER % 2, "c", "a").astype(object)
    y[:5] = "b"
    dataset = load_dataset(table(y), "y")
    assert dataset.classes == ("a", "c")
    assert set(dataset.target) == {0, 1}
    assert "'b' with 5 rows" in notes(dataset)["tiny_classes"]
    assert load_dataset(table(y), "y", num_splits=2).classes == ("a", "b", "c")


def test_tiny_classes_with_many_rows_in_all_are_refused_with_advice():
    with pytest.raises(ConfigError, match=r"at least 10 rows of each class.*splits"):
        load_dataset(table([f"c{i % 40}" for i in ORDER]), "y")


CODES = {
    "continents": ["AS", "EU", "NA"],
    "continents, most of one": ["AS", "AS", "AS", "EU", "EU", "EU", "NA"],
    "small letters": ["as", "eu", "na"],
    "words": ["Asia", "Europe", "NA"],
    "answers": ["yes", "no", "NA"],
    "answers and none": ["yes", "no", "none"],
    "signs": ["+", "-"],
    "a word of programs": ["int", "float", "null"],
}


@pytest.mark.parametrize("what", CODES)
def test_a_text_that_usually_is_missing_is_a_class_where_it_is_like_the_others(what):
    cells = np.array(CODES[what])[ORDER % len(CODES[what])]
    dataset = load_dataset(table(cells), "y")
    assert set(dataset.classes) == set(CODES[what])
    assert len(dataset) == N
    assert repr(CODES[what][-1]) in notes(dataset)["missing_text_class"]
    codes = read_target_like(table(cells), plain_readings(dataset))
    np.testing.assert_array_equal(codes, dataset.target)


MISSING = {
    "few": np.where(ORDER < 8, "NA", np.where(ORDER % 2, "low", "high")),
    "a mark": np.where(ORDER < 40, "?", np.where(ORDER % 2, "low", "high")),
    "not a number": np.where(ORDER < 40, "nan", np.where(ORDER % 2, "low", "high")),
    "an empty cell": np.where(ORDER < 40, "", np.where(ORDER % 2, "low", "high")),
    "among numbers": np.where(ORDER < 40, "NA", (ORDER % 2).astype(str)),
}


@pytest.mark.parametrize("what", MISSING)
def test_other_texts_stay_missing_and_are_named(what):
    cells = MISSING[what]
    dataset = load_dataset(table(cells), "y")
    lost = N - len(dataset)
    assert len(dataset.classes) == 2
    text = notes(dataset)["missing_target"]
    (marks,) = {str(cell) for cell in cells} - set(dataset.classes)
    assert (f"{marks!r} in {lost}; `text_is_missing`" in text) == bool(marks)


def test_a_text_that_means_missing_in_a_column_of_numbers_is_no_class():
    cells = np.array(["AS", "EU", "NA"])[ORDER % 3]
    with_holes = np.where(ORDER % 9, (ORDER / 7).astype(str), "NA")
    assert load_dataset(table(cells, h=with_holes), "y").classes == ("AS", "EU")
    with_words = np.where(ORDER % 9, "word", "NA")
    assert "NA" in load_dataset(table(cells, h=with_words), "y").classes


@pytest.mark.parametrize(
    ("y", "low", "high"),
    [
        ([f"${1000 + i:,}" for i in ORDER], 1000, 1119),
        ([f"{i} kg" for i in ORDER], 0, 119),
        ([f"{i // 60}:{i % 60:02}:00" for i in ORDER], 0, 119 / 1440),
        ([f"({i}.50)" for i in ORDER], -119.5, -0.5),
    ],
)
def test_a_target_of_written_numbers_is_a_regression(y, low, high):
    dataset = load_dataset(table(y), "y")
    assert dataset.task == "regression"
    assert (dataset.target.min(), dataset.target.max()) == pytest.approx((low, high))
    again = read_target_like(table(y), plain_readings(dataset))
    np.testing.assert_array_equal(again, dataset.target)


def test_classes_that_begin_with_a_zero_keep_it():
    cells = np.array(["011", "007", "123"])[ORDER % 3]
    assert load_dataset(table(cells), "y").classes == ("007", "011", "123")
