"""Say how a search goes about it, checked before a backend is loaded."""

from __future__ import annotations

from typing import Annotated, Any

import pydantic

from models.config import FrozenConfig, NonNegativeInt, PositiveInt, one_of
from models.frozen import at_most

ORACLES = ("random", "bayesian", "hyperband", "grid")
OBJECTIVES = {"val_loss": "min", "val_accuracy": "max"}
"""What can be optimized, and which values of it are better."""

MOST_TRIALS, MOST_EPOCHS, MOST_EXECUTIONS = 100_000, 100_000, 1000

LARGEST_SEED = 2**32 - 2
"""Generators of KerasTuner take 32 bits, and one more than this."""

LEVELS = 5
"""Values that the grid takes from a range."""


class SearchConfig(FrozenConfig):
    """Settings of a search; `ablations.tuner.search.tune` explains them."""

    oracle: str = "random"
    trials: Annotated[PositiveInt, at_most(MOST_TRIALS)] = 50
    max_epochs: Annotated[PositiveInt, at_most(MOST_EPOCHS)] = 20
    objective: str = "val_loss"
    seed: Annotated[NonNegativeInt, at_most(LARGEST_SEED)] = 0
    executions: Annotated[PositiveInt, at_most(MOST_EXECUTIONS)] = 1
    patience: NonNegativeInt | None = None
    levels: PositiveInt = LEVELS

    @pydantic.field_validator("oracle", "objective", mode="before")
    @classmethod
    def _known(cls, value: Any, info: pydantic.ValidationInfo) -> str:
        known = ORACLES if info.field_name == "oracle" else OBJECTIVES
        return one_of(str(info.field_name), value, known)
