"""Arrange verdicts as tables: plain rows, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from ablations.judging.boundary import boundary
from ablations.judging.lock import Lock
from ablations.judging.outcome import Outcome
from ablations.judging.verdict import VERDICTS
from reports import markdown
from reports.numbers import DASH, coverage, in_unit, interval, limits

Record = dict[str, Any]

USUAL = "95 %"
"""Coverage of an interval that needs no mention."""

LONGEST_FINDING = 480
"""Number of characters up to which a finding is shown whole."""

WORDS = {
    "holds": ("holds", "hold", "Holds"),
    "fails": ("fails", "fail", "Fails"),
    "undecided": ("is undecided", "are undecided", "Undecided"),
    "untested": ("is untested", "are untested", "Untested"),
}
"""What is said of one condition, of several, and before an example."""

VERDICT_COLUMNS = (
    "id",
    "rows",
    "verdict",
    "statement",
    "finding",
    "estimate",
    "low",
    "high",
    "unit",
    "n",
    "confidence",
    "seeds_that_decide",
    "num_looks",
    "locked",
    "relocked",
    "runs_before",
    "mixture",
    "preset",
    "source",
    "reference",
    "reason",
    "command",
    "digest",
)
CONDITION_COLUMNS = (
    "claim",
    "role",
    "label",
    "kind",
    "outcome",
    "estimate",
    "low",
    "high",
    "unit",
    "n",
    "bound",
    "direction",
    "p",
    "confidence",
    "factor",
    "value",
    "p_bound",
    "family_size",
    "p_adjusted",
    "num_failed",
    "outcome_without_failed",
    "estimate_without_failed",
    "low_without_failed",
    "high_without_failed",
    "seeds_that_decide",
    "reason",
    "text",
)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula."""

UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
LINE_BREAKS = re.compile("[\t\n\r\u2028\u2029]+")


