"""Say why a search ended, and how far its trials were trained."""

from __future__ import annotations

from collections.abc import Sequence

from ablations.terminal import count
from ablations.tuner.settings import SearchConfig
from models.search_space import SearchSpace


def describe_ending(
    config: SearchConfig, space: SearchSpace, epochs: Sequence[int], num_tried: int
) -> str:
    """Return why a search ended, in a sentence or two.

    Args:
        config: Settings of the search.
        space: What could be chosen.
        epochs: Epochs that each trial had behind it at its end.
        num_tried: Different combinations of values among the trials.
    """
    made = len(epochs)
    size = space.size(config.levels) if config.oracle == "grid" else space.num_points
    combinations = "" if size is None else count(size, "combination")
    if made >= config.trials:
        text = f"The search ended after the last of {count(made, 'trial')}."
        if config.oracle == "grid" and size is not None and size > made:
            text = f"{text[:-1]}; the grid has {combinations}."
    else:
        text = f"The search ended after {made:,} of {count(config.trials, 'trial')}:"
        if size is None:
            text += " draws brought no combination of values that was new."
        elif num_tried >= size:
            where = "grid" if config.oracle == "grid" else "space"
            text += f" the {where} has only {combinations} of values, all tried."
        else:
            text += (
                f" draws brought none that was new, after {num_tried:,} of"
                f" {combinations} of values."
            )
    if config.oracle == "hyperband":
        full = sum(number >= config.max_epochs for number in epochs)
        text += (
            f" {full:,} of them {'was' if full == 1 else 'were'} trained for all"
            f" {count(config.max_epochs, 'epoch')}, the others stopped before."
        )
    return text
