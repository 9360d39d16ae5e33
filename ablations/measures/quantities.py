"""What every measurement is made of: its type, its table and arrays of Keras."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Quantities = Mapping[str, np.ndarray | float]
Measures = dict[str, Callable[[], Quantities]]


def by_name(*functions: Callable[[], Quantities]) -> Measures:
    """Return measurements by the names of their functions."""
    return {function.__name__: function for function in functions}


def in_name(number: float) -> str:
    """Return a number as names of quantities have it: 0.01 as `0_01`."""
    return f"{number:g}".replace(".", "_")


def to_numpy(tensor: Any) -> np.ndarray:
    """Return a tensor of Keras as an array."""
    import keras

    return keras.ops.convert_to_numpy(tensor)
