"""Say on one page what a sweep found: the best setting, figures, all settings.

A sweep tests nothing. The page says so, and shows the scatter beside every mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ablations.terminal import count
from reports.cleaning import clean
from reports.drawing.picture import Picture
from reports.numbers import DASH, plain
from reports.page import drawings, environment, stylesheet

if TYPE_CHECKING:
    import pandas as pd

    from ablations.running.sweep import SweepResult

FIXED_COLUMNS = ("point", "seed", "status", "diverged_at", "steps")
HIGHER, LOWER = ("accuracy", "solved"), ("loss", "error")
"""Ends of the names of metrics of which more, or less, is better."""

ON_NEW_ROWS = ("val_", "test_")
MOST_ROWS = 60
"""Settings on the page; `runs.csv` has all of them."""

FILES = {
    "runs.csv": "every run with its metrics at the end",
    "curves.csv": "every metric at every recorded update",
    "figures": "the figures of this page as SVG files",
}


@dataclass(frozen=True)
class Setting:
    """One point of a sweep, and what its runs came to.

    Attributes:
        name: What was set, in words.
        values: Value of every run by metric, those that are lost left out.
        runs: How many runs there are.
        lost: How many of them diverged or failed.
    """

    name: str
    values: dict[str, np.ndarray]
    runs: int
    lost: int

    def mean(self, metric: str) -> float:
        """Return the mean over runs, NaN for none."""
        values = self.values[metric]
        return float(values.mean()) if len(values) else math.nan

    def scatter(self, metric: str) -> str:
        """Say between which values the runs lie."""
        values = self.values[metric]
        if not len(values):
            return DASH
        return f"{shown(metric, values.min())} to {shown(metric, values.max())}"


def metrics_of(found: SweepResult) -> list[str]:
    """Return the names of what was measured."""
    known = (*FIXED_COLUMNS, *found.varied)
    return [name for name in found.runs.columns if name not in known]


def main_metric(metrics: Sequence[str]) -> str:
    """Return by what settings are ordered: first on new rows, then by right answers.

    Empty if it is not known of any metric whether more is better.
    """
    known = [m for m in metrics if m.endswith(HIGHER + LOWER)]
    return min(
        known,
        key=lambda m: (not m.startswith(ON_NEW_ROWS), not m.endswith(HIGHER)),
        default="",
    )


def settings_of(found: SweepResult) -> list[Setting]:
    """Return every setting, the best first where it is known what is better."""
    metrics = metrics_of(found)
    settings = []
    for _, runs in found.runs.groupby("point", sort=True):
        values = {name: _finite(runs[name]) for name in metrics}
        lost = int((runs["status"] != "ok").sum())
        name = ", ".join(
            f"{short_name(path, found.varied)} {_value(runs[path].iloc[0])}"
            for path in found.varied
        )
        settings.append(Setting(name or "the base", values, len(runs), lost))
    main = main_metric(metrics)
    if main:
        sign = -1 if main.endswith(HIGHER) else 1
        settings.sort(key=lambda s: _last_if_nan(sign * s.mean(main)))
    return settings


def short_name(path: str, paths: Sequence[str]) -> str:
    """Return what a setting is called: the end of its path that no other shares."""
    parts = path.split(".")
    for number in range(1, len(parts) + 1):
        end = ".".join(parts[-number:])
        if sum(other == end or other.endswith(f".{end}") for other in paths) == 1:
            break
    return end.replace("_", " ")


def headline(settings: Sequence[Setting], main: str) -> str:
    """Say which setting did best."""
    if not main or not math.isfinite(settings[0].mean(main)):
        return f"{count(len(settings), 'setting')} trained; nothing says which is best."
    word = "highest" if main.endswith(HIGHER) else "lowest"
    best = settings[0].name
    return (
        f"{best[:1].upper()}{best[1:]} has the {word} {words_of(main)}:"
        f" {shown(main, settings[0].mean(main))} on average."
    )


def caution(settings: Sequence[Setting], main: str) -> str:
    """Say how much its runs scatter, what comes next, and that nothing was tested."""
    if not main or len(settings) < 2:
        return ""
    first, second = settings[:2]
    return (
        f"Its {count(first.runs, 'run')} lie between {first.scatter(main)}"
        f"; the next best, {second.name}, has {shown(main, second.mean(main))}."
        " Nothing was tested: what lies within the scatter may be chance."
    ).replace(" to ", " and ", 1)


def make_page(found: SweepResult, pictures: Sequence[Picture]) -> str:
    """Return the page of a sweep, one file that asks for nothing from outside."""
    metrics = metrics_of(found)
    main = main_metric(metrics)
    settings = settings_of(found)
    ordered = sorted(metrics, key=lambda name: name != main)
    css, policy = stylesheet(more=("study/study.css",))
    context: dict[str, Any] = {
        "sentence": headline(settings, main),
        "caution": caution(settings, main),
        "num_settings": count(len(settings), "setting"),
        "varied": [short_name(path, found.varied) for path in found.varied],
        "metrics": [words_of(name) for name in ordered],
        "rows": [
            {
                "name": each.name,
                "cells": [(shown(m, each.mean(m)), each.scatter(m)) for m in ordered],
                "lost": f"{each.lost} of {each.runs}",
            }
            for each in settings[:MOST_ROWS]
        ],
        "num_unshown": max(0, len(settings) - MOST_ROWS),
        "facts": [
            ("Runs", f"{len(found.runs):,}"),
            ("Seeds", f"{found.runs['seed'].nunique():,} for every setting"),
            ("Diverged or failed", f"{sum(each.lost for each in settings):,}"),
            ("Varied", ", ".join(found.varied) or "nothing"),
        ],
        "files": [(name, words) for name, words in FILES.items()],
    }
    return (
        environment()
        .get_template("sweep.html.j2")
        .render(
            **clean(context),
            pictures=pictures,
            css=css,
            policy=policy,
            drawn=drawings(pictures),
        )
    )


def shown(metric: str, value: float) -> str:
    """Write the value of a metric, a share in percent, a dash where there is none."""
    if not math.isfinite(value):
        return DASH
    return f"{100 * value:.1f} %" if metric.endswith(HIGHER) else plain(value)


def _finite(values: pd.Series) -> np.ndarray:
    numbers = values.to_numpy(float)
    return numbers[np.isfinite(numbers)]


def _last_if_nan(value: float) -> float:
    return value if math.isfinite(value) else math.inf


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def words_of(metric: str) -> str:
    """Return what a metric is called."""
    for start, words in (("val_", "validation "), ("test_", "test ")):
        if metric.startswith(start):
            metric = words + metric.removeprefix(start)
    return metric.replace("_", " ")
