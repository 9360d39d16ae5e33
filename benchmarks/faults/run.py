"""Do harm to the suite many times, and count how often something is lost.

    python benchmarks/faults/run.py                  every kind, in full
    python benchmarks/faults/run.py --kind bits      one kind
    python benchmarks/faults/run.py --small          a few of each
    python benchmarks/faults/run.py --table          only what the results say

A kind is a file of this folder with `WHAT`, `FULL`, `SMALL`, `prepare` and `attempt`,
which returns what went wrong, "" for nothing, and may say, too, what was hit, a word
for each time; these are counted, then, and not the attempts. One with `VARIANTS` is a
kind for each of them, which `prepare` and the text of `WHAT` are given. Attempts are
numbered, and the number decides all that is random; those that are in the file of
results are not repeated.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from scipy.stats import beta

from ablations.terminal import say

HERE = Path(__file__).resolve().parent
RESULTS = Path("faults.jsonl")
CONFIDENCE = 0.95

NO_KINDS = {"chain", "forks", "run", "targets"}
"""Files of this folder that kinds share."""


def kinds() -> list[str]:
    """Return the names of all kinds, `workers-ray` for one that has variants."""
    found = []
    for file in sorted({path.stem for path in HERE.glob("*.py")} - NO_KINDS):
        variants = getattr(load(file), "VARIANTS", ())
        found += [f"{file}-{variant}" for variant in variants] or [file]
    return found


def load(name: str) -> ModuleType:
    """Return the file of a kind; what it shares with others lies beside it."""
    if str(HERE) not in sys.path:
        sys.path.append(str(HERE))
    name, _, _ = name.partition("-")
    spec = importlib.util.spec_from_file_location(f"faults_{name}", HERE / f"{name}.py")
    if spec is None or spec.loader is None:
        raise ImportError(name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def upper_bound(num_losses: int, num_attempts: int) -> float:
    """Return the one-sided upper bound of Clopper and Pearson on the share of losses.

    It is 1 without attempts.

    References:
        Clopper and Pearson, The use of confidence or fiducial limits illustrated in the
        case of the binomial, Biometrika 26, 1934.
    """
    if num_losses >= num_attempts:
        return 1.0
    share = beta.ppf(CONFIDENCE, num_losses + 1, num_attempts - num_losses)
    return float(share)


def do_harm(name: str, number: int, results: Path) -> list[dict[str, Any]]:
    """Make the attempts of a kind that are not among the results, and add them."""
    kind = load(name)
    done = [row for row in read(results) if row["kind"] == name]
    missing = sorted(set(range(number)) - {row["attempt"] for row in done})
    if not missing:
        return done
    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        prepared = kind.prepare(Path(place), *name.split("-")[1:])
        for attempt in missing:
            rng = np.random.default_rng([int.from_bytes(name.encode(), "big"), attempt])
            with tempfile.TemporaryDirectory(dir=place) as folder:
                seen = kind.attempt(prepared, rng, Path(folder))
            wrong, hits = (seen, [name]) if isinstance(seen, str) else seen
            row = {"kind": name, "attempt": attempt, "wrong": wrong, "hits": hits}
            done.append(row)
            with results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
            if wrong:
                say(f"{name}, attempt {attempt}: {wrong}")
        if hasattr(prepared, "close"):
            prepared.close()
    return done


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of results, none if there is none."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return a Markdown table of how often something was lost, one line per kind."""
    lines = [
        "| kind | what is done, and what must hold | attempts | losses | at most |",
        "|---|---|--:|--:|--:|",
    ]
    for name in kinds():
        mine = [row for row in rows if row["kind"] == name]
        losses = sum(bool(row["wrong"]) for row in mine)
        number = sum(len(row.get("hits", [name])) for row in mine)
        most = f"{upper_bound(losses, number):.2%}" if mine else "not tried"
        what = load(name).WHAT.format(*name.split("-")[1:])
        lines.append(f"| {name} | {what} | {number:,} | {losses:,} | {most} |")
    for name in kinds():
        mine = [row for row in rows if row["kind"] == name]
        hits = Counter(hit for row in mine for hit in row.get("hits", [name]))
        if hits.keys() - {name}:
            found = ", ".join(f"{hit} {number}" for hit, number in sorted(hits.items()))
            lines += ["", f"`{name}`: {found}."]
    return "\n".join(lines)


def main() -> None:
    """Make what is asked for, print the table, and exit with 1 after a loss."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--kind", choices=kinds(), action="append")
    parser.add_argument("--small", action="store_true", help="a few attempts of each")
    parser.add_argument("--number", type=int, help="attempts of each kind")
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--table", action="store_true", help="make no attempt")
    told = parser.parse_args()
    for name in [] if told.table else (told.kind or kinds()):
        usual = load(name).SMALL if told.small else load(name).FULL
        do_harm(name, usual if told.number is None else told.number, told.results)
    rows = read(told.results)
    sys.stdout.write(table(rows) + "\n")
    sys.exit(1 if any(row["wrong"] for row in rows) else 0)


if __name__ == "__main__":
    main()
