"""Damaged and odd data end in a clear line or a repair that is said, never else."""

import builtins
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from ablations.study.table.dataset import Dataset, load_dataset
from ablations.study.table.folds import describe_folds, make_folds
from ablations.study.table.preprocessing import prepare
from models.config import ConfigError

N = 60


def table(**columns) -> pd.DataFrame:
    """Return 60 rows of two plain inputs and two classes, and the columns given."""
    rng = np.random.default_rng(7)
    plain = {
        "size": rng.normal(size=N).round(3),
        "color": rng.choice(["red", "green", "blue"], N),
        "y": np.where(np.arange(N) % 2, "cat", "dog"),
    }
    return pd.DataFrame({**plain, **columns})


def csv_text(**columns) -> str:
    return table(**columns).to_csv(index=False)


def codes(dataset: Dataset) -> set[str]:
    return {note.code for note in dataset.notes}


def train_on(dataset: Dataset) -> None:
    """Split and prepare the data and check that every number can be trained on."""
    folds = make_folds(dataset, 5, 1, seed=0)
    describe_folds(dataset, folds)
    for fold in folds[:2]:
        prepared = prepare(dataset, fold)
        for part in ("train", "val", "test"):
            x = getattr(prepared, f"x_{part}")
            y = getattr(prepared, f"y_{part}")
            assert np.isfinite(x).all()
            assert np.isfinite(y).all()
            assert x.dtype == y.dtype == np.float32
            assert x.shape == (len(getattr(fold, part)), len(prepared.feature_names))


REFUSED_TEXT = {
    "empty file": ("", "must be a file that is not empty"),
    "blank lines only": ("\n\n  \n", "must be a file that is not empty"),
    "header only": ("size,color,y\n", "must have rows"),
    "one row": ("size,color,y\n1,red,cat\n", "must have at least"),
    "few rows": (csv_text()[:100].rsplit("\n", 1)[0], "must have at least"),
    "one class": (csv_text(y="cat"), "must have at least two classes"),
    "no target": (csv_text(y=None), "must have at least two classes"),
    "all classes tiny": (csv_text(y=[f"c{i}" for i in range(N)]), "at least 10 rows"),
    "target column absent": ("size,color\n1,red\n", "`target` must be one of"),
    "longer rows": (csv_text().replace("red,", "red,oh,"), "as many fields"),
    "other delimiter": (csv_text().replace(",", "^"), "at least two columns"),
    "constant columns only": ("a,y\n" + "1,u\n1,v\n" * 30, "tells the rows apart"),
    "row numbers only": (
        "id,y\n" + "".join(f"{i},{i % 2}\n" for i in range(60)),
        "`keep`",
    ),
    "no header": (
        "".join(f"{i / 7:.3f},{i / 3:.3f},{i % 2}\n" for i in range(60)),
        "first line names the columns",
    ),
    "field too long": (csv_text(size="x" * 200_000), "can be split into fields"),
    "a quote never closed": (csv_text().replace("red", '"red', 1), "split into fields"),
    "text after a quote": (csv_text().replace("red", '"r"ed'), "split into fields"),
    "too many columns": (",".join(f"c{i}" for i in range(10_001)) + "\n", "at most"),
    "dates as target": (
        csv_text(y=pd.date_range("2020-01-01", periods=N).astype(str)),
        "not dates",
    ),
}


@pytest.mark.parametrize("what", REFUSED_TEXT)
def test_a_csv_that_cannot_be_used_is_refused_in_one_line(what, tmp_path):
    text, must = REFUSED_TEXT[what]
    path = tmp_path / "data.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refusal:
        load_dataset(str(path), "y")
    message = str(refusal.value)
    assert must in message
    assert "\n" not in message
    assert message.startswith(("`data`", "`target`"))


