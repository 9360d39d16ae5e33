"""Say what a claim is, and which of the stored verdicts still stand.

Nothing is judged here, so that commands that only read answer at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ablations.arm import ENGINE_VERSION
from ablations.claim import LEFT_OUT, Claim
from ablations.evidence import MEASUREMENT_VERSION
from ablations.experiments.experiment import ExperimentConfig
from ablations.registry import RegisteredClaim
from ablations.tasks import DRAWN
from ablations.tasks.task import TASKS_VERSION

VERDICTS = ("supported", "conditional", "refuted", "inconclusive", "not tested")

EVIDENCE_VERSION = f"{ENGINE_VERSION}.{MEASUREMENT_VERSION}"
"""Of engine and measurements; the start of every `evidence_version`."""


def evidence_version(claim: Claim) -> str:
    """Return the versions of all that made the runs of a claim.

    Kept with every verdict: one of older engines, measurements, drawn tasks or
    experiments does not count.
    """
    parts = set()
    for arm in claim.arms.values():
        task = arm.config.get_task()
        if task is not None and task.name in DRAWN:
            parts.add(f"tasks {TASKS_VERSION}")
        if isinstance(arm.config, ExperimentConfig):
            parts.add(f"{arm.config.kind} {arm.config.version}")
    return ", ".join([EVIDENCE_VERSION, *sorted(parts)])


def rule_of(claim: Claim) -> str:
    """Write out the claim's rule: what each prediction needs and how they combine."""
    if claim.untestable:
        return f"No rule: {claim.untestable}"
    lines = [f"{p.label}: {p.rule()}." for p in claim.predictions]
    lines += [
        f"Control, {p.label}: {p.rule()}; unless it holds, the claim is not tested."
        for p in claim.controls
    ]
    if claim.family:
        lines.append(
            f"Family of {len(claim.family)}: {', '.join(claim.family)}. Each is judged"
            " by Holm's procedure, so that with 95 % confidence no word of them is"
            " wrong."
        )
    if claim.standard_only:
        lines.append("The quick preset leaves out all of it.")
    elif claim.beyond_quick:
        left_out = ", ".join(claim.beyond_quick)
        lines.append(f"The quick preset leaves out: {left_out}.")
    lines.append(
        "Supported if every prediction holds, refuted if every one fails, conditional"
        " if some hold and some fail; else not tested if one cannot be judged, and"
        " inconclusive if one is not decided."
        if len(claim.predictions) > 1
        else "Supported if it holds, refuted if it fails, inconclusive if it is not"
        " decided, not tested if it cannot be judged."
    )
    return "\n".join(lines)


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
