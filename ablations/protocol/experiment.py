"""Describe a kind of run that brings its own way to be made.

A kind is a frozen config: its fields say what is run, `run` makes the runs of some
seeds.
It stands in a light module of this package; whatever is slow to import, `run` imports.
"""

from __future__ import annotations

import importlib
import inspect
from abc import abstractmethod
from collections.abc import Hashable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from ablations.protocol.run_config import RunConfig
from ablations.tasks import TaskConfig, make_task
from models.config import one_of, requirement


class ExperimentConfig(RunConfig):
    """Describe runs of one kind; every subclass that can be run has a field `kind`.

    A field `task` names the rows that are read, a field `learning_rate` is what tuning
    changes.

    Examples:
        A kind of its own in `ablations/experiments/coin.py`::

            class CoinConfig(ExperimentConfig):
                kind: Literal["coin"] = "coin"
                chance: Fraction = 0.5

                def recorded_metrics(self):
                    return ("heads",)

                def run(self, seeds):
                    draws = [np.random.default_rng(seed).random() for seed in seeds]
                    return self.arrange({"heads": np.array(draws) < self.chance})
    """

    version: ClassVar[int] = 1
    """Number in every run's key; it grows when the same fields give other runs."""

    chunk_size: ClassVar[int] = 25
    """Runs that are made, and stored, at a time."""

    seconds_per_run: ClassVar[float] = 0.1
    """About how long one run takes, for guesses of the time left."""

    kind: str

    @abstractmethod
    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Make the runs of these seeds `[S]`; a seed's run depends on nothing else.

        Returns:
            Arrays with the runs first: `steps` `[S, T]`, the numbers of updates at
            which something is recorded (0 where nothing is updated);
            `curve.<metric>` `[S, T]` and `probe.<name>` `[S, T, L]`, float32;
            `diverged_at` `[S]`, the update at which a run broke down, -1 for none; and
            whatever else is to be kept.
        """

    def arrange(
        self, found: Mapping[str, Any], diverged_at: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """Return what was found under the names and in the shapes that are stored.

        Args:
            found: By name, the recorded metrics `[S]` or `[S, T]`, and under their own
                names what else is to be kept.
            diverged_at: As `run` returns it; None where no run can break down.
        """
        kept = dict(found)
        curves = {name: np.asarray(kept.pop(name)) for name in self.recorded_metrics()}
        num_seeds = len(next(iter(curves.values())))
        steps = np.array(self.recorded_steps(), np.int32)
        if diverged_at is None:
            diverged_at = np.full(num_seeds, -1)
        return {
            "steps": np.tile(steps, (num_seeds, 1)),
            **{
                f"curve.{name}": curve.reshape(num_seeds, -1).astype(np.float32)
                for name, curve in curves.items()
            },
            **kept,
            "diverged_at": diverged_at,
        }

    def specification(self) -> dict[str, Any]:
        """Return the plain data that a run's key is the digest of."""
        task = self.get_task()
        data = {} if task is None else {"data": make_task(task).digest}
        fields = self.model_dump(mode="json", exclude={"kind"})
        return {
            "experiment": self.kind,
            "experiment_version": self.version,
            **data,
            **fields,
        }

    def structure(self) -> Hashable:
        """Return the config itself: no two share a chunk."""
        return self

    def stack_size(self) -> int:
        """Return the size of a chunk."""
        return self.chunk_size

    def is_stacked(self) -> bool:
        """Return False: what is compiled, if anything, an experiment decides itself."""
        return False

    def guess_seconds(self, num_runs: int) -> float:
        """Return about how long so many runs take."""
        return self.seconds_per_run * num_runs

    def title(self) -> str:
        """Return the kind and the task."""
        task = self.get_task()
        kind = self.kind.replace("_", " ")
        return kind if task is None else f"{kind} on {task.name}"

    def summary(self) -> str:
        """Return the kind and those fields that are numbers or words."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        fields = [
            f"{name.replace('_', ' ')} {value}"
            for name, value in values.items()
            if name != "kind" and isinstance(value, str | int | float)
        ]
        return ", ".join([self.title(), *fields])

    def recorded_steps(self) -> tuple[int, ...] | None:
        """Return 0: nothing is updated, unless a subclass says so."""
        return (0,)

    def get_task(self) -> TaskConfig | None:
        """Return the field `task`, None for a kind without it."""
        return getattr(self, "task", None)

    def get_learning_rate(self) -> float | None:
        """Return the field `learning_rate`, None for a kind without it."""
        return getattr(self, "learning_rate", None)

    def with_learning_rate(self, rate: float) -> Self:
        """Return these runs with another `learning_rate`."""
        return self.replace(learning_rate=rate)


@lru_cache(maxsize=1)
def experiment_kinds() -> tuple[str, ...]:
    """Return all kinds: a module of `ablations/experiments` each, and the readouts."""
    folder = Path(__file__).parents[1] / "experiments"
    modules = (path.stem for path in folder.glob("[!_]*.py"))
    return tuple(sorted({*modules, *_readouts()}))


def experiment_class(kind: str) -> type[ExperimentConfig]:
    """Return the class of a kind, a readout or that of the module of that name.

    Raises:
        ConfigError: If there is no such kind.
    """
    one_of("kind", kind, experiment_kinds())
    if kind in _readouts():
        return _readouts()[kind]
    module = importlib.import_module(f"ablations.experiments.{kind}")
    for _, member in inspect.getmembers(module, inspect.isclass):
        own = member.__module__ == module.__name__
        if own and issubclass(member, ExperimentConfig):
            if member.model_fields["kind"].default == kind:
                return member
    raise requirement("kind", f"must be defined by {module.__name__}", kind)


def _readouts() -> Mapping[str, type[ExperimentConfig]]:
    return importlib.import_module("ablations.experiments.readouts.table").READOUTS


def parse_experiment(fields: Mapping[str, Any]) -> ExperimentConfig:
    """Return the experiment of these fields.

    Raises:
        ConfigError: If `kind` is unknown or a field is unusable.
    """
    return experiment_class(fields["kind"]).model_validate(dict(fields))


def checked(
    config: ExperimentConfig, seeds: np.ndarray, arrays: Mapping[str, np.ndarray]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Return what is stored of runs, and where they diverged, if all is as promised.

    Raises:
        ConfigError: If an array is missing or has another shape than promised.
    """
    stored = dict(arrays)
    promised = ("steps", *(f"curve.{name}" for name in config.recorded_metrics()))
    for name in (*promised, "diverged_at"):
        if name not in stored:
            must = f"must give {name!r} for {config.kind!r}"
            raise requirement("run", must, sorted(stored))
    diverged_at = np.asarray(stored.pop("diverged_at"))
    shape = (len(seeds), stored["steps"].shape[-1])
    for name, array in stored.items():
        timed = name == "steps" or name.startswith(("curve.", "probe."))
        wanted = shape if timed else shape[:1]
        if array.shape[: len(wanted)] != wanted:
            must = f"must give {name!r} of shape {wanted} for {config.kind!r}"
            raise requirement("run", must, array.shape)
        if name.startswith(("curve.", "probe.")):
            stored[name] = np.asarray(array, np.float32)
    if diverged_at.shape != shape[:1]:
        must = f"must give 'diverged_at' of shape {shape[:1]} for {config.kind!r}"
        raise requirement("run", must, diverged_at.shape)
    return stored, diverged_at
