import csv
import sys

import numpy as np
import pandas as pd
import pytest

from ablations.store.codec import run_key
from ablations.store.store import Store
from models.config import ConfigError

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")']


@pytest.fixture
def store(tmp_path):
    with Store.open(tmp_path / "runs.sqlite") as store:
        yield store


def insert(store, spec, seeds, **arrays):
    digest = store.put_spec(spec)
    count = len(seeds)
    store.insert(digest, seeds, ["ok"] * count, [-1] * count, arrays, {})
    return digest


def test_every_run_is_one_row_with_its_spec_and_its_scalars(store, tmp_path):
    spec = {"model": {"width": 2, "units": [2, 3]}, "bias": True}
    large = 2**53 + 1
    digest = insert(
        store,
        spec,
        [4, large],
        score=np.array([0.5, np.inf]),
        curve=np.zeros((2, 3)),
        step=np.array([large, 2]),
    )
    insert(store, {"model": {"width": 3}}, [0], loss=np.array([0.1], np.float32))
    out = tmp_path / "out" / "runs.csv"
    assert store.export(out) == 3
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows[1] == {
        "key": run_key(digest, large),
        "spec": digest,
        "seed": str(large),
        "status": "ok",
        "diverged_at": "-1",
        "spec.model.width": "2",
        "spec.model.units": "[2, 3]",
        "spec.bias": "True",
        "score": "inf",
        "step": "2",
        "loss": "",
    }
    # Through float64, an integer of this size would change.
    assert rows[0]["step"] == str(large)
    assert (rows[2]["loss"], rows[2]["step"], rows[2]["spec.bias"]) == ("0.1", "", "")


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_a_spreadsheet_would_run_is_escaped_in_cells_and_names(
    store, tmp_path, text
):
    insert(store, {"note": text, "list": [text], text: -1}, [0], **{text: -np.ones(1)})
    store.export(tmp_path / "runs.csv")
    with (tmp_path / "runs.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["spec.note"] == "'" + text
    assert row["'" + text] == "-1.0"
    assert row["spec." + text] == "-1"
    assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row)
    assert not any(
        cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row.values()
    )


def test_an_empty_store_has_a_table_with_names_only(store, tmp_path):
    assert store.export(tmp_path / "runs.csv") == 0
    assert (tmp_path / "runs.csv").read_text().splitlines() == [
        "key,spec,seed,status,diverged_at"
    ]


def test_parquet_holds_the_same_rows(store, tmp_path):
    insert(store, {"note": "=1"}, [0, 1], score=np.array([0.5, np.nan]))
    out = tmp_path / "runs.parquet"
    store.export(out)
    table = pd.read_parquet(out)
    assert table["spec.note"].tolist() == ["=1", "=1"]
    np.testing.assert_array_equal(table["score"], [0.5, np.nan])


def test_parquet_without_its_package_leaves_no_file(store, tmp_path, monkeypatch):
    insert(store, {"note": "=1"}, [0, 1], score=np.array([0.5, np.nan]))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match="pyarrow"):
        store.export(tmp_path / "runs.parquet")
    assert not any(tmp_path.glob("runs.parquet*"))


def test_another_suffix_is_refused(store, tmp_path):
    with pytest.raises(ConfigError, match=r"one of \('.csv', '.parquet'\)"):
        store.export(tmp_path / "runs.pkl")


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(store, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"file/runs\.csv' cannot be written"):
        store.export(tmp_path / "file" / "runs.csv")
