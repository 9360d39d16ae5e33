"""Arrange stored rows as arrays with one run per index."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ablations.store.check import damaged_run
from ablations.store.codec import STATUSES, Damage, Layout, RowVerifier
from models.config import one_of

ALL_SEEDS = "FROM runs WHERE spec = (SELECT id FROM specs WHERE digest = ?)"
SOME_SEEDS = (
    "FROM runs WHERE spec = (SELECT id FROM specs WHERE digest = ?)"
    " AND seed IN (SELECT value FROM json_each(?))"
)
RUN = "layout, machine, seed, status, diverged_at, payload, checksum"
ROWS_PER_BATCH = 4096
LONGEST_STATUS = max(map(len, STATUSES))


@dataclass(frozen=True)
class RunTable:
    """Runs of one specification, ordered by seed.

    A run without an array that others have (a failed one, say) has NaN there; -1 where
    the dtype is a signed integer; 0 or False otherwise.

    Attributes:
        seeds: Seeds [S].
        status: One of `STATUSES` per run [S].
        diverged_at: Step at which a run diverged, -1 for none [S].
        arrays: Results by name [S, ...].
        machines: Descriptions of the machines and versions the runs came from.
    """

    seeds: np.ndarray
    status: np.ndarray
    diverged_at: np.ndarray
    arrays: dict[str, np.ndarray]
    machines: tuple[dict[str, Any], ...] = ()

    def __len__(self) -> int:
        """Count the runs."""
        return len(self.seeds)

    def select(self, mask: np.ndarray) -> "RunTable":
        """Return the runs where `mask` [S] is true."""
        return RunTable(
            self.seeds[mask],
            self.status[mask],
            self.diverged_at[mask],
            {name: array[mask] for name, array in self.arrays.items()},
            self.machines,
        )


@dataclass
class TableBuilder:
    """Fill the arrays of a table from rows that come in batches.

    Attributes:
        num_runs: Rows that will come, S.
        layouts: JSON of the layouts by id.
        names: Arrays wanted, all when None.
        num_filled: Rows that came.
        machines: Ids of the machines they came from.
    """

    num_runs: int
    layouts: Mapping[int, str]
    names: Sequence[str] | None
    num_filled: int = 0
    machines: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Make room for the columns every run has."""
        self._seeds = np.empty(self.num_runs, np.int64)
        self._status = np.empty(self.num_runs, f"<U{LONGEST_STATUS}")
        self._diverged_at = np.empty(self.num_runs, np.int64)
        self._arrays: dict[str, np.ndarray] = {}
        self._parsed: dict[int, Layout] = {}

    def add(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add `(layout, machine, seed, status, diverged_at, payload, ...)` rows.

        Raises:
            Damage: If a layout is damaged or a payload does not fit it.
        """
        start, self.num_filled = self.num_filled, self.num_filled + len(rows)
        here = slice(start, self.num_filled)
        layouts, machines, seeds, status, diverged_at, payloads, *_ = zip(
            *rows, strict=True
        )
        self._seeds[here] = seeds
        self._status[here] = status
        self._diverged_at[here] = diverged_at
        self.machines.update(machines)
        for layout_id in set(layouts):
            if layout_id not in self._parsed:
                self._parsed[layout_id] = Layout.parse(self.layouts[layout_id])
            inside = np.flatnonzero(np.array(layouts) == layout_id)
            part = self._parsed[layout_id].unpack(
                [payloads[position] for position in inside], self.names
            )
            for name, values in part.items():
                if name not in self._arrays:
                    shape = (self.num_runs, *values.shape[1:])
                    fill = _absent(values.dtype)
                    self._arrays[name] = np.full(shape, fill, values.dtype)
                self._arrays[name][start + inside] = values

    def table(self, machines: Iterable[dict[str, Any]]) -> RunTable:
        """Return the table.

        Raises:
            ConfigError: If no run has an array that was asked for.
        """
        known = {
            name for layout in self._parsed.values() for name, _, _ in layout.fields
        }
        if self.num_filled:
            for name in self.names or ():
                one_of("names", name, sorted(known))
        return RunTable(
            self._seeds,
            self._status,
            self._diverged_at,
            dict(sorted(self._arrays.items())),
            tuple(machines),
        )


def _absent(dtype: np.dtype) -> float | int:
    """Return what stands for a result that a run does not have."""
    return {"f": np.nan, "i": -1}.get(dtype.kind, 0)


def read_table(
    connection: sqlite3.Connection,
    digest: str,
    seeds: Sequence[int] | None,
    names: Sequence[str] | None,
) -> RunTable:
    """Read the runs of one specification, verifying every row.

    Raises:
        ConfigError: If no run has an array that was asked for.
        Damage: If a run is not what was inserted; names its key.
    """
    which, parameters = ALL_SEEDS, [digest]
    if seeds is not None:
        which, parameters = SOME_SEEDS, [digest, json.dumps(list(seeds))]
    layouts = dict(connection.execute("SELECT id, json FROM layouts"))
    machines = dict(connection.execute("SELECT id, json FROM machines"))
    is_intact = RowVerifier(digest, layouts, machines)
    (num_runs,) = connection.execute(f"SELECT count(*) {which}", parameters).fetchone()
    builder = TableBuilder(num_runs, layouts, names)
    cursor = connection.execute(f"SELECT {RUN} {which} ORDER BY seed", parameters)
    previous = -1
    while rows := cursor.fetchmany(ROWS_PER_BATCH):
        for row in rows:
            # A damaged index could show one run twice.
            if not is_intact(row) or row[2] <= previous:
                raise Damage(damaged_run(digest, row[2]))
            previous = row[2]
        builder.add(rows)
    if builder.num_filled != num_runs:
        raise Damage(f"Spec {digest!a} has {builder.num_filled} runs of {num_runs}.")
    return builder.table(json.loads(machines[key]) for key in sorted(builder.machines))
