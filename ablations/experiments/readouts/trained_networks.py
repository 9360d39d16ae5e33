"""Train networks as stacks, and give what is read from them the shape of runs."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from pydantic import model_validator

from ablations.protocol.experiment import ExperimentConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.tasks.data import Data
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.result import StackResult
from models.config import ActivationConfig, InitializerConfig, MLPConfig, requirement
from models.numpy_mlp import Networks, moving

Arrays = dict[str, Any]
"""What is read of S seeds by name: numbers `[S]`, curves `[S, T]`, or what else is to
be kept."""

Weights = Sequence[np.ndarray]

SMALLEST = 1e-12
"""Numbers below it count as it where logarithms are taken."""


@dataclass(frozen=True)
class Trained:
    """The networks of S seeds, M for each, as training left them.

    Attributes:
        seeds: Seeds that were asked for `[S]`.
        data: The rows of the seeds.
        model: The config of all networks.
        result: What the stacks gave, seed by seed `[S * M, ...]`.
        start: Weights that training began from, where they were given.
    """

    seeds: np.ndarray
    data: Data
    model: MLPConfig
    result: StackResult
    start: Weights = ()

    @property
    def networks(self) -> Networks:
        """All networks `[S * M]` at inference."""
        state = moving(self.model, self.result.state)
        return Networks(self.model, self.result.weights, state)

    @property
    def diverged_at(self) -> np.ndarray:
        """Number of updates at which a network of a seed diverged, -1 for none `[S]`.

        It is the last where several did.
        """
        return self.result.diverged_at.reshape(len(self.seeds), -1).max(axis=1)

    def curve(self, metric: str) -> np.ndarray:
        """Return a metric at all records `[S, M, T]`."""
        curve = self.result.curves[metric]
        return curve.reshape(len(self.seeds), -1, curve.shape[-1])

    def last(self, metric: str) -> np.ndarray:
        """Return a metric at the end of training `[S, M]`."""
        return self.curve(metric)[:, :, -1]

    def probabilities(self, x: np.ndarray) -> np.ndarray:
        """Return what each network says of the rows of its seed `[S, M, N, K]`.

        Args:
            x: Inputs by seed `[S, N, D]`.
        """
        num_each = len(self.result.diverged_at) // len(self.seeds)
        p = self.networks.probabilities(np.repeat(x, num_each, axis=0))
        return p.reshape(len(x), num_each, *p.shape[1:])

    def first(self, count: int) -> Trained:
        """Return the first seeds, of one network each."""
        seeds, data = self.seeds[:count], self.data.of_runs(np.arange(count))
        return replace(self, seeds=seeds, data=data, result=self.result.first(count))


class TrainedNetworksConfig(ExperimentConfig):
    """Describe an experiment that trains networks in stacks and reads them.

    A subclass says at least `get_model`, `get_training` and `recorded_metrics`. What is
    read are the curves of one network per seed, unless it says `networks` or `read`.
    """

    networks_per_stack: ClassVar[int | None] = None
    """Networks that train as one program; None for all those of a chunk."""

    if TYPE_CHECKING:
        # Subclasses declare it: the order of fields is part of a rule's digest.
        @property
        def task(self) -> TaskConfig:
            """The rows."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        self.check()
        return self

    def check(self) -> None:
        """Refuse a task without classes or held-out rows; subclasses refuse more."""
        if not self.task.is_split or self.task.is_regression:
            must = "must have classes, validation rows and test rows"
            raise requirement("task", must, self.task.name)

    @abstractmethod
    def get_model(self) -> MLPConfig:
        """Return the network that trains."""

    @abstractmethod
    def get_training(self) -> TrainingConfig:
        """Return its training."""

    def program(self) -> Hashable:
        """Return the kind, the network and its training, and how many rows there are.

        Configs that differ in what is read of it have one program.
        """
        task = self.get_task()
        num_rows = make_task(task).num_rows if task else None
        model, training = self.get_model(), self.get_training()
        return type(self), model.structure(), training.structure(), num_rows

    def seconds_to_compile(self) -> float:
        """Return what the first chunk of a program takes more than others."""
        return 2.5

    def get_loss(self) -> str:
        """Return what every network minimizes, penalties aside."""
        return self.get_training().loss

    def recorded_steps(self) -> tuple[int, ...]:
        """Return the end of training."""
        training = self.get_training()
        if training.num_steps is not None:
            return (training.num_steps,)
        return (training.total_steps(make_task(self.task).num_rows),)

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates of the longest training."""
        return self.recorded_steps()[-1]

    def run(self, seeds: np.ndarray) -> dict[str, np.ndarray]:
        """Train, read, and return what was read as `ExperimentConfig.run` says."""
        trained = self.networks(seeds)
        return self.arrange(self.read(trained), trained.diverged_at)

    def networks(self, seeds: np.ndarray) -> Trained:
        """Train the networks of the seeds, here one for each."""
        return self.train(seeds, self.rows(seeds))

    def rows(self, seeds: np.ndarray) -> Data:
        """Return the rows of the seeds."""
        return make_task(self.task).rows(seeds)

    def train(
        self,
        seeds: np.ndarray,
        data: Data,
        *,
        num_each: int = 1,
        own: np.ndarray | None = None,
        own_rows: Data | None = None,
        model: MLPConfig | None = None,
        training: TrainingConfig | Sequence[TrainingConfig] | None = None,
        attributes: Mapping[str, np.ndarray | float] | None = None,
        start: tuple[Weights, Weights] | None = None,
        orders: np.ndarray | None = None,
    ) -> Trained:
        """Train the networks of seeds `[S]`, M for each.

        Args:
            seeds: Seeds that are asked for.
            data: Rows of the seeds.
            num_each: M, where all networks of a seed have that seed.
            own: Seeds of the networks `[S, M]`, where they have others.
            own_rows: Rows of the networks `[S * M, ...]`; None for those of the seed.
            model: None takes `get_model`.
            training: One, or one per network; None takes `get_training`.
            attributes: `layer.attribute` to numbers that broadcast to `[S, M]`.
            start: Starting weights and state, of the seeds or of each network.
            orders: Orders of rows, of the seeds or of each network.
        """
        from ablations.experiments.engines.stacks import train_in_stacks

        if own is None:
            own = np.repeat(seeds[:, None], num_each, axis=1)
        copies = np.repeat(np.arange(len(seeds)), own.shape[1])

        def each(array: np.ndarray) -> np.ndarray:
            return array if len(array) == own.size else array[copies]

        model = model or self.get_model()
        result = train_in_stacks(
            model,
            training or self.get_training(),
            own.ravel(),
            own_rows or data.of_runs(copies),
            size=self.networks_per_stack or self.chunk_size * own.shape[1],
            attributes={
                path: np.broadcast_to(values, own.shape).ravel()
                for path, values in (attributes or {}).items()
            },
            weights=start and ([*map(each, start[0])], [*map(each, start[1])]),
            orders=None if orders is None else each(orders),
        )
        return Trained(seeds, data, model, result, start[0] if start else ())

    def relu_network(self, *widths: int, **changes: Any) -> MLPConfig:
        """Return a ReLU network for the task, with He's weights in hidden layers."""
        task = make_task(self.task)
        fields: dict[str, Any] = {
            "input_units": task.num_inputs,
            "hidden_units": widths,
            "activation": ActivationConfig(name="relu"),
            "kernel_initializer": InitializerConfig(name="he_normal"),
            "output_kernel_initializer": None,
            "output_units": task.num_outputs,
        }
        return MLPConfig(**(fields | changes))

    def read(self, trained: Trained) -> Arrays:
        """Return the numbers of the networks by name; here their recorded curves."""
        places = slice(-len(self.recorded_steps()), None)
        return {
            name: trained.result.curves[name][:, places]
            for name in self.recorded_metrics()
        }


