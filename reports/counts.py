"""Count verdicts, and say of which preset they are and how much of a rule they cover.

A statement that the suite added itself is in no count of statements of the notes.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from ablations.judging.standing import Standing
from ablations.judging.verdict import INCOMPLETE, VERDICTS, Verdict
from ablations.terminal import count
from ablations.verdict_lines import describe_agreement

RANKS = (
    "refuted",
    "conditional",
    "inconclusive",
    INCOMPLETE,
    "supported",
    "not tested",
)
"""Verdicts as the overview sorts them: what contradicts the notes comes first."""


def count_verdicts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """Return how many statements of the notes there are of each verdict.

    All verdicts are there; what is judged in part only where something is.
    """
    words = [verdict.verdict for verdict in verdicts if not verdict.implied]
    told = (*VERDICTS, INCOMPLETE) if INCOMPLETE in words else VERDICTS
    return {word: words.count(word) for word in told}


def num_statements(verdicts: Sequence[Verdict]) -> str:
    """Say how many statements of the notes there are, and how many of our own."""
    own = sum(verdict.implied for verdict in verdicts)
    noted = len(verdicts) - own
    told = [count(noted, "statement")] if noted or not own else []
    return " and ".join([*told, *([f"{own:,} of our own"] if own else [])])


def summary(verdicts: Sequence[Verdict]) -> str:
    """Say in one sentence what was found of the statements of the notes."""
    counts = count_verdicts(verdicts)
    tested = sum(counts.values()) - counts["not tested"] - counts.get(INCOMPLETE, 0)
    if not tested:
        return "Nothing was tested yet."
    of = "statement" if tested == 1 else "statements"
    return (
        f"Of {tested:,} {of} that were tested, {counts['supported']:,} hold as they"
        f" stand, {counts['conditional']:,} only under conditions,"
        f" {counts['refuted']:,} not at all; {counts['inconclusive']:,} are open."
    )


def origin(standing: Standing) -> str:
    """Say where a verdict comes from, of which preset, and what it covers."""
    verdict = standing.verdict
    if not verdict.is_judged:
        return "Not run"
    source = "Published" if verdict is standing.published else "Judged here"
    return f"{source}, preset {verdict.preset}: {verdict.coverage.describe()}"


def rerun(standing: Standing) -> str:
    """Say what a run here made of a published verdict, empty for no such run."""
    seen, here = standing.reproduction, standing.here
    if seen is None or here is None or not seen.num_judged:
        return ""
    return f"{seen.describe().capitalize()}, preset {here.preset}."


def stamp(standings: Sequence[Standing]) -> list[str]:
    """Say what stands behind counts: preset, coverage and origin of the verdicts."""
    groups: dict[tuple[str, str, bool], int] = {}
    in_vain = 0
    for standing in standings:
        verdict = standing.verdict
        if verdict.is_judged and not verdict.implied:
            if verdict.verdict == "not tested":
                in_vain += 1
                continue
            source = "Published" if verdict is standing.published else "Judged here"
            key = (source, verdict.preset, verdict.coverage.is_whole)
            groups[key] = groups.get(key, 0) + 1
    told = [
        f"{source}, preset {preset}: {count(number, 'statement')} tested by"
        + (" the whole rule." if is_whole else " a part of the rule, so far.")
        for (source, preset, is_whole), number in groups.items()
    ]
    if in_vain:
        verb = "was" if in_vain == 1 else "were"
        told.append(
            f"{count(in_vain, 'statement')} {verb} run and could not be tested."
        )
    own = sum(standing.verdict.implied for standing in standings)
    if own:
        verb = "is" if own == 1 else "are"
        told.append(f"{count(own, 'statement')} of our own {verb} in no count.")
    if any(rerun(standing) for standing in standings):
        told += describe_agreement(standings)
    return told


def count_runs(standings: Sequence[Standing]) -> int:
    """Return how many runs judge the claims; those that claims share count once."""
    runs: dict[Hashable, int] = {}
    for standing in standings:
        arms = standing.registered.claim.arms
        for arm in standing.verdict.arms:
            known = arms.get(arm["name"])
            key = arm["name"] if known is None else known.config
            runs[key] = max(runs.get(key, 0), arm["runs"])
    return sum(runs.values())


def chapter_title(name: str) -> str:
    """Return a chapter's name as a heading; abbreviations are in capitals."""
    words = name.replace("_", " ")
    return words.upper() if len(words) <= 3 else words.capitalize()
