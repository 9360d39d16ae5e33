"""Arrange what became of predictions and arms as rows of words."""

from __future__ import annotations

import re
from typing import Any

from ablations.judging.lock import Lock
from ablations.judging.outcome import Outcome
from ablations.judging.verdict import Verdict
from ablations.terminal import count
from reports.numbers import (
    DASH,
    EXACT,
    brief_estimate,
    coverage,
    in_unit,
    interval,
    limits,
)

USUAL = "95 %"
"""Coverage of an interval that needs no mention."""

ROLES = {
    "core": "What the statement says",
    "beside": "What explains or bounds it, and changes no verdict",
    "control": "What must hold, or nothing is concluded",
    "shown": "What is shown and not judged",
}
"""What the parts of a rule are called."""

ALIKE = re.compile(r"(?<![\d.])(\d+)(?:-\1){3,}(?![\d.])")
"""Four layers or more of one width."""

Row = dict[str, str]


def sentence(text: str) -> str:
    """Return text with a capital at its start, unless a name stands there."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    is_name = not first.strip(":;,.").isalpha() or not first.isascii()
    return text if is_name else text[0].upper() + text[1:]


def outcome_rows(verdict: Verdict) -> dict[str, list[Row]]:
    """Return one row per prediction, by what its part of the rule is called."""
    found = {
        words: [_outcome_row(outcome) for outcome in verdict.of_role(role)]
        for role, words in ROLES.items()
    }
    return {words: rows for words, rows in found.items() if rows}


def _outcome_row(outcome: Outcome) -> Row:
    unit, is_shown = outcome.unit, outcome.role == "shown"
    shown = interval(outcome.low, outcome.high, unit)
    is_exact = outcome.kind == "exact" and outcome.estimate is not None
    if is_exact:
        # Chance plays no part; the machine does, where seconds were counted.
        shown = "timed" if outcome.is_timed else EXACT
    elif shown != DASH and outcome.confidence and coverage(outcome.confidence) != USUAL:
        shown += f" ({coverage(outcome.confidence)})"
    is_bound = outcome.bound is not None and not is_shown
    estimate = in_unit(outcome.estimate, unit)
    if is_exact:
        estimate = brief_estimate(outcome) or estimate
        unit = EXACT  # The name of what was computed says no more than the label.
    return {
        "label": outcome.label,
        "estimate": estimate,
        "interval": shown,
        "unit": DASH if unit in ("", EXACT) else unit,
        "n": f"{outcome.n:,}" if outcome.n else DASH,
        "bound": limits(outcome.bound or 0.0, outcome.direction, unit)
        if is_bound
        else DASH,
        "outcome": "not judged" if is_shown else outcome.outcome,
        "reason": " ".join([*_reason(outcome), *_notes(outcome)]),
    }


def _reason(outcome: Outcome) -> list[str]:
    reason = outcome.reason.removeprefix(f"{outcome.label}: ")
    return [reason] if reason else []


def _notes(outcome: Outcome) -> list[str]:
    """Say what a family made of an outcome, and what failed runs did to it."""
    details = outcome.details
    notes = []
    if details.get("family_size"):
        notes.append(
            f"In a family of {details['family_size']}: p at the bound, adjusted by"
            f" Holm, {in_unit(details['p_adjusted'], '')}."
        )
    sensitivity = details.get("sensitivity")
    if sensitivity:
        both = [
            f"{words} {_brief(sensitivity[name], outcome.unit)}"
            for name, words in (
                ("as_worst", "counted as worst"),
                ("excluded", "left out"),
            )
        ]
        failed = sensitivity["num_failed"]
        runs = "run" if failed == 1 else "runs"
        notes.append(f"{failed:,} {runs} failed; {', '.join(both)}.")
    return notes


def _brief(found: dict[str, Any], unit: str) -> str:
    """Write an outcome with its numbers, where it has some."""
    if found.get("estimate") is None:
        return found["outcome"]
    ends = interval(found["low"], found["high"], unit)
    numbers = in_unit(found["estimate"], unit)
    return f"{found['outcome']} with {numbers}" + ("" if ends == DASH else f" ({ends})")


def design_notes(verdict: Verdict) -> list[str]:
    """Say when the rule was locked, how often runs were looked at, and by what.

    Nothing is said of verdicts that were given without a lock and in one look.
    """
    notes = []
    if verdict.locked:
        lock = Lock(claim=verdict.id, asked=(), **verdict.locked)
        notes.append(lock.describe())
    if verdict.looks:
        told = "; ".join(
            f"look {look['look']} of {look['of']} at {look['seeds']:,} seeds with"
            f" {coverage(look['confidence'])} intervals: {look['verdict']}"
            for look in verdict.looks
        )
        notes.append(f"{sentence(told)}.")
    needed = verdict.seeds_that_decide
    if needed:
        notes.append(f"If the numbers stay as they are, {needed:,} seeds would decide.")
    if verdict.mixture:
        notes.append(verdict.mixture)
    return notes


def own_reason(verdict: Verdict) -> str:
    """Return the claim's reason, unless it is told already."""
    reason = verdict.reason
    given = [o.reason for o in verdict.outcomes if o.role != "shown"]
    is_given = any(r and r in reason for r in given)
    return "" if is_given or reason in (verdict.finding, verdict.answer) else reason


