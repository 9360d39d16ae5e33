"""Keep every finished run in one file that survives kills, and never change it.

A run is a row: there whole or not there, inserted once and never updated. Its key is
the digest of its specification and its seed, so claims that ask for the same run share
it, and the same command again trains only what is missing.

Examples:
    >>> import tempfile
    >>> path = tempfile.mkdtemp() + "/runs.sqlite"
    >>> with Store.open(path) as store:
    ...     digest = store.put_spec({"model": {"width": 2}, "engine": 1})
    ...     store.insert(
    ...         digest,
    ...         seeds=[0, 1],
    ...         status=["ok", "diverged"],
    ...         diverged_at=[-1, 40],
    ...         arrays={"score": np.array([0.5, np.nan], np.float32)},
    ...         machine={"keras": "3.15.1"},
    ...     )
    2
    >>> with Store.open(path, mode="read") as store:
    ...     store.load(digest, seeds=[0]).arrays["score"]
    array([0.5], dtype=float32)
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np

from ablations.store import check as store_check
from ablations.store import file as store_file
from ablations.store.codec import (
    Damage,
    Layout,
    RowChecksum,
    StoreError,
    canonical_json,
    digest_of,
    spec_digest,
)
from ablations.store.export import run_frame, write_frames
from ablations.store.merge import (
    INSERT_RUN,
    INTERN_LAYOUT,
    INTERN_MACHINE,
    Merged,
    intern,
    take_over,
)
from ablations.store.rows import integers, result_arrays, run_columns, verdict_row
from ablations.store.table import ALL_SEEDS, RunTable, read_table
from models.config import ConfigError, one_of, requirement

__all__ = ["RunTable", "Store", "StoreError", "spec_digest"]

PUT_VERDICT = (
    "INSERT INTO verdicts (claim, digest, json, checksum) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (claim) DO UPDATE SET digest = excluded.digest,"
    " json = excluded.json, checksum = excluded.checksum"
)
FIRST_SEED = "first_judging_seed"
"""Key of the entry that a store begins with, where its judging seeds are not from 0."""


class Store:
    """Runs and verdicts in one SQLite file; make one with `Store.open`."""

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        after_close: Callable[[], None],
        writable: bool,
    ) -> None:
        """Use an open connection; `after_close` is called when it was closed."""
        self.path = path
        self._connection = connection
        self._writable = writable
        self._after_close = after_close
        self._is_whole = False
        self._shapes: dict[int, dict[str, tuple[str, tuple[int, ...]]]] = {}

    @classmethod
    def open(
        cls, path: str | Path, mode: Literal["read", "write"] = "write"
    ) -> "Store":
        """Open the store at `path`; for writing, make it if it is not there.

        An empty file counts as not there. One process may write at a time; any number
        may read meanwhile, also from a directory they cannot write to.

        Raises:
            ConfigError: If there is something else at `path`, nothing to read, a
                store of a later version, or another process writing; names its id.
            StoreError: If the file or its directory cannot be used or is damaged.
        """
        one_of("mode", mode, ("read", "write"))
        if "\0" in str(path):
            raise requirement("store", "must be a path without NUL", str(path))
        with store_file.explained(Path(path)):
            try:
                path = Path(path).expanduser().resolve()
            except RuntimeError as error:
                raise ConfigError(f"Store {str(path)!r}: {error}.") from error
        if mode == "read":
            return cls(path, *store_file.open_to_read(path), writable=False)
        return cls(path, *store_file.open_to_write(path), writable=True)

    def close(self) -> None:
        """Close the file and let the next writer in; does nothing the second time."""
        after_close, self._after_close = self._after_close, lambda: None
        try:
            with store_file.explained(self.path):
                self._connection.close()
        finally:
            after_close()

    def __enter__(self) -> Self:
        """Use the store in a `with` statement."""
        return self

    def __exit__(self, *error: object) -> None:
        """Close the store."""
        self.close()

    @property
    def first_seed(self) -> int:
        """First of the seeds that judge: 0, unless the store was begun at another."""
        with self._snapshot() as connection:
            row = connection.execute(
                "SELECT digest FROM specs ORDER BY id LIMIT 1"
            ).fetchone()
        return self.spec(row[0]).get(FIRST_SEED, 0) if row else 0

    def begin_at(self, first_seed: int) -> None:
        """Let seeds from `first_seed` on judge what is in the store.

        It is the first entry of the store and stays: whoever could choose the seeds
        after the runs could choose the verdict.

        Raises:
            ConfigError: If the store has begun at another seed.
        """
        if first_seed == self.first_seed:
            return
        if self.spec_digests():
            must = (
                f"must be {self.first_seed}, at which store {str(self.path)!r} has"
                " begun; other seeds take another store"
            )
            raise requirement("first_seed", must, first_seed)
        self.put_spec({FIRST_SEED: first_seed})

    def put_spec(self, spec: Mapping[str, Any]) -> str:
        """Remember a run specification and return its digest.

        Raises:
            ConfigError: If the specification is not plain JSON or the store is open
                for reading.
            StoreError: If the store cannot be written.
        """
        text = canonical_json(spec, "spec")
        digest = digest_of(text)
        if self._spec_id(digest) is None:
            with self._transaction() as connection:
                connection.execute(
                    "INSERT INTO specs (digest, json) VALUES (?, ?)", (digest, text)
                )
        return digest

    def spec(self, digest: str) -> dict[str, Any]:
        """Return the specification with this digest.

        Raises:
            ConfigError: If the store does not know it.
            StoreError: If it is damaged.
        """
        with self._whole() as connection:
            row = connection.execute(
                "SELECT json FROM specs WHERE digest = ?", (digest,)
            ).fetchone()
            if row is None:
                raise requirement("spec_digest", "must be of a stored spec", digest)
            if not store_check.spec_is_intact(digest, row[0]):
                raise Damage(f"Spec {digest!a} is not what was stored.")
        return json.loads(row[0])

    def spec_digests(self) -> list[str]:
        """Return the digests of all specifications, oldest first."""
        with self._whole() as connection:
            rows = connection.execute("SELECT digest FROM specs ORDER BY id")
            return [digest for (digest,) in rows]

    def insert(
        self,
        spec_digest: str,
        seeds: Sequence[int] | np.ndarray,
        status: Sequence[str] | np.ndarray,
        diverged_at: Sequence[int] | np.ndarray,
        arrays: Mapping[str, np.ndarray],
        machine: Mapping[str, Any],
    ) -> int:
        """Add finished runs in one transaction; runs that are there stay as they are.

        Args:
            spec_digest: What `put_spec` returned.
            seeds: Seeds without repetition [S].
            status: One of `STATUSES` per run [S].
            diverged_at: Step at which a run diverged, -1 for none [S].
            arrays: Results by name [S, ...], numbers or booleans.
            machine: Description of machine and versions, plain JSON.

        Returns:
            Number of runs that were new.

        Raises:
            ConfigError: If an argument does not fit, if an array has another dtype or
                shape than in earlier runs of the specification, or if the store is
                open for reading.
            StoreError: If the store cannot be written; then none of the runs is in it.
        """
        columns = run_columns(seeds, status, diverged_at)
        num_runs = len(columns[0])
        rows = result_arrays(arrays, num_runs)
        layout = Layout.of(rows)
        layout_json, machine_json = layout.to_json(), canonical_json(machine, "machine")
        checksum = RowChecksum(spec_digest, layout_json, machine_json)
        spec_id = self._spec_id(spec_digest)
        if spec_id is None:
            raise requirement("spec_digest", "must come from `put_spec`", spec_digest)
        if num_runs == 0:
            return 0
        self._require_same_shapes(spec_id, layout)
        contents = zip(*columns, layout.pack(rows, num_runs), strict=True)
        with self._transaction() as connection:
            ids = (
                spec_id,
                intern(connection, INTERN_LAYOUT, layout_json),
                intern(connection, INTERN_MACHINE, machine_json),
            )
            num_inserted = connection.executemany(
                INSERT_RUN,
                ((*ids, *content, checksum(*content)) for content in contents),
            ).rowcount
        self._shapes[spec_id].update(layout.by_name())
        return num_inserted

    def seeds_present(self, spec_digest: str) -> np.ndarray:
        """Return the seeds [S] that were run, whatever came of it, in order."""
        with self._whole() as connection:
            rows = connection.execute(
                f"SELECT seed {ALL_SEEDS} ORDER BY seed", (spec_digest,)
            )
            seeds = [seed for (seed,) in rows]
            if not all(isinstance(seed, int) for seed in seeds):
                raise Damage(f"Spec {spec_digest!a} has seeds that are no integers.")
        return np.array(seeds, np.int64)

    def load(
        self,
        spec_digest: str,
        seeds: Sequence[int] | np.ndarray | None = None,
        names: Sequence[str] | None = None,
    ) -> RunTable:
        """Return runs ordered by seed; seeds that were not run are not in the table.

        Args:
            spec_digest: Digest of the specification; an unknown one has no runs.
            seeds: Which seeds, all when None.
            names: Which arrays, all when None.

        Raises:
            ConfigError: If no run has an array of that name.
            StoreError: If a run is damaged; names its key.
        """
        wanted = None if seeds is None else integers("seeds", seeds).tolist()
        with self._whole() as connection:
            return read_table(connection, spec_digest, wanted, names)

    def put_verdicts(self, verdicts: Sequence[Mapping[str, Any]]) -> None:
        """Remember verdict records, replacing earlier ones of the same claims.

        All are replaced or none. NaN and infinity are allowed and come back.

        Args:
            verdicts: Records with at least `id` and `digest`, the claim's.

        Raises:
            ConfigError: If a record lacks `id` or `digest` or is no JSON, or if the
                store is open for reading.
            StoreError: If the store cannot be written.
        """
        rows = [verdict_row(verdict) for verdict in verdicts]
        with self._transaction() as connection:
            connection.executemany(PUT_VERDICT, rows)

    def verdicts(self) -> list[dict[str, Any]]:
        """Return the verdict records, ordered by claim id.

        Raises:
            StoreError: If one is damaged; names the claim.
        """
        with self._whole() as connection:
            rows = connection.execute(
                "SELECT claim, digest, json, checksum FROM verdicts ORDER BY claim"
            ).fetchall()
            for row in rows:
                if not store_check.verdict_is_intact(row):
                    raise Damage(f"Verdict on {row[0]!a} is not what was stored.")
        return [json.loads(text) for _, _, text, _ in rows]

    def info(self) -> dict[str, Any]:
        """Describe the store: path, size, what is in it and which versions made it."""
        with self._whole() as connection:
            contents = store_check.contents(connection)
        files = (self.path, store_file.wal_path(self.path))
        num_bytes = sum(file.stat().st_size for file in files if file.exists())
        return {"path": str(self.path), "bytes": num_bytes, **contents}

    def export(self, out_path: str | Path) -> int:
        """Write one row per run to a `.csv` or `.parquet` file and return their number.

        Scalar results and the scalars of the specification (`spec.`) are columns.

        Raises:
            ConfigError: If the file cannot be written or has another suffix.
            StoreError: If a run is damaged.
        """
        return write_frames(self._frames(), out_path)

    def _frames(self) -> Iterator[Any]:
        """Yield the runs of every specification as frames."""
        for digest in self.spec_digests():
            table = self.load(digest)
            if len(table):
                yield run_frame(digest, self.spec(digest), table)

    def merge(self, other: "Store") -> Merged:
        """Take over the runs of another store, all or none; verdicts are judged anew.

        Of runs that are in both with other numbers, those here stay.

        Raises:
            ConfigError: If the stores have begun at different seeds, or this one is
                open for reading.
            StoreError: If one of them is damaged, or this one cannot be written.
        """
        if other.first_seed != self.first_seed and self.spec_digests():
            must = f"must have begun at seed {self.first_seed}, as {str(self.path)!r}"
            raise requirement(str(other.path), must, other.first_seed)
        with other._whole() as source, self._transaction() as target:
            return take_over(source, other.path, target)

    def check(self) -> list[str]:
        """Read everything and return one sentence per problem."""
        problems: list[str] = []
        for find in (
            store_check.file_problems,
            store_check.run_problems,
            store_check.record_problems,
        ):
            try:
                with self._snapshot() as connection:
                    problems.extend(find(connection))
            except StoreError as error:
                problems.append(str(error))
        return problems

    def _spec_id(self, digest: str) -> int | None:
        with self._whole() as connection:
            row = connection.execute(
                "SELECT id FROM specs WHERE digest = ?", (digest,)
            ).fetchone()
        return row[0] if row else None

    def _require_same_shapes(self, spec_id: int, layout: Layout) -> None:
        """Refuse an array that earlier runs have with another dtype or shape."""
        if spec_id not in self._shapes:
            with self._snapshot() as connection:
                stored = connection.execute(
                    "SELECT json FROM layouts WHERE id IN"
                    " (SELECT DISTINCT layout FROM runs WHERE spec = ?)",
                    (spec_id,),
                )
                layouts = [Layout.parse(text) for (text,) in stored]
            self._shapes[spec_id] = {}
            for earlier in layouts:
                self._shapes[spec_id].update(earlier.by_name())
        for name, shape in layout.by_name().items():
            known = self._shapes[spec_id].get(name, shape)
            if known != shape:
                raise requirement(
                    f"arrays[{name!r}]",
                    f"must be {known[0]} of shape {known[1]} per run, as in earlier "
                    "runs of the same spec",
                    shape,
                )

    @contextmanager
    def _snapshot(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the store, whatever is written meanwhile."""
        with store_file.explained(self.path):
            self._connection.execute("BEGIN")
            try:
                yield self._connection
            finally:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _whole(self) -> Iterator[sqlite3.Connection]:
        """Read one state of the store, of which file and specifications are whole."""
        with self._snapshot() as connection:
            if not self._is_whole:
                store_check.require_whole(connection)
                self._is_whole = True
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """Write everything in the block, or nothing."""
        if not self._writable:
            raise ConfigError(f"Store {str(self.path)!r} is open only for reading.")
        with store_file.explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # After a full disk SQLite has ended the transaction itself.
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise
