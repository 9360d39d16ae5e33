"""What tests of timings share: a clock of their own."""

from collections.abc import Callable

import numpy as np
import pytest


class Clock:
    """Stands still, except while a step says that it took some time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.rng = np.random.default_rng(0)

    def __call__(self) -> float:
        return self.now

    def step(self, seconds: float, late: float = 0.0) -> Callable[[], None]:
        """Return a step of about so many seconds; a share of its calls takes tenfold.

        As on a busy machine, none takes the same time twice.
        """

        def take() -> None:
            factor = 10.0 if self.rng.random() < late else 1.0
            self.now += seconds * factor * self.rng.lognormal(0.0, 0.02)

        return take


@pytest.fixture
def clock() -> Clock:
    return Clock()
