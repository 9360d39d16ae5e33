"""Name the boundary at which conditions in an order turn from holding to failing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ablations.judging.outcome import Outcome

VERBS = {
    "holds": "holds",
    "fails": "fails",
    "mixed": "holds for some and fails for others",
    "open": "is open",
}
"""What is said of conditions; `open` is undecided or untested."""


def boundary(outcomes: Sequence[Outcome]) -> str:
    """Say where the outcomes of ordered conditions change, one clause per factor.

    Outcomes without a factor, and factors with one value, are left out; empty if
    nothing is left. Where several outcomes share a value they count as one: open if
    none decides it, mixed if they disagree. Values that are words have no order.

    Examples:
        "holds from width 8 on, fails up to 4", "holds up to depth 5, fails from 10 on,
        is open at 7", "holds at width 2 and 8, fails at 4".
    """
    clauses = []
    factors = dict.fromkeys(o.factor for o in outcomes if o.factor)
    for factor in factors:
        words = _words_by_value([o for o in outcomes if o.factor == factor])
        if len(words) > 1:
            clauses.append(_clause(factor, words))
    return "; ".join(clauses)


def _words_by_value(outcomes: Sequence[Outcome]) -> dict[float | str, str]:
    """Return one word for every value, numbers in their order."""
    found: dict[float | str, set[str]] = {}
    for outcome in outcomes:
        if outcome.value is not None:
            found.setdefault(outcome.value, set()).add(outcome.outcome)
    values = list(found)
    numbers = sorted(value for value in values if isinstance(value, float | int))
    if len(numbers) == len(values):
        values = list(numbers)
    return {value: _one_word(found[value]) for value in values}


def _one_word(words: set[str]) -> str:
    decided = words & {"holds", "fails"}
    if len(decided) == 2:
        return "mixed"
    return decided.pop() if len(words) == len(decided) == 1 else "open"


def _clause(factor: str, words: dict[float | str, str]) -> str:
    """Say what becomes of every value; the factor is named once."""
    values = list(words)
    ordered = all(isinstance(value, float | int) for value in values)
    # Holding is told first, then failing, then the rest.
    told = [word for word in VERBS if word in words.values()]
    parts: list[str] = []
    for word in told:
        mine = [value for value in values if words[value] == word]
        name = "" if parts else f"{factor.replace('_', ' ')} "
        parts.append(f"{VERBS[word]} {_place(name, mine, values, words, ordered)}")
    return ", ".join(parts)


def _place(
    name: str,
    mine: Sequence[float | str],
    values: Sequence[float | str],
    words: dict[float | str, str],
    ordered: bool,
) -> str:
    """Say where a word stands: at one end of the order, everywhere or in places."""
    if len(mine) == len(values):
        return f"at every {name.strip()}"
    # Runs of equal words; a word at one end of the order alone has a boundary.
    runs = [(word, list(run)) for word, run in groupby(values, key=words.__getitem__)]
    whole = [run for _, run in runs if run == list(mine)]
    if ordered and whole:
        if whole[0][-1] == values[-1] and words[mine[0]] in ("holds", "fails"):
            return f"from {name}{_text(mine[0])} on"
        if whole[0][0] == values[0] and words[mine[0]] in ("holds", "fails"):
            return f"up to {name}{_text(mine[-1])}"
    shown = [_text(value) for value in mine]
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f"{'at' if ordered else 'for'} {name}{listed}"


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:,.6g}"