def arm_rows(verdict: Verdict) -> list[Row]:
    """Return one row of texts per arm."""
    rows = []
    for arm in verdict.arms:
        tried = arm.get("tried", {})
        grid = ", ".join(
            f"{rate}: {in_unit(value, '')}"
            + (" (chosen)" if float(rate) == arm["learning_rate"] else "")
            for rate, value in tried.items()
        )
        rows.append(
            {
                "name": arm["name"],
                "summary": layers_in_short(arm["summary"]),
                "runs": f"{arm['runs']:,}",
                "diverged": f"{arm['diverged']:,}",
                "failed": f"{arm['failed']:,}",
                "tuning": f"{grid}{_tuned(arm)}" if grid else "not tuned",
            }
        )
    return rows


def layers_in_short(summary: str) -> str:
    """Return a network's layers with equal ones counted.

    Examples:
        >>> layers_in_short("20-64-64-64-64-10, relu")
        '20-64 (4 times)-10, relu'
    """
    return ALIKE.sub(lambda f: f"{f[1]} ({f[0].count(f[1])} times)", summary)


def rule_lines(rule: str) -> list[str]:
    """Return the lines of a rule; conditions that are judged alike share one."""
    found: dict[str, list[str]] = {}
    for line in rule.splitlines():
        condition, holds, rest = line.partition(": holds if")
        if not holds:
            condition, rest = "", line
        found.setdefault(holds + rest, []).append(condition)
    return [" / ".join(conditions) + rest for rest, conditions in found.items()]


def _tuned(arm: dict[str, Any]) -> str:
    """Say how far the grid grew, and what tuning brought on the seeds that judge."""
    parts = []
    widened = arm.get("num_widened")
    if widened:
        parts.append(f"widened by {widened} {'rate' if widened == 1 else 'rates'}")
    if arm.get("at_edge"):
        parts.append("the best is at the edge")
    default = arm.get("default")
    if default:
        parts.append(
            f"on the seeds that judge {in_unit(arm['tuned'], '')}, at the default rate"
            f" {default['learning_rate']:g} {in_unit(default['score'], '')}"
        )
    return "".join(f"; {part}" for part in parts)


def arms_summary(verdict: Verdict) -> str:
    """Say in a few words how much was trained and what was lost."""
    runs, diverged, failed = (
        sum(arm[name] for arm in verdict.arms)
        for name in ("runs", "diverged", "failed")
    )
    tuned = sum(bool(arm.get("tried")) for arm in verdict.arms)
    lost = {"diverged": diverged, "failed": failed}
    losses = [f"{number:,} {word}" for word, number in lost.items() if number]
    of = len(verdict.arms)
    rates = "" if not tuned else "all" if tuned == of else f"{tuned}"
    return (
        f"{of:,}, in {count(runs, 'judged run')},"
        f" of which {' and '.join(losses) or 'none was lost'}"
        + (f"; the learning rate was tuned for {rates}" if rates else "")
    )
