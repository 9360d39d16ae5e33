"""Write in lines how two stores compare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ablations.compare import DISAGREE, LOSS_ROUNDING, WORDS
from ablations.judging.wording import numbers_of
from ablations.terminal import count
from ablations.verdict_lines import describe_timed

ABOUT_THE_MACHINE = ("processor", "system", "python", "keras", "numpy", "commit")
"""What is told of a machine beside its backend, device and cores."""


def describe_comparison(comparison: dict[str, Any]) -> list[str]:
    """Write a comparison as lines: the stores, a block per claim, and the counts."""
    lines = []
    for letter, store in comparison["stores"].items():
        lines += _describe_store(letter.upper(), store)
    unlike = [
        f"{name} ({' and '.join(a)}; {' and '.join(b)})"
        for name, (a, b) in comparison["unlike"].items()
    ]
    lines.append(f"They differ in {', '.join(unlike)}." if unlike else "Like machines.")
    told = [c for c in comparison["claims"] if c["a"] or c["b"]]
    lines += ["", *_table(told)] if told else []
    for letter in "ab":
        changed = sum(bool(c[letter] and c[letter]["rule_changed"]) for c in told)
        if changed:
            lines.append(
                f"{count(changed, 'claim')} judged by a rule that has changed since it"
                f" was locked in {letter.upper()}."
            )
    lines += ["", _counts("claim", comparison["counts"])]
    lines.append(_counts("condition", comparison["conditions"]))
    timed = comparison["conditions"]["timed"]
    lines += [describe_timed(timed)] if timed else []
    lines.append(_describe_runs(comparison["shared_runs"]))
    return lines


def _describe_store(letter: str, store: dict[str, Any]) -> list[str]:
    seeds = ""
    if store["first_seed"] is not None:
        seeds = f"; judging seeds {store['first_seed']:,} to {store['last_seed']:,}"
    lines = [f"{letter}  {store['path']}: {store['runs']:,} runs{seeds}"]
    for entry in store["machines"]:
        machine = entry["machine"]
        backend = machine.get("backend", "")
        parts = [
            f"{backend} {machine.get(backend, '')}".strip() or "backend unknown",
            *([str(machine["device"])] if "device" in machine else []),
            *([f"{machine['cores']} cores"] if "cores" in machine else []),
            *(f"{k} {machine[k]}" for k in ABOUT_THE_MACHINE if k in machine),
        ]
        lines.append(f"   {entry['runs']:,} runs: {', '.join(parts)}")
    return lines


def _table(claims: Sequence[dict[str, Any]]) -> list[str]:
    """Write a block per claim: agreement, both verdicts, what does not agree."""
    start = " " * (2 + max(map(len, WORDS)))
    told = []
    for claim in claims:
        words = Counter(c["agreement"] for c in claim["conditions"])
        rows = ", ".join(claim["rows"])
        told.append(f"{claim['agreement']:<{len(start)}}{claim['id']} ({rows})")
        sides = f"A {_side(claim['a'])}, B {_side(claim['b'])}"
        same = f"; {words['same']} of {words.total()} same" if words else ""
        told.append(f"{start}{sides}{same}")
        told += [
            f"{start}{c['label']}: {c['a']['outcome']} {_numbers(c['a'])}"
            f" in A, {c['b']['outcome']} {_numbers(c['b'])} in B{_if_timed(c)}"
            for c in claim["conditions"]
            if c["agreement"] in DISAGREE
        ]
        unlike = [c["label"] for c in claim["conditions"] if c["same_number"] is False]
        if unlike:
            told.append(f"{start}measured otherwise: {count(len(unlike), 'number')}")
        if claim["unlike_rates"]:
            arms = ", ".join(claim["unlike_rates"])
            told.append(f"{start}tuned to other learning rates: {arms}")
    return told


def _if_timed(condition: dict[str, Any]) -> str:
    """Say of a time why it does not count that it is another one."""
    is_timed = condition["agreement"] == "timed"
    return "; timed: differs between machines" if is_timed else ""


def _side(side: dict[str, Any] | None) -> str:
    """Write what a store makes of a claim."""
    if side is None:
        return "not run"
    return f"{side['verdict']} {_numbers(side)}".removesuffix(" -")


def _numbers(record: dict[str, Any]) -> str:
    """Write an estimate with its interval, as a record has them."""
    names = ("estimate", "low", "high", "unit")
    return numbers_of(*(record[name] for name in names))


def _counts(noun: str, counts: dict[str, int]) -> str:
    number_of = sum(counts.values())
    told = ", ".join(f"{counts[word]:,} {word}" for word in WORDS)
    return f"{count(number_of, noun)}: {told}."


def _describe_runs(counts: dict[str, int]) -> str:
    """Say which share of the runs that both stores hold ended alike."""
    if not counts["runs"]:
        return "No run of equal specification and seed is in both."

    def share(name: str, of: str) -> str:
        # Rounded down: 100 % is said of all only.
        tenths = 1000 * counts[name] // counts[of]
        return f"{tenths / 10:g} %" if counts[of] else "none"

    parts = [f"{share('same_status', 'runs')} end with the same status"]
    if counts["losses"]:
        parts.append(
            f"{share('same_loss', 'losses')} with the same final loss,"
            f" within {100 * LOSS_ROUNDING:g} %"
            f" ({share('same_digits', 'losses')} in every digit)"
        )
    if counts["outcomes"]:
        parts.append(
            f"{share('same_outcome', 'outcomes')} of {counts['outcomes']:,} times with"
            " the same success or failure"
        )
    held = f"{counts['runs']:,} runs of equal specification and seed are in both"
    return f"{held}: {', '.join(parts)}."
