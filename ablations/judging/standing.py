"""Say which verdict on a claim stands: published, or judged here, and do they agree."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ablations.evidence.versions import evidence_version
from ablations.judging.known import KnownBeside, known_beside
from ablations.judging.verdict import FORMAT, Verdict, not_run, unjudged
from ablations.protocol.claim import RegisteredClaim

PUBLISHED = Path(__file__).resolve().parents[2] / "reports" / "published" / "verdicts"
"""Folder of the verdicts that the project publishes, one file per chapter."""

EVIDENCE_PRESETS = ("standard", "full")
"""Presets whose verdicts stand for themselves; quick checks what is published."""


@dataclass(frozen=True)
class Reproduction:
    """What conditions came to here, beside what is published of them.

    Attributes:
        same: Keys of predictions that came out as published.
        undecided: Keys of those that one of the two does not decide.
        contradicting: Keys of those that hold in one and fail in the other.
        of: Number of predictions in the rule.
        timed: Keys of those that came out otherwise, but are about a time of a machine,
            which another one need not repeat.
    """

    same: tuple[str, ...]
    undecided: tuple[str, ...]
    contradicting: tuple[str, ...]
    of: int
    timed: tuple[str, ...] = ()

    @property
    def num_judged(self) -> int:
        """How many predictions were judged here."""
        lists = self.same, self.undecided, self.contradicting, self.timed
        return sum(map(len, lists))

    def describe(self) -> str:
        """Say it in words."""
        start = f"re-run here: {self.num_judged} of {self.of} conditions"
        if len(self.same) == self.num_judged:
            return f"{start}, {'all ' if self.num_judged > 1 else ''}the same"
        parts = [f"{len(self.same)} the same"]
        if self.undecided:
            parts.append(f"{len(self.undecided)} undecided")
        if self.contradicting:
            parts.append(f"{len(self.contradicting)} contradicting")
        if self.timed:
            parts.append(f"{len(self.timed)} timed, which differ between machines")
        return f"{start}: {', '.join(parts)}"

    def record(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "same": list(self.same),
            "undecided": list(self.undecided),
            "contradicting": list(self.contradicting),
            "timed": list(self.timed),
            "of": self.of,
        }


def reproduction(here: Verdict, published: Verdict) -> Reproduction:
    """Compare what became of every prediction here with what is published."""
    known = {o.key: o for o in published.of_role("core", "beside", "control")}
    words = ("same", "undecided", "contradicting", "timed")
    found: dict[str, list[str]] = {word: [] for word in words}
    for outcome in here.of_role("core", "beside", "control"):
        other = known.get(outcome.key)
        if other is None:
            continue
        if outcome.outcome == other.outcome:
            found["same"].append(outcome.key)
        elif outcome.is_timed:
            found["timed"].append(outcome.key)
        elif outcome.is_decided and other.is_decided:
            found["contradicting"].append(outcome.key)
        else:
            found["undecided"].append(outcome.key)
    return Reproduction(
        **{word: tuple(keys) for word, keys in found.items()}, of=len(known)
    )


@dataclass(frozen=True)
class Standing:
    """A claim with the verdict that stands, and with what was judged here.

    Attributes:
        registered: The claim.
        published: The verdict that the project publishes, None for none of this rule.
        here: The verdict that a store holds, None for none of this rule.
        reason: Why a stored verdict does not count; empty if it does.
    """

    registered: RegisteredClaim
    published: Verdict | None
    here: Verdict | None
    reason: str = ""

    @property
    def verdict(self) -> Verdict:
        """The verdict that stands.

        One from here if it is evidence of its own; else the published one, which a
        quick run only checks; else whatever there is.
        """
        here = self.here
        if here is not None and here.preset in EVIDENCE_PRESETS:
            return here
        if self.published is not None:
            return self.published
        if here is not None:
            return here
        if self.reason:
            return unjudged(self.registered, self.reason)
        return not_run(self.registered)

    @property
    def known(self) -> list[KnownBeside]:
        """Published results, beside those of the verdict that stands."""
        return known_beside(self.registered, self.verdict)

    @property
    def reproduction(self) -> Reproduction | None:
        """How the conditions judged here agree with what is published."""
        if self.here is None or self.published is None or not self.here.is_judged:
            return None
        return reproduction(self.here, self.published)

    def record(self) -> dict[str, Any]:
        """Return the verdict that stands as plain data, and what was seen here."""
        seen, rerun = self.reproduction, None
        if seen is not None and self.here is not None:
            rerun = {**seen.record(), "preset": self.here.preset}
        return {
            **self.verdict.record(),
            "known": [result.record() for result in self.known],
            "published": self.verdict is self.published,
            "rerun": rerun,
        }


def published_verdicts(folder: Path = PUBLISHED) -> dict[str, Verdict]:
    """Return the published verdicts by claim; none where the folder is not there."""
    records = [
        record
        for path in sorted(folder.glob("*.json"))
        for record in json.loads(path.read_text(encoding="utf-8"))
    ]
    return {
        record["id"]: Verdict.from_record(record)
        for record in records
        if record.get("format") == FORMAT
    }


def standings(
    claims: Sequence[RegisteredClaim],
    stored: Sequence[dict[str, Any]],
    published: dict[str, Verdict] | None = None,
) -> list[Standing]:
    """Return one standing per claim, from what a store holds and what is published.

    A verdict on a rule that has changed since, or on runs of another version of the
    engine, does not count.

    Args:
        claims: The claims.
        stored: Records of verdicts, as a store keeps them.
        published: Published verdicts by claim; None reads them.
    """
    everything = published_verdicts() if published is None else published
    by_id = {record["id"]: record for record in stored}
    found = []
    for registered in claims:
        known = everything.get(registered.id)
        if known is not None and why_not(registered, known):
            known = None
        record = by_id.get(registered.id)
        here, reason = None, ""
        if record is not None and record.get("format") == FORMAT:
            here = Verdict.from_record(record)
            reason = why_not(registered, here)
        elif record is not None:
            reason = "It was judged by an earlier version of the rules."
        if reason:
            here = None
        found.append(
            Standing(
                registered,
                known and known.described_by(registered),
                here and here.described_by(registered),
                reason,
            )
        )
    return found


def beside_published(
    claims: Sequence[RegisteredClaim], verdicts: Sequence[Verdict]
) -> list[Standing]:
    """Return standings of verdicts that were given just now."""
    records = [verdict.record() for verdict in verdicts if verdict.is_judged]
    return standings(claims, records)


def why_not(registered: RegisteredClaim, verdict: Verdict) -> str:
    """Say why a verdict does not count for a claim; empty if it does."""
    if verdict.digest != registered.digest:
        return "The claim has changed since it was judged."
    if verdict.evidence_version != evidence_version(registered.claim):
        return "Training or measuring has changed since it was judged."
    return ""
