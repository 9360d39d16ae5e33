"""The table of columns says of each how it was read, and what became of it."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import Dataset, load_dataset
from ablations.study.table.overview import (
    COLUMNS,
    columns_lines,
    columns_table,
    warning_lines,
)
from ablations.study.table.told import HowToRead

N = 200


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "": np.arange(N) * 3,
            "price": [f"${x:,.2f}" for x in rng.lognormal(7, 1, N)],
            "crp": [
                "<0.5" if i % 9 == 0 else f"{x:.3f}"
                for i, x in enumerate(rng.lognormal(0, 1, N))
            ],
            "town": ["Ulm"] * 90 + ["Bonn"] * 70 + [f"t{i % 20}" for i in range(40)],
            "start": [f"{i % 24:02}:30" for i in range(N)],
            "took": [f"{i % 40}:15:00" for i in range(N)],
            "size": rng.choice(["s", "m", "l"], N),
            "grade": [["NA", "?", "", "1", "2"][i % 5] for i in range(N)],
            "when": [f"2021-01-{1 + i % 28:02}T08:00:00+0{i % 3}:00" for i in range(N)],
            "text": [f"some words {i}" for i in range(N)],
            "unit": "kg",
            "void": None,
            "extra": rng.normal(size=N),
            "y": rng.choice(["a", "b", "c"], N),
        }
    ).astype(object)
    frame.loc[:3, "y"] = None
    how = HowToRead(ordered={"size": ["s", "m", "l"]})
    return load_dataset(frame, "y", drop=["extra"], how=how)


READ = {
    "column_1": ("not used", 0, "it numbers the rows"),
    "price": ("number in $", 0, ""),
    "crp": ("number", 0, "bounds, read as the bound: '<0.5'"),
    "town": ("22 classes", 0, "20 classes share an input, in fewer than 5 rows"),
    "start": ("time of day", 0, ""),
    "took": ("duration", 0, ""),
    "size": ("order of 3 levels", 0, "s < m < l are 0 to 2"),
    "grade": ("number", 117, "missing: "),
    "when": ("date", 0, "the local time, without its zone"),
    "text": ("not used", 0, "each text is in fewer than 5 rows"),
    "unit": ("not used", 0, "it has one value only"),
    "void": ("not used", 196, "it holds no values"),
    "extra": ("not used", 0, "you said so"),
    "y": ("target: 3 classes", 4, ""),
}


def test_every_column_of_the_file_is_there_in_its_order(dataset):
    table = columns_table(dataset)
    assert tuple(table.columns) == COLUMNS
    assert list(table["column"]) == list(READ)


@pytest.mark.parametrize("name", READ)
def test_a_column_is_told_as_it_was_read(dataset, name):
    table = columns_table(dataset).set_index("column")
    kind, missing, remark = READ[name]
    row = table.loc[name]
    assert (row["read as"], row["missing"]) == (kind, missing)
    assert remark in row["remark"]
    assert bool(row["remark"]) == bool(remark)


def test_examples_are_cells_as_written(dataset):
    table = columns_table(dataset).set_index("column")
    assert table.loc["town", "examples"] == "Ulm, Bonn, t0"
    assert table.loc["start", "examples"] == "00:30, 01:30, 02:30"
    assert table.loc["void", "examples"] == ""
    assert "'NA' 39" in table.loc["grade", "remark"]


def test_lines_fit_a_terminal_and_hold_nothing_that_commands_it(dataset):
    lines = columns_lines(dataset)
    assert max(map(len, lines)) <= 80
    assert (
        sum(line.startswith("  ") and line[2] != " " for line in lines) == len(READ) + 1
    )
    name = "\x1b[31m" + "long " * 30
    frame = pd.DataFrame({name: np.arange(40) / 7, "y": ["a", "b"] * 20})
    shown = columns_lines(load_dataset(frame, "y"))
    assert max(map(len, shown)) <= 80
    assert all(line.isprintable() for line in shown)


def test_warnings_fit_a_terminal_and_notes_of_no_harm_are_left_out(dataset):
    lines = warning_lines(dataset)
    assert max(map(len, lines)) <= 80
    warnings = [note for note in dataset.notes if note.severity == "warning"]
    assert sum(line.startswith("Warning: ") for line in lines) == len(warnings)
    assert len(warnings) < len(dataset.notes)


def test_of_very_many_columns_the_first_are_shown():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(40, 100))).assign(y=["a", "b"] * 20)
    assert columns_lines(load_dataset(frame, "y"))[-1] == "  and 41 more"
