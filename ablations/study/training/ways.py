"""Say what baselines try: their settings, and how they have rows prepared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ablations.stats.row_scores import score_rows
from ablations.study.table.preprocessing import (
    LOGARITHM,
    PLAIN,
    Preparation,
    Prepared,
)

CHOSEN_BY = {"classification": "crossentropy", "regression": "rmse"}
"""Score on validation rows that a setting is chosen by; less is better."""

DUMMY = "dummy"

Settings = dict[str, Any]


@dataclass(frozen=True)
class Baseline:
    """A model that is no network, and the settings that it tries.

    Attributes:
        name: What reports call it.
        settings: What it tries; the best on the validation rows is judged.
        make: Makes a model of scikit-learn from the task and a setting.
        ingredients: What of the preparation of rows it tries as the nets do, by the
            names of `Preparation`.
        is_drawn: Whether chance enters its fit.
    """

    name: str
    settings: tuple[Settings, ...]
    make: Callable[[str, Settings], Any]
    ingredients: tuple[str, ...] = ("target_transform", "class_weight")
    is_drawn: bool = False


@dataclass(frozen=True)
class Ways:
    """How baselines have rows prepared, and how the best way is found.

    Attributes:
        preparations: Those of the nets.
        score: Name of what the nets are judged by.
        higher_is_better: Whether more of it is better.
        positive: The class that is looked for.
    """

    preparations: tuple[Preparation, ...] = (PLAIN,)
    score: str = "crossentropy"
    higher_is_better: bool = False
    positive: int = 1

    @property
    def judged(self) -> Preparation:
        """What the target is where answers are compared with it."""
        return LOGARITHM if self.score == "rmsle" else PLAIN

    @property
    def dtype(self) -> type[np.floating[Any]]:
        """How exactly answers are kept: small ones count in their logarithms."""
        return np.float64 if self.score == "rmsle" else np.float32

    def of(self, baseline: Baseline) -> tuple[Preparation, ...]:
        """Return the different ways that a baseline tries.

        Of answers that are always the same, that with the smallest squared error of the
        logarithm is the mean of the logarithms.
        """
        if baseline.name == DUMMY:
            return (self.judged,)
        ways = (
            Preparation(**{name: getattr(one, name) for name in baseline.ingredients})
            for one in self.preparations
        )
        return tuple(dict.fromkeys(ways))

    def settings_of(self, baseline: Baseline) -> tuple[Settings, ...]:
        """Return the settings that a baseline tries.

        Of all answers that are always the same, the median has the smallest absolute
        error, as the mean has the smallest squared one.
        """
        if baseline.name == DUMMY and self.score == "mae":
            return ({"strategy": "median"},)
        return baseline.settings

    def loss(self, task: str) -> str:
        """Return the score that settings are chosen by; less is better."""
        return "mae" if self.score == "mae" else CHOSEN_BY[task]

    def best(self, said: Sequence[np.ndarray], rows: Prepared) -> int:
        """Return which outputs `[N, K]` for the validation rows are best.

        Args:
            said: What is compared, as answers to the targets of `rows`.
            rows: The split, prepared as `judged` says.
        """
        if len(said) == 1:
            return 0
        sign = 1.0 if self.higher_is_better else -1.0
        args = (self.positive, rows.weight_val)
        name = "rmse" if self.score == "rmsle" else self.score
        found = [score_rows(name, rows.y_val, one, *args).value for one in said]
        return int(np.argmax(sign * np.array(found)))


PLAIN_WAY = Ways()
