"""Take what is whole in a damaged store over into a new one.

Every run has a checksum over its numbers, its specification and its machine, so that
nothing is taken that is not what was stored. Verdicts are not taken: they are given
anew.
"""

from __future__ import annotations

import itertools
import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ablations.store.check import count_runs
from ablations.store.codec import RowChecksum, digest_of
from ablations.store.file import connect, explained, open_to_write
from ablations.store.merge import (
    INSERT_RUN,
    INSERT_SPEC,
    INTERN_LAYOUT,
    INTERN_MACHINE,
    intern,
)
from ablations.store.pages import rows_of
from models.config import requirement

NUM_COLUMNS = 9
"""Columns of a run; other tables have fewer."""


@dataclass
class Salvaged:
    """What became of the runs of a damaged store.

    Attributes:
        num_runs: Runs that were taken over.
        num_lost: Runs that were there and are not whole.
        knows_first_seed: Whether the first entry, which says at which seed the store
            has begun, is whole.
    """

    num_runs: int = 0
    num_lost: int = 0
    knows_first_seed: bool = True


@dataclass
class _Texts:
    """What the small tables of a store hold, by number; several where one is damaged.

    Attributes:
        specs: JSON of specifications.
        whole: Of these, what has the digest beside it.
        layouts: JSON of layouts.
        machines: JSON of machines.
    """

    specs: dict[int, set[str]] = field(default_factory=dict)
    whole: dict[int, str] = field(default_factory=dict)
    layouts: dict[int, set[str]] = field(default_factory=dict)
    machines: dict[int, set[str]] = field(default_factory=dict)

    def add(self, number: Any, columns: tuple[Any, ...]) -> None:
        """Take a row of a small table or its index; nothing is done with others."""
        if not isinstance(number, int) or len(columns) not in (2, 3):
            return
        # An index has the number last, and a table the text.
        text = columns[0] if columns[-1] == number else columns[-1]
        if not isinstance(text, str):
            return
        if len(columns) == 3:
            self.specs.setdefault(number, set()).add(text)
            if columns[1] == digest_of(text):
                self.whole[number] = text
        elif text.startswith(("[", "{")):
            # A layout is a list, a machine a table.
            among = self.layouts if text.startswith("[") else self.machines
            among.setdefault(number, set()).add(text)

    def choices(self, spec: Any, layout: Any, machine: Any) -> Iterator[tuple]:
        """Yield what three numbers may stand for."""
        return itertools.product(
            sorted(self.specs.get(spec, ())),
            sorted(self.layouts.get(layout, ())),
            sorted(self.machines.get(machine, ())),
        )


def salvage(damaged: Path, into: Path) -> Salvaged:
    """Make a new store of what is whole in a damaged one, which stays as it is.

    Raises:
        ConfigError: If there are entries in the new store already, or there is no file
            to read.
        StoreError: If one cannot be read, or the other not be written.
    """
    if not damaged.is_file():
        raise requirement("damaged", "must be a file", str(damaged))
    with explained(damaged):
        damaged.open("rb").close()
    target, after_close = open_to_write(into)
    try:
        with explained(into):
            if target.execute("SELECT count(*) FROM specs").fetchone()[0]:
                raise requirement("into", "must be a new store", str(into))
            target.execute("BEGIN IMMEDIATE")
            found = _take_over(damaged, target)
            target.execute("COMMIT")
        return found
    finally:
        target.close()
        after_close()


def _take_over(path: Path, target: sqlite3.Connection) -> Salvaged:
    texts = _Texts()
    for number, columns in rows_of(path):
        texts.add(number, columns)
    for number in sorted(texts.whole):
        # The first of all says at which seed the store has begun.
        text = texts.whole[number]
        target.execute(INSERT_SPEC, (digest_of(text), text))
    checksums: dict[tuple[str, str, str], RowChecksum] = {}
    taken, seen = set[int](), 0
    for number, columns in rows_of(path):
        if len(columns) != NUM_COLUMNS or not isinstance(number, int):
            continue
        seen = max(seen, number)
        _, spec, seed, status, diverged_at, layout, machine, payload, found = columns
        content = (seed, status, diverged_at, payload)
        for choice in texts.choices(spec, layout, machine):
            if choice not in checksums:
                checksums[choice] = RowChecksum(digest_of(choice[0]), *choice[1:])
            if number not in taken and _fits(checksums[choice], content, found):
                taken.add(number)
                _insert(target, choice, (*content, found))
    num_lost = max(_count(path, seen) - len(taken), 0)
    return Salvaged(len(taken), num_lost, not seen or 1 in texts.whole)


def _count(path: Path, last: int) -> int:
    """Return how many runs a store had: as SQLite counts, else by their last number."""
    # Of a damaged name not even the message of the error can be read.
    failures = sqlite3.Error, UnicodeDecodeError
    with suppress(*failures), closing(connect(path, "ro")) as connection:
        return count_runs(connection)
    return last


def _fits(checksum: RowChecksum, content: tuple[Any, ...], found: Any) -> bool:
    try:
        return checksum(*content) == found
    except (AttributeError, TypeError, struct.error):
        return False


def _insert(
    target: sqlite3.Connection, choice: tuple[str, str, str], content: tuple[Any, ...]
) -> None:
    spec, layout, machine = choice
    digest = digest_of(spec)
    target.execute(INSERT_SPEC, (digest, spec))
    query = "SELECT id FROM specs WHERE digest = ?"
    ids = (
        target.execute(query, (digest,)).fetchone()[0],
        intern(target, INTERN_LAYOUT, layout),
        intern(target, INTERN_MACHINE, machine),
    )
    target.execute(INSERT_RUN, (*ids, *content))
