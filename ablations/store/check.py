"""Look into a store: what is in it, and whether it is what was put there."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from ablations.store.codec import (
    STATUSES,
    Damage,
    Layout,
    RowVerifier,
    digest_of,
    run_key,
    text_checksum,
)


def contents(connection: sqlite3.Connection) -> dict[str, Any]:
    """Count what is in a store, and the runs of each machine.

    Raises:
        Damage: If the description of a machine is not JSON, or a status is none.
    """
    counts = {
        name: connection.execute(query).fetchone()[0]
        for name, query in (
            ("schema", "PRAGMA user_version"),
            ("specs", "SELECT count(*) FROM specs"),
            ("verdicts", "SELECT count(*) FROM verdicts"),
        )
    }
    by_status = dict(
        connection.execute("SELECT status, count(*) FROM runs GROUP BY status")
    )
    if unknown := sorted(map(ascii, by_status.keys() - set(STATUSES))):
        raise Damage(f"Runs have a status that there is not: {', '.join(unknown)}.")
    machines = connection.execute(
        "SELECT json, count(*) FROM runs JOIN machines ON machines.id = machine"
        " GROUP BY machine ORDER BY machine"
    ).fetchall()
    try:
        described = [
            {"machine": json.loads(text), "runs": count} for text, count in machines
        ]
    except (TypeError, ValueError) as error:
        raise Damage(f"A machine is described by what is no JSON: {error}.") from error
    return {
        **counts,
        "runs": {status: by_status.get(status, 0) for status in STATUSES},
        "machines": described,
    }


def count_runs(connection: sqlite3.Connection) -> int:
    """Count the runs, through no index, which could be what is damaged."""
    query = "SELECT count(*) FROM runs NOT INDEXED"
    return int(connection.execute(query).fetchone()[0])


def file_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Check the structure of the file and the references between tables."""
    for (text,) in connection.execute("PRAGMA integrity_check"):
        if text != "ok":
            yield f"Structure of the file: {' '.join(text.split())}."
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"Row {row} of {table} names nothing in {parent}."


def run_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Check that every run is what was inserted."""
    layouts = dict(connection.execute("SELECT id, json FROM layouts"))
    machines = dict(connection.execute("SELECT id, json FROM machines"))
    specs = dict(connection.execute("SELECT id, digest FROM specs"))
    verifiers = {
        key: RowVerifier(digest, layouts, machines) for key, digest in specs.items()
    }
    for row_id, spec, *row in connection.execute(
        "SELECT id, spec, layout, machine, seed, status, diverged_at, payload, checksum"
        " FROM runs ORDER BY id"
    ):
        seed = row[2]
        if spec not in specs:
            yield f"Run {row_id} has a specification that is gone: {spec!r}."
        elif not verifiers[spec](row):
            yield damaged_run(specs[spec], seed)
        else:
            try:
                Layout.parse(layouts[row[0]]).unpack([row[5]])
            except Damage as error:
                yield f"{damaged_run(specs[spec], seed)} {error}"


def record_problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Check specifications and verdicts."""
    for digest, text in connection.execute("SELECT digest, json FROM specs"):
        if not spec_is_intact(digest, text):
            yield f"Spec {digest!a} is damaged."
    for row in connection.execute("SELECT claim, digest, json, checksum FROM verdicts"):
        if not verdict_is_intact(row):
            yield f"Verdict on {row[0]!a} is damaged."


def require_whole(connection: sqlite3.Connection) -> None:
    """Check the file, and that every specification is found by the digest that it has.

    One that is not would count as never asked for, and its runs as missing; so would
    runs that an index does not find. A hundred megabytes take about half a second.

    Raises:
        Damage: If the file, a specification or an index is not what was stored.
    """
    for problem in file_problems(connection):
        raise Damage(problem)
    rows = connection.execute("SELECT digest, json FROM specs NOT INDEXED").fetchall()
    for digest, text in rows:
        if not spec_is_intact(digest, text):
            raise Damage(f"Spec {digest!a} is not what was stored.")
    found = connection.execute(
        "SELECT digest FROM specs INDEXED BY sqlite_autoindex_specs_1"
    )
    if {digest for (digest,) in found} != {digest for digest, _ in rows}:
        raise Damage("The index of specifications is not what was stored.")


def damaged_run(digest: str, seed: Any) -> str:
    """Say which run is damaged."""
    key = run_key(digest, seed) if isinstance(seed, int) else "unknown"
    return f"Run {key} (spec {digest!a}, seed {seed!a}) is damaged."


def spec_is_intact(digest: str, text: Any) -> bool:
    """Say whether the JSON of a specification is what its digest was taken of."""
    return isinstance(text, str) and digest_of(text) == digest


def verdict_is_intact(row: Sequence[Any]) -> bool:
    """Say whether `(claim, digest, json, checksum)` is what was stored."""
    *texts, checksum = row
    if not all(isinstance(text, str) for text in texts):
        return False
    return text_checksum(*texts) == checksum
