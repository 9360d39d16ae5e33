"""Write trials for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ablations.terminal import WIDTH_OF_A_FILE, count, printable, say

if TYPE_CHECKING:
    import pandas as pd

NUM_BEST = 10
"""Trials in the table."""

MAX_CHARACTERS = 60
"""Longest text in a cell."""


def print_trials(trials: pd.DataFrame, num_best: int = NUM_BEST) -> None:
    """Print the best trials, one line for each that is damaged, and a count.

    Hyperparameters that are the same in all trials stand in a line below the table.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    shared, varied = _split([n for n in trials.columns if n.startswith("hp/")], trials)
    table = Table(show_edge=False, pad_edge=False)
    heads = ["trial", "status", "score"]
    for head in heads + [name.removeprefix("hp/") for name in varied]:
        table.add_column(Text(_cell(head)), overflow="fold")
    for _, row in trials.head(num_best).iterrows():
        cells = [row[name] for name in (*heads, *varied)]
        table.add_row(*(Text(_cell(cell)) for cell in cells))
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH_OF_A_FILE)
    console.print(table)
    if shared:
        said = (f"{_cell(n.removeprefix('hp/'))} {_cell(v)}" for n, v in shared.items())
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


def _cell(value: Any, longest: int = MAX_CHARACTERS) -> str:
    """Return a value as one short line."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    text = f"{value:.4g}" if isinstance(value, float) else str(value)
    text = printable(text[: longest + 1])
    return f"{text[: longest - 3]}..." if len(text) > longest else text
