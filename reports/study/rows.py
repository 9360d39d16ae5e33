"""Write the rows of a study's tables: comparisons, scores, settings and nets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ablations.study.findings.result import VERDICTS
from ablations.study.settings.config import SCORES
from ablations.study.training.baselines import DUMMY
from reports.numbers import DASH
from reports.study.readings.net import shown_net
from reports.study.readings.numbers import (
    TITLES,
    Row,
    about_text,
    any_score_text,
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
"""What is said once where more rows of data would decide and more runs would not."""
GUESSING = "dummy (always the same answer)"


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
        "kind": row["kind"],
        "verdict": verdict,
        "word": VERDICTS[verdict],
        "size": abs(difference) if is_number(difference) else 0.0,
        "difference": difference_text(score, difference),
        "interval": range_text(score, row["low"], row["high"], signed=True),
        "p": f"{row['p_adjusted']:.2g}" if is_number(row["p_adjusted"]) else DASH,
        "said": said_of(verdict, size_text(score, difference)),
        "detectable": size_text(score, row.get("detectable")),
        "decide": what_would_tell(row),
        "needs": what_would_tell(row).removesuffix(NO_RUNS),
        "text": str(row.get("text") or ""),
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
    """Return the three columns of the first screen, each with its comparisons."""
    rows = [row for row in effect_rows(result) if row["kind"] != "baseline"]
    columns = []
    for name, verdicts, heading in GROUPS:
        mine = [row for row in rows if row["verdict"] in verdicts]
        columns.append(
            {"name": name, "heading": heading, "rows": mine, "nothing": NOTHING[name]}
        )
    return columns


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
    for row in rows_of(result.baselines):
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
