"""Arrange verdicts as tables of files: CSV, and Markdown for the README."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from ablations.judging.outcome import Outcome
from ablations.judging.verdict import Verdict
from reports import markdown
from reports.counts import chapter_title, count_verdicts

VERDICT_COLUMNS = (
    "id",
    "rows",
    "verdict",
    "strength",
    "implied",
    "statement",
    "answer",
    "how",
    "coverage",
    "estimate",
    "low",
    "high",
    "unit",
    "n",
    "confidence",
    "seeds_that_decide",
    "num_looks",
    "relocked",
    "runs_before",
    "mixture",
    "preset",
    "source",
    "reference",
    "reason",
    "digest",
)
CONDITION_COLUMNS = (
    "claim",
    "key",
    "role",
    "label",
    "kind",
    "outcome",
    "estimate",
    "low",
    "high",
    "unit",
    "n",
    "bound",
    "direction",
    "p",
    "confidence",
    "factor",
    "value",
    "p_bound",
    "family_size",
    "p_adjusted",
    "num_failed",
    "outcome_without_failed",
    "estimate_without_failed",
    "low_without_failed",
    "high_without_failed",
    "seeds_that_decide",
    "reason",
)
DIGITS = 5
"""Digits of numbers in the tables; the JSON of verdicts has all of them."""

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""


def csv_cell(value: Any) -> Any:
    """Return a value for a spreadsheet: numbers as they are, formulas as text."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        value = ", ".join(map(str, value))
    if not isinstance(value, str):
        return value
    text = " ".join(value.split()) if value.strip() else value
    # A leading tab or carriage return is gone with the other line breaks.
    return f"'{text}" if text.startswith(DANGEROUS) else text


def verdicts_csv(verdicts: Sequence[Verdict]) -> str:
    """Return one row per claim."""
    rows = [
        [values.get(name) for name in VERDICT_COLUMNS]
        for values in map(_flat_verdict, verdicts)
    ]
    return _csv(VERDICT_COLUMNS, rows)


def _flat_verdict(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict with what is nested in it as columns."""
    locked = verdict.locked or {}
    record = verdict.record()
    return {
        **record,
        "coverage": verdict.coverage.describe(),
        "num_looks": len(verdict.looks) or 1 if record["n"] else None,
        "relocked": locked.get("relocked"),
        "runs_before": locked.get("runs_before"),
    }


def conditions_csv(verdicts: Sequence[Verdict]) -> str:
    """Return one row per prediction, those only shown included."""
    rows = [
        [values.get(name) for name in CONDITION_COLUMNS]
        for verdict in verdicts
        for outcome in verdict.outcomes
        for values in [{**_flat_outcome(outcome), "claim": verdict.id}]
    ]
    return _csv(CONDITION_COLUMNS, rows)


def _flat_outcome(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome with what is nested in it as columns."""
    details = outcome.details
    sensitivity = details.get("sensitivity", {})
    excluded = sensitivity.get("excluded", {})
    names = ("p_bound", "family_size", "p_adjusted", "seeds_that_decide")
    return {
        **outcome.record(),
        **{name: details.get(name) for name in names},
        "num_failed": sensitivity.get("num_failed"),
        **{
            f"{name}_without_failed": excluded.get(name)
            for name in ("outcome", "estimate", "low", "high")
        },
    }


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[csv_cell(_rounded(value)) for value in row] for row in rows])
    return buffer.getvalue()


def _rounded(value: Any) -> Any:
    """Return a number with few digits, anything else as it is."""
    if not isinstance(value, float) or value.is_integer():
        return value
    return float(f"{value:.{DIGITS}g}")


def verdict_table_markdown(verdicts: Sequence[Verdict], report: str = ".") -> str:
    """Return the counts per verdict and chapter.

    Args:
        verdicts: The verdicts.
        report: Address of the folder that holds the report in Markdown.
    """
    noted = [verdict for verdict in verdicts if not verdict.implied]
    words = count_verdicts(noted)
    rows = []
    for chapter in (*dict.fromkeys(verdict.chapter for verdict in noted), None):
        mine = [v for v in noted if chapter in (v.chapter, None)]
        name = (
            f"[{chapter_title(chapter)}]({report}/{chapter}.md)" if chapter else "all"
        )
        counts = count_verdicts(mine)
        rows.append([name, str(len(mine)), *(str(counts.get(w, 0)) for w in words)])
    return markdown.table(("chapter", "claims", *words), rows) + "\n"
