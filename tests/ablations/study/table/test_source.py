"""Tables are read as they were meant, and names of columns become different texts."""

import pandas as pd
import pytest

from ablations.study.table.source import (
    SKLEARN_NAMES,
    different_names,
    read_table,
    read_with_notes,
)
from models.config import ConfigError


@pytest.fixture
def write(tmp_path):
    """Return a function that writes text to a file and returns its path."""

    def to_file(text: str, encoding: str = "utf-8") -> str:
        path = tmp_path / "data.csv"
        path.write_bytes(text.encode(encoding))
        return str(path)

    return to_file


@pytest.mark.parametrize("name", SKLEARN_NAMES)
def test_the_data_of_scikit_learn_have_a_column_called_target(name):
    frame = read_table(f"sklearn:{name}")
    assert frame.columns[-1] == "target"
    assert not frame.isna().any().any()


def test_classes_of_scikit_learn_have_their_names():
    assert set(read_table("sklearn:iris")["target"]) == {
        "setosa",
        "versicolor",
        "virginica",
    }


def test_cells_are_texts_as_written_and_none_where_empty(write):
    frame = read_table(write('a,b\n007,"x, ""y"""\n,"two\nlines"\n'))
    assert frame.to_dict("list") == {"a": ["007", None], "b": ['x, "y"', "two\nlines"]}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_beside_others_in_the_texts(write, delimiter):
    others = "".join({",", ";", "|"} - {delimiter})
    rows = "".join(f'{i}{delimiter}"{others * (i % 3)}"\n' for i in range(20))
    frame = read_table(write(f"a{delimiter}b\n{rows}"))
    assert list(frame.columns) == ["a", "b"]
    assert list(frame["a"]) == [str(i) for i in range(20)]


def test_decimal_commas_do_not_hide_the_semicolon(write):
    rows = "".join(f"{i},5;{i},25\n" for i in range(20))
    frame = read_table(write("a;b\n" + rows))
    assert frame.shape == (20, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_its_mark(write, encoding):
    frame = read_table(write("größe,b\nß,2\n", encoding))
    assert list(frame.columns) == ["größe", "b"]
    assert frame["größe"][0] == "ß"


def test_what_is_not_utf8_is_read_as_windows_1252_and_said(write):
    table = read_with_notes(write("größe,b\n€,2\n", "cp1252"))
    assert table.frame["größe"][0] == "€"
    assert [note.code for note in table.notes] == ["encoding"]


def test_short_rows_are_filled_and_counted(write):
    table = read_with_notes(write("a,b,c\n1,2,3\n1,2\n1\n"))
    assert table.frame["c"].tolist() == ["3", None, None]
    assert table.notes[0].text.startswith("2 rows have fewer fields")


def test_a_longer_row_is_refused_with_its_number(write):
    with pytest.raises(ConfigError, match=r"line 4 has 4\. Received") as refusal:
        read_table(write("a,b,c\n\n1,2,3\n1,2,3,4\n"))
    assert "separated by comma" in str(refusal.value)


def test_names_are_kept_apart_whatever_they_are():
    names, notes = different_names(["a", "a", "a_2", "a", "", None, 1, "1", " b "])
    assert names == ["a", "a_3", "a_2", "a_4", "column_5", "None", "1", "1_2", "b"]
    assert [note.code for note in notes] == ["repeated_names", "unnamed_columns"]


def test_names_of_many_levels_are_joined():
    columns = pd.MultiIndex.from_tuples([("a", 1), ("a", 2)])
    assert different_names(list(columns))[0] == ["a / 1", "a / 2"]


def test_a_file_that_does_not_exist_is_named():
    with pytest.raises(
        ConfigError, match=r"`data` must be a file that exists.*no\.csv"
    ):
        read_table("no.csv")


def test_a_misspelled_table_of_scikit_learn_is_guessed():
    with pytest.raises(ConfigError, match="Did you mean 'sklearn:digits'"):
        read_table("sklearn:digit")


@pytest.mark.parametrize(
    ("text", "is_comma"),
    [
        ("a;b\n1,5;2.000\n", True),
        ("a;b\n-0,5;1.234,50\n", True),
        ("a;b\n1,234;0.5\n", False),
        ("a;b\n1.5;2\n", False),
        ('a,b\n"1,5",2\n', False),
    ],
)
def test_a_decimal_comma_is_known_by_the_numbers_of_a_file(write, text, is_comma):
    assert read_with_notes(write(text)).decimal_comma == is_comma
