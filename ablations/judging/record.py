"""Say what a claim is, and which of the stored verdicts still stand.

Nothing is judged here, so that commands that only read answer at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ablations.evidence.versions import evidence_version
from ablations.protocol.claim import LEFT_OUT, RegisteredClaim, rule_of

VERDICTS = ("supported", "conditional", "refuted", "inconclusive", "not tested")


def command(
    registered: RegisteredClaim, preset: str, num_seeds: int | None, first_seed: int
) -> str:
    """Return the command that judges a claim again, on the same seeds."""
    seeds = "" if num_seeds is None else f" --seeds {num_seeds}"
    first = f" --first-seed {first_seed}" if first_seed else ""
    return f"ablations run {registered.id} --preset {preset}{seeds}{first}"


def description(registered: RegisteredClaim) -> dict[str, Any]:
    """Return what a verdict repeats of its claim."""
    claim = registered.claim
    return {
        "id": registered.id,
        "chapter": registered.chapter,
        "rows": list(claim.rows),
        "statement": claim.statement,
        "source": claim.source,
        "reference": claim.reference,
        "mechanism": registered.mechanism,
        "rule": rule_of(claim),
        "caveats": claim.caveats,
        "figure": claim.figure,
        "digest": registered.digest,
        "evidence_version": evidence_version(claim),
    }


def current_verdicts(
    claims: Sequence[RegisteredClaim], stored: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return one record per claim: the stored verdict, if it is of the claim's rule.

    A claim without a verdict is *not tested*; so is one that has changed since, or
    whose runs were made by another version of the engine.
    """
    by_id = {record["id"]: record for record in stored}
    records = []
    for registered in claims:
        record = by_id.get(registered.id)
        if registered.claim.untestable:
            reason = registered.claim.untestable
        elif record is None:
            left_out = registered.claim.standard_only
            reason = LEFT_OUT if left_out else "It was not run yet."
        elif record["digest"] != registered.digest:
            reason = "The claim has changed since it was judged."
        elif record.get("evidence_version") != evidence_version(registered.claim):
            reason = "Training or measuring has changed since it was judged."
        else:
            # What only explains may have been rewritten since.
            records.append({**record, **description(registered)})
            continue
        records.append(unjudged(registered, reason))
    return records


def unjudged(registered: RegisteredClaim, reason: str) -> dict[str, Any]:
    """Return the record of a claim that is *not tested*, for a reason in words."""
    testable = not registered.claim.untestable
    preset = " --preset standard" if registered.claim.standard_only else ""
    command = f"ablations run {registered.id}{preset}" if testable else ""
    return {
        **description(registered),
        "verdict": "not tested",
        "finding": f"{reason} `{command}` runs it." if testable else reason,
        **dict.fromkeys(("estimate", "low", "high")),
        "unit": "",
        "n": 0,
        "reason": reason,
        "command": command,
        "preset": "",
        "confidence": None,
        "looks": [],
        "seeds_that_decide": None,
        "locked": None,
        "mixture": "",
        **{part: [] for part in ("conditions", "controls", "shown", "arms")},
    }
