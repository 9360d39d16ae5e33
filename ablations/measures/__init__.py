"""Measure what an exact check needs: no training, no seed, the same answer each time.

Keras, SciPy and scikit-learn are imported when a measurement is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ablations.measures.depth import history, initial_weights, remedies, threads
from ablations.measures.depth import signals as depth
from ablations.measures.regularization import dropout, ensembles, penalties, stopping
from ablations.measures.xor import linear_models
from ablations.measures.xor import networks as xor
from models.config import one_of

MEASURES: dict[str, Callable[[], Mapping[str, np.ndarray | float]]] = {
    **depth.MEASURES,
    **dropout.MEASURES,
    **ensembles.MEASURES,
    **history.MEASURES,
    **initial_weights.MEASURES,
    **linear_models.MEASURES,
    **penalties.MEASURES,
    **remedies.MEASURES,
    **stopping.MEASURES,
    **threads.MEASURES,
    **xor.MEASURES,
}
"""Measurements by name."""


def measure(name: str) -> dict[str, np.ndarray]:
    """Return every quantity that a measurement gives, as float64 arrays.

    Raises:
        ConfigError: If no measurement has this name.
    """
    quantities = MEASURES[one_of("measurement", name, MEASURES)]()
    return {key: np.asarray(value, np.float64) for key, value in quantities.items()}
