"""Rows that searches share."""

import numpy as np
import pytest

from ablations.tasks.data import Data


@pytest.fixture(scope="module")
def data() -> Data:
    """Return 64 rows of two classes to train on, and 32 to score by."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(96, 4)).astype(np.float32)
    y = np.eye(2, dtype=np.float32)[(x[:, 0] * x[:, 1] > 0).astype(int)]
    return Data(x[:64], y[:64], x[64:], y[64:])
