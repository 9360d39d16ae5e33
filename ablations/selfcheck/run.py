"""Go through every check of the machinery, quick or in full."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ablations.judging.kind import all_kinds
from ablations.selfcheck.defects import check_defects
from ablations.selfcheck.errors import (
    check_bank,
    check_coverage,
    check_equivalence,
    check_family,
    check_kinds,
)
from ablations.selfcheck.invariance import check_invariance
from ablations.selfcheck.power import check_power
from ablations.selfcheck.prose import check_prose
from ablations.selfcheck.real import train_bank
from ablations.selfcheck.references import check_references
from ablations.selfcheck.row import Row
from ablations.selfcheck.selection import check_selection
from ablations.selfcheck.study_checks import (
    check_random_targets,
    check_study_power,
    check_twins,
)
from ablations.selfcheck.verdicts import check_verdicts


@dataclass(frozen=True)
class Effort:
    """Say how much is drawn and trained.

    Attributes:
        cells: Draws per kind, distribution and number of seeds. Of the many cells the
            worst is shown, so that four times as many draws as the limit asks for keep
            chance out of it.
        draws: Draws of every other check.
        changes: Draws that are changed and read one by one.
        studies: Whole studies without an effect; a fifth of them have one.
        runs: Real runs of one configuration.
    """

    cells: int
    draws: int
    changes: int
    studies: int
    runs: int = 1_000


QUICK = Effort(cells=400, draws=400, changes=3, studies=60)
FULL = Effort(cells=40_000, draws=10_000, changes=30, studies=10_000)


def run_selfcheck(quick: bool = False) -> Iterator[Row]:
    """Yield one line per check, as soon as it is done.

    All draws are fixed, so that the same versions give the same lines.

    Args:
        quick: Draw less, with limits as much wider; needs Keras all the same.
    """
    effort = QUICK if quick else FULL
    for kind in all_kinds():
        yield from check_kinds(effort.cells, only=[kind])
    bank = train_bank(effort.runs)
    for kind in all_kinds():
        yield from check_bank(bank, effort.cells, only=[kind])
    yield check_family(effort.draws)
    yield from check_verdicts(effort.draws)
    yield from check_coverage(effort.cells)
    yield from check_equivalence(effort.cells)
    yield from check_power(effort.draws)
    yield from check_selection(effort.draws)
    yield from check_random_targets(effort.studies)
    yield from check_twins(effort.studies)
    yield from check_study_power(effort.studies // 5)
    yield from check_invariance(effort.changes)
    yield from check_references()
    yield from check_defects()
    yield from check_prose(effort.changes)
