"""Deep runs whose every number is known."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence
from ablations.protocol.arm import Arm, Level
from ablations.protocol.run_config import RunConfig
from ablations.rigs.depth.recipes import learns
from ablations.store.store import Store
from reports.figures.source import Source

NUM_SEEDS = 5
STEPS = (0, 100, 200, 500, 1000)


class Runs:
    """Put runs into a store by arm, and give figures a claim on all of them."""

    def __init__(self, store: Store, source_for: Callable[..., Source]) -> None:
        self.store = store
        self.arms: list[Arm] = []
        self._source_for = source_for

    def miss(
        self, levels: str | Mapping[str, Level] | Arm, config: RunConfig | None = None
    ) -> Arm:
        """Add an arm without runs, by its levels or a word that names it."""
        arm = levels if isinstance(levels, Arm) else None
        if arm is None:
            named = {"name": levels} if isinstance(levels, str) else dict(levels)
            arm = Arm(levels=named, config=config)
        self.arms.append(arm)
        return arm

    def put(self, config: RunConfig, status: Sequence[str], **arrays: Any) -> None:
        """Store runs of these arrays."""
        self.store.insert(
            self.store.put_spec(config.specification()),
            np.arange(len(status)),
            list(status),
            [20 if word == "diverged" else -1 for word in status],
            arrays,
            {"processor": "none"},
        )

    def source(self) -> Source:
        """Return what a figure may read of a claim that has all arms."""
        return self._source_for(self.arms, learns(), Evidence(self.store))


class DeepRuns(Runs):
    """Networks with curves of accuracy and with probes."""

    def add(
        self,
        levels: str | Mapping[str, Level] | Arm,
        config: RunConfig | None = None,
        accuracy: Sequence[float] = (0.1,) * NUM_SEEDS,
        *,
        status: Sequence[str] | None = None,
        **probes: Any,
    ) -> None:
        """Add an arm and its runs; probes are `[S, T, L]` or broadcast to it."""
        arm = self.miss(levels, config)
        shape = (len(accuracy), len(STEPS))
        curve = np.broadcast_to(np.array(accuracy)[:, None], shape)
        arrays = {"curve.accuracy": np.float32(curve)}
        for probe, values in probes.items():
            told = np.broadcast_to(values, (*shape, np.shape(values)[-1]))
            arrays[f"probe.{probe}"] = np.float32(told)
        steps = np.tile(STEPS, (len(accuracy), 1))
        status = status or ["ok"] * len(accuracy)
        self.put(arm.config, status, steps=steps, **arrays)


class OwnRuns(Runs):
    """Four runs each of experiments."""

    def add(
        self,
        levels: str | Mapping[str, Level] | Arm,
        config: Any,
        curves: dict[str, Any],
        **arrays: np.ndarray,
    ) -> None:
        """Add an arm and its four runs.

        Args:
            levels: The arm's levels, a word that names it, or the arm.
            config: An experiment.
            curves: A number per metric, for all runs or for each `[4]`.
            arrays: What else is stored of each run.
        """
        arm = self.miss(levels, config)
        told = {
            f"curve.{metric}": np.float32(np.broadcast_to(value, 4)[:, None])
            for metric, value in curves.items()
        }
        steps = np.zeros((4, 1), np.int32)
        self.put(arm.config, ["ok"] * 4, steps=steps, **arrays, **told)


@pytest.fixture
def own_runs(tmp_path: Path, source_for: Callable[..., Source]) -> Iterator[OwnRuns]:
    """Return an empty store of experiments, to be filled by hand."""
    with Store.open(tmp_path / "own.sqlite") as store:
        yield OwnRuns(store, source_for)


@pytest.fixture
def deep_runs(tmp_path: Path, source_for: Callable[..., Source]) -> Iterator[DeepRuns]:
    """Return an empty store of deep runs, to be filled by hand."""
    with Store.open(tmp_path / "deep.sqlite") as store:
        yield DeepRuns(store, source_for)


@pytest.fixture
def texts() -> Callable[[str], list[str]]:
    """Return a function that lists the texts of a figure, as a browser reads them."""
    from xml.etree import ElementTree

    def read(svg: str) -> list[str]:
        root = ElementTree.fromstring(f'<x xmlns:xlink="x">{svg}</x>')  # noqa: S314
        return ["".join(text.itertext()) for text in root.iter("text")]

    return read
