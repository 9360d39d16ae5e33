"""Write the rows of a study's tables: comparisons, scores, settings and nets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ablations.study.findings.result import VERDICTS
from ablations.study.settings.config import SCORES
from ablations.study.training.ways import DUMMY
from reports.numbers import DASH
from reports.study.readings.net import shown_net
from reports.study.readings.numbers import (
    TITLES,
    Row,
    about_text,
    any_score_text,
    chance_text,
    count_text,
    difference_text,
    is_number,
    range_text,
    rate_text,
    rows_of,
    score_text,
    setting_text,
    size_text,
)

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult

GROUPS = (
    ("real", ("better", "worse"), "Real differences"),
    ("noise", ("undecided",), "Within noise"),
    ("small", ("same", "not tested"), "Too small to matter"),
)
"""The three columns of the first screen: name, verdicts, heading."""
NOTHING = {
    "real": "None: nothing that was varied makes a difference that this study is sure"
    " of.",
    "noise": "None.",
    "small": "None.",
}
NO_RUNS = ", more runs would not"
"""What is said where more rows of data would decide and more runs would not."""
MOST_LISTED = 8
"""A group of the first screen names so many changes, or only so many of more."""


GUESSING = "always the same answer"
NETS = ("arm", "main")
"""Kinds of comparisons between nets, which are called by what was changed."""


def effect_rows(result: StudyResult) -> list[Row]:
    """Return every comparison as texts, the surest first."""
    order = [verdict for _, verdicts, _ in GROUPS for verdict in verdicts]
    rows = [_effect_row(result, row) for row in rows_of(result.effects)]
    if len(result.interactions):
        rows += [
            _effect_row(result, {**row, "comparison": _pair(row), "kind": "pair"})
            for row in rows_of(result.interactions)
        ]
    return sorted(rows, key=lambda row: (order.index(row["verdict"]), -row["size"]))


def _pair(row: Row) -> str:
    aliases = row.get("aliases") or ""
    names = f"{row['factor_a']} and {row['factor_b']} together"
    return f"{names} (or {aliases})" if aliases and is_text(aliases) else names


def is_text(value: Any) -> bool:
    """Return whether a cell of a table holds text."""
    return isinstance(value, str) and bool(value.strip())


def _effect_row(result: StudyResult, row: Row) -> Row:
    score = result.score
    verdict = str(row["verdict"])
    difference = row["difference"]
    return {
        "label": str(row["comparison"]),
        "name": str(row["arm"] if row["kind"] in NETS else row["comparison"]),
        "kind": row["kind"],
        "verdict": verdict,
        "word": VERDICTS[verdict],
        "size": abs(difference) if is_number(difference) else 0.0,
        "difference": difference_text(score, difference),
        "interval": range_text(score, row["low"], row["high"], signed=True),
        "p": chance_text(row["p_adjusted"]),
        "amount": size_text(score, difference),
        "said": said_of(verdict, size_text(score, difference)),
        "detectable": size_text(score, row.get("detectable")),
        "decide": what_would_tell(row),
        "runs": row.get("runs_to_decide"),
        "data": row.get("rows_to_decide"),
    }


def said_of(verdict: str, size: str) -> str:
    """Say by how much something is better or worse, nothing of other verdicts."""
    return f"{verdict} by {size}" if verdict in ("better", "worse") else ""


def what_would_tell(row: Row) -> str:
    """Say how many more runs, or rows of data, would decide a comparison."""
    if row["verdict"] != "undecided":
        return ""
    runs, rows = row.get("runs_to_decide"), row.get("rows_to_decide")
    if is_number(runs):
        return f"about {about_text(runs)} more runs per net would tell"
    if "runs_to_decide" not in row:
        return ""
    if is_number(rows):
        return f"about {about_text(rows)} rows of data would tell{NO_RUNS}"
    return "nothing within reach would tell"


def summary(result: StudyResult) -> list[dict[str, Any]]:
    """Return the three columns of the first screen: real differences, noise, small.

    Real differences are listed; each of the others is one sentence.
    """
    rows = [row for row in effect_rows(result) if row["kind"] != "baseline"]
    columns = []
    for name, verdicts, heading in GROUPS:
        mine = [row for row in rows if row["verdict"] in verdicts]
        sentence = NOTHING[name] if not mine else TOLD[name](mine)
        columns.append(
            {
                "heading": heading,
                "count": len(mine),
                "rows": mine if name == "real" else [],
                "sentence": sentence,
            }
        )
    return columns


def noise_sentence(rows: Sequence[Row]) -> str:
    """Say of all comparisons within noise, together, what would tell."""
    names = listed([row["name"] for row in rows], MOST_LISTED)
    runs = sorted(row["runs"] for row in rows if is_number(row["runs"]))
    data = sorted(
        row["data"]
        for row in rows
        if is_number(row["data"]) and not is_number(row["runs"])
    )
    told = []
    if runs:
        told.append(f"{_span(runs)} more runs per net would tell{_of(runs, rows)}")
    if data:
        verb, more = ("", "") if runs else (" tell", NO_RUNS)
        told.append(f"{_span(data)} rows of data would{verb}{_of(data, rows)}{more}")
    if not told and all(row["runs"] is not None for row in rows):
        told.append("nothing within reach would tell")
    return f"{names}{': ' if told else ''}{', '.join(told)}."


def _span(numbers: Sequence[float]) -> str:
    """Write the smallest and the largest of some guesses, or the one that there is."""
    ends = dict.fromkeys(about_text(n) for n in (numbers[0], numbers[-1]))
    return f"about {' to '.join(ends)}"


def _of(some: Sequence[Any], everything: Sequence[Any]) -> str:
    return "" if len(some) == len(everything) else f" for {len(some)} of them"


def small_sentence(rows: Sequence[Row]) -> str:
    """Name what is too small to matter, and what was not tested."""
    parts = [
        (listed([r["name"] for r in rows if r["verdict"] == verdict], MOST_LISTED), end)
        for verdict, end in (("same", ""), ("not tested", " (not tested)"))
    ]
    return f"{', '.join(names + end for names, end in parts if names)}."


TOLD = {"real": lambda rows: "", "noise": noise_sentence, "small": small_sentence}
"""What is said of a group as a whole."""


def listed(names: Sequence[str], most: int) -> str:
    """Write names as a list in a sentence, the first few of many.

    Examples:
        >>> listed(["a", "b", "c"], 3), listed(["a", "b", "c"], 2)
        ('a, b and c', 'a, b and 1 more')
    """
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    *others, last = shown or [""]
    return f"{', '.join(others)} and {last}" if others else last


def score_rows(result: StudyResult) -> list[Row]:
    """Return what the recommendation, the rest and guessing score."""
    chosen, score = result.recommendation, result.score
    rows = [
        {
            "name": f"{chosen.name} (recommended)"
            if chosen.kind != "nothing"
            else f"{chosen.name} (guessing)",
            "score": score_text(score, chosen.score),
            "interval": range_text(score, chosen.low, chosen.high),
            "chosen": chosen.kind != "nothing",
        }
    ]
    if is_number(chosen.honest_score):
        rows.append(
            {
                "name": "the net that each split would have chosen without its test"
                " rows",
                "score": score_text(score, chosen.honest_score),
                "interval": DASH,
                "chosen": False,
            }
        )
    others = [(str(row["arm"]), row) for row in rows_of(result.arms)]
    best = next((row for name, row in others if name == chosen.best), None)
    if best is not None and chosen.best != chosen.name:
        rows.append(_score_row(result, f"{chosen.best} (best mean of all nets)", best))
    baselines = sorted(
        rows_of(result.baselines), key=lambda row: row["baseline"] == DUMMY
    )
    for row in baselines:
        if str(row["baseline"]) != chosen.name:
            name = GUESSING if row["baseline"] == DUMMY else str(row["baseline"])
            rows.append(_score_row(result, name, row))
    return rows


def _score_row(result: StudyResult, name: str, row: Row) -> Row:
    return {
        "name": name,
        "score": score_text(result.score, row["mean"]),
        "interval": range_text(result.score, row["low"], row["high"]),
        "chosen": False,
    }


def other_scores(result: StudyResult) -> dict[str, list[Any]]:
    """Return what nets and baselines score otherwise, on average over the runs.

    Returns:
        `titles` of the scores, none where the runs have no further one, and `rows`
        with the `name` of a model and its `values` as texts.
    """
    names = [
        name
        for name in SCORES[result.dataset.task]
        if name in result.runs and name != result.score.name
    ]
    means = result.runs.groupby("arm", sort=False)[names].mean()
    rows = [
        {"name": str(arm), "values": [any_score_text(n, row[n]) for n in names]}
        for arm, row in means.iterrows()
    ]
    return {"titles": [TITLES[name] for name in names], "rows": rows}


def recipe_rows(result: StudyResult) -> list[Row]:
    """Return every setting of the shown net beside that of the reference."""
    mine = result.recipes[shown_net(result)].settings()
    plain = result.recipes[result.reference].settings()
    rows = [
        {
            "name": str(name),
            "value": setting_text(value),
            "reference": setting_text(plain.get(name)),
            "differs": value != plain.get(name),
        }
        for name, value in mine.items()
    ]
    rate = result.recommendation.learning_rate
    table = result.arms.set_index("arm")["learning_rate"]
    if rate is not None or shown_net(result) in table:
        rows.append(
            {
                "name": "learning_rate (tuned)",
                "value": rate_text(table.get(shown_net(result))),
                "reference": rate_text(table.get(result.reference)),
                "differs": False,
            }
        )
    return rows


def arm_rows(result: StudyResult) -> list[Row]:
    """Return every net with its score and what it costs, in the order of the design."""
    shown = shown_net(result)
    return [
        {
            "name": str(row["arm"]),
            "chosen": row["arm"] == shown,
            "score": score_text(result.score, row["mean"]),
            "interval": range_text(result.score, row["low"], row["high"]),
            "weights": count_text(row["num_parameters"]),
            "updates": count_text(row["updates"]),
            "rate": rate_text(row["learning_rate"]),
            "edge": f"{100 * row['at_edge']:.0f} %"
            if is_number(row["at_edge"])
            else "",
            "diverged": count_text(row["num_diverged"]),
        }
        for row in rows_of(result.arms)
    ]
