"""Show a finished study in a notebook: what to use, and every difference."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from ablations.study.findings.score import Score
from ablations.study.findings.sentences import size_and_side

if TYPE_CHECKING:
    import pandas as pd

WORDS = {
    "better": "really better",
    "worse": "really worse",
    "same": "too small to matter",
    "undecided": "within noise",
}
COLUMNS = ("comparison", "difference", "95 % interval", "verdict")


def study_html(
    sentence: str,
    reasons: Sequence[str],
    effects: pd.DataFrame,
    interactions: pd.DataFrame,
    score: Score,
) -> str:
    """Return the recommendation and one row per comparison, real differences first.

    Texts of the data are escaped; nothing in them acts.

    Args:
        sentence: What to use.
        reasons: Why.
        effects: `StudyResult.effects`.
        interactions: `StudyResult.interactions`.
        score: What nets are judged by.
    """
    rows = [*effects.to_dict("records"), *_pairs(interactions)]
    rows.sort(key=lambda row: row["verdict"] not in ("better", "worse"))
    body = "".join(_row(_cells(row, score), "td") for row in rows)
    items = "".join(f"<li>{escape(text)}</li>" for text in reasons)
    return (
        f"<p><strong>{escape(sentence)}</strong></p><ul>{items}</ul>"
        f"<table><thead>{_row(COLUMNS, 'th')}</thead><tbody>{body}</tbody></table>"
    )


def _pairs(interactions: pd.DataFrame) -> list[dict[Any, Any]]:
    return [
        {**row, "comparison": f"{row['factor_a']} and {row['factor_b']} together"}
        for row in interactions.to_dict("records")
    ]


def _cells(row: dict[Any, Any], score: Score) -> tuple[str, ...]:
    verdict = str(row["verdict"])
    difference, low, high = (
        size_and_side(float(row[name]), score) for name in ("difference", "low", "high")
    )
    return (
        str(row["comparison"]),
        difference,
        f"{low} to {high}",
        WORDS.get(verdict, verdict),
    )


def _row(cells: tuple[str, ...], tag: str) -> str:
    inside = "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells)
    return f"<tr>{inside}</tr>"
