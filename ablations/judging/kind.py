"""Find the module that judges a kind of prediction, by its place."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from ablations.protocol.prediction import Prediction

FOLDER = Path(__file__).parent / "kinds"


def kind_of(prediction: Prediction) -> ModuleType:
    """Return the module of `ablations.judging.kinds` that judges a prediction."""
    return importlib.import_module(f"ablations.judging.kinds.{prediction.kind}")


def all_kinds() -> tuple[str, ...]:
    """Return the names of all kinds."""
    modules = sorted(path.stem for path in FOLDER.glob("*.py"))
    return tuple(name for name in modules if name != "__init__")
