"""How each kind of prediction is judged, one module for each.

A module has three functions: `judge` from a prediction and its case to the outcome,
`fewest_seeds` that could decide it, and what is `detectable` with a number of seeds.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from ablations.protocol.prediction import Prediction


def kind_of(prediction: Prediction) -> ModuleType:
    """Return the module that judges predictions of this kind."""
    return importlib.import_module(f"{__name__}.{prediction.kind}")


def all_kinds() -> tuple[str, ...]:
    """Return the names of all kinds."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    return tuple(name for name in modules if name != "__init__")
