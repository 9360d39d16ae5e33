"""Say what has changed since the last publication."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from ablations.judging.verdict import Verdict


@dataclass(frozen=True)
class Change:
    """A claim whose verdict is another than the one published before.

    Attributes:
        claim: Its id.
        was: The verdict before; empty for a claim that is new.
        now: The verdict now.
    """

    claim: str
    was: str
    now: str


def changes_between(
    before: Mapping[str, Verdict], now: Sequence[Verdict]
) -> tuple[Change, ...]:
    """Return the claims whose verdict differs, in their order; new ones are among them.

    Args:
        before: The verdicts that were published, by claim.
        now: The verdicts that stand.
    """
    found = [
        Change(verdict.id, before[verdict.id].verdict, verdict.verdict)
        if verdict.id in before
        else Change(verdict.id, "", verdict.verdict)
        for verdict in now
    ]
    return tuple(change for change in found if change.was != change.now)


def latest_changes(path: Path, found: Sequence[Change]) -> tuple[Change, ...]:
    """Return what changed last: now or, where nothing has, at the publication before.

    Args:
        path: Where the changes of the publication before are kept.
        found: The changes since then.
    """
    if found or not path.exists():
        return tuple(found)
    records = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Change(**record) for record in records)


def changes_text(changes: Sequence[Change]) -> str:
    """Return changes as the text of their file."""
    return json.dumps([asdict(change) for change in changes], indent=1) + "\n"
