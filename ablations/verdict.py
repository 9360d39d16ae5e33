"""Put the outcomes of a claim's predictions together into its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ablations.arm import ENGINE_VERSION, ArmConfig
from ablations.claim import Claim
from ablations.evidence import MEASUREMENT_VERSION, Evidence
from ablations.judge import Case, Outcome, judge
from ablations.judging.outcome import plain
from ablations.registry import RegisteredClaim

VERDICTS = ("supported", "conditional", "refuted", "inconclusive", "not tested")

EVIDENCE_VERSION = f"{ENGINE_VERSION}.{MEASUREMENT_VERSION}"
"""Kept with every verdict: one from older engines or measurements does not count."""


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


def rule_of(claim: Claim) -> str:
    """Write out the claim's rule: what each prediction needs and how they combine."""
    lines = [f"{p.label}: {p.rule()}." for p in claim.predictions]
    lines += [
        f"Control, {p.label}: {p.rule()}; unless it holds, the claim is not tested."
        for p in claim.controls
    ]
    lines.append(
        "Supported if every prediction holds, refuted if every one fails, conditional"
        " if some hold and some fail; else not tested if one cannot be judged, and"
        " inconclusive if one is not decided."
        if len(claim.predictions) > 1
        else "Supported if it holds, refuted if it fails, inconclusive if it is not"
        " decided, not tested if it cannot be judged."
    )
    return "\n".join(lines)


def summary(config: ArmConfig) -> str:
    """Describe an arm in one line."""
    model, training = config.model, config.training
    sizes = (model.input_units, *model.hidden_units, model.output_units)
    activations = sorted({a.name for a in model.per_layer("activation")})
    in_updates = training.num_steps is not None
    steps = training.num_steps if in_updates else training.epochs
    parts = [
        "-".join(map(str, sizes)),
        " and ".join(activations) or "no hidden layer",
        f"{training.optimizer.name} {training.optimizer.learning_rate:g}",
        training.loss,
        f"{steps:,} {'updates' if in_updates else 'epochs'} on {config.task.name}",
    ]
    if config.engine == "fit":
        parts.append("keras.Model.fit")
    return ", ".join(parts)


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
    verdict, finding = combine(outcomes), _finding(outcomes)
    reason = " ".join(o.reason for o in outcomes if o.reason)
    broken = [control for control in controls if control.outcome != "holds"]
    if broken:
        verdict = "not tested"
        reason = f"A control does not hold: {broken[0].text}."
        finding = f"{reason} {finding}"
    seeds = "" if num_seeds is None else f" --seeds {num_seeds}"
    return plain(
        {
            **_description(registered),
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


def _description(registered: RegisteredClaim) -> dict[str, Any]:
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
        "evidence_version": EVIDENCE_VERSION,
    }


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
        if record is None:
            reason = "It was not run yet."
        elif record["digest"] != registered.digest:
            reason = "The claim has changed since it was judged."
        elif record.get("evidence_version") != EVIDENCE_VERSION:
            reason = "Training or measuring has changed since it was judged."
        else:
            records.append(record)
            continue
        records.append(_unjudged(registered, reason))
    return records


def _unjudged(registered: RegisteredClaim, reason: str) -> dict[str, Any]:
    command = f"ablations run {registered.id}"
    return {
        **_description(registered),
        "verdict": "not tested",
        "finding": f"{reason} `{command}` runs it.",
        **dict.fromkeys(("estimate", "low", "high")),
        "unit": "",
        "n": 0,
        "reason": reason,
        "command": command,
        "preset": "",
        **{part: [] for part in ("conditions", "controls", "shown", "arms")},
    }
