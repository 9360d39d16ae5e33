"""The line that names the columns is found below what else stands at the top."""

import numpy as np
import pytest

from ablations.study.table.dataset import load_dataset
from ablations.study.table.header import find_header
from ablations.study.table.source import read_table, read_with_notes
from models.config import ConfigError

N = 40


def rows(delimiter=",", comma=False):
    rng = np.random.default_rng(2)
    lines = []
    for i in range(N):
        cells = [f"{rng.normal():.3f}", f"{rng.normal():.3f}", "yn"[i % 2]]
        cells = [c.replace(".", ",") if comma else c for c in cells]
        lines.append(delimiter.join(cells))
    return "\n".join(lines) + "\n"


ABOVE = {
    "Excel's mark": "sep=;\nmass;wert;gut\n" + rows(";", comma=True),
    "Excel's mark in quotes": '"sep=;"\r\nmass;wert;gut\r\n' + rows(";", comma=True),
    "Excel's mark of commas": "SEP=,\nmass,wert,gut\n" + rows(),
    "Excel's mark of tabs": "\ufeffsep=\t\nmass\twert\tgut\n" + rows("\t"),
    "comments": "# made by a machine\n# on Monday, at noon\nmass,wert,gut\n" + rows(),
    "comments of another kind": "% made by\n// us\n\nmass,wert,gut\n" + rows(),
    "a comment with an open quote": '# say "no, yes\nmass,wert,gut\n' + rows(),
    "names behind a mark": "# made by us\n# mass,wert,gut\n" + rows(),
    "names glued to a mark": "#mass,wert,gut\n" + rows(),
    "a title": "Report of May\n\nmass,wert,gut\n" + rows(),
    "a title of a sheet": "Report of May,,\n,,\nmass,wert,gut\n" + rows(),
    "two titles": "Report\nMay 2021\nmass\twert\tgut\n" + rows("\t"),
    "a title with semicolons": "Bericht;;\nmass;wert;gut\n" + rows(";", comma=True),
}


@pytest.mark.parametrize("what", ABOVE)
def test_lines_above_the_names_are_skipped_and_said(what, tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(ABOVE[what].encode())
    table = read_with_notes(str(path))
    assert list(table.frame.columns) == ["mass", "wert", "gut"]
    assert len(table.frame) == N
    said = {note.code for note in table.notes}
    assert ("lines_above" in said) == (what != "names glued to a mark")
    dataset = load_dataset(str(path), "gut")
    assert set(dataset.kinds.values()) == {"numeric"}
    assert dataset.frame["mass"].abs().max() < 5


WHOLE = {
    "names of words": "name,town\n" + "Bob,Rome\nEve,Oslo\n" * 9,
    "a column called by a mark": "#,name\n" + "1,a\n2,b\n" * 9,
    "names in part behind a mark": "#name,town\n" + "Bob,Rome\nEve,Oslo\n" * 9,
    "years as names": "land,2019,2020\n" + "a,1,2\nb,3,4\n" * 9,
    "few values in the last column": "a,b,c\n" + "1,2,\n" * 30 + "1,2,3\n",
    "the first name is missing": ",x\n" + "1,2\n" * 9,
    "two columns, a short line": "a,b\n1\n" + "1,2\n" * 9,
    "commas at the end of rows": "a,b,c\n" + "1,x,y,\n" * 9,
}


@pytest.mark.parametrize("what", WHOLE)
def test_a_first_line_of_names_stays_one(what, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text(WHOLE[what])
    names = WHOLE[what].partition("\n")[0].lstrip("#").split(",")
    found = read_with_notes(str(path))
    unnamed = [name or f"column_{i}" for i, name in enumerate(names, start=1)]
    assert list(found.frame.columns) == unnamed
    assert len(found.frame) == WHOLE[what].count("\n") - 1
    assert "lines_above" not in {note.code for note in found.notes}


def test_a_line_that_may_be_the_names_is_named_where_it_is_not_sure(tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("Date:,2021-03-04\nmass,wert,gut\n" + rows())
    with pytest.raises(ConfigError, match="'mass', 'wert', 'gut' looks like the names"):
        read_table(str(path))


def test_names_of_rows_as_r_writes_them_move_no_column(tmp_path):
    path = tmp_path / "data.csv"
    lines = [f'"{i}",{i / 7:.2f},{i % 3},"{"yn"[i % 2]}"' for i in range(1, N + 1)]
    path.write_text("\n".join(['"x","z","y"', *lines]))
    frame = read_table(str(path))
    assert list(frame.columns) == ["column_1", "x", "z", "y"]
    assert list(load_dataset(str(path), "y").kinds) == ["x", "z"]


def test_a_line_of_data_is_no_line_of_names():
    assert find_header([["a", "b"], ["1", "2", "x"], ["1", "2", "x"]]) == 0
    assert find_header([["t"], ["1", "2", "3"], ["1", "2", "3"]]) == 0
    assert find_header([["t"], ["a", "b", "c"], ["1", "2", "3"]]) == 1
