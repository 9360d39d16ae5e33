"""Put the outcomes of a claim's predictions together into its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ablations.evidence import Evidence
from ablations.judge import Case, Outcome, judge
from ablations.judging.finding import tell
from ablations.judging.outcome import plain
from ablations.record import VERDICTS, current_verdicts, description, summary
from ablations.registry import RegisteredClaim

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
) -> dict[str, Any]:
    """Return the claim's verdict as plain data, with all that a report needs."""
    claim = registered.claim
    case = Case(claim, evidence, preset, num_seeds)
    outcomes = [judge(prediction, case) for prediction in claim.predictions]
    controls = [judge(prediction, case) for prediction in claim.controls]
    shown = [judge(prediction, case) for prediction in claim.shown]
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
    seeds = "" if num_seeds is None else f" --seeds {num_seeds}"
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
            "command": f"ablations run {registered.id} --preset {preset}{seeds}",
            "preset": preset,
            "conditions": [o.record() for o in outcomes],
            "controls": [o.record() for o in controls],
            "shown": [o.record() for o in shown],
            "arms": _arm_records(case),
        }
    )


def _finding(outcomes: Sequence[Outcome]) -> str:
    """Say in words what every condition came to, the deciding ones first."""
    verdict = combine(outcomes)

    def sentences(*words: str) -> str:
        return "; ".join(
            o.text for word in words for o in outcomes if o.outcome == word
        )

    if verdict == "conditional":
        rest = sentences("undecided", "untested")
        return f"Holds for {sentences('holds')}. Fails for {sentences('fails')}." + (
            f" Open: {rest}." if rest else ""
        )
    if verdict == "inconclusive":
        rest = sentences("holds", "fails")
        return f"Undecided: {sentences('undecided')}." + (f" {rest}." if rest else "")
    return sentences("untested", "undecided", "holds", "fails") + "."


def _arm_records(case: Case) -> list[dict[str, Any]]:
    """Say of every arm what it is and what became of its runs."""
    records = []
    for name, arm in case.claim.arms.items():
        choice = case.evidence.choice(arm)
        if choice is None:
            none = dict.fromkeys(("runs", "ok", "diverged", "failed"), 0)
            records.append({"name": name, "summary": summary(arm.config), **none})
            continue
        table = case.evidence.runs(choice.config, case.seeds_of(name))
        num_ok, num_diverged = (
            int((table.status == word).sum()) for word in ("ok", "diverged")
        )
        record: dict[str, Any] = {
            "name": name,
            "summary": summary(choice.config),
            "runs": len(table),
            "ok": num_ok,
            "diverged": num_diverged,
            "failed": len(table) - num_ok - num_diverged,
            "machines": [dict(machine) for machine in table.machines],
        }
        if choice.tried:
            record["learning_rate"] = choice.learning_rate
            record["tried"] = {f"{k:g}": v for k, v in choice.tried.items()}
        records.append(record)
    return records
