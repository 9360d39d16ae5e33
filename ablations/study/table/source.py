"""Read a table from a CSV, Parquet or Excel file, or one of scikit-learn's."""

from __future__ import annotations

import codecs
import io
import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ablations.study.table.header import (
    describe_top,
    find_header,
    find_top,
    has_row_names,
    hint_of_header,
    is_names,
)
from ablations.study.table.lines import (
    DELIMITERS,
    NUM_SNIFFED,
    find_delimiter,
    has_decimal_comma,
    split,
    split_rows,
)
from ablations.study.table.note import Note, quote, quote_all
from ablations.study.table.refusal import FIELD, unreadable
from ablations.study.table.sheet import SUFFIXES, cell_text, read_sheet
from models.config import ConfigError, one_of, requirement

if TYPE_CHECKING:
    import pandas as pd

SKLEARN_PREFIX = "sklearn:"
SKLEARN_NAMES = ("digits", "breast_cancer", "wine", "iris", "diabetes")
MAX_COLUMNS = 10_000
MAX_CELLS = 50_000_000
"""About what fits into 4 GB as text."""

MAX_BYTES = 2_000_000_000

PARQUET_MAGIC = b"PAR1"
SUFFIXES_NOT_READ = {
    ".xls": "an old Excel sheet; save it as .xlsx",
    ".xlsb": "a binary Excel sheet; save it as .xlsx",
    ".ods": "an OpenDocument sheet",
    ".json": "JSON",
    ".jsonl": "JSON",
    ".pkl": "a pickle",
    ".pickle": "a pickle",
    ".npy": "a NumPy array",
    ".npz": "a NumPy archive",
    ".h5": "HDF5",
    ".hdf5": "HDF5",
    ".feather": "Feather",
    ".sqlite": "a database",
    ".db": "a database",
    ".zip": "a ZIP archive",
    ".gz": "a gzip archive",
}


class Table(NamedTuple):
    """A table as read, and what is known of the file.

    Attributes:
        frame: The table; its columns have different names.
        notes: What had to be repaired.
        header: Names of the columns as written, "" where there is none.
        decimal_comma: Whether a comma is the decimal point in its numbers.
    """

    frame: pd.DataFrame
    notes: tuple[Note, ...]
    header: tuple[str, ...]
    decimal_comma: bool = False

    @property
    def unnamed(self) -> set[str]:
        """Names that were made up for columns that have none."""
        named = zip(self.frame.columns, self.header, strict=True)
        return {name for name, written in named if not written}


