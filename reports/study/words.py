"""Say in words what a study found, how sure it is, and how it was done."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ablations.study.findings.result import VERDICTS
from ablations.study.findings.sentences import model_name
from ablations.study.settings.digits import exact, rounded
from ablations.study.table.note import quote
from ablations.study.training.ways import DUMMY
from ablations.terminal import count
from reports.render import HARDWARE, describe_machine
from reports.study.readings.net import shown_net
from reports.study.readings.numbers import (
    Row,
    is_number,
    is_percentage,
    range_text,
    rate_text,
    score_text,
    seconds_text,
    setting_text,
    size_text,
    title,
    unit_phrase,
)
from reports.study.rows import effect_rows, listed

if TYPE_CHECKING:
    from ablations.study.findings.result import StudyResult
    from ablations.study.settings.score import Score


DESIGNS = {
    "one_at_a_time": "one change at a time from a plain recipe",
    "leave_one_out": "one ingredient left out at a time from the full recipe",
    "full_factorial": "every combination of the levels",
    "fractional_factorial": "a balanced part of the combinations of the levels",
}

NUMBERS = dict(
    enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight"), 1)
)
MOST_NAMED = 3
"""The first sentences name so many changes, or only so many of more."""

BESIDE_A_NET = {
    "better": ", which is really worse",
    "undecided": ", a difference within noise",
    "same": ", too small a difference to matter",
}
BESIDE_A_BASELINE = {
    "worse": ", which is really worse",
    "undecided": ", a difference within noise",
    "same": ", too small a difference to matter",
}
"""How the rival of the recommended model compares with it, by verdict on the nets."""


CHOSEN_NET = (
    "“Net chosen by validation” is, in every split, the net that did best on that"
    " split's validation rows: what choosing among the nets brings on rows that took no"
    " part in the choice."
)

TASKS = {"classification": "classes", "regression": "numbers"}
MOST_CLASSES = 8
MOST_SETTINGS = 30


def headline(result: StudyResult) -> str:
    """Say what to use in one sentence that needs no other."""
    chosen, score = result.recommendation, result.score
    if chosen.kind == "nothing":
        return chosen.sentence
    if chosen.kind == "net":
        what = f"a neural network with {layers_text(result)}"
    else:
        what = f"{model_name(chosen.name, score)}, not a neural network"
    return f"Use {what}: {achievement(score, chosen.score)}."


def achievement(score: Score, value: float) -> str:
    """Say what a model does on new rows, as the end of a sentence."""
    said = score_text(score, value)
    if score.name == "accuracy":
        return f"it gets about {said} of new rows right"
    if score.is_in_unit_of_target:
        unit = f", {unit_phrase(score)}" if unit_phrase(score) else ""
        return f"its {title(score)} on new rows is about {said}{unit}"
    if score.is_of_ratios:
        factor = rounded(math.exp(value))
        return f"its {title(score)} on new rows is about {said}, a factor of {factor}"
    return f"its {title(score)} on new rows is about {said}"


def what_matters(result: StudyResult) -> str:
    """Say in one sentence whether anything that was varied makes a difference."""
    rows = [row for row in effect_rows(result) if row["kind"] != "baseline"]
    of = {v: [r for r in rows if r["verdict"] == v] for v in VERDICTS}
    if not rows or result.recommendation.kind == "nothing":
        return ""
    where = "" if result.recommendation.kind == "net" else " a network"
    if of["better"]:
        helps = names_of(of["better"], "better")
        return f"What helps{where}, of all that you varied: {helps}."
    if of["worse"]:
        harms = names_of(of["worse"], "worse")
        return f"Nothing that you varied helps{where}, and some of it harms: {harms}."
    if of["undecided"]:
        return "Nothing that you varied is sure to matter here."
    if of["same"]:
        return "Nothing you varied matters here: stop tuning."
    return ""


def names_of(rows: Sequence[Row], verdict: str) -> str:
    """List comparisons with how large they are, the first few of many."""
    named = [f"{row['name']} ({verdict} by {row['amount']})" for row in rows]
    return listed(named, MOST_NAMED)


def beside(result: StudyResult) -> str:
    """Say in one sentence how the rival of the recommended model does."""
    chosen, score = result.recommendation, result.score
    if chosen.kind == "net":
        rival = best_baseline(result)
        if rival is None:
            return ""
        name, said = rival
        model = model_name(name, score)
        model = f"{model[:1].upper()}{model[1:]}"
        verdict = BESIDE_A_NET.get(chosen.better_than_baseline, "")
    elif chosen.kind == "baseline":
        means = result.arms.set_index("arm")["mean"]
        model, said = "The best neural network", score_text(score, means[chosen.best])
        verdict = BESIDE_A_BASELINE.get(chosen.better_than_baseline, "")
    else:
        return ""
    is_equal = said == score_text(score, chosen.score)
    if is_equal and chosen.better_than_baseline == "same":
        verdict = ", too"
    return f"{model} comes to {said}{verdict}."


def guessing(result: StudyResult) -> str:
    """Say what always giving the same answer scores, nothing without the dummy."""
    guess = guess_of(result)
    if not guess:
        return ""
    return f"For comparison: always giving the same answer comes to {guess}."


def best_baseline(result: StudyResult) -> tuple[str, str] | None:
    """Return name and score of the best model that is no net, None without one."""
    table = result.baselines
    able = table[table["baseline"] != DUMMY] if len(table) else table
    if not len(able):
        return None
    rows = able.sort_values("mean", ascending=not result.score.higher_is_better)
    best = rows.iloc[0]
    return str(best["baseline"]), score_text(result.score, float(best["mean"]))


def guess_of(result: StudyResult) -> str:
    """Return what the dummy scores, empty if there is none."""
    table = result.baselines
    mine = table[table["baseline"] == DUMMY] if len(table) else table
    return score_text(result.score, float(mine["mean"].iloc[0])) if len(mine) else ""


def explanation(result: StudyResult) -> list[str]:
    """Say what the recommended model is, beside what, and how sure its score is."""
    chosen, score = result.recommendation, result.score
    lines = [" ".join(filter(None, (beside(result), guessing(result))))]
    if chosen.kind == "net":
        lines.append(net_sentence(result))
    if chosen.kind != "nothing":
        splits = result.design.num_folds * result.design.num_repeats
        lines.append(
            f"That {score_text(score, chosen.score)} is the mean over {splits} splits,"
            " each with test rows that took no part in training; its 95 % interval is"
            f" {range_text(score, chosen.low, chosen.high)}."
        )
    return [line for line in lines if line]


def layers_text(result: StudyResult) -> str:
    """Say how many hidden layers the shown net has, and how wide they are."""
    recipe = result.recipes[shown_net(result)]
    if not recipe.depth:
        return "no hidden layers"
    number = NUMBERS.get(recipe.depth, f"{recipe.depth:,}")
    layers = "layer" if recipe.depth == 1 else "layers"
    return f"{number} hidden {layers} of {recipe.width:,} units"


def net_sentence(result: StudyResult) -> str:
    """Describe the shown net as one does to a colleague."""
    recipe = result.recipes[shown_net(result)]
    extras = [
        f"dropout {exact(recipe.dropout)}" if recipe.dropout else "",
        f"L2 {exact(recipe.l2)}" if recipe.l2 else "",
        f"weight decay {exact(recipe.weight_decay)}" if recipe.weight_decay else "",
        f"batch norm {recipe.batch_norm} the activation"
        if recipe.batch_norm != "none"
        else "",
        "skip connections" if recipe.skip != "none" else "",
        "early stopping" if recipe.early_stopping else "",
    ]
    on = [extra for extra in extras if extra]
    told = f"with {', '.join(on)}" if on else "without further ingredients"
    rate = result.recommendation.learning_rate
    at = f" at a learning rate of {rate_text(rate)}" if is_number(rate) else ""
    return (
        f"In the tables it is called “{shown_net(result)}”: {recipe.activation} after"
        f" {recipe.initializer}, {told}, trained by {recipe.optimizer} on batches of"
        f" {recipe.batch_size}{at}."
    )


def data_facts(result: StudyResult) -> list[tuple[str, str]]:
    """Return what the data are."""
    dataset = result.dataset
    kinds = list(dataset.kinds.values())
    columns = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    facts = [
        ("Rows", f"{len(dataset):,}"),
        ("Columns", f"{count(len(kinds), 'input')} ({columns})"),
        ("To predict", f"{dataset.target_name}, {TASKS[dataset.task]}"),
    ]
    if dataset.classes:
        counts = [int((dataset.target == k).sum()) for k in range(len(dataset.classes))]
        named = [
            f"{name} {number:,}"
            for name, number in zip(dataset.classes, counts, strict=True)
        ]
        more = len(named) - MOST_CLASSES
        listed = ", ".join(named[:MOST_CLASSES])
        facts.append(("Classes", f"{listed} and {more} more" if more > 0 else listed))
    facts.append(("Fingerprint", dataset.digest[:16]))
    return facts


def method_sentences(result: StudyResult) -> list[str]:
    """Say how it was done, so that a reader can judge it."""
    design, budget, score = result.design, result.budget, result.score
    splits = design.num_folds * design.num_repeats
    better = "higher" if score.higher_is_better else "lower"
    sentences = [
        f"Every net was judged by its {title(score)} ({better} is better) on rows that"
        " it had not seen:"
        f" {_how_split(result)},"
        f" {count(design.num_seeds, 'training')} in each of the {splits} splits. All"
        " nets were trained on the same splits, so that differences are paired.",
        f"The design is {DESIGNS.get(design.name, design.name)}:"
        f" {count(len(result.recipes), 'net')} from {_factors(design.factors)}.",
        f"The learning rate of every net was tuned in every split with"
        f" {count(design.num_trials, 'trial')}, on validation rows only; test rows"
        " chose nothing.",
        f"Each training passes {budget.epochs:,} times over its rows.",
        "Columns were prepared by what the training rows of each split say, never by"
        " its test rows.",
        "A difference is real if other rows and other trainings would surely show it,"
        " too: chance alone makes one that is as sure, among all that are compared, in"
        f" fewer than 5 % of studies. What is counted are {_units(result)}, with the"
        " scatter of trainings added; with fewer than 100 it is splits, by the"
        " corrected resampled t-test of Nadeau and Bengio. It is too small to matter if"
        f" {_too_small(score)}. What is neither is within noise, which does not mean"
        " that there is no difference.",
    ]
    if any(recipe.has_batch_norm for recipe in result.recipes.values()):
        sentences.append(
            "Nets with batch norm were judged with the means and variances of all their"
            " training rows, taken anew after every pass: the moving averages of"
            " training lag behind the weights."
        )
    if is_percentage(score):
        sentences.append(f"A point is one percentage point of {title(score)}.")
    if design.resolution is not None:
        sentences.append(
            f"The fraction has resolution {design.resolution}: what is called the"
            " effect of one thing may be that of another."
        )
    return sentences


def _how_split(result: StudyResult) -> str:
    """Say how rows came into the parts of a split."""
    design, roles = result.design, result.dataset.roles
    if roles.times is not None:
        return f"{design.num_folds} stretches of time, each later than its training"
    text = (
        f"{count(design.num_repeats, 'cross-validation')} of {design.num_folds} folds"
    )
    if roles.groups is not None:
        text += f" that keep the rows of one {quote(roles.group_name)} together"
    return text


def _too_small(score: Score) -> str:
    """Say when a difference counts as too small to matter."""
    if not score.margin:
        return "it is surely none: the reference makes no errors"
    ends = size_text(score, score.margin)
    return f"its 90 % interval lies within {ends} on both sides"


def _units(result: StudyResult) -> str:
    """Say what the tests of differences take as independent."""
    name = result.dataset.roles.group_name
    return "rows" if name is None else f"groups, all rows of one {quote(name)} as one"


def _factors(factors: Any) -> str:
    shown = [
        f"{name} ({', '.join(setting_text(level) for level in levels)})"
        for name, levels in list(factors.items())[:MOST_SETTINGS]
    ]
    return "; ".join(shown) if shown else "no factors"


def method_facts(result: StudyResult) -> list[tuple[str, str]]:
    """Return what was spent, on what, and with which versions."""
    design, budget = result.design, result.budget
    versions = {k: v for k, v in result.versions.items() if k not in HARDWARE}
    stored = budget.num_runs - budget.num_trained
    facts = [
        (
            "Runs",
            f"{budget.num_runs:,}, {budget.num_diverged:,} of them diverged"
            + (f"; {stored:,} were there before" if stored > 0 else ""),
        ),
        ("Time", f"{seconds_text(budget.seconds)} for what was trained now"),
        (
            "Splits",
            f"{design.num_repeats} x {design.num_folds} folds x"
            f" {count(design.num_seeds, 'seed')}, chosen by seed {result.config.seed}",
        ),
        ("Trials", f"{design.num_trials} learning rates per net and split"),
        ("Epochs", f"{budget.epochs}"),
        ("Margin", size_text(result.score, result.score.margin)),
        ("Machine", describe_machine(dict(result.versions))),
        ("Versions", ", ".join(f"{k} {v}" for k, v in versions.items()) or "unknown"),
    ]
    return facts


def notes_of(result: StudyResult, severity: str) -> list[str]:
    """Return the notes of a severity, those on the data last, each once."""
    notes = (*result.notes, *result.dataset.notes)
    return list(dict.fromkeys(n.text for n in notes if n.severity == severity))
