"""Show a finished study in a notebook: what to use, and every difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined

from ablations.study.settings.score import Score, size_and_side

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("comparison", "difference", "95 % interval", "verdict")
TEMPLATE = files("ablations.study.findings") / "notebook.html.j2"


def study_html(
    sentence: str,
    reasons: Sequence[str],
    effects: pd.DataFrame,
    interactions: pd.DataFrame,
    score: Score,
    words: Mapping[str, str],
) -> str:
    """Return the recommendation and one row per comparison, real differences first.

    Texts of the data are escaped; nothing in them acts.

    Args:
        sentence: What to use.
        reasons: Why.
        effects: `StudyResult.effects`.
        interactions: `StudyResult.interactions`.
        score: What nets are judged by.
        words: What to call each verdict.
    """
    rows = [*effects.to_dict("records"), *_pairs(interactions)]
    rows.sort(key=lambda row: row["verdict"] not in ("better", "worse"))
    environment = Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        sentence=sentence,
        reasons=reasons,
        columns=COLUMNS,
        rows=[_cells(row, score, words) for row in rows],
    )


def _pairs(interactions: pd.DataFrame) -> list[dict[Any, Any]]:
    return [
        {**row, "comparison": f"{row['factor_a']} and {row['factor_b']} together"}
        for row in interactions.to_dict("records")
    ]


def _cells(
    row: dict[Any, Any], score: Score, words: Mapping[str, str]
) -> tuple[str, ...]:
    difference, low, high = (
        size_and_side(float(row[name]), score) for name in ("difference", "low", "high")
    )
    word = words[str(row["verdict"])]
    return str(row["comparison"]), difference, f"{low} to {high}", word
