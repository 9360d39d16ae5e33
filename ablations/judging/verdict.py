"""Put the outcomes of a claim's predictions together into its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ablations.evidence.evidence import Evidence
from ablations.judging.boundary import boundary
from ablations.judging.case import CONFIDENCE
from ablations.judging.finding import tell
from ablations.judging.judge import Case, Outcome, judge
from ablations.judging.lock import Lock
from ablations.judging.outcome import plain, untested
from ablations.judging.preconditions import machine_mixture, unmet_precondition
from ablations.judging.record import (
    VERDICTS,
    command,
    current_verdicts,
    description,
    unjudged,
)
from ablations.judging.tuning_record import tuning_record
from ablations.protocol.claim import RegisteredClaim
from ablations.protocol.prediction import Prediction

__all__ = ["VERDICTS", "combine", "current_verdicts", "give_verdict"]


def combine(outcomes: Sequence[Outcome]) -> str:
    """Return the verdict that the outcomes of all conditions add up to.

    Holding under one condition and failing under another settles *conditional*,
    whatever the rest; otherwise one untested condition leaves the claim *not tested*
    and one undecided condition leaves it *inconclusive*.
    """
    words = {outcome.outcome for outcome in outcomes}
    if {"holds", "fails"} <= words:
        return "conditional"
    if not words or "untested" in words:
        return "not tested"
    if "undecided" in words:
        return "inconclusive"
    return "supported" if words == {"holds"} else "refuted"


def give_verdict(
    registered: RegisteredClaim,
    evidence: Evidence,
    preset: str,
    num_seeds: int | None = None,
    lock: Lock | None = None,
    confidence: float = CONFIDENCE,
) -> dict[str, Any]:
    """Return the claim's verdict as plain data, with all that a report needs.

    Args:
        registered: The claim.
        evidence: Its runs.
        preset: Says how many seeds judge.
        num_seeds: Number of seeds in place of the preset's.
        lock: The rule as it was locked before the runs; a claim that has changed
            since is not tested.
        confidence: Of the intervals; more than usual where the runs are looked at
            several times.
    """
    claim = registered.claim.under(preset)
    if claim.untestable:
        return unjudged(registered, claim.untestable)
    case = Case(claim, evidence, preset, num_seeds, confidence)
    outcomes = [judge_if_fair(prediction, case) for prediction in claim.predictions]
    controls = [judge_if_fair(prediction, case) for prediction in claim.controls]
    shown = [judge_if_fair(prediction, case) for prediction in claim.shown]
    by_label = {o.label: o for o in (*outcomes, *controls)}
    head = by_label[claim.headline] if claim.headline else outcomes[0]
    verdict = combine(outcomes)
    template = claim.findings.get(verdict)
    finding = (
        tell(template, outcomes, controls, shown) if template else _finding(outcomes)
    )
    reason = " ".join(o.reason for o in outcomes if o.reason)
    broken = [control for control in controls if control.outcome != "holds"]
    if broken:
        verdict = "not tested"
        reason = f"A control does not hold: {broken[0].text}."
        finding = f"{reason} {finding}"
    if lock is not None and not lock.is_of(registered):
        verdict = "not tested"
        what = "rule" if lock.digest != registered.digest else "training or measuring"
        reason = f"The claim's {what} has changed since it was locked."
        finding = f"{reason} {finding}"
    return plain(
        {
            **description(registered),
            "verdict": verdict,
            "finding": finding,
            "estimate": head.estimate,
            "low": head.low,
            "high": head.high,
            "unit": head.unit,
            "n": head.n,
            "reason": reason,
            "command": command(registered, preset, num_seeds, evidence.first_seed),
            "preset": preset,
            "confidence": confidence,
            "looks": [],
            "seeds_that_decide": _seeds_that_decide(outcomes),
            "locked": lock and lock.record(),
            "mixture": _mixture(case),
            "conditions": [o.record() for o in outcomes],
            "controls": [o.record() for o in controls],
            "shown": [o.record() for o in shown],
            "arms": _arm_records(case),
        }
    )


def judge_if_fair(prediction: Prediction, case: Case) -> Outcome:
    """Judge a prediction, or say which precondition its runs do not meet."""
    unmet = unmet_precondition(prediction, case)
    return judge(prediction, case) if unmet is None else untested(prediction, unmet)


def _finding(outcomes: Sequence[Outcome]) -> str:
    """Say in words what every condition came to, the deciding ones first."""
    verdict = combine(outcomes)

    def sentences(*words: str) -> str:
        return "; ".join(
            o.text for word in words for o in outcomes if o.outcome == word
        )

    if verdict == "conditional":
        rest = sentences("undecided", "untested")
        where = boundary(outcomes)
        named = f"It {where}. " if where else ""
        told = f"Holds for {sentences('holds')}. Fails for {sentences('fails')}."
        return f"{named}{told}" + (f" Open: {rest}." if rest else "")
    if verdict == "inconclusive":
        rest = sentences("holds", "fails")
        return f"Undecided: {sentences('undecided')}." + (f" {rest}." if rest else "")
    return sentences("untested", "undecided", "holds", "fails") + "."


def _seeds_that_decide(outcomes: Sequence[Outcome]) -> int | None:
    """Return about how many seeds would decide all that is open, None if unknown."""
    open_ones = [o for o in outcomes if o.outcome in ("undecided", "untested")]
    needed = [o.details.get("seeds_that_decide") for o in open_ones]
    known = [number for number in needed if number is not None]
    return max(known) if known and len(known) == len(needed) else None


def _mixture(case: Case) -> str:
    """Say in what the machines differ that made the runs of the claim."""
    choices = [(name, case.choice(name)) for name in case.claim.arms]
    return machine_mixture(
        [
            case.evidence.runs(choice.config, case.seeds_of(name))
            for name, choice in choices
            if choice is not None
        ]
    )


def _arm_records(case: Case) -> list[dict[str, Any]]:
    """Say of every arm what it is and what became of its runs."""
    records = []
    for name, arm in case.claim.arms.items():
        choice = case.choice(name)
        if choice is None:
            none = dict.fromkeys(("runs", "ok", "diverged", "failed"), 0)
            records.append({"name": name, "summary": arm.config.summary(), **none})
            continue
        table = case.evidence.runs(choice.config, case.seeds_of(name))
        num_ok, num_diverged = (
            int((table.status == word).sum()) for word in ("ok", "diverged")
        )
        record: dict[str, Any] = {
            "name": name,
            "summary": choice.config.summary(),
            "runs": len(table),
            "ok": num_ok,
            "diverged": num_diverged,
            "failed": len(table) - num_ok - num_diverged,
            "machines": [dict(machine) for machine in table.machines],
        }
        records.append(record | tuning_record(case, name))
    return records