def read_table(source: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table; see `read_with_notes`, which also tells of repairs."""
    return read_with_notes(source).frame


def read_with_notes(source: str | os.PathLike[str]) -> Table:
    """Read a table of one row per example and one named column per quantity.

    A file that begins as Parquet does, or ends in `.parquet`, is read as Parquet, any
    other as CSV: UTF-8 (with or without a byte order mark), UTF-16 with one, else
    Windows-1252; separated by what splits its lines most evenly. Lines may be inside
    quotes. Cells of a CSV are texts, empty ones are missing (None). Of a file that ends
    in `.xlsx` the first sheet is read. Titles, comments and Excel's `sep=;` above the
    names of the columns are skipped.

    Args:
        source: Path of a file, or `sklearn:NAME` with one of `SKLEARN_NAMES`; the
            column to predict of those is called "target".

    Raises:
        ConfigError: If there is no such file, it cannot be read as a table, it has no
            rows or too many columns, or the package that reads Parquet is missing.
    """
    text = os.fspath(source)
    if not isinstance(text, str) or not text or "\0" in text:
        raise requirement(FIELD, "must be the path of a file", text)
    if text.startswith(SKLEARN_PREFIX):
        one_of(FIELD, text, (SKLEARN_PREFIX + name for name in SKLEARN_NAMES))
        frame = _read_sklearn(text.removeprefix(SKLEARN_PREFIX))
        return Table(frame, (), tuple(frame.columns))
    kind = SUFFIXES_NOT_READ.get(Path(text).suffix.lower())
    if kind is not None:
        must = f"must be a CSV, Parquet or .xlsx file, not {kind}"
        raise requirement(FIELD, must, text)
    content = _read_bytes(Path(text))
    if not content:
        raise requirement(FIELD, "must be a file that is not empty", text)
    is_parquet = content.startswith(PARQUET_MAGIC)
    if is_parquet or Path(text).suffix.lower() in (".parquet", ".pq"):
        return _read_parquet(content, text)
    if Path(text).suffix.lower() in SUFFIXES:
        return _read_excel(content, text)
    return _read_csv(content, text)


def _read_bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            must = "must be a file" if path.exists() else "must be a file that exists"
        elif path.stat().st_size > MAX_BYTES:
            must = f"must be a file of at most {MAX_BYTES:,} bytes"
        else:
            return path.read_bytes()
    except (OSError, UnicodeEncodeError) as error:
        reason = getattr(error, "strerror", None) or "not a usable path"
        must = f"must be a file that can be read ({reason})"
    raise requirement(FIELD, must, str(path))


def _read_sklearn(name: str) -> pd.DataFrame:
    import sklearn.datasets

    load = getattr(sklearn.datasets, f"load_{name}")
    options = {"scaled": False} if name == "diabetes" else {}
    bunch = load(as_frame=True, **options)
    frame = bunch.data.copy()
    target = bunch.target
    names = getattr(bunch, "target_names", None)
    if names is not None and len(names) and isinstance(names[0], str):
        target = target.map(dict(enumerate(map(str, names))))
    frame["target"] = target
    return frame


def _read_parquet(content: bytes, source: str) -> Table:
    import pandas as pd

    if not (content.startswith(PARQUET_MAGIC) and content.endswith(PARQUET_MAGIC)):
        reason = ValueError("it does not begin and end as one")
        raise unreadable("a whole Parquet file", source, reason)
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError:
        raise ConfigError(
            f"`{FIELD}` is a Parquet file, which needs the package pyarrow: install "
            f"it (`pip install pyarrow`), or save it as CSV. Received: {source!r}."
        ) from None
    try:
        file = parquet.ParquetFile(io.BytesIO(content))
        num_columns = len(file.schema_arrow.names)
        _check_size(file.metadata.num_rows, num_columns, source)
        table = file.read()
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        raise unreadable("a whole Parquet file", source, error) from None
    try:
        # Text stays a type of its own, whatever pandas makes of it by itself.
        texts = {
            pyarrow.string(): pd.StringDtype(),
            pyarrow.large_string(): pd.StringDtype(),
        }
        frame = table.to_pandas(ignore_metadata=True, types_mapper=texts.get)
    except (pyarrow.ArrowException, ValueError, TypeError) as error:
        raise unreadable("a Parquet file of plain values", source, error) from None
    return _named(pd.DataFrame(frame), source, [])


def _read_excel(content: bytes, source: str) -> Table:
    import pandas as pd

    rows, notes = read_sheet(content, source)
    if not rows:
        raise requirement(FIELD, "must be a file that is not empty", source)
    texts = [[cell_text(cell) for cell in row] for row in rows[:NUM_SNIFFED]]
    place = find_header(texts)
    header = texts[place]
    notes += describe_top([" ".join(filter(None, t)) for t in texts[:place]], header)
    _check_size(len(rows), len(header), source)
    columns = list(zip(*rows[place + 1 :], strict=True)) or [()] * len(header)
    used = [
        i for i, name in enumerate(header) if name or any(map(cell_text, columns[i]))
    ]
    frame = pd.DataFrame(
        {
            i: pd.Series(
                [None if cell == "" else cell for cell in columns[i]], dtype=object
            )
            for i in used
        }
    )
    frame.columns = [header[i] for i in used]
    return _named(frame, source, notes)


def _check_size(num_rows: int, num_columns: int, source: str) -> None:
    if num_columns > MAX_COLUMNS:
        must = f"must have at most {MAX_COLUMNS:,} columns, not {num_columns:,}"
        raise requirement(FIELD, must, source)
    if num_rows * num_columns > MAX_CELLS:
        must = f"must have at most {MAX_CELLS:,} cells, not {num_rows * num_columns:,}"
        raise requirement(FIELD, must, source)


def _read_csv(content: bytes, source: str) -> Table:
    import pandas as pd

    notes: list[Note] = []
    text = _decode(content, source, notes)
    top = find_top(text)
    table = text[top.length :]
    delimiter = top.delimiter or find_delimiter(table)
    rows = split_rows(table, delimiter, source, 1 + text[: top.length].count("\n"))
    start = list(itertools.islice(rows, NUM_SNIFFED))
    above = list(top.lines)
    named = _names_in_comment(above, [row for _, row in start], delimiter)
    if named is not None:
        header, above = named, above[:-1]
    else:
        if not start:
            raise requirement(FIELD, "must be a file that is not empty", source)
        place = find_header([row for _, row in start])
        above += [delimiter.join(row).strip() for _, row in start[:place]]
        header = start[place][1]
        start = start[place + 1 :]
    notes += describe_top(above, header)
    if has_row_names(header, [row for _, row in start]):
        header = ["", *header]
    decimal_comma = has_decimal_comma([row for _, row in start], delimiter)
    rows = itertools.chain(start, rows)
    _check_size(0, len(header), source)
    if len(header) == 1:
        *most, last = DELIMITERS.values()
        by = f"{', '.join(most)} or {last}"
        must = f"must have at least two columns, separated by {by}"
        raise requirement(FIELD, must, source)
    if _is_of_numbers(header):
        shown = quote_all(header[:4])
        must = f"must be a file whose first line names the columns, not {shown}"
        raise requirement(FIELD, must, source)
    cells: list[list[str]] = []
    short = 0
    for line, row in rows:
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            raise requirement(
                FIELD,
                f"must have as many fields in every line as the first ({len(header)}, "
                f"separated by {DELIMITERS[delimiter]}), but line {line} has "
                f"{len(row)}{hint_of_header([row for _, row in start])}",
                source,
            )
        short += len(row) < len(header)
        cells.append((row + [""] * (len(header) - len(row)))[: len(header)])
    _check_size(len(cells), len(header), source)
    if short:
        what = f"{short} rows have" if short > 1 else "1 row has"
        notes.append(
            Note(
                "short_rows",
                "warning",
                f"{what} fewer fields than the first line names; the last fields of "
                "those rows are taken as missing.",
            )
        )
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(header)
    frame = pd.DataFrame(
        {
            i: pd.Series([cell or None for cell in column], dtype=object)
            for i, column in enumerate(columns)
        }
    )
    frame.columns = header
    return _named(frame, source, notes)._replace(decimal_comma=decimal_comma)


def _names_in_comment(
    lines: list[str], rows: list[list[str]], delimiter: str
) -> list[str] | None:
    """Return the names of columns that the last line of comment has, None if none.

    It has them if it has as many fields as the first line of the table, and that is one
    of data, or no blank stands after its mark.
    """
    if not lines or not rows or not lines[-1].startswith("#"):
        return None
    names: list[str] = next(split(lines[-1].lstrip("#"), delimiter), [])
    is_glued = not lines[-1].lstrip("#").startswith(" ")
    if len(names) < 2 or len(names) != len(rows[0]):
        return None
    return list(names) if is_glued or not is_names(rows[0]) else None


def _is_of_numbers(header: list[str]) -> bool:
    """Return whether the first line is one of data; 0, 1, 2 ... may be names."""
    try:
        numbers = [float(cell) for cell in header]
    except ValueError:
        return False
    return len(set(numbers)) < len(numbers) or any(n % 1 != 0 for n in numbers)


def _decode(content: bytes, source: str, notes: list[Note]) -> str:
    """Return the text of a file, by the first encoding that fits."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as error:
                raise unreadable("a file of text", source, error) from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        encoding = "Windows-1252"
        text = content.decode("cp1252", errors="replace")
        notes.append(
            Note(
                "encoding",
                "info",
                f"The file is not UTF-8; it was read as {encoding}. Letters beyond "
                "ASCII may be wrong.",
            )
        )
    if text[:10_000].count("\0"):
        must = "must be a CSV or Parquet file; it holds bytes that are no text"
        raise requirement(FIELD, must, source)
    return text


def _named(frame: pd.DataFrame, source: str, notes: list[Note]) -> Table:
    """Check the size of a table and make the names of its columns different texts."""
    _check_size(len(frame), frame.shape[1], source)
    if frame.shape[1] == 0 or len(frame) == 0:
        what = "columns" if frame.shape[1] == 0 else "rows below its first line"
        raise requirement(FIELD, f"must have {what}", source)
    header = list(frame.columns)
    names, name_notes = different_names(header)
    frame = frame.set_axis(names, axis=1)
    return Table(frame, (*notes, *name_notes), tuple(map(name_column, header)))


def different_names(columns: list[Any]) -> tuple[list[str], tuple[Note, ...]]:
    """Return names of columns as different texts, and a note if any had to change.

    A name is stripped of blanks around it; an empty one becomes `column_k` (counted
    from 1), a repeated one gets `_2`, `_3` ... at its end.
    """
    stripped = [name_column(column) for column in columns]
    taken = {name for name in stripped if name}
    names: list[str] = []
    used: set[str] = set()
    repeated, empty = [], 0
    for place, name in enumerate(stripped, start=1):
        new = name
        if not name:
            empty += 1
            new = f"column_{place}"
        elif name in used:
            repeated.append(name)
            number = 2
            while f"{name}_{number}" in taken | used:
                number += 1
            new = f"{name}_{number}"
        while new in used or (new != name and new in taken):
            new += "_"
        names.append(new)
        used.add(new)
    notes = []
    if repeated:
        text = (
            f"More than one column is called {quote_all(list(dict.fromkeys(repeated)))}"
            "; the later ones were given numbers."
        )
        notes.append(Note("repeated_names", "warning", text))
    if empty:
        what = f"{empty} columns have" if empty > 1 else "1 column has"
        text = f"{what} no name; named by place, as {quote('column_1')}."
        notes.append(Note("unnamed_columns", "info", text))
    return names, tuple(notes)


def name_column(column: Any) -> str:
    """Return a column's name as text that can be written to a file."""
    text = " / ".join(map(str, column)) if isinstance(column, tuple) else str(column)
    # Half of a surrogate pair cannot be written to any file.
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace").strip()
