"""Arrange verdicts as a frame of pandas, one row per claim, with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ablations.judging.verdict import Verdict

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    *("chapter", "rows", "verdict", "strength", "statement", "answer", "how"),
    *("holds", "fails", "coverage", "preset", "finding"),
    *("estimate", "low", "high", "unit", "n"),
)
"""Columns of the frame, beside the claim's id."""


def frame_of(verdicts: Sequence[Verdict]) -> pd.DataFrame:
    """Return one row per claim, by its id.

    Returns:
        The columns `COLUMNS`. `holds` and `fails` name the conditions; `estimate`,
        `low`, `high` and `n` are those of the condition that stands for the claim, in
        the unit `unit`.
    """
    import pandas as pd

    rows = []
    for verdict in verdicts:
        told = {
            "rows": ", ".join(verdict.rows),
            "coverage": verdict.coverage.describe(),
            "holds": "; ".join(verdict.where.get("holds", ())),
            "fails": "; ".join(verdict.where.get("fails", ())),
        }
        rows.append({**verdict.record(), **told})
    frame = pd.DataFrame(rows, columns=["id", *COLUMNS])
    return frame.rename(columns={"id": "claim"}).set_index("claim")
