"""Take over the runs of another store: the same key is the same run."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ablations.store.check import damaged_run, spec_is_intact
from ablations.store.codec import Damage, RowVerifier
from ablations.store.file import explained

ROWS = (
    "SELECT layout, machine, seed, status, diverged_at, payload, checksum FROM runs"
    " WHERE spec = ? ORDER BY seed"
)
CONTENTS = "SELECT layout, seed, status, diverged_at, payload FROM runs WHERE spec = ?"
INSERT_SPEC = (
    "INSERT INTO specs (digest, json) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"
)
INSERT_RUN = (
    "INSERT INTO runs (spec, layout, machine, seed, status, diverged_at, payload,"
    " checksum) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (spec, seed) DO NOTHING"
)
# Insert a text that may be there, then ask for its id.
INTERN_LAYOUT = (
    "INSERT INTO layouts (json) VALUES (?) ON CONFLICT (json) DO NOTHING",
    "SELECT id FROM layouts WHERE json = ?",
)
INTERN_MACHINE = (
    "INSERT INTO machines (json) VALUES (?) ON CONFLICT (json) DO NOTHING",
    "SELECT id FROM machines WHERE json = ?",
)


@dataclass
class Merged:
    """What became of the runs of another store.

    Attributes:
        num_new: Runs that were taken over.
        num_same: Runs that were there already, with the same numbers.
        differing: Digest and seed of runs that were there with other numbers; they
            stay as they are.
    """

    num_new: int = 0
    num_same: int = 0
    differing: list[tuple[str, int]] = field(default_factory=list)


def intern(
    connection: sqlite3.Connection, statements: tuple[str, str], text: str
) -> int:
    """Return the id of a text, which is stored if it is not there."""
    insert, select = statements
    connection.execute(insert, (text,))
    return connection.execute(select, (text,)).fetchone()[0]


def take_over(
    source: sqlite3.Connection, path: Path, target: sqlite3.Connection
) -> Merged:
    """Add the specifications and runs of one store to another; no verdicts.

    Args:
        source: The store that stays.
        path: Its file; errors name it, and not the other.
        target: The store that takes them over.

    Raises:
        StoreError: If something is not what was stored in `source`.
    """

    def read(query: str, *values: object) -> Iterator[Any]:
        with explained(path):
            yield from source.execute(query, values)

    merged = Merged()
    layouts = dict(read("SELECT id, json FROM layouts"))
    machines = dict(read("SELECT id, json FROM machines"))
    own_layouts, own_machines = (
        _translated(target, texts, statements)
        for texts, statements in (
            (layouts, INTERN_LAYOUT),
            (machines, INTERN_MACHINE),
        )
    )
    for spec, digest, text in read("SELECT id, digest, json FROM specs ORDER BY id"):
        with explained(path):
            if not spec_is_intact(digest, text):
                raise Damage(f"Spec {digest!a} is not what was stored.")
        verify = RowVerifier(digest, layouts, machines)
        target.execute(INSERT_SPEC, (digest, text))
        (own,) = target.execute("SELECT id FROM specs WHERE digest = ?", (digest,))
        there = {row[1]: row for row in target.execute(CONTENTS, own)}
        for row in read(ROWS, spec):
            with explained(path):
                if not verify(row):
                    raise Damage(damaged_run(digest, row[2]))
            layout, machine, *content, checksum = row
            found = (own_layouts(layout), *content)
            seed = content[0]
            if seed not in there:
                ids = (*own, found[0], own_machines(machine))
                target.execute(INSERT_RUN, (*ids, *content, checksum))
                merged.num_new += 1
            elif there[seed] == found:
                merged.num_same += 1
            else:
                merged.differing.append((digest, seed))
    return merged


def _translated(
    target: sqlite3.Connection, texts: dict[int, str], statements: tuple[str, str]
) -> Callable[[int], int]:
    """Return which id in `target` stands for one of these, as far as it is asked."""
    known: dict[int, int] = {}

    def own(number: int) -> int:
        if number not in known:
            known[number] = intern(target, statements, texts[number])
        return known[number]

    return own
