"""Put what cannot be into a table of rows."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from ablations.study.table.dataset import load_dataset
from models.config import ConfigError

WHAT = (
    "Cells, lines, separators or bytes of a CSV file are others: it is read, or an"
    " error of one line says what is wrong."
)
FULL, SMALL = 3_000, 15
NUM_ROWS = 30
CELLS = (
    "", " ", "NA", "inf", "-inf", "nan", "1e400", "1e308", "-1", "0", "x" * 300, "a,b",
    '"', '""', "'", "\t", "\r", "\n", "\0", "=1+1", "<script>", "2026-01-01", "12:30",
    "1,5", "1.000,5", "99999999999999999999", "True", "\u202e", "\ufeff", "\x1b[31m",
    "é", "😀", "1_000", "0x10", "$5", "5 %",
)  # fmt: skip


def prepare(folder: Path) -> str:
    """Return a table that can be used."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        rng.normal(size=(NUM_ROWS, 3)).round(3), columns=["a", "b", "c"]
    )
    frame["kind"] = rng.choice(["p", "q", "r"], NUM_ROWS)
    frame["target"] = np.where(frame["a"] > 0, "yes", "no")
    return frame.to_csv(index=False)


def attempt(text: str, rng: np.random.Generator, folder: Path) -> str:
    """Write one such table and read it; return what went wrong."""
    rows = [line.split(",") for line in text.splitlines()]
    for _ in range(int(rng.integers(1, 6))):
        row = int(rng.integers(len(rows)))
        how = rng.choice(["cell", "column", "short", "long", "gone", "twice"])
        if how == "cell" and rows[row]:
            rows[row][rng.integers(len(rows[row]))] = str(rng.choice(CELLS))
        elif how == "column":
            place, value = int(rng.integers(5)), str(rng.choice(CELLS))
            for cells in rows[1:]:
                if place < len(cells):
                    cells[place] = value
        elif how == "short":
            rows[row] = rows[row][:-1]
        elif how == "long":
            rows[row] = [*rows[row], str(rng.choice(CELLS))]
        elif how == "twice":
            rows.insert(row, rows[row])
        elif len(rows) > 1:
            del rows[row]
    separator = str(rng.choice([",", ";", "\t", "|"], p=[0.7, 0.1, 0.1, 0.1]))
    written = io.StringIO()
    for cells in rows:
        written.write(separator.join(cells) + str(rng.choice(["\n", "\r\n"])))
    code = str(rng.choice(["utf-8", "latin-1", "utf-16"], p=[0.8, 0.1, 0.1]))
    content = written.getvalue().encode(code, "replace")
    if rng.random() < 0.2:
        content = content[: int(rng.integers(len(content) + 1))]
    path = folder / "rows.csv"
    path.write_bytes(content)
    target = None if rng.random() < 0.9 else "a"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            load_dataset(str(path), target, None)
    except ConfigError as error:
        text = str(error)
        return "" if "\n" not in text else f"several lines: {text[:200]!r}"
    except Exception as error:  # that is what is looked for
        return f"{type(error).__name__}: {error!s:.200} in {content[:2000]!r}"
    return ""
