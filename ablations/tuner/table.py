"""Write trials for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ablations.terminal import count, printable, say, say_table

if TYPE_CHECKING:
    import pandas as pd

NUM_BEST = 10
"""Trials in the table."""

HEADS = ("trial", "status", "score")

MAX_CHARACTERS = 60
"""Longest text in a cell."""


def print_trials(trials: pd.DataFrame, num_best: int = NUM_BEST) -> None:
    """Print the best trials, one line for each that is damaged, and a count.

    Hyperparameters that are the same in all trials stand in a line below the table.
    """
    shared, varied = _split([n for n in trials.columns if n.startswith("hp/")], trials)
    rows = [
        [
            *(_cell(row[name]) for name in HEADS),
            ", ".join(f"{_name(name)} {_cell(row[name])}" for name in varied),
        ]
        for _, row in trials.head(num_best).iterrows()
    ]
    say_table((*HEADS, "settings"), rows)
    if shared:
        said = (f"{_name(name)} {_cell(value)}" for name, value in shared.items())
        say(f"In all trials: {', '.join(said)}.")
    for problem in trials.attrs.get("problems", ()):
        say(printable(f"Damaged: {problem}"))
    for _, row in trials[trials["problem"] != ""].iterrows():
        say(f"Damaged: trial {_cell(row['trial'])}: {_cell(row['problem'], 200)}")
    counts = trials["status"].value_counts()
    parts = (f"{number:,} {status.lower()}" for status, number in counts.items())
    say(f"{count(len(trials), 'trial')}: {', '.join(parts) or 'none'}.")


def _split(names: list[str], trials: pd.DataFrame) -> tuple[dict[str, Any], list[str]]:
    """Return what all trials share, and the names of what they do not.

    What KerasTuner adds to a trial of Hyperband is left out but for its epochs.
    """
    shared, varied = {}, []
    for name in names:
        if name.startswith("hp/tuner/") and name != "hp/tuner/epochs":
            continue
        first = trials[name].iloc[0]
        if len(trials) > 1 and all(_cell(v) == _cell(first) for v in trials[name]):
            shared[name] = first
        else:
            varied.append(name)
    return shared, varied


def _name(column: str) -> str:
    """Return what a hyperparameter is called."""
    return _cell(column.removeprefix("hp/"))


def _cell(value: Any, longest: int = MAX_CHARACTERS) -> str:
    """Return a value as one short line."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    text = printable(text[: longest + 1])
    return f"{text[: longest - 3]}..." if len(text) > longest else text
