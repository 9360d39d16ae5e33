"""Put the outcomes of a claim's predictions together into its verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ablations.arm import ArmConfig
from ablations.claim import Claim
from ablations.evidence import Evidence
from ablations.judge import Case, Outcome, judge
from ablations.registry import RegisteredClaim

VERDICTS = ("supported", "conditional", "refuted", "inconclusive", "not tested")


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
        " if some hold and some fail, inconclusive if one cannot be decided."
        if len(claim.predictions) > 1
        else "Supported if it holds, refuted if it fails, else inconclusive."
    )
    return "\n".join(lines)


def _finding(verdict: str, outcomes: Sequence[Outcome]) -> str:
    def sentences(*words: str) -> str:
        chosen = [o.text for o in outcomes if o.outcome in words]
        return "; ".join(chosen)

    if verdict == "conditional":
        rest = sentences("undecided", "untested")
        return f"Holds for {sentences('holds')}. Fails for {sentences('fails')}." + (
            f" Open: {rest}." if rest else ""
        )
    if verdict == "not tested":
        return sentences("untested", "undecided", "holds", "fails") + "."
    if verdict == "inconclusive":
        rest = sentences("holds", "fails")
        return f"Undecided: {sentences('undecided')}." + (f" {rest}." if rest else "")
    return sentences("holds", "fails") + "."


def _arm_records(case: Case) -> list[dict[str, Any]]:
    records = []
    for name, arm in case.claim.arms.items():
        choice = case.evidence.choice(arm)
        record: dict[str, Any] = {
            "name": name,
            "summary": summary(choice.config if choice else arm.config),
            "runs": 0,
            "ok": 0,
            "diverged": 0,
            "failed": 0,
        }
        if choice:
            table = case.evidence.runs(choice.config, case.seeds_of(name))
            record["runs"] = len(table)
            record["ok"] = int((table.status == "ok").sum())
            record["diverged"] = int((table.status == "diverged").sum())
            record["failed"] = record["runs"] - record["ok"] - record["diverged"]
            record["machines"] = [dict(machine) for machine in table.machines]
            if choice.tried:
                record["learning_rate"] = choice.learning_rate
                record["tried"] = {f"{k:g}": v for k, v in choice.tried.items()}
        records.append(record)
    return records


def summary(config: ArmConfig) -> str:
    """Describe an arm in one line."""
    model, training = config.model, config.training
    hidden = "-".join(str(units) for units in model.hidden_units)
    sizes = "-".join(filter(None, (str(model.input_units), hidden)))
    activations = {a.name for a in model.per_layer("activation")}
    steps = training.num_steps if training.num_steps is not None else training.epochs
    unit = "updates" if training.num_steps is not None else "epochs"
    parts = [
        f"{sizes}-{model.output_units}",
        " and ".join(sorted(activations)) or "no hidden layer",
        f"{training.optimizer.name} {training.optimizer.learning_rate:g}",
        training.loss,
        f"{steps:,} {unit} on {config.task.name}",
    ]
    if config.engine == "fit":
        parts.append("keras.Model.fit")
    return ", ".join(parts)


def _worse(verdict: str, controls: Sequence[Outcome]) -> tuple[str, str]:
    """Withdraw a verdict whose controls do not hold."""
    broken = [c for c in controls if c.outcome != "holds"]
    if not broken:
        return verdict, ""
    return "not tested", f"A control does not hold. {broken[0].text}."


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
    shown = [judge(prediction, case) for prediction in getattr(claim, "shown", ())]
    verdict, reason = _worse(combine(outcomes), controls)
    if not reason:
        reason = " ".join(o.reason for o in outcomes if o.reason)
    by_label = {o.label: o for o in (*outcomes, *controls)}
    head = by_label[claim.headline] if claim.headline else outcomes[0]
    numbers = head.record()
    finding = _finding(verdict, outcomes)
    if verdict == "not tested" and reason and reason not in finding:
        finding = f"{reason} {finding}"
    return {
        "id": registered.id,
        "chapter": registered.chapter,
        "rows": list(claim.rows),
        "statement": claim.statement,
        "source": claim.source,
        "reference": claim.reference,
        "verdict": verdict,
        "finding": finding,
        **{k: numbers[k] for k in ("estimate", "low", "high", "unit", "n")},
        "reason": reason,
        "mechanism": registered.mechanism,
        "rule": rule_of(claim),
        "caveats": claim.caveats,
        "figure": claim.figure,
        "command": f"ablations run {registered.id} --preset {preset}",
        "preset": preset,
        "digest": registered.digest,
        "conditions": [o.record() for o in outcomes],
        "controls": [o.record() for o in controls],
        "shown": [o.record() for o in shown],
        "arms": _arm_records(case),
    }


def current_verdicts(
    claims: Sequence[RegisteredClaim], stored: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return one record per claim: the stored verdict, if it is of the claim's rule.

    A claim without a verdict, or whose file has changed since, is *not tested*.
    """
    by_id = {record["id"]: record for record in stored}
    records = []
    for registered in claims:
        record = by_id.get(registered.id)
        if record is None:
            reason = "It was not run yet."
        elif record["digest"] != registered.digest:
            reason = "The claim has changed since it was judged."
        else:
            records.append(record)
            continue
        records.append(_unjudged(registered, reason))
    return records


def _unjudged(registered: RegisteredClaim, reason: str) -> dict[str, Any]:
    claim = registered.claim
    command = f"ablations run {registered.id}"
    return {
        "id": registered.id,
        "chapter": registered.chapter,
        "rows": list(claim.rows),
        "statement": claim.statement,
        "source": claim.source,
        "reference": claim.reference,
        "verdict": "not tested",
        "finding": f"{reason} `{command}` runs it.",
        **dict.fromkeys(("estimate", "low", "high")),
        "unit": "",
        "n": 0,
        "reason": reason,
        "mechanism": registered.mechanism,
        "rule": rule_of(claim),
        "caveats": claim.caveats,
        "figure": claim.figure,
        "command": command,
        "preset": "",
        "digest": registered.digest,
        "conditions": [],
        "controls": [],
        "shown": [],
        "arms": [],
    }
