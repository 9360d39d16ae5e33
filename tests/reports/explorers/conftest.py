"""Explorers filled with made-up states, one of every kind that words tell apart."""

from collections.abc import Callable
from itertools import cycle

import pytest

from reports.explorers import EXPLORERS
from reports.explorers.declared import ExplorerConfig, address_of
from reports.explorers.states import State, States

DECLARED = {config.id: config for chapter in EXPLORERS.values() for config in chapter}


def made_up(config: ExplorerConfig, start: int = 0) -> States:
    """Return a state for every choice; what became of it goes in a circle.

    Args:
        config: The explorer.
        start: Where the circle begins.
    """
    if config.layers:
        ends = ((1e-25, 0.5), (0.5, 0.5), (1e7, 0.5))
        counts = (None, 7, 20)
        kinds = [{"values": v, "won": won} for v, won in zip(ends, counts, strict=True)]
    elif config.score.is_success:
        counts = ((20, 0), (0, 20), (0, 0), (7, 1), (19, 0))
        kinds = [{"won": won, "lost": lost, "mean": 0.123} for won, lost in counts]
    else:
        means = (0.8927, 0.9661, 0.9996, 0.5819, 0.8931)
        kinds = [{"mean": m, "values": (m - 0.0123, m, m + 0.0001)} for m in means]
    circle = cycle(kinds[start:] + kinds[:start])
    found = (
        State(address_of(options), 20, **{"lost": 0, **next(circle)})
        for options in config.states()
    )
    return {state.address: state for state in found}


@pytest.fixture(params=DECLARED, scope="session")
def declared(request: pytest.FixtureRequest) -> ExplorerConfig:
    """Return every explorer that is declared, in turn."""
    return DECLARED[request.param]


@pytest.fixture(scope="session")
def fill() -> Callable[..., States]:
    """Return a function that makes up states."""
    return made_up