REFUSED_BYTES = {
    "0 bytes of Parquet": ("data.parquet", b"", "not empty"),
    "truncated Parquet": ("data.parquet", b"PAR1" + b"\x15\x04" * 40, "Parquet"),
    "the middle of Parquet": ("data.parquet", b"PAR1" + b"x" * 40, "begin and end"),
    "a CSV called Parquet": ("data.parquet", csv_text().encode(), "Parquet"),
    "an Excel sheet": ("data.xls", b"PK\x03\x04\0\0" * 50, "an old Excel"),
    "a NUL in a text": ("d.csv", csv_text().replace("red", "r\0d").encode(), "CSV or"),
    "bytes of nothing": ("data.csv", bytes(range(32)) * 40, "bytes that are no text"),
    "a pickle": ("data.pkl", b"cos\nsystem\n", "not a pickle"),
    "JSON": ("data.json", b'[{"a": 1}]', "not JSON"),
    "half of UTF-16": ("data.csv", b"\xff\xfe" + b"\x00\xd8" * 9, "a file of text"),
}


@pytest.mark.parametrize("what", REFUSED_BYTES)
def test_a_file_that_is_no_table_is_refused_in_one_line(what, tmp_path):
    name, content, must = REFUSED_BYTES[what]
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=must) as refusal:
        load_dataset(str(path), "y")
    assert "\n" not in str(refusal.value)


REPAIRED = {
    "all-missing column": (csv_text(note=None), "empty_columns"),
    "constant column": (csv_text(unit="kg"), "constant_columns"),
    "infinite values": (
        csv_text(h=np.where(np.arange(N) % 9, np.arange(N) / 7, np.inf)),
        "infinite_values",
    ),
    "values of 1e308": (
        csv_text(h=np.where(np.arange(N) % 9, np.arange(N) / 7, 1e308)),
        "infinite_values",
    ),
    "mixed types": (
        csv_text(h=[f"{i / 7:.2f}" if i % 12 else "broken" for i in range(N)]),
        "mixed_values",
    ),
    "shorter rows": (csv_text().replace(",red,cat", ",red"), "short_rows"),
    "repeated header": (csv_text().replace("color", "size", 1), "repeated_names"),
    "column without name": (csv_text().replace("color", "", 1), "unnamed_columns"),
    "Windows-1252": (csv_text().replace("red", "rouge é"), "encoding"),
    "rows twice": (
        csv_text() + csv_text().partition("\n")[2],
        "repeated_rows",
    ),
    "tiny class": (csv_text() + "1,red,cow\n" * 3, "tiny_classes"),
    "holes in target": (csv_text() + "1,red,\n" * 5, "missing_target"),
    "one class in ten": (
        csv_text(y=np.where(np.arange(N) % 6, "a", "b")),
        "unequal_classes",
    ),
    "labels as numbers": (csv_text(y=np.arange(N) % 3), "number_classes"),
    "target as a column": (
        csv_text(leak=np.where(np.arange(N) % 2, "miau", "wuff")),
        "leak",
    ),
    "row numbers": (csv_text(nr=np.arange(N)), "identifier_columns"),
    "names of rows": (csv_text(who=[f"u{i}" for i in range(N)]), "text_columns"),
    "decimal commas": (
        csv_text(h=[f"{i / 7:.2f}".replace(".", ",") for i in range(N)]),
        "comma_numbers",
    ),
    "day or month first": (
        csv_text(h=[f"{1 + i % 9:02}/0{1 + i % 7}/2020" for i in range(N)]),
        "ambiguous_dates",
    ),
    "dates": (csv_text(h=pd.date_range("2020-01-01", periods=N)), "dates"),
}


@pytest.mark.parametrize("what", REPAIRED)
def test_what_can_be_repaired_is_repaired_and_said(what, tmp_path):
    text, code = REPAIRED[what]
    path = tmp_path / "data.csv"
    path.write_bytes(text.encode("cp1252" if what == "Windows-1252" else "utf-8"))
    dataset = load_dataset(str(path), "y")
    assert code in codes(dataset)
    train_on(dataset)


