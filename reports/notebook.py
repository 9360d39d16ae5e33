"""Show verdicts in a notebook, as a table and one by one with their figures.

from reports.notebook import load_verdicts

verdicts = load_verdicts("results/store.sqlite")
verdicts                                  # a table of all
verdicts["printed_program_solves_xor"]    # one, with its figures
verdicts.frame                            # a pandas frame
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from ablations.claims.registry import all_claims, select_claims
from ablations.evidence.evidence import Evidence
from ablations.judging.record import current_verdicts
from ablations.store.store import Store
from reports.figures import draw_figures
from reports.figures.source import Source
from reports.page import environment
from reports.render import MARKS
from reports.tables import Record, clean, condition_rows, short_finding

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("verdict", "statement", "finding", "estimate", "low", "high", "unit", "n")
"""Columns of the frame, beside the claim's id, its chapter and its rows."""


@dataclass(frozen=True)
class Verdict:
    """Hold one verdict; a notebook shows its finding, conditions and figures.

    Attributes:
        record: What was judged, as `ablations verdicts --json` prints it.
        drawings: Its figures as `<svg>` elements.
    """

    record: Record
    drawings: tuple[str, ...]

    def __repr__(self) -> str:
        """Return verdict, statement and finding as text."""
        shown = clean(self.record)
        return f"{shown['verdict']}: {shown['statement']} {shown['finding']}"

    def _repr_html_(self) -> str:
        shown = clean(self.record)
        # They were made here: figures are our drawings.
        svgs = [Markup(svg) for svg in self.drawings]  # noqa: S704
        return (
            environment()
            .get_template("notebook_verdict.html.j2")
            .render(
                record=shown,
                mark=MARKS[shown["verdict"]],
                finding=short_finding(shown),
                conditions=condition_rows(shown),
                drawings=svgs,
            )
        )


class Verdicts(Mapping[str, Verdict]):
    """Hold the verdicts on some claims by the claims' ids.

    Args:
        found: The verdicts, in the order shown.
    """

    def __init__(self, found: Sequence[Verdict]) -> None:
        """Hold these verdicts."""
        self._found = {verdict.record["id"]: verdict for verdict in found}

    def __getitem__(self, claim: str) -> Verdict:
        """Return the verdict on a claim."""
        return self._found[claim]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the ids of the claims."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return the number of claims."""
        return len(self._found)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row per claim, by id."""
        import pandas as pd

        records = [verdict.record for verdict in self.values()]
        rows = [
            {
                "claim": record["id"],
                "chapter": record["chapter"],
                "rows": ", ".join(record["rows"]),
                **{name: record[name] for name in COLUMNS},
            }
            for record in records
        ]
        columns = ["claim", "chapter", "rows", *COLUMNS]
        return pd.DataFrame(rows, columns=columns).set_index("claim")

    def __repr__(self) -> str:
        """Return one line per claim."""
        return "\n".join(f"{name}: {verdict!r}" for name, verdict in self.items())

    def _repr_html_(self) -> str:
        records = [clean(verdict.record) for verdict in self.values()]
        rows = [(r, MARKS[r["verdict"]], short_finding(r)) for r in records]
        template = environment().get_template("notebook_verdicts.html.j2")
        return template.render(rows=rows)


def load_verdicts(
    store: str | Path = "results/store.sqlite", names: Sequence[str] = ()
) -> Verdicts:
    """Return what a store holds on some claims.

    Args:
        store: Path of the store.
        names: Ids of claims and names of chapters; none stand for all claims.

    Raises:
        ConfigError: If there is no store or no claim of that name.
    """
    claims = select_claims(list(names))
    with Store.open(Path(store), mode="read") as opened:
        evidence = Evidence(opened)
        records = current_verdicts(claims, opened.verdicts())
        return Verdicts([_verdict(record, evidence) for record in records])


def _verdict(record: Record, evidence: Evidence) -> Verdict:
    shown = clean(record)
    source = Source(
        {**shown, "arms": record["arms"]}, all_claims()[record["id"]].claim, evidence
    )
    pictures, _ = draw_figures(source)
    return Verdict(record, tuple(picture.svg for picture in pictures))