def clean(value: Any) -> Any:
    """Return plain data whose texts hold only what can be shown.

    Control characters, surrogates and marks that turn the direction of the text around
    become the replacement character; line breaks inside rules stay as newlines.
    """
    if isinstance(value, str):
        text = UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        return LINE_BREAKS.sub(lambda run: "\n" if "\n" in run[0] else " ", text)
    if isinstance(value, dict):
        return {clean(name): clean(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [clean(entry) for entry in value]
    return value


def count_verdicts(records: Sequence[Record]) -> dict[str, int]:
    """Return how many claims there are of each verdict, all verdicts included."""
    return {
        verdict: sum(record["verdict"] == verdict for record in records)
        for verdict in VERDICTS
    }


def short_finding(record: Record) -> str:
    """Return the finding; a long one as counts and the sentence that stands for it."""
    finding = sentence(record["finding"])
    conditions = record["conditions"]
    if len(finding) <= LONGEST_FINDING or len(conditions) < 2:
        return finding
    by_outcome: dict[str, list[Record]] = {}
    for word in WORDS:
        chosen = [c for c in conditions if c["outcome"] == word]
        by_outcome |= {word: chosen} if chosen else {}
    if len(by_outcome) == 1:
        (word,) = by_outcome
        example = _standing_for(record, conditions)["text"]
        return (
            f"All {len(conditions)} conditions {WORDS[word][1]}, among them {example}."
        )
    parts = [f"{len(c)} {WORDS[w][len(c) > 1]}" for w, c in by_outcome.items()]
    counts = f"Of {len(conditions)} conditions {', '.join(parts)}"
    wanted = {
        "supported": ("holds",),
        "refuted": ("fails",),
        "conditional": ("holds", "fails"),
        "inconclusive": ("undecided",),
        "not tested": ("untested",),
    }[record["verdict"]]
    examples = [
        f"{WORDS[word][2]}: {_standing_for(record, by_outcome[word])['text']}."
        for word in wanted
        if word in by_outcome
    ]
    where = boundary_of(conditions)
    named = [f"It {where}."] if where and record["verdict"] == "conditional" else []
    return " ".join([f"{counts}.", *named, *examples])


def boundary_of(conditions: Sequence[Record]) -> str:
    """Say where ordered conditions turn from holding to failing, empty for none."""
    names = ("label", "kind", "outcome", "text", "rule")
    return boundary(
        [
            Outcome(
                **{name: condition[name] for name in names},
                factor=condition.get("factor", ""),
                value=condition.get("value"),
            )
            for condition in conditions
        ]
    )


def _standing_for(record: Record, conditions: Sequence[Record]) -> Record:
    """Return the condition whose numbers are the claim's, else the first one."""
    names = ("estimate", "low", "high", "unit", "n")
    for condition in conditions:
        if all(condition[name] == record[name] for name in names):
            return condition
    return conditions[0]


def sentence(text: str) -> str:
    """Return text with a capital at its start, unless a name stands there."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    is_name = not first.strip(":;,.").isalpha() or not first.isascii()
    return text if is_name else text[0].upper() + text[1:]


def condition_rows(record: Record) -> list[dict[str, str]]:
    """Return one row of texts per condition, control and share that is only shown."""
    return [
        _condition_row(condition, role)
        for role, conditions in _by_role(record)
        for condition in conditions
    ]


def _by_role(record: Record) -> tuple[tuple[str, list[Record]], ...]:
    return (
        ("condition", record["conditions"]),
        ("control", record.get("controls", [])),
        ("shown", record.get("shown", [])),
    )


def _condition_row(condition: Record, role: str) -> dict[str, str]:
    unit = condition["unit"]
    is_exact = condition["kind"] == "exact"
    bound = condition["bound"]
    confidence = condition.get("confidence")
    shown = interval(condition["low"], condition["high"], unit)
    if shown != DASH and confidence and coverage(confidence) != USUAL:
        shown += f" ({coverage(confidence)})"
    return {
        "role": role,
        "label": condition["label"],
        "estimate": in_unit(condition["estimate"], unit),
        "interval": "exact"
        if is_exact and condition["estimate"] is not None
        else shown,
        "unit": unit or DASH,
        "n": f"{condition['n']:,}" if condition["n"] else DASH,
        "bound": DASH
        if bound is None or role == "shown"
        else limits(bound, condition["direction"], unit),
        "outcome": "not judged" if role == "shown" else condition["outcome"],
        "reason": " ".join([*_reason(condition), *_notes(condition)]),
    }


def _reason(condition: Record) -> list[str]:
    reason = condition.get("reason", "").removeprefix(f"{condition['label']}: ")
    return [reason] if reason else []


def _notes(condition: Record) -> list[str]:
    """Say what a family made of a condition, and what failed runs did to it."""
    details = condition.get("details", {})
    notes = []
    if details.get("family_size"):
        notes.append(
            f"In a family of {details['family_size']}: p at the bound, adjusted by"
            f" Holm, {in_unit(details['p_adjusted'], '')}."
        )
    sensitivity = details.get("sensitivity")
    if sensitivity:
        both = [
            f"{words} {_brief(sensitivity[name], condition['unit'])}"
            for name, words in (
                ("as_worst", "counted as worst"),
                ("excluded", "left out"),
            )
        ]
        failed = sensitivity["num_failed"]
        runs = "run" if failed == 1 else "runs"
        notes.append(f"{failed:,} {runs} failed; {', '.join(both)}.")
    return notes


def _brief(found: Record, unit: str) -> str:
    """Write an outcome with its numbers, where it has some."""
    if found.get("estimate") is None:
        return found["outcome"]
    ends = interval(found["low"], found["high"], unit)
    numbers = in_unit(found["estimate"], unit)
    return f"{found['outcome']} with {numbers}" + ("" if ends == DASH else f" ({ends})")


def design_notes(record: Record) -> list[str]:
    """Say when the rule was locked, how often runs were looked at, and by what.

    Nothing is said of verdicts that were given without a lock and in one look.
    """
    notes = []
    locked = record.get("locked")
    if locked:
        notes.append(Lock(claim=record["id"], asked=(), **locked).describe())
    looks = record.get("looks") or []
    if looks:
        told = "; ".join(
            f"look {look['look']} of {look['of']} at {look['seeds']:,} seeds with"
            f" {coverage(look['confidence'])} intervals: {look['verdict']}"
            for look in looks
        )
        notes.append(f"{sentence(told)}.")
    needed = record.get("seeds_that_decide")
    if needed:
        notes.append(f"If the numbers stay as they are, {needed:,} seeds would decide.")
    if record.get("mixture"):
        notes.append(record["mixture"])
    return notes


def own_reason(record: Record) -> str:
    """Return the claim's reason, unless its conditions give it already."""
    reason = record["reason"]
    given = [c.get("reason", "") for c in record["conditions"]]
    is_given = any(r and r in reason for r in given)
    return "" if is_given or reason in record["finding"] else reason


def arm_rows(record: Record) -> list[dict[str, str]]:
    """Return one row of texts per arm."""
    rows = []
    for arm in record["arms"]:
        tried = arm.get("tried", {})
        grid = ", ".join(
            f"{rate}: {in_unit(value, '')}"
            + (" (chosen)" if float(rate) == arm["learning_rate"] else "")
            for rate, value in tried.items()
        )
        rows.append(
            {
                "name": arm["name"],
                "summary": arm["summary"],
                "runs": f"{arm['runs']:,}",
                "diverged": f"{arm['diverged']:,}",
                "failed": f"{arm['failed']:,}",
                "tuning": f"{grid}{_tuned(arm)}" if grid else "not tuned",
            }
        )
    return rows


def _tuned(arm: Record) -> str:
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


def arms_summary(record: Record) -> str:
    """Say in a few words how much was trained and what was lost."""
    arms = record["arms"]
    runs = sum(arm["runs"] for arm in arms)
    diverged = sum(arm["diverged"] for arm in arms)
    failed = sum(arm["failed"] for arm in arms)
    tuned = sum(bool(arm.get("tried")) for arm in arms)
    return (
        f"{len(arms)} {'arm' if len(arms) == 1 else 'arms'}, {runs:,} judged runs,"
        f" {diverged:,} diverged, {failed:,} failed"
        + (f", learning rate tuned in {tuned}" if tuned else "")
    )


def csv_cell(value: Any) -> Any:
    """Return a value for a spreadsheet: numbers as they are, formulas as text."""
    if value is None:
        return ""
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    if not isinstance(value, str):
        return value
    text = " ".join(value.split()) if value.strip() else value
    # A leading tab or carriage return is gone with the other line breaks.
    return f"'{text}" if text.startswith(DANGEROUS) else text


def verdicts_csv(records: Sequence[Record]) -> str:
    """Return one row per claim."""
    return _csv(
        VERDICT_COLUMNS,
        [
            [values.get(name) for name in VERDICT_COLUMNS]
            for values in map(_flat_verdict, records)
        ],
    )


def _flat_verdict(record: Record) -> Record:
    """Return a verdict with what is nested in it as columns."""
    locked = record.get("locked") or {}
    return {
        **record,
        "num_looks": len(record.get("looks") or []) or 1 if record["n"] else None,
        "locked": locked.get("digest"),
        "relocked": locked.get("relocked"),
        "runs_before": locked.get("runs_before"),
    }


def _flat_condition(condition: Record) -> Record:
    """Return a condition with what is nested in it as columns."""
    details = condition.get("details", {})
    sensitivity = details.get("sensitivity", {})
    excluded = sensitivity.get("excluded", {})
    names = ("p_bound", "family_size", "p_adjusted", "seeds_that_decide")
    return {
        **condition,
        **{name: details.get(name) for name in names},
        "num_failed": sensitivity.get("num_failed"),
        **{
            f"{name}_without_failed": excluded.get(name)
            for name in ("outcome", "estimate", "low", "high")
        },
    }


def conditions_csv(records: Sequence[Record]) -> str:
    """Return one row per condition, control and share that is only shown."""
    rows = []
    for record in records:
        for role, conditions in _by_role(record):
            for condition in conditions:
                values = _flat_condition(condition)
                values |= {"claim": record["id"], "role": role}
                rows.append([values.get(name) for name in CONDITION_COLUMNS])
    return _csv(CONDITION_COLUMNS, rows)


def _csv(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[csv_cell(value) for value in row] for row in rows])
    return buffer.getvalue()


def chapter_title(name: str) -> str:
    """Return a chapter's name as a heading; abbreviations are in capitals."""
    words = name.replace("_", " ")
    return words.upper() if len(words) <= 3 else words.capitalize()


def verdict_table_markdown(records: Sequence[Record], report: str = ".") -> str:
    """Return the counts per verdict and chapter, and every statement with its verdict.

    Args:
        records: The verdicts.
        report: Address of the folder that holds the report in Markdown.
    """
    records = clean(list(records))
    chapters = dict.fromkeys(record["chapter"] for record in records)
    parts = []
    counts = [("chapter", "claims", *count_verdicts(records))]
    for chapter in (*chapters, None):
        mine = [r for r in records if chapter in (r["chapter"], None)]
        name = chapter_title(chapter) if chapter else "all"
        numbers = (len(mine), *count_verdicts(mine).values())
        counts.append((name, *map(str, numbers)))
    parts.append(markdown.table(counts[0], [list(row) for row in counts[1:]]))
    for chapter in chapters:
        rows = [
            [
                record["verdict"],
                f"[{markdown.prose(record['statement'])}]({report}/{chapter}.md"
                f"#{record['id']})",
            ]
            for record in records
            if record["chapter"] == chapter
        ]
        table = markdown.table(("verdict", "statement"), rows)
        title = f"{chapter_title(chapter)}: {len(rows)} statements"
        parts.append(f"<details>\n<summary>{title}</summary>\n\n{table}\n\n</details>")
    return "\n\n".join(parts) + "\n"