UNHARMED = {
    "lines inside quotes": csv_text(place="a\nb").replace("red", '"re\nd"'),
    "semicolons": csv_text().replace(",", ";"),
    "tabs": csv_text().replace(",", "\t"),
    "pipes": csv_text().replace(",", "|"),
    "byte order mark": "\ufeff" + csv_text(),
    "line ends of Windows": csv_text().replace("\n", "\r\n"),
    "line ends of old Macs": csv_text().replace("\n", "\r"),
    "no line end": csv_text().strip(),
    "blank lines between": csv_text().replace("\n", "\n\n"),
    "comma at the end of rows": csv_text().replace("cat\n", "cat,\n"),
    "quotes around all": "\n".join(
        ",".join(f'"{cell}"' for cell in line.split(",")) for line in csv_text().split()
    ),
    "blanks around cells": csv_text().replace(",", " , "),
    "labels of truth": csv_text(y=np.arange(N) % 2 == 0),
    "labels as floats": csv_text(y=(np.arange(N) % 2).astype(float)),
    "as many columns as 1000": csv_text(
        **{f"c{i}": np.arange(N) * 1.1 + i for i in range(1000)}
    ),
}


@pytest.mark.parametrize("what", UNHARMED)
def test_what_is_only_odd_is_read_as_it_was_meant(what, tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(UNHARMED[what].encode())
    dataset = load_dataset(str(path), "y")
    assert len(dataset) == N
    assert len(dataset.classes) == 2
    assert dataset.kinds["size"] == "numeric"
    assert dataset.kinds["color"] == "categorical"
    assert dataset.frame["color"].nunique() == 3
    train_on(dataset)


def test_a_parquet_file_says_the_same_as_the_csv(tmp_path):
    frame = table(ok=np.arange(N) % 3 == 0, day=pd.date_range("2021-01-01", periods=N))
    frame.to_csv(tmp_path / "data.csv", index=False)
    frame.to_parquet(tmp_path / "data.parquet", index=False)
    one = load_dataset(str(tmp_path / "data.csv"), "y")
    other = load_dataset(str(tmp_path / "data.parquet"), "y")
    assert one.digest == other.digest == load_dataset(frame, "y").digest


def test_a_parquet_file_of_objects_loses_the_columns_that_are_no_values(tmp_path):
    frame = table(many=[[1, 2]] * N, some=[{"a": i} for i in range(N)])
    frame.to_parquet(tmp_path / "data.parquet", index=False)
    dataset = load_dataset(str(tmp_path / "data.parquet"), "y")
    assert "unusable_columns" in codes(dataset)
    assert list(dataset.kinds) == ["size", "color"]
    with pytest.raises(ConfigError, match="not cells of type"):
        load_dataset(str(tmp_path / "data.parquet"), "many")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_parquet_file_cut_short_is_refused(share, tmp_path):
    path = tmp_path / "data.parquet"
    table().to_parquet(path, index=False)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ConfigError, match="whole Parquet file"):
        load_dataset(str(path), "y")


def test_a_parquet_file_names_the_package_where_it_is_missing(tmp_path, monkeypatch):
    def refuse(name, *arguments, **options):
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *arguments, **options)

    real = builtins.__import__
    path = tmp_path / "data.parquet"
    path.write_bytes(b"PAR1")
    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ConfigError, match="pip install pyarrow"):
        load_dataset(str(path), "y")


@pytest.mark.parametrize(
    "source", ["", "a\0b", "no such file.csv", "sklearn:rice", "x" * 300, ".", "\ud800"]
)
def test_a_source_that_is_no_file_is_refused(source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="data"):
        load_dataset(source, "y")


