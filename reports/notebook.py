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

from ablations.claims.registry import select_claims
from ablations.evidence.evidence import Evidence
from ablations.judging.standing import standings
from ablations.store.store import Store
from ablations.verdict_frame import frame_of
from reports.cards import MARKS, Card, make_card
from reports.page import environment

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ShownVerdict:
    """One verdict; a notebook shows its answer, how we know, numbers and figures.

    Attributes:
        card: What is shown of it.
    """

    card: Card

    def __repr__(self) -> str:
        """Return verdict, statement and answer as text."""
        shown = self.card.verdict
        return f"{shown.verdict}: {shown.statement} {shown.answer}"

    def _repr_html_(self) -> str:
        # They were made here: figures are our drawings.
        drawings = [Markup(p.svg) for p in self.card.pictures]  # noqa: S704
        mark = MARKS[self.card.verdict.verdict]
        template = environment().get_template("notebook_verdict.html.j2")
        return template.render(card=self.card, mark=mark, drawings=drawings)


class ShownVerdicts(Mapping[str, ShownVerdict]):
    """The verdicts on some claims, by the claims' ids.

    Args:
        found: The verdicts, in the order shown.
    """

    def __init__(self, found: Sequence[ShownVerdict]) -> None:
        """Keep these verdicts by id."""
        self._found = {shown.card.verdict.id: shown for shown in found}

    def __getitem__(self, claim: str) -> ShownVerdict:
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
        return frame_of([shown.card.verdict for shown in self.values()])

    def __repr__(self) -> str:
        """Return one line per claim."""
        return "\n".join(f"{name}: {shown!r}" for name, shown in self.items())

    def _repr_html_(self) -> str:
        cards = [shown.card for shown in self.values()]
        rows = [(card, MARKS[card.verdict.verdict]) for card in cards]
        template = environment().get_template("notebook_verdicts.html.j2")
        return template.render(rows=rows)


def load_verdicts(
    store: str | Path = "results/store.sqlite", names: Sequence[str] = ()
) -> ShownVerdicts:
    """Return the verdicts that stand on some claims, with figures of a store's runs.

    Args:
        store: Path of the store.
        names: Ids of claims and names of chapters; none stand for all claims.

    Raises:
        ConfigError: If there is no store or no claim of that name.
    """
    claims = select_claims(list(names))
    with Store.open(Path(store), mode="read") as opened:
        evidence = Evidence(opened)
        found = standings(claims, opened.verdicts())
        return ShownVerdicts([ShownVerdict(make_card(s, evidence)) for s in found])
