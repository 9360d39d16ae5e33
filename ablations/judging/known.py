"""Set published results beside what a verdict found, in words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ablations.judging.answers import WHOLE_CORE, fields_of, fill, fits
from ablations.judging.outcome import Outcome
from ablations.judging.verdict import Verdict
from ablations.protocol.claim import RegisteredClaim
from ablations.protocol.known import FROM_MEMORY, KnownResult

OPEN = "open"
"""How results stand to each other where ours is another than the one that was read."""


@dataclass(frozen=True)
class KnownBeside:
    """A published result beside ours.

    Attributes:
        source: Authors, year and place.
        result: What they found, with its number and unit.
        conditions: On which data, with which networks.
        ours: What we found, with its numbers.
        agreement: `agrees`, `differs`, `not comparable`, or `open`.
        why: What makes it so; empty where they agree.
        checked: Where their result was read, or "from memory".
    """

    source: str
    result: str
    conditions: str
    ours: str
    agreement: str
    why: str
    checked: str

    @property
    def stands(self) -> str:
        """How the two stand to each other, with the reason."""
        return f"{self.agreement}: {self.why}" if self.why else self.agreement

    @property
    def read(self) -> str:
        """How far their result was checked, in words."""
        return (
            self.checked if self.checked == FROM_MEMORY else f"checked: {self.checked}"
        )

    def record(self) -> dict[str, Any]:
        """Return plain data."""
        return asdict(self)


def known_beside(registered: RegisteredClaim, verdict: Verdict) -> list[KnownBeside]:
    """Return the published results on a claim, beside what a verdict found.

    Our numbers are the verdict's. Where its outcomes are not those under which the two
    results were compared, or not all of them were judged, the agreement is open.
    """
    return [_beside(result, verdict.outcomes) for result in registered.known]


def _beside(result: KnownResult, outcomes: Sequence[Outcome]) -> KnownBeside:
    judged = {o.key for o in outcomes} | {WHOLE_CORE}
    presumed = {token.lstrip("!?") for token in result.presumes.split()}
    agreement: str = result.agreement
    ours, why = "not judged here", result.why
    if {*fields_of(result.ours)} <= judged:
        ours = fill(result.ours, outcomes)
    if not (presumed <= judged and fits(result.presumes, outcomes)):
        agreement, why = OPEN, "what we found here is not what was compared"
    return KnownBeside(
        source=result.source,
        result=result.result,
        conditions=result.conditions,
        ours=ours,
        agreement=agreement,
        why=why,
        checked=result.checked,
    )