HOSTILE_NAMES = [
    "<script>alert(1)</script>",
    "{{7*7}}",
    "'; drop table trial;--",
    '=HYPERLINK("http://x")',
    "a|b",
    "`x`",
    "../../etc/passwd",
    "a\0b",
    "\ud800",
    "\u202e",
    "\u2028",
    "x" * 100_000,
    "-rf",
    "%s%n",
    "\x1b]52;c;..\x07",
    "\r\nSet-Cookie",
    "None",
    "nan",
    "1e400",
    "true",
    "__proto__",
    "size is missing",
    "numeric__size",
    "color = red",
    "color = (other)",
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_a_name(name):
    holes = np.where(np.arange(N) % 7, np.arange(N) * 1.5, np.nan)
    frame = table(size=holes, more=np.random.default_rng(0).normal(size=N))
    frame.columns = pd.Index(["size", "color", "y", name], dtype=object)
    dataset = load_dataset(frame, "y")
    assert len(dataset.kinds) == 3
    for column in dataset.kinds:
        column.encode("utf-8")
    train_on(dataset)
    prepared = prepare(dataset, make_folds(dataset, 5, 1, 0)[0])
    assert len(set(prepared.feature_names)) == len(prepared.feature_names)


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_target_and_a_class_may_have_a_hostile_name(name):
    frame = table()
    frame.columns = pd.Index(["size", "color", name], dtype=object)
    dataset = load_dataset(frame, name)
    assert len(dataset.classes) == 2
    dataset.target_name.encode("utf-8")
    if name not in ("nan", "\u2028"):  # which are read as missing
        frame[name] = pd.Series([name, "other"] * (N // 2), dtype=object)
        dataset = load_dataset(frame, name)
        assert len(dataset.classes) == 2
        "".join(dataset.classes).encode("utf-8")
        train_on(dataset)


texts = st.text(max_size=6) | st.sampled_from(
    ["", "NA", "yes", "No", "1", "2.5", "1,5", "2020-01-02", "03/04/2021", "1e400", "x"]
)
cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    texts,
    st.dates(),
    st.datetimes(),
    st.timedeltas(),
    # pandas itself cannot show a signaling NaN.
    st.decimals().filter(lambda number: not number.is_snan()),
    st.complex_numbers(),
    st.binary(max_size=3),
    st.lists(st.integers(), max_size=2),
)
kinds_of_cells = st.sampled_from(
    [
        st.floats(),
        st.integers(-3, 3),
        st.integers(),
        st.booleans(),
        st.sampled_from(["a", "b", None]),
        st.dates(),
        st.datetimes(),
        texts,
        cells,
        st.none(),
    ]
)


@st.composite
def frames(draw):
    """Draw a small table of mixed content, large enough that some can be used."""
    pool = draw(st.lists(kinds_of_cells, min_size=1, max_size=4))
    columns = []
    num_rows = draw(st.sampled_from([0, 1, 5, 30, 45]))
    for kind in pool:
        few = draw(st.lists(kind, min_size=1, max_size=8))
        places = draw(
            st.lists(st.integers(0, len(few) - 1), min_size=num_rows, max_size=num_rows)
        )
        columns.append([few[place] for place in places])
    names = draw(
        st.lists(
            st.text(max_size=4) | st.integers(0, 3) | st.none(),
            min_size=len(columns),
            max_size=len(columns),
        )
    )
    frame = pd.DataFrame(
        {place: pd.Series(column, dtype=object) for place, column in enumerate(columns)}
    )
    if draw(st.booleans()):
        frame = frame.infer_objects()
    frame.columns = pd.Index(names, dtype=object)
    return frame, draw(st.sampled_from([None, "classification", "regression"]))


def load_or_say(source, target: str, task=None) -> Dataset | str:
    """Return the data set, or the line that refuses it."""
    try:
        dataset = load_dataset(source, target, task, num_splits=2)
        make_folds(dataset, 2, 1, seed=0)
    except ConfigError as refusal:
        return str(refusal)
    return dataset


@hypothesis.given(frames())
@hypothesis.settings(
    max_examples=150, suppress_health_check=list(hypothesis.HealthCheck)
)
def test_any_table_is_usable_or_refused_in_one_line(drawn):
    frame, task = drawn
    target = str(frame.columns[-1])
    dataset = load_or_say(frame, target, task)
    if isinstance(dataset, str):
        assert "\n" not in dataset
        return
    folds = make_folds(dataset, 2, 1, seed=0)
    describe_folds(dataset, folds)
    prepared = prepare(dataset, folds[0])
    assert np.isfinite(prepared.x_train).all()
    assert np.isfinite(prepared.x_test).all()
    assert np.isfinite(prepared.y_test).all()
    assert load_dataset(frame, target, task, num_splits=2).digest == dataset.digest


@hypothesis.given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@hypothesis.settings(
    max_examples=150,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
def test_any_bytes_are_read_or_refused_in_one_line(tmp_path: Path, content):
    path = tmp_path / "data.csv"
    path.write_bytes(content)
    assert "\n" not in str(load_or_say(str(path), "y"))
