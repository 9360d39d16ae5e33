"""Lock a claim's rule before its runs are made, so that a later change shows.

A lock is a specification in the store, which keeps specifications in their order and
never changes them.
It holds the digest of the rule, the versions of engine and measurements, and the
digests of the runs that the rule asks for, so that it can be told whether any of them
were there when the rule was changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ablations.evidence.versions import evidence_version, measurement_specification
from ablations.protocol.claim import RegisteredClaim
from ablations.store.codec import spec_digest
from ablations.store.store import Store


class Specifications(Protocol):
    """Keep specifications in order; an open `Store` does."""

    def spec_digests(self) -> list[str]:
        """Return the digests of all specifications, oldest first."""

    def spec(self, digest: str) -> dict[str, Any]:
        """Return the specification with this digest."""

    def seeds_present(self, spec_digest: str) -> np.ndarray:
        """Return the seeds `[S]` of a specification that were run."""

    def put_spec(self, spec: Mapping[str, Any]) -> str:
        """Remember a specification."""


@dataclass(frozen=True)
class Lock:
    """Hold a rule as it stood before the runs that judge it.

    Attributes:
        claim: Id of the claim.
        digest: Digest of its rule.
        versions: Versions of engine and measurements.
        sequence: Number of specifications that the store held before.
        relocked: How often the rule was changed after runs of it were there.
        runs_before: Runs of its arms, made for other claims or under an earlier rule,
            that were there when it was locked.
        asked: Digests of the runs that the rule asks for before tuning has chosen.
    """

    claim: str
    digest: str
    versions: str
    sequence: int
    relocked: int
    runs_before: int
    asked: tuple[str, ...]

    def is_of(self, registered: RegisteredClaim) -> bool:
        """Return whether a claim still has this rule, on these versions."""
        now = (registered.digest, evidence_version(registered.claim))
        return (self.digest, self.versions) == now

    def record(self) -> dict[str, Any]:
        """Return what a verdict keeps of the lock."""
        return {
            "digest": self.digest,
            "versions": self.versions,
            "sequence": self.sequence,
            "relocked": self.relocked,
            "runs_before": self.runs_before,
        }

    def describe(self) -> str:
        """Say in a sentence when the rule was locked, and how often it was changed."""
        before = (
            f"with {self.runs_before:,} of its runs there from other claims or rules"
            if self.runs_before
            else "before any of its runs"
        )
        changed = ""
        if self.relocked:
            times = "once" if self.relocked == 1 else f"{self.relocked} times"
            changed = f"; it was changed {times} after runs of it were there"
        return (
            f"Rule {self.digest[:12]}, versions {self.versions}, locked as entry"
            f" {self.sequence:,} of the store {before}{changed}."
        )


def current_locks(store: Specifications) -> dict[str, Lock]:
    """Return the newest lock of every claim that has one, by claim id."""
    newest = {}
    for sequence, digest in enumerate(store.spec_digests()):
        spec = store.spec(digest)
        if "lock" in spec:
            newest[spec["lock"]] = Lock(
                claim=spec["lock"],
                digest=spec["digest"],
                versions=spec["versions"],
                sequence=sequence,
                relocked=spec["relocked"],
                runs_before=spec["runs_before"],
                asked=tuple(spec["asked"]),
            )
    return newest


def lock_rules(
    claims: Iterable[RegisteredClaim], store: Specifications
) -> dict[str, Lock]:
    """Lock every claim whose rule is not locked as it stands, and return the locks.

    To be called before anything is trained. Claims that are not named keep theirs.
    """
    locks = current_locks(store)
    changed = False
    for registered in claims:
        earlier = locks.get(registered.id)
        if earlier is not None and earlier.is_of(registered):
            continue
        asked = asked_runs(registered)
        seen = 0 if earlier is None else _count(store, earlier.asked)
        rule_changed = earlier is not None and earlier.digest != registered.digest
        relocked = 0 if earlier is None else earlier.relocked
        store.put_spec(
            {
                "lock": registered.id,
                "number": 0 if earlier is None else earlier.sequence + 1,
                "digest": registered.digest,
                "versions": evidence_version(registered.claim),
                "relocked": relocked + (rule_changed and seen > 0),
                "runs_before": _count(store, asked),
                "asked": list(asked),
            }
        )
        changed = True
    return current_locks(store) if changed else locks


def asked_runs(registered: RegisteredClaim) -> tuple[str, ...]:
    """Return the digests of the runs and measurements that a rule asks for."""
    claim = registered.claim
    configs = [
        config
        for arm in claim.arms.values()
        for config in (
            [arm.config]
            if arm.tune is None
            else [arm.with_learning_rate(rate) for rate in arm.tune.learning_rates]
        )
    ]
    specs: Sequence[Mapping[str, Any]] = [
        *(config.specification() for config in configs),
        *(measurement_specification(name) for name in claim.measurements()),
    ]
    return tuple(dict.fromkeys(spec_digest(spec) for spec in specs))


def stored_lock(path: Path, claim: str) -> Lock | None:
    """Return a claim's newest lock in the store at `path`, if there is one."""
    if not path.exists():
        return None
    with Store.open(path, mode="read") as store:
        return current_locks(store).get(claim)


def _count(store: Specifications, digests: Iterable[str]) -> int:
    return sum(len(store.seeds_present(digest)) for digest in digests)
