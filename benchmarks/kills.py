"""Kill `tune` and `study` at random moments, and compare what they end with.

    python benchmarks/kills.py --kills 20                  20 of each command
    python benchmarks/kills.py --command tune --kills 4    four of one of them

Each command runs once to its end. Then, for every kill, it is started in a new folder,
gets SIGKILL, SIGINT or SIGTERM in turn at a moment drawn uniformly from its time, and
is given again until it exits with 0: the tables, the code and the last line that it
says must be those of the run that nothing stopped.
Results are added to a file of lines; kills that are in it are not repeated.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ablations.terminal import say

ROOT = Path(__file__).resolve().parents[1]
SIGNALS = (signal.SIGKILL, signal.SIGINT, signal.SIGTERM)
MOST_TRIES = 3
"""Repeats of a command after which a folder counts as one that needs a person."""

COMMANDS = {
    "tune": (
        *("tune", "--data", "rows.csv", "--target", "y", "--oracle", "bayesian"),
        *("--trials", "60", "--max-epochs", "4", "--out", "o", "--device", "cpu"),
    ),
    "study": (
        *("study", "--data", "rows.csv", "--target", "y", "--out", "o"),
        *("--factor", "dropout=0,0.3", "--folds", "4", "--repeats", "1"),
        *("--trials", "2", "--device", "cpu"),
    ),
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


def start(command: str, folder: Path) -> subprocess.Popen[str]:
    """Start a command in a folder that has the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "rows.csv").exists():
        write_rows(folder / "rows.csv")
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "ablations", *COMMANDS[command]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def read_answer(command: str, folder: Path, said: str) -> dict[str, str]:
    """Return what a command ended with, without the times that it took."""
    found = {}
    for name in TABLES[command]:
        table = pd.read_csv(folder / "o" / name)
        timed = [column for column in table if "second" in column]
        found[name] = table.drop(columns=timed).to_csv(index=False)
    found[CODE[command]] = (folder / "o" / CODE[command]).read_text(encoding="utf-8")
    lines = [x for x in said.splitlines() if x.startswith(LAST_WORDS[command])]
    return found | {"said": "\n".join(lines)}


def kill_once(
    command: str, folder: Path, seconds: float, which: signal.Signals
) -> tuple[dict[str, Any], str]:
    """Start a command, send a signal after some time, and give it again to its end.

    Returns:
        What was seen, and what the last process said.
    """
    process = start(command, folder)
    time.sleep(seconds)
    process.send_signal(which)
    process.communicate()
    seen: dict[str, Any] = {"code": process.returncode, "tries": 0, "error": ""}
    seen["files"] = sorted(p.name for p in (folder / "o").glob("*"))
    said = ""
    for _ in range(MOST_TRIES):
        process = start(command, folder)
        said, complaint = process.communicate()
        seen["tries"] += 1
        seen["error"] = complaint.strip()[-300:]
        if process.returncode == 0:
            break
    seen["repaired"] = process.returncode == 0
    return seen, said


def run(command: str, num_kills: int, seed: int, results: Path) -> list[dict[str, Any]]:
    """Kill a command so many times, and return what was seen each time."""
    done = read_results(results)
    rows = [r for r in done if (r["command"], r["seed"]) == (command, seed)]
    known = {row["kill"] for row in rows}
    missing = [kill for kill in range(num_kills) if kill not in known]
    if not missing:
        return rows
    with tempfile.TemporaryDirectory(prefix="kills-") as place:
        whole = Path(place) / "whole"
        started = time.monotonic()
        process = start(command, whole)
        said, complaint = process.communicate()
        if process.returncode:
            sys.exit(complaint)
        took = time.monotonic() - started
        wanted = read_answer(command, whole, said)
        for kill in missing:
            rng = np.random.default_rng([seed, kill])
            seconds = float(rng.uniform(0.0, took))
            which = SIGNALS[kill % len(SIGNALS)]
            folder = Path(place) / f"{kill}"
            seen, said = kill_once(command, folder, seconds, which)
            same = {}
            if seen["repaired"]:
                answer = read_answer(command, folder, said)
                same = {name: answer[name] == wanted[name] for name in wanted}
            row = {
                "command": command,
                "seed": seed,
                "kill": kill,
                "signal": which.name,
                "after": round(seconds, 2),
                "of": round(took, 2),
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


def is_fine(row: dict[str, Any]) -> bool:
    """Return whether a kill changed nothing of the answer."""
    return row["repaired"] and all(row["same"].values())


def describe(row: dict[str, Any]) -> str:
    """Return what came of a kill, in a line."""
    differing = [name for name, same in row["same"].items() if not same]
    word = "the same answer" if is_fine(row) else f"DIFFERS: {differing or 'no end'}"
    return (
        f"{row['command']:<6} {row['signal']:<8} after {row['after']:6.1f} of"
        f" {row['of']:.1f} s, {len(row['files'])} files: {word}"
        + (f" ({row['error']})" if not row["repaired"] else "")
    )


def summarize(rows: Iterable[dict[str, Any]]) -> str:
    """Return how many kills changed nothing, and what that says of others."""
    rows = list(rows)
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
