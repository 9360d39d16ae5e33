"""New rows are read as the study read its own, or refused."""

import json

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import load_dataset
from ablations.study.table.reading import (
    plain_readings,
    read_like,
    read_target_like,
)
from models.config import ConfigError

N = 60


def table(**columns) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    plain = {
        "size": [f"{x:.2f}".replace(".", ",") for x in rng.normal(size=N)],
        "day": [f"{1 + i % 28}.{1 + i % 12}.2021" for i in range(N)],
        "member": rng.choice(["yes", "No", ""], N),
        "town": rng.choice(["Ulm", "Bonn", "NA"], N),
        "y": rng.choice(["Yes", "yes", "YES", "no"], N),
    }
    return pd.DataFrame({**plain, **columns})


@pytest.fixture
def write(tmp_path):
    def to_file(frame: pd.DataFrame, name: str = "new.csv", **options) -> str:
        path = tmp_path / name
        frame.to_csv(path, **{"index": False, **options})
        return str(path)

    return to_file


def test_the_rows_of_the_study_are_read_as_it_read_them(write):
    path = write(table())
    dataset = load_dataset(path, "y")
    plain = json.loads(json.dumps(plain_readings(dataset)))
    for source, like in ((path, dataset), (table(), dataset), (path, plain)):
        pd.testing.assert_frame_equal(read_like(source, like), dataset.frame)
        np.testing.assert_array_equal(read_target_like(source, like), dataset.target)
    again = read_like(dataset.frame, plain)
    pd.testing.assert_frame_equal(again, dataset.frame)


def test_order_of_columns_others_and_the_target_do_not_matter(write):
    dataset = load_dataset(table(), "y")
    new = table()[["town", "member", "size", "day"]].assign(more=1)
    path = write(new, index=True)
    pd.testing.assert_frame_equal(read_like(path, dataset), dataset.frame)


def test_a_missing_column_is_named():
    dataset = load_dataset(table(), "y")
    with pytest.raises(ConfigError, match="`data` must have the columns 'size', 'day'"):
        read_like(table().drop(columns=["size", "day"]), dataset)


def twins(*names: str) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(N, len(names))).round(3))
    frame = frame.assign(y=rng.choice(["a", "b"], N))
    return frame.set_axis([*names, "y"], axis=1)


def test_columns_of_one_name_are_matched_in_their_order(write):
    frame = twins("temp", "temp", "flow")
    dataset = load_dataset(write(frame, "old.csv"), "y")
    new = frame.iloc[:, [2, 0, 1]]
    pd.testing.assert_frame_equal(read_like(write(new), dataset), dataset.frame)
    with pytest.raises(ConfigError, match=r"must have 2 called 'temp'.* not 3"):
        read_like(write(twins("temp", "flow", "temp", "temp")), dataset)
    with pytest.raises(ConfigError, match=r"must have 2 called 'temp'.* not 1"):
        read_like(write(twins("temp", "flow")), dataset)


def test_a_name_of_one_column_that_several_have_is_refused(write):
    dataset = load_dataset(twins("temp", "flow"), "y")
    with pytest.raises(ConfigError, match=r"must have 1 called 'temp'.* not 2"):
        read_like(write(twins("temp", "flow", "temp")), dataset)


def test_row_numbers_shift_no_column_that_has_no_name(write):
    frame = twins("", "flow", "")
    dataset = load_dataset(write(frame, "old.csv"), "y")
    assert list(dataset.kinds) == ["column_1", "flow", "column_3"]
    pd.testing.assert_frame_equal(read_like(write(frame), dataset), dataset.frame)
    for new, index in ((frame, True), (frame.iloc[:, 1:], False)):
        with pytest.raises(ConfigError, match="without a name can only be matched"):
            read_like(write(new, index=index), dataset)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("size", "3.5e"), ("size", "17.6 stone"), ("day", "2021/31/12"), ("member", "2")],
)
def test_what_is_written_in_an_unknown_way_is_refused(column, cell):
    dataset = load_dataset(table(), "y")
    new = table()
    new.loc[3, column] = cell
    with pytest.raises(ConfigError, match=f"column '{column}'.*Received: '{cell}'"):
        read_like(new, dataset)
    new.loc[3, column] = "broken"
    assert pd.isna(read_like(new, dataset)[column][3])


def test_a_target_is_read_by_the_rules_of_the_study():
    numbers = load_dataset(table(y=np.arange(N) / 7), "y")
    new = table(y=["1,5", *["2"] * (N - 1)])
    with pytest.raises(ConfigError, match="column 'y'"):
        read_target_like(new, numbers)
    codes = load_dataset(table(y=np.arange(N) % 3), "y")
    new = table(y=["2.0", "7", "", *["1"] * (N - 3)])
    assert read_target_like(new, codes)[:4].tolist() == [2, -1, -1, 1]
