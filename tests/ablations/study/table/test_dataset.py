"""Columns are found by their names, and the digest knows what is trained on."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import load_dataset
from models.config import ConfigError

N = 120
ORDER = np.random.default_rng(0).permutation(N)


def table(y, **columns) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    inputs = {"a": rng.normal(size=N), "b": rng.choice(["u", "v", "w"], N)}
    return pd.DataFrame({**inputs, **columns, "y": y})


def test_the_target_may_be_left_to_its_name():
    frame = table(ORDER % 2).rename(columns={"y": "target"})
    assert load_dataset(frame).target_name == "target"
    with pytest.raises(ConfigError, match=r"`target` is required.*'a', 'b', 'y'"):
        load_dataset(table(ORDER % 2))


def test_columns_of_a_frame_may_be_called_by_numbers():
    frame = table(ORDER % 2)
    frame.columns = [0, 1, 2]
    assert load_dataset(frame, 2).digest == load_dataset(frame, "2").digest


def test_a_repeated_target_is_refused():
    frame = table(ORDER % 2)
    frame.columns = ["y", "b", "y"]
    with pytest.raises(ConfigError, match="must name one column, there are 2"):
        load_dataset(frame, "y")


def test_dropped_columns_are_not_used_and_must_exist():
    assert list(load_dataset(table(ORDER % 2), "y", drop=["a"]).kinds) == ["b"]
    for drop in (["z"], ["y"]):
        with pytest.raises(ConfigError, match="`drop` must"):
            load_dataset(table(ORDER % 2), "y", drop=drop)


def test_the_digest_knows_all_that_is_trained_on_and_nothing_else():
    frame = table(ORDER % 2)
    digest = load_dataset(frame, "y").digest
    assert load_dataset(frame.copy(), "y", name="other").digest == digest
    assert load_dataset(frame.assign(c=1), "y").digest == digest
    assert load_dataset(frame.set_index(ORDER), "y").digest == digest
    for column, value in (("a", 0.5), ("b", "z"), ("y", 5)):
        other = frame.copy()
        other.loc[10:40, column] = value
        assert load_dataset(other, "y").digest != digest
    assert load_dataset(frame.rename(columns={"a": "c"}), "y").digest != digest
    assert load_dataset(frame[::-1], "y").digest != digest


def test_a_csv_has_the_digest_of_the_frame_that_wrote_it(tmp_path):
    frame = table(ORDER % 2, day=pd.date_range("2020-01-01", periods=N, freq="h"))
    frame.loc[:9, ["a", "b", "day"]] = None
    frame.to_csv(tmp_path / "mine.csv", index=False)
    dataset = load_dataset(str(tmp_path / "mine.csv"), "y")
    assert dataset.name == "mine"
    assert dataset.digest == load_dataset(frame, "y").digest


def test_a_data_set_is_left_as_it_was():
    frame = table(ORDER % 2)
    before = frame.copy()
    load_dataset(frame, "y")
    pd.testing.assert_frame_equal(frame, before)
