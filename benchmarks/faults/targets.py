"""Small commands to which harm is done, and what each must end with."""

from __future__ import annotations

import itertools
import re
import sqlite3
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from forks import ERRORS, SAID, STACKS

from ablations.store.store import Store

Rows = dict[tuple[str, int], tuple[str, bytes]]

STUDY = """
data = "rows.csv"
target = "y"
folds = 4
repeats = 1
trials = 2
epochs = 3
factors = { dropout = [0.0, 0.3] }
recipe = { depth = 1, width = 8 }
baselines = false
"""
SPACE = ("activation=relu", "depth=1", "width=4,8", "skip=off", "batch_norm=off")
"""Small networks, so that what is written takes much of the time."""

STORE, OUT = "s.sqlite", "o"
CLAIM = "A-XOR-3"
COMMANDS = {
    "run": ("run", CLAIM, "--seeds", "40", "--store", STORE),
    "report": ("report", CLAIM, "--store", STORE, "--out", OUT),
    "study": ("study", "run", "study.toml", "--out", OUT, "--device", "cpu"),
    "tune": (
        *("tune", "--data", "rows.csv", "--target", "y", "--oracle", "bayesian"),
        *("--trials", "3", "--max-epochs", "3", "--out", OUT, "--device", "cpu"),
        *itertools.chain(*(("--space", field) for field in SPACE)),
    ),
}
SHARES = (0.35, 0.5, 0.08, 0.07)
"""How often each is drawn: the others take longer."""

MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d UTC|, in \d+ s|It took [\d.]+ s"
    r"|[\d.]+ s for what was trained now|; \d+ were there before"
)
"""What is another whenever a command is given, or given again."""

TIMED = '"baseline"'
"""What the specification says of runs whose result holds the seconds they took."""

LAST_WORDS = ("Best trial", "Use ", "supported", "The network", "Report:")
"""How lines begin that say what came out."""


OURS = (SAID, ERRORS, STACKS)


class Whole(NamedTuple):
    """A command that nothing stopped.

    Attributes:
        took: Its processor seconds.
        answer: What it ended with.
        store: Its store, empty if it has none of that name.
    """

    took: float
    answer: dict[str, object]
    store: bytes


def lay_out(command: str, folder: Path, store: bytes) -> None:
    """Put into a folder what a command needs."""
    if command == "report":
        (folder / STORE).write_bytes(store)
    if command in ("run", "report"):
        return
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 4)).round(3)
    frame = pd.DataFrame(x, columns=["f1", "f2", "f3", "f4"])
    frame["y"] = np.where(x[:, 0] * x[:, 1] + 0.3 * rng.normal(size=200) > 0, "p", "q")
    frame.to_csv(folder / "rows.csv", index=False)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")


def stored(path: Path, *, timed: bool = True) -> Rows:
    """Return status and checksum of every run, by digest and seed.

    Without `timed`, results that hold seconds have none.
    """
    if not path.exists():
        return {}
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT digest, seed, status, CASE WHEN ? AND instr(specs.json, ?)"
            " THEN NULL ELSE checksum END FROM runs JOIN specs ON specs.id = spec",
            (not timed, TIMED),
        ).fetchall()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        rows = []
    finally:
        connection.close()
    if len({row[:2] for row in rows}) < len(rows):
        raise AssertionError("A run is there twice.")
    return {row[:2]: row[2:] for row in rows}


def answer(folder: Path, said: str) -> dict[str, object]:
    """Return what a command ended with, without the times that it took.

    That is every file of tables, pages and code, the names of the others, the runs of
    its store, and its last words.
    """
    found: dict[str, object] = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        # What SQLite keeps beside a store is there or not as its readers come and go.
        if path.is_dir() or name.endswith(("-shm", "-wal")) or path.name in OURS:
            continue
        found[name] = ""
        if path.suffix == ".csv":
            table = pd.read_csv(path)
            timed = [column for column in table if "second" in str(column)]
            found[name] = table.drop(columns=timed).to_csv(index=False)
        elif path.suffix in (".md", ".py") or name == f"{OUT}/index.html":
            text = path.read_text(encoding="utf-8")
            found[name] = MOMENT.sub("", text).replace(str(folder), "")
        elif path.suffix == ".sqlite":
            found[name] = stored(path, timed=False)
            with Store.open(path, "read") as store:
                found[f"problems of {name}"] = store.check()
    lines = [line for line in said.splitlines() if line.startswith(LAST_WORDS)]
    found["said"] = "\n".join(lines).replace(str(folder), "")
    return found


def differences(found: dict[str, object], wanted: dict[str, object]) -> list[str]:
    """Return the names of what is another, or there only once."""
    return sorted(
        name
        for name in found.keys() | wanted.keys()
        if found.get(name) != wanted.get(name)
    )
