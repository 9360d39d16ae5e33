"""Retrain published conditions by a second implementation, and say what agrees.

python benchmarks/replication/replicate.py             all; writes agreement.md
python benchmarks/replication/replicate.py --quick     a few small ones
python benchmarks/replication/replicate.py CLAIM ...   only of these claims
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import platform
import sys
import time
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import jax
import numpy as np
from retrain import retrain, widened

HERE = Path(__file__).resolve().parent
CONDITIONS = HERE / "conditions.json"
TABLE, PAGE = HERE / "agreement.csv", HERE / "agreement.md"
EXPLAINED = HERE / "explained.toml"
"""Why a condition came out otherwise, by claim and key, and how that was found."""

QUICK_RUNS, QUICK_UPDATES = 200, 100


@dataclass(frozen=True)
class Row:
    """A condition, as it was published and as it came out here.

    Attributes:
        claim: Id of the claim.
        key: Key of the prediction.
        label: What is counted or compared.
        unit: What the numbers are.
        published: The published estimate, of `n` runs for each arm.
        here: The estimate of `runs` runs for each arm.
        low: Lower end of the published interval, widened for both samples.
        high: Upper end.
        agrees: Whether the estimate here lies between the two.
        seconds: Processor time it took.
    """

    claim: str
    key: str
    label: str
    unit: str
    n: int
    published: float
    runs: int
    here: float
    low: float
    high: float
    agrees: bool
    seconds: float


def compare(condition: dict[str, Any], num_runs: int | None = None) -> Row:
    """Retrain a condition and set its estimate beside the published one."""
    runs, began = num_runs or condition["runs"], time.process_time()
    (low, high), here = widened(condition, runs), retrain(condition, runs)
    same = {name: condition[name] for name in ("claim", "key", "label", "unit", "n")}
    # Shares of runs are float32 sums: one that is the bound counts as inside.
    agrees = low - 1e-6 <= here <= high + 1e-6
    return Row(
        **same,
        published=condition["estimate"],
        runs=runs,
        here=here,
        low=low,
        high=high,
        agrees=agrees,
        seconds=round(time.process_time() - began, 1),
    )


def is_quick(condition: dict[str, Any]) -> bool:
    """Return whether a condition trains a few units for a few updates."""
    return all(
        arm["updates"] <= QUICK_UPDATES and sum(arm["model"]["hidden_units"]) <= 2
        for arm in condition["arms"]
    )


def describe(row: Row) -> str:
    """Say in a line what came out."""
    word = "agrees" if row.agrees else "DIFFERS"
    return (
        f"{word:<7}  {row.here:9.4f} in [{row.low:.4f}, {row.high:.4f}]"
        f"  (published {row.published:.4f})  {row.claim}/{row.key}"
    )


def page(rows: Sequence[Row]) -> str:
    """Return the table of agreement in Markdown."""
    explained = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    inside = sum(row.agrees for row in rows)
    lines = [
        "# A second implementation",
        "",
        f"{inside} of {len(rows)} sampled conditions agree"
        f" ({100 * inside / len(rows):.0f} %).",
        "An estimate agrees if it lies in the published interval, widened for both"
        " samples.",
        "Of few runs that is wide: agreement then rules out the opposite, and no small"
        " fault.",
        f"{sum(row.runs for row in rows):,} runs for each arm in all, in"
        f" {sum(row.seconds for row in rows) / 60:.1f} minutes of processor time.",
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python"
        f" {platform.python_version()}, JAX {jax.__version__}, NumPy {np.__version__}.",
        "",
        "| | condition | claim | published | n | here | runs | widened interval |",
        "| --- | --- | --- | --: | --: | --: | --: | --: |",
    ]
    for row in rows:
        lines.append(
            f"| {'agrees' if row.agrees else 'differs'} | {row.label} |"
            f" {row.claim} | {row.published:.4f} | {row.n:,} | {row.here:.4f} |"
            f" {row.runs:,} | {row.low:.4f} to {row.high:.4f} |"
        )
    for row in rows:
        if not row.agrees:
            why = explained.get(row.claim, {}).get(row.key, "Not explained yet.")
            lines += ["", f"`{row.claim}`, {row.key}: {why}"]
    return "\n".join(lines) + "\n"


def table(rows: Sequence[Row]) -> str:
    """Return the rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [f.name for f in fields(Row)], lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(row) for row in rows)
    return text.getvalue()


def resumed() -> dict[tuple[str, str], Row]:
    """Return the rows of a table that was begun."""
    found = {}
    for record in csv.DictReader(io.StringIO(TABLE.read_text(encoding="utf-8"))):
        kinds = {field.name: field.type for field in fields(Row)}
        made = {"str": str, "int": int, "float": float, "bool": "True".__eq__}
        row = Row(**{name: made[kinds[name]](text) for name, text in record.items()})
        found[row.claim, row.key] = row
    return found


def main() -> int:
    """Retrain what is asked for; return 1 if less than 95 % agree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("claims", nargs="*", help="ids of claims; all if there is none")
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("--resume", action="store_true", help="go on with the table")
    asked = parser.parse_args()
    chosen = [
        each
        for each in json.loads(CONDITIONS.read_text(encoding="utf-8"))
        if (not asked.claims or each["claim"] in asked.claims)
        and (not asked.quick or is_quick(each))
    ]
    if not chosen:
        parser.error(f"`claims` must be among those sampled. Received: {asked.claims}.")
    is_full = not (asked.quick or asked.claims)
    there = resumed() if asked.resume and TABLE.exists() else {}
    rows: list[Row] = []
    for condition in chosen:
        row = there.get((condition["claim"], condition["key"]))
        rows.append(row or compare(condition, QUICK_RUNS if asked.quick else None))
        sys.stdout.write(describe(rows[-1]) + "\n")
        sys.stdout.flush()
        if is_full:
            TABLE.write_text(table(rows), encoding="utf-8")
    if is_full:
        PAGE.write_text(page(rows), encoding="utf-8")
    inside = sum(row.agrees for row in rows)
    sys.stdout.write(f"{inside} of {len(rows)} conditions agree.\n")
    return int(inside < 0.95 * len(rows))


if __name__ == "__main__":
    sys.exit(main())
