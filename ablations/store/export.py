"""Write stored runs as one tidy table for spreadsheets and other programs."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ablations.store.codec import run_key
from ablations.store.table import RunTable
from models.config import ConfigError, one_of

if TYPE_CHECKING:
    import pandas as pd

RUN_COLUMNS = ("key", "spec", "seed", "status", "diverged_at")
SPEC_PREFIX = "spec."
# A spreadsheet takes text that begins so for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def run_frame(digest: str, spec: Mapping[str, Any], table: RunTable) -> "pd.DataFrame":
    """Make the rows of one specification.

    Scalar arrays [S] and scalar entries of the specification (`spec.model.width`)
    become columns, its lists JSON text; arrays of more axes are left out.

    Args:
        digest: Digest of the specification.
        spec: The specification.
        table: Its runs.
    """
    import pandas as pd

    data: dict[str, Any] = {
        "key": [run_key(digest, seed) for seed in table.seeds],
        "spec": digest,
        "seed": table.seeds,
        "status": table.status,
        "diverged_at": table.diverged_at,
        **dict(_scalars(spec, SPEC_PREFIX)),
        **{name: array for name, array in table.arrays.items() if array.ndim == 1},
    }
    frame = pd.DataFrame(data, index=range(len(table)))
    # Nullable, so that integers stay integers beside specifications without them.
    return frame.astype(
        {
            name: pd.array(column.to_numpy()[:0]).dtype
            for name, column in frame.items()
            if column.dtype.kind in "biu"
        }
    )


def _scalars(spec: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in spec.items():
        if isinstance(value, Mapping):
            yield from _scalars(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple):
            yield prefix + name, json.dumps(value)
        else:
            yield prefix + name, value


def write_frames(frames: Iterable["pd.DataFrame"], out_path: str | Path) -> int:
    """Write tables below each other as `.csv` or `.parquet`, whole or not at all.

    In CSV, text that a spreadsheet would run as a formula gets a `'` in front.

    Returns:
        Number of rows.

    Raises:
        ConfigError: If the file name ends otherwise, the file cannot be written, or
            the package that writes Parquet is not installed.
    """
    import pandas as pd

    out_path = Path(out_path)
    one_of("export suffix", out_path.suffix, (".csv", ".parquet"))
    empty = pd.DataFrame(columns=list(RUN_COLUMNS))
    parts = list(frames)
    table = pd.concat(parts, ignore_index=True) if parts else empty
    unfinished = out_path.with_name(out_path.name + "-new")
    try:
        out_path.parent.mkdir(parents=True, exist_ok=True)
        if out_path.suffix == ".csv":
            # Lines end as RFC 4180 has it; with "\n" alone, a "\r" in a text would
            # not be quoted.
            _without_formulas(table).to_csv(
                unfinished, index=False, lineterminator="\r\n", encoding="utf-8"
            )
        else:
            table.to_parquet(unfinished, index=False)
        os.replace(unfinished, out_path)
    except ImportError as error:
        raise ConfigError(
            "A `.parquet` file needs the package pyarrow: install it, or export to "
            "`.csv`."
        ) from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise ConfigError(
            f"Table {str(out_path)!r} cannot be written: {reason}."
        ) from error
    return len(table)


def _without_formulas(table: "pd.DataFrame") -> "pd.DataFrame":
    texts = {
        name: column.map(_as_text)
        for name, column in table.items()
        if column.dtype.kind == "O"
    }
    return table.assign(**texts).rename(columns=_as_text)


def _as_text(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
