"""Measure what an exact check needs: no training, no seed, the same answer each time.

Keras, SciPy and scikit-learn are imported when a measurement is made.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np

from ablations.measures.quantities import Measures
from models.config import one_of


def _find_measures() -> Measures:
    """Return the `MEASURES` of all modules of the folders of this package."""
    found: Measures = {}
    for path in sorted(Path(__file__).parent.glob("*/[!_]*.py")):
        module = importlib.import_module(f"{__name__}.{path.parent.name}.{path.stem}")
        found |= getattr(module, "MEASURES", {})
    return found


MEASURES = _find_measures()
"""Measurements by name."""


def measure(name: str) -> dict[str, np.ndarray]:
    """Return every quantity that a measurement gives, as float64 arrays.

    Raises:
        ConfigError: If no measurement has this name.
    """
    measurement = MEASURES[one_of("measurement", name, MEASURES)]
    from ablations.training.backend import in_float64

    with in_float64():
        quantities = measurement()
    return {key: np.asarray(value, np.float64) for key, value in quantities.items()}