class ReadoutConfig(TrainedNetworksConfig):
    """Describe networks of any config, and what is read from them.

    A readout is a subclass with its settings as fields, `recorded_metrics`, and `read`,
    a function of trained networks and their rows alone.

    Examples:
        A readout in any module of this folder, found by its kind::

            class DeadUnitsConfig(ReadoutConfig):
                kind: Literal["dead_units"] = "dead_units"

                def recorded_metrics(self):
                    return ("dead_share",)

                def read(self, trained):
                    layers = trained.networks.layers(trained.data.x)
                    dead = [(layer.outputs == 0).all(axis=1) for layer in layers]
                    return {"dead_share": np.concatenate(dead, axis=1).mean(axis=1)}

        and in a claim `Arm(config=readout("dead_units", networks))`.

    Args:
        task: The rows, classes, with validation and test rows.
        model: The network.
        training: The training.
    """

    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig

    def get_model(self) -> MLPConfig:
        """Return the field."""
        return self.model

    def get_training(self) -> TrainingConfig:
        """Return the field, without what is not read."""
        return self.training.replace(metrics=("loss",), log_steps=(), probes=())

    def get_learning_rate(self) -> float:
        """Return the rate before any schedule."""
        return self.training.optimizer.learning_rate

    def with_learning_rate(self, rate: float) -> Self:
        """Return the networks at another learning rate."""
        optimizer = self.training.optimizer.replace(learning_rate=rate)
        return self.replace(training=self.training.replace(optimizer=optimizer))

    def train_to_loss(
        self, seeds: np.ndarray, target: float
    ) -> tuple[Trained, np.ndarray]:
        """Train networks of seeds `[S]` to a loss on their training rows.

        Each is taken at the first record at which its loss is at most the target, or
        at the end, if it does not get there.

        Returns:
            The networks, and the numbers of updates at which they were taken `[S]`.
        """
        data, training = self.rows(seeds), self.get_training()
        whole = self.train(seeds, data).result
        reached = whole.curves["loss"] <= target
        first = np.where(reached.any(axis=1), reached.argmax(axis=1), -1)
        taken_at = np.asarray(whole.log_steps)[first]
        # The same seeds take the same path again, and end where they are told. One more
        # run goes on to the end, so that the program is the same too.
        company = np.append(np.arange(len(seeds)), 0)
        ends = (*taken_at, whole.log_steps[-1])
        trainings = [training.replace(num_steps=int(k)) for k in ends]
        rows = data.of_runs(company)
        trained = self.train(seeds[company], rows, training=trainings)
        return trained.first(len(seeds)), taken_at


def check_logits(training: TrainingConfig) -> None:
    """Refuse trainings that count no updates, or do not read logits."""
    if training.num_steps is None or not training.from_logits:
        must = "must count updates, and read logits"
        raise requirement("training", must, training.num_steps)


def classifying(
    rate: float, batch_size: int, num_steps: int, rule: str = "adam", **changes: Any
) -> TrainingConfig:
    """Return a training of logits by their cross-entropy, by a rule at a rate."""
    return TrainingConfig(
        optimizer=OptimizerConfig(name=rule, learning_rate=rate),
        loss="categorical_crossentropy",
        from_logits=True,
        batch_size=batch_size,
        num_steps=num_steps,
        **changes,
    )


def repeated_rows(
    data: Data, num_rows: int, num_total: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the first rows again and again, inputs and targets `[S, total, ...]`."""
    repeats = (1, num_total // num_rows, 1)
    x, y = (np.tile(each[:, :num_rows], repeats) for each in (data.x, data.y))
    return x, y


def log10(values: np.ndarray) -> np.ndarray:
    """Return the logarithm of numbers, of which small ones count as `SMALLEST`."""
    return np.log10(np.maximum(values, SMALLEST))
