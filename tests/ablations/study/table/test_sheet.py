"""Sheets of Excel are read where the package for it is installed."""

import importlib.util
import sys

import pandas as pd
import pytest

from ablations.study.table.source import read_with_notes
from models.config import ConfigError

HAS_PACKAGE = importlib.util.find_spec("openpyxl") is not None


def test_a_sheet_names_the_package_that_reads_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    path = tmp_path / "data.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(ConfigError, match="pip install openpyxl"):
        read_with_notes(str(path))


@pytest.mark.skipif(not HAS_PACKAGE, reason="openpyxl is not installed.")
def test_the_first_sheet_is_read_below_its_title(tmp_path):
    path = tmp_path / "data.xlsx"
    rows = [["Report of May", *[None] * 3], [None] * 4, ["code", "size", "", "y"]]
    rows += [["00501", 1.5, None, "NA"], ["73301", None, None, "EU"]]
    with pd.ExcelWriter(path) as writer:
        for sheet in ("one", "two"):
            frame = pd.DataFrame(rows)
            frame.to_excel(writer, sheet_name=sheet, header=False, index=False)
    table = read_with_notes(str(path))
    assert table.frame.to_dict("list") == {
        "code": ["00501", "73301"],
        "size": [1.5, None],
        "y": ["NA", "EU"],
    }
    assert {note.code for note in table.notes} == {"sheets", "lines_above"}
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ConfigError, match="must be a whole Excel file"):
        read_with_notes(str(path))
