"""Say what planning, running, judging and reporting need to know of any kind of run."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable
from functools import cached_property
from typing import Any, Self

from ablations.store.codec import spec_digest
from ablations.tasks import Task, TaskConfig
from models.config import FrozenConfig


class RunConfig(FrozenConfig):
    """Describe everything about a run except its seed.

    `ablations.protocol.network_runs.ArmConfig` describes a network that trains in a
    stack or by `fit`; subclasses of `ablations.protocol.experiment.ExperimentConfig`
    describe all else.
    """

    @abstractmethod
    def specification(self) -> dict[str, Any]:
        """Return the plain data that a run's key is the digest of."""

    @cached_property
    def digest(self) -> str:
        """Name of the specification, which keys of runs begin with."""
        return spec_digest(self.specification())

    @abstractmethod
    def structure(self) -> Hashable:
        """Return what two configs must share for their runs to be made together."""

    def program(self) -> Hashable:
        """Return what configs must share to be trained by one compiled program.

        That may be less than a structure: the rows, say, are only data.
        """
        return self.structure()

    def path(self) -> Hashable | None:
        """Return what runs share of which the shorter are the beginning of the longer.

        None where a run says nothing of shorter ones.
        """
        return None

    @abstractmethod
    def summary(self) -> str:
        """Describe the runs in one line."""

    @abstractmethod
    def title(self) -> str:
        """Return a few words for people who watch."""

    @abstractmethod
    def stack_size(self) -> int:
        """Return how many runs are made together, at most."""

    def is_stacked(self) -> bool:
        """Return whether the runs made together are one compiled program."""
        return True

    def is_own(self) -> bool:
        """Return whether it takes code of the user's, which no other process has."""
        return False

    @abstractmethod
    def guess_seconds(self, num_runs: int) -> float:
        """Return about how long so many runs take on one core, once compiled."""

    def seconds_to_compile(self) -> float:
        """Return about how long their program takes to compile, 0 where there is none.

        That is in seconds on one core.
        """
        return 0.0

    @abstractmethod
    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the metrics whose curves are stored."""

    def counted_metrics(self) -> tuple[str, ...]:
        """Return the recorded metrics that take few values, as counts do.

        All runs may well agree in them by chance, as in outcomes that are 0 or 1.
        """
        return ()

    @abstractmethod
    def recorded_steps(self) -> tuple[int, ...] | None:
        """Return the numbers of updates that curves are stored at, None if unknown."""

    def outputs_stored(self) -> dict[str, int]:
        """Return which of the outputs of a training are stored: name to place."""
        return {}

    def get_task(self) -> TaskConfig | None:
        """Return the task whose rows are read, None where runs make their own."""
        return None

    def get_loss(self) -> str | None:
        """Return the name of what the metric `loss` measures, None if it is unknown."""
        return None

    def get_learning_rate(self) -> float | None:
        """Return the learning rate, None where there is none to tune."""
        return None

    def with_learning_rate(self, rate: float) -> Self:
        """Return these runs at another learning rate.

        Raises:
            NotImplementedError: If there is no learning rate.
        """
        raise NotImplementedError

    def count_updates(self, task: Task | None) -> int | None:
        """Return the number of updates a run makes, None where nothing is updated.

        Args:
            task: The rows of `get_task`.
        """
        return None

    def count_rows_seen(self, task: Task | None, num_updates: int) -> int | None:
        """Return how many training rows enter so many updates, passes counted."""
        return None

    def count_settings(self) -> int:
        """Return how many settings each run tries on its own validation rows.

        That is 1 for runs that choose nothing for themselves.
        """
        return 1

    def is_random(self, task: Task | None) -> bool:
        """Return whether chance enters the runs at all."""
        return True
