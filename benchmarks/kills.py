"""Kill `tune` and `study` at random moments, and compare what they end with.

    python benchmarks/kills.py --kills 20                  20 of each command
    python benchmarks/kills.py --command tune --kills 4    four of one of them

Each command runs once to its end. Then, for every kill, it is started in a new folder,
gets SIGKILL, SIGINT or SIGTERM in turn, and is given again until it exits with 0: the
tables, the code and the last line that it says must be those of the run that nothing
stopped.
The moment is drawn uniformly from the processor time, so that other work on the machine
moves nothing, between the first file that the command writes, before which there is
nothing to harm, and its end. A command that ends before its moment comes was not
killed: it does not count, and another moment is drawn.
Results are added to a file of lines; kills that are in it are not repeated. This needs
the `/proc` of Linux.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ablations.terminal import say

ROOT = Path(__file__).resolve().parents[1]
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
MOST_TRIES = 3
"""Repeats of a command after which a folder counts as one that needs a person."""

SECONDS_BETWEEN = 0.1
"""How often the processor time of a command is looked at."""

STUDY = """
data = "rows.csv"
target = "y"
folds = 4
repeats = 1
trials = 2
epochs = 10
factors = { dropout = [0.0, 0.3] }
recipe = { depth = 1, width = 8 }
"""
SPACE = ("activation=relu,tanh", "depth=1", "width=4,8", "skip=off", "batch_norm=off")
"""Small networks, so that what is written takes much of the time."""

COMMANDS = {
    "tune": (
        *("tune", "--data", "rows.csv", "--target", "y", "--oracle", "bayesian"),
        *("--trials", "40", "--max-epochs", "3", "--out", "o", "--device", "cpu"),
        *itertools.chain(*(("--space", field) for field in SPACE)),
    ),
    "study": ("study", "run", "study.toml", "--out", "o", "--device", "cpu"),
}
TABLES = {
    "tune": ("trials.csv",),
    "study": ("effects.csv", "runs.csv", "trials.csv", "baselines.csv"),
}
CODE = {"tune": "best.py", "study": "recommended.py"}
LAST_WORDS = {"tune": "Best trial", "study": "Use"}
"""How a line begins that says what came out."""


def write_rows(path: Path) -> None:
    """Write 200 rows of four inputs and a class that two of them decide."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 4)).round(3)
    frame = pd.DataFrame(x, columns=["f1", "f2", "f3", "f4"])
    frame["y"] = np.where(x[:, 0] * x[:, 1] + 0.3 * rng.normal(size=200) > 0, "p", "q")
    frame.to_csv(path, index=False)


def start(command: str, folder: Path) -> subprocess.Popen[bytes]:
    """Start a command in a folder that has the rows; what it says goes into files."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "rows.csv").exists():
        write_rows(folder / "rows.csv")
        (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    with (folder / "said").open("w") as said, (folder / "errors").open("w") as errors:
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "ablations", *COMMANDS[command]],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
            stdout=said,
            stderr=errors,
            start_new_session=True,
        )


def processor_seconds(session: int) -> float:
    """Return what the processes of a session, and those they waited for, have taken."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name, which may have any letters: state, parent, group, session.
            fields = path.read_text().rpartition(")")[2].split()
            if int(fields[3]) == session:
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Whole:
    """A run that nothing stopped.

    Attributes:
        first: Processor seconds until its first file.
        took: Those until its end.
        answer: What it ended with.
    """

    first: float
    took: float
    answer: dict[str, str]


def run_whole(command: str, folder: Path) -> Whole:
    """Run a command to its end."""
    before = children_seconds()
    process, first = start(command, folder), None
    while process.poll() is None:
        if first is None and any((folder / "o").glob("*")):
            first = processor_seconds(process.pid)
        time.sleep(SECONDS_BETWEEN)
    if process.returncode or first is None:
        sys.exit((folder / "errors").read_text(encoding="utf-8"))
    took = children_seconds() - before
    return Whole(first, took, read_answer(command, folder))


