"""Say how a search goes about it, checked before a backend is loaded."""

from __future__ import annotations

from typing import Any

import pydantic

from models.config import FrozenConfig, NonNegativeInt, PositiveInt, one_of

ORACLES = ("random", "bayesian", "hyperband", "grid")
OBJECTIVES = {"val_loss": "min", "val_accuracy": "max"}
"""What can be optimized, and which values of it are better."""

LEVELS = 5
"""Values that the grid takes from a range."""


class SearchConfig(FrozenConfig):
    """Settings of a search; `ablations.tuner.search.tune` explains them."""

    oracle: str = "random"
    trials: PositiveInt = 50
    max_epochs: PositiveInt = 20
    objective: str = "val_loss"
    seed: NonNegativeInt = 0
    executions: PositiveInt = 1
    patience: NonNegativeInt | None = None
    levels: PositiveInt = LEVELS

    @pydantic.field_validator("oracle", "objective", mode="before")
    @classmethod
    def _known(cls, value: Any, info: pydantic.ValidationInfo) -> str:
        known = ORACLES if info.field_name == "oracle" else OBJECTIVES
        return one_of(str(info.field_name), value, known)
