"""Judge a claim: every prediction, the word they add up to, and what is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ablations.evidence.evidence import Evidence
from ablations.judging.answers import answer, fill
from ablations.judging.case import CONFIDENCE, Case
from ablations.judging.combine import Decision, combine
from ablations.judging.judge import judge, judge_together
from ablations.judging.lock import Lock
from ablations.judging.outcome import Outcome, finding_of
from ablations.judging.preconditions import machine_mixture
from ablations.judging.tuning_record import tuning_record
from ablations.judging.verdict import (
    INCOMPLETE,
    Coverage,
    Verdict,
    description,
    unjudged,
)
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim, RegisteredClaim


def give_verdict(
    registered: RegisteredClaim,
    evidence: Evidence,
    preset: str,
    num_seeds: int | None = None,
    lock: Lock | None = None,
    confidence: float = CONFIDENCE,
) -> Verdict:
    """Return the claim's verdict, with all that a report needs.

    Args:
        registered: The claim.
        evidence: Its runs.
        preset: Says how many seeds judge, and which conditions.
        num_seeds: Number of seeds in place of the preset's.
        lock: The rule as it was locked before the runs; a claim that has changed
            since is not tested.
        confidence: Of the intervals; more than usual where the runs are looked at
            several times.
    """
    claim = registered.claim.under(preset)
    if claim.untestable:
        return unjudged(registered, claim.untestable)
    case = Case(claim, evidence.for_claim(claim), preset, num_seeds, confidence)
    outcomes = tuple(judge(prediction, case) for prediction in claim.everything)
    core = [o for o in outcomes if o.role == "core"]
    decision = combine(
        claim.strength, claim.axis, core, lambda: judge_together(claim.core, case)
    )
    coverage = coverage_of(registered.claim, claim, core)
    # Sentences speak of all that the rule predicts, also of what stands beside.
    is_all = len(claim.everything) == len(registered.claim.everything)
    told = answer(claim.answers if is_all else {}, decision, outcomes)
    decision = _if_it_counts(decision, outcomes, registered, lock)
    if decision.verdict == "not tested":
        told = f"Not tested: {_short(decision.reason)}"
    word = decision.verdict
    if not coverage.is_whole:
        word, told = INCOMPLETE, so_far(core, len(registered.claim.core))
    return Verdict(
        **description(registered),
        verdict=word,
        answer=told,
        how=fill(claim.how, outcomes) if is_all else "",
        finding=finding_of(core),
        reason=decision.reason,
        boundary=decision.boundary,
        coverage=coverage,
        outcomes=outcomes,
        headline=claim.headline.key,
        command=command(registered, preset, num_seeds, evidence.first_seed),
        preset=preset,
        confidence=confidence,
        seeds_that_decide=_seeds_that_decide(core),
        locked=None if lock is None else lock.record(),
        mixture=_mixture(case),
        arms=tuple(_arm_record(case, arm) for arm in claim.arms.values()),
    )


def coverage_of(whole: Claim, part: Claim, core: Sequence[Outcome]) -> Coverage:
    """Return how much of a rule a preset judges."""
    return Coverage(
        judged=len(part.core) + len(part.controls),
        of=len(whole.core) + len(whole.controls),
        no_room=sum(bool(o.details.get("no_room")) for o in core),
    )


def so_far(core: Sequence[Outcome], total: int) -> str:
    """Tell what a part of the rule came to, without a verdict."""
    if not core:
        return f"So far: none of the {total} conditions of the rule was run here."
    held = sum(o.outcome == "holds" for o in core)
    return f"So far: {held} of {len(core)} conditions hold, of {total} in the rule."


def command(
    registered: RegisteredClaim, preset: str, num_seeds: int | None, first_seed: int
) -> str:
    """Return the command that judges a claim again, on the same seeds."""
    seeds = "" if num_seeds is None else f" --seeds {num_seeds}"
    first = f" --first-seed {first_seed}" if first_seed else ""
    return f"ablations run {registered.id} --preset {preset}{seeds}{first}"


def _if_it_counts(
    decision: Decision,
    outcomes: Sequence[Outcome],
    registered: RegisteredClaim,
    lock: Lock | None,
) -> Decision:
    """Return *not tested* where a control does not hold or the rule has changed."""
    broken = [o for o in outcomes if o.role == "control" and o.outcome != "holds"]
    if broken:
        return Decision("not tested", f"A control does not hold: {broken[0].text}.")
    if lock is not None and not lock.is_of(registered):
        what = "rule" if lock.digest != registered.digest else "training or measuring"
        return Decision(
            "not tested", f"The claim's {what} has changed since it was locked."
        )
    return decision


def _short(reason: str) -> str:
    """Return the first sentence of a reason, up to a colon if there is one."""
    first, colon, _ = reason.partition(":")
    if not colon:
        return f"{reason.partition('. ')[0].rstrip('.')}."
    return f"{first[0].lower()}{first[1:].rstrip('.')}."


def _seeds_that_decide(outcomes: Sequence[Outcome]) -> int | None:
    """Return about how many seeds would decide all that is open, None if unknown."""
    open_ones = [o for o in outcomes if o.outcome in ("undecided", "untested")]
    needed = [o.details.get("seeds_that_decide") for o in open_ones]
    known = [number for number in needed if number is not None]
    return max(known) if known and len(known) == len(needed) else None


def _mixture(case: Case) -> str:
    """Say in what the machines differ that made the runs of the claim."""
    choices = [(arm, case.choice(arm)) for arm in case.claim.arms.values()]
    return machine_mixture(
        [
            case.evidence.runs(choice.config, case.seeds_of(arm))
            for arm, choice in choices
            if choice is not None
        ]
    )


def _arm_record(case: Case, arm: Arm) -> dict[str, Any]:
    """Say of an arm what it is and what became of its runs."""
    known = {"name": arm.name, "levels": dict(arm.levels)}
    choice = case.choice(arm)
    if choice is None:
        none = dict.fromkeys(("runs", "ok", "diverged", "failed"), 0)
        return {**known, "summary": arm.config.summary(), **none}
    table = case.evidence.runs(choice.config, case.seeds_of(arm))
    num_ok, num_diverged = (
        int((table.status == word).sum()) for word in ("ok", "diverged")
    )
    return {
        **known,
        "summary": choice.config.summary(),
        "runs": len(table),
        "ok": num_ok,
        "diverged": num_diverged,
        "failed": len(table) - num_ok - num_diverged,
        "machines": [dict(machine) for machine in table.machines],
        **tuning_record(case, arm),
    }
