"""Deep runs whose every number is known."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence
from ablations.protocol.arm import Arm
from ablations.protocol.claim import Claim
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.network_runs import ArmConfig
from ablations.rigs.depth.recipes import learns
from ablations.store.store import Store
from reports.figures.source import Source

NUM_SEEDS = 5
STEPS = (0, 100, 200, 500, 1000)


class DeepRuns:
    """Put deep runs into a store by arm, and give figures a claim on all of them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.arms: dict[str, ArmConfig] = {}

    def add(
        self,
        name: str,
        config: ArmConfig,
        accuracy: Sequence[float] = (0.1,) * NUM_SEEDS,
        *,
        status: Sequence[str] | None = None,
        **probes: Any,
    ) -> None:
        """Add an arm and its runs; probes are `[S, T, L]` or broadcast to it."""
        self.arms[name] = config
        count = len(accuracy)
        shape = (count, len(STEPS))
        arrays = {
            "steps": np.tile(STEPS, (count, 1)),
            "curve.accuracy": np.float32(
                np.broadcast_to(np.array(accuracy)[:, None], shape)
            ),
        }
        for probe, values in probes.items():
            layers = np.shape(values)[-1]
            arrays[f"probe.{probe}"] = np.float32(
                np.broadcast_to(values, (*shape, layers))
            )
        self.store.insert(
            self.store.put_spec(config.specification()),
            np.arange(count),
            status or ["ok"] * count,
            [20 if word == "diverged" else -1 for word in status or ["ok"] * count],
            arrays,
            {"processor": "none"},
        )

    def miss(self, name: str, config: ArmConfig) -> None:
        """Add an arm without runs."""
        self.arms[name] = config

    def source(self) -> Source:
        """Return what a figure may read of a claim that has all arms."""
        claim = Claim(
            statement="A statement.",
            rows=("T-1",),
            source="The notes",
            arms={name: Arm(config=config) for name, config in self.arms.items()},
            predictions=tuple(
                SuccessRate(label=name, arm=name, score=learns(), bound=0.5)
                for name in self.arms
            ),
        )
        record = {"arms": [{"name": name, "runs": 100} for name in self.arms]}
        return Source(record, claim, Evidence(self.store))


class OwnRuns(DeepRuns):
    """Put runs of experiments into a store, and give figures a claim on all of them."""

    def add(
        self, name: str, config: Any, curves: dict[str, Any], **arrays: np.ndarray
    ) -> None:
        """Add an arm and its four runs.

        Args:
            name: The arm's name.
            config: An experiment.
            curves: A number per metric, for all runs or for each `[4]`.
            arrays: What else is stored of each run.
        """
        self.arms[name] = config
        count = 4
        self.store.insert(
            self.store.put_spec(config.specification()),
            np.arange(count),
            ["ok"] * count,
            [-1] * count,
            {
                "steps": np.zeros((count, 1), np.int32),
                **arrays,
                **{
                    f"curve.{metric}": np.float32(
                        np.broadcast_to(value, count)[:, None]
                    )
                    for metric, value in curves.items()
                },
            },
            {"processor": "none"},
        )


@pytest.fixture
def own_runs(tmp_path: Path) -> Iterator[OwnRuns]:
    """Return an empty store of experiments, to be filled by hand."""
    with Store.open(tmp_path / "own.sqlite") as store:
        yield OwnRuns(store)


@pytest.fixture
def deep_runs(tmp_path: Path) -> Iterator[DeepRuns]:
    """Return an empty store of deep runs, to be filled by hand."""
    with Store.open(tmp_path / "deep.sqlite") as store:
        yield DeepRuns(store)


@pytest.fixture
def texts() -> Callable[[str], list[str]]:
    """Return a function that lists the texts of a figure, as a browser reads them."""
    from xml.etree import ElementTree

    def read(svg: str) -> list[str]:
        root = ElementTree.fromstring(f'<x xmlns:xlink="x">{svg}</x>')  # noqa: S314
        return ["".join(text.itertext()) for text in root.iter("text")]

    return read