def children_seconds() -> float:
    """Return the processor time of all that has been waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read_answer(command: str, folder: Path) -> dict[str, str]:
    """Return what a command ended with, without the times that it took."""
    found = {}
    for name in TABLES[command]:
        table = pd.read_csv(folder / "o" / name)
        timed = [column for column in table if "second" in column]
        found[name] = table.drop(columns=timed).to_csv(index=False)
    found[CODE[command]] = (folder / "o" / CODE[command]).read_text(encoding="utf-8")
    said = (folder / "said").read_text(encoding="utf-8").splitlines()
    lines = [line for line in said if line.startswith(LAST_WORDS[command])]
    return found | {"said": "\n".join(lines)}


def kill_once(
    command: str, folder: Path, moment: float, which: signal.Signals
) -> dict[str, Any]:
    """Start a command, send a signal at a moment, and give it again to its end.

    Returns:
        What was seen; `code` is 0 where the command ended before.
    """
    process = start(command, folder)
    while process.poll() is None and processor_seconds(process.pid) < moment:
        time.sleep(SECONDS_BETWEEN)
    process.send_signal(which)
    process.wait()
    with suppress(ProcessLookupError):
        # What it had started may still run, in a folder of its own.
        os.killpg(process.pid, signal.SIGKILL)
    seen: dict[str, Any] = {"code": process.returncode, "tries": 0, "error": ""}
    seen["files"] = sorted(p.name for p in (folder / "o").glob("*"))
    seen["repaired"] = not process.returncode
    while not seen["repaired"] and seen["tries"] < MOST_TRIES:
        seen["repaired"] = start(command, folder).wait() == 0
        seen["tries"] += 1
        complaint = (folder / "errors").read_text(encoding="utf-8")
        seen["error"] = "" if seen["repaired"] else complaint.strip()[-300:]
    return seen


def run(command: str, num_kills: int, seed: int, results: Path) -> list[dict[str, Any]]:
    """Kill a command so many times, and return what was seen each time."""
    done = read_results(results)
    rows = [r for r in done if (r["command"], r["seed"]) == (command, seed)]
    known = {row["kill"] for row in rows}
    if sum(map(was_killed, rows)) >= num_kills:
        return rows
    with tempfile.TemporaryDirectory(prefix="kills-") as place:
        whole = run_whole(command, Path(place) / "whole")
        for kill in itertools.count():
            if sum(map(was_killed, rows)) >= num_kills:
                return rows
            if kill in known:
                continue
            rng = np.random.default_rng([seed, kill])
            moment = float(rng.uniform(whole.first, whole.took))
            which = SIGNALS[kill % len(SIGNALS)]
            folder = Path(place) / f"{kill}"
            seen = kill_once(command, folder, moment, which)
            same = {}
            if seen["repaired"]:
                answer = read_answer(command, folder)
                same = {name: answer[name] == whole.answer[name] for name in answer}
            shutil.rmtree(folder)
            row = {
                "command": command,
                "seed": seed,
                "kill": kill,
                "signal": which.name,
                "after": round(moment, 2),
                "first": round(whole.first, 2),
                "of": round(whole.took, 2),
                **seen,
                "same": same,
            }
            rows.append(row)
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            say(describe(row))
    return rows


def read_results(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a file of results, none if there is none."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def was_killed(row: dict[str, Any]) -> bool:
    """Return whether a command was still there when its moment came."""
    return bool(row["code"])


def is_fine(row: dict[str, Any]) -> bool:
    """Return whether a kill changed nothing of the answer."""
    return row["repaired"] and all(row["same"].values())


def describe(row: dict[str, Any]) -> str:
    """Return what came of a kill, in a line."""
    differing = [name for name, same in row["same"].items() if not same]
    word = "the same answer" if is_fine(row) else f"DIFFERS: {differing or 'no end'}"
    word = word if was_killed(row) else "ended before"
    return (
        f"{row['command']:<6} {row['signal']:<8} after {row['after']:6.1f} of"
        f" {row['of']:.1f} s, {len(row['files'])} files: {word}"
        + (f" ({row['error']})" if not row["repaired"] else "")
    )


def summarize(rows: Iterable[dict[str, Any]]) -> str:
    """Return how many kills changed nothing, and what that says of others."""
    rows = list(filter(was_killed, rows))
    bad = sum(not is_fine(row) for row in rows)
    bound = f"; a share of at most {3 / len(rows):.0%} can do harm" if not bad else ""
    return f"{len(rows)} kills, {bad} with another answer or none{bound}."


def main() -> None:
    """Kill each command, say what came out, and exit with 1 if an answer differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--command", choices=sorted(COMMANDS), action="append")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--results", type=Path, default=Path("kills.jsonl"))
    told = parser.parse_args()
    # A shell that starts this in the background has it ignored, and so would they.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    rows = []
    for command in told.command or sorted(COMMANDS):
        rows += run(command, told.kills, told.seed, told.results)
    say(summarize(rows))
    sys.exit(0 if all(map(is_fine, rows)) else 1)


if __name__ == "__main__":
    main()
