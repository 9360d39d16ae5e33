"""Describe networks that train on a task: everything about their runs but the seed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from itertools import groupby
from typing import Any, Literal, Self

from ablations.protocol.run_config import RunConfig
from ablations.tasks import Task, TaskConfig, make_task
from ablations.training.config import TrainingConfig
from models.config import (
    InitializerConfig,
    MLPConfig,
)

ENGINE_VERSION = 1
"""Number in every run's key; it grows when the same specification trains otherwise."""


STACK_SIZES = (5, 10, 50, 500, 4000)
"""Sizes that stacks are filled up to, one for all stacks of a structure, so that few
programs are compiled.

Claims ask for round numbers of seeds, so that few of the places stay idle. The smallest
is for networks of which ten do not fit into the cache; where they do, ten cost hardly
more than five.
"""


STACK_BYTES = 16 * 2**20
"""Working set of a stack: about what stays in the last-level cache."""


DATA_BYTES = 256 * 2**20
"""Main memory for the rows of a stack and for its outputs on all of them."""


FIT_RUNS = 25
"""Runs by `keras.Model.fit` that are stored at a time."""


SECONDS_TO_COMPILE = {
    "program": 0.6,
    "updates": 0.3,
    "layer": 0.2,
    "loop": 1.2,
    "probe": 0.45,
    "batch_norm": 1.2,
}
"""What a program took to compile on one core, and what parts of it add to that: its
updates, a layer of them, a loop over layers, a probe, and batch norm in each pass that
has it."""


MOST_LAYERS_COMPILED = 4
"""More layers are a loop over equal blocks, compiled once."""


SECONDS_TO_BEGIN = 0.03
SECONDS_PER_UPDATE = 3.5e-8
SECONDS_PER_PRODUCT = 1.0e-10
SECONDS_PER_UNIT = 1.4e-9
SECONDS_PER_WEIGHT = 0.5e-9


SECONDS_PER_FIT_UPDATE = 1.5e-3
"""What was measured on one core: the start of a stack; an update of a run, and on top
of it a product with a weight and a unit, both of each row, and a weight; and an update
by `fit`."""


MANY_LAYERS = 4
"""So many layers of equal width, one after the other, are told by their number."""


FIXED_INITIALIZERS = ("zeros", "ones", "constant", "identity")
"""Initializers that draw nothing."""


class ArmConfig(RunConfig):
    """Describe networks that train on a task, everything except the seed.

    Args:
        task: The rows to train on.
        model: The network.
        training: The training.
        engine: `stack` trains many runs as one program, `fit` one after the other
            with `keras.Model.fit`, from the same starting weights.
    """

    task: TaskConfig
    model: MLPConfig
    training: TrainingConfig
    engine: Literal["stack", "fit"] = "stack"

    def specification(self) -> dict[str, Any]:
        """Return the plain data that a run's key is the digest of."""
        return {
            "engine": self.engine,
            "engine_version": ENGINE_VERSION,
            "data": make_task(self.task).digest,
            **self.model_dump(mode="json", exclude={"engine"}),
        }

    def structure(self) -> Hashable:
        """Return what two arms must share to train in one stack."""
        total = self.training.total_steps(make_task(self.task).num_rows)
        return (self.program(), self.task, total)

    def program(self) -> Hashable:
        """Return layers and training, and how many rows there are."""
        return (
            self.engine,
            self.model.structure(),
            self.training.structure(),
            make_task(self.task).num_rows,
        )

    def path(self) -> Hashable | None:
        """Return everything but where training ends and when it is recorded.

        None where more than recorded numbers is read at the end.
        """
        training = self.training
        ends = training.early_stopping or training.outputs or training.record_weights
        is_counted = training.num_steps is not None and "loss" in training.metrics
        if ends or not is_counted or self.engine == "fit":
            return None
        rest = (v for name, v in training if name not in ("num_steps", "log_steps"))
        return (self.task, self.model, *rest)

    def get_rows(self) -> Task:
        """Return the rows that the runs train on."""
        return make_task(self.task)

    def network(self) -> MLPConfig:
        """Return the network of the program that trains the runs."""
        return self.model

    def layer_numbers(self) -> dict[str, float]:
        """Return numbers of layers that are not those of `network`, by path."""
        return {}

    def factory(self) -> Callable[[], Any] | None:
        """Return what builds the network where no config describes it, else None."""
        return None

    def summary(self) -> str:
        """Describe the arm in one line."""
        model, training = self.model, self.training
        sizes = (model.input_units, *model.hidden_units, model.output_units)
        convolutions = model.convolution_layers()
        activations = {a.name for a in model.per_layer("activation")}
        activations |= {c.activation.name for c in convolutions if c.activation}
        in_updates = training.num_steps is not None
        steps = training.num_steps if in_updates else training.epochs
        parts = [
            *([f"convolutions of {_filters(model)} filters"] if convolutions else []),
            _layers(sizes),
            " and ".join(sorted(activations)) or "no hidden layer",
            f"{training.optimizer.name} {training.optimizer.learning_rate:g}",
            training.loss,
            f"{steps:,} {'updates' if in_updates else 'epochs'} on {self.task.name}",
        ]
        if self.engine == "fit":
            parts.append("keras.Model.fit")
        return ", ".join(parts)

    def title(self) -> str:
        """Return task, layers and optimizer."""
        hidden = _layers(self.model.hidden_units)
        if self.model.convolutions:
            hidden = f"conv {_filters(self.model)} {hidden}".strip()
        by_fit = " by fit" if self.engine == "fit" else ""
        optimizer = self.training.optimizer.name
        return f"{self.task.name} {hidden or 'linear'} {optimizer}{by_fit}"

    def stack_size(self) -> int:
        """Return how many runs make a stack, at most.

        Weights, gradients, optimizer state and the activations of a batch should fit
        into the cache; rows that are not shared, and the activations on all rows where
        metrics are recorded, into main memory. Very small networks are stacked by the
        thousand.
        """
        if self.engine == "fit":
            return FIT_RUNS
        task = make_task(self.task)
        batch = min(self.training.batch_size or task.num_rows, task.num_rows)
        total, _ = self.model.parameter_count()
        widths = self.model.layer_units()
        in_cache = 4 * (5 * total + 3 * batch * sum(widths))
        # A layer's inputs and outputs are there at once.
        in_memory = 4 * 2 * task.most_rows * max(widths)
        in_memory += task.num_bytes if task.per_seed else 0
        fitting = [
            size
            for size in STACK_SIZES
            if size * in_cache <= STACK_BYTES and size * in_memory <= DATA_BYTES
        ]
        return fitting[-1] if fitting else STACK_SIZES[0]

    def is_stacked(self) -> bool:
        """Return whether the runs are one compiled program."""
        return self.engine == "stack"

    def guess_seconds(self, num_runs: int) -> float:
        """Return about how long so many runs take on one core, once compiled."""
        training, task = self.training, make_task(self.task)
        updates = training.total_steps(task.num_rows)
        if self.engine == "fit":
            return SECONDS_PER_FIT_UPDATE * updates * num_runs
        products, units = self.model.multiplications(), sum(self.model.layer_units())
        per_row = SECONDS_PER_PRODUCT * products + SECONDS_PER_UNIT * units
        batch = min(training.batch_size or task.num_rows, task.num_rows)
        per_update = SECONDS_PER_UPDATE + batch * per_row
        per_update += SECONDS_PER_WEIGHT * self.model.parameter_count()[0]
        records = (
            training.epochs if training.early_stopping else len(training.log_steps)
        )
        per_record = task.most_rows * per_row
        per_run = updates * per_update + (records or 1) * per_record
        return SECONDS_TO_BEGIN + num_runs * per_run

    def seconds_to_compile(self) -> float:
        """Return about how long the program takes to compile on one core."""
        parts, training, model = SECONDS_TO_COMPILE, self.training, self.model
        seconds = parts["program"] + parts["probe"] * len(training.probes)
        passes = 1 if training.batch_norm_statistics == "moving" else 2
        if training.num_steps != 0:
            layers = min(len(model.layer_units()), MOST_LAYERS_COMPILED)
            seconds += parts["updates"] + parts["layer"] * layers
            if len(model.layer_units()) > MOST_LAYERS_COMPILED:
                seconds += parts["loop"]
            passes += 2
        return seconds + (parts["batch_norm"] * passes if model.batch_norm else 0.0)

    def recorded_metrics(self) -> tuple[str, ...]:
        """Return the metrics whose curves are stored."""
        return self.training.metrics

    def recorded_steps(self) -> tuple[int, ...] | None:
        """Return the numbers of updates at which something is recorded.

        Unknown where every epoch is recorded, or where the last update depends on the
        number of rows.
        """
        if self.training.early_stopping or self.training.num_steps is None:
            return None
        total = self.training.num_steps
        return (*(k for k in self.training.log_steps if k < total), total)

    def get_task(self) -> TaskConfig:
        """Return the task."""
        return self.task

    def get_loss(self) -> str:
        """Return the name of the loss."""
        return self.training.loss

    def get_learning_rate(self) -> float:
        """Return the rate before any schedule."""
        return self.training.optimizer.learning_rate

    def with_learning_rate(self, rate: float) -> Self:
        """Return the arm at another learning rate."""
        optimizer = self.training.optimizer.replace(learning_rate=rate)
        return self.replace(training=self.training.replace(optimizer=optimizer))

    def count_updates(self, task: Task | None) -> int:
        """Return the number of updates a run makes."""
        return self.training.total_steps(task.num_rows if task else 1)

    def count_rows_seen(self, task: Task | None, num_updates: int) -> int:
        """Return how many training rows enter so many updates, passes counted."""
        rows = task.num_rows if task else 1
        return num_updates * min(self.training.batch_size or rows, rows)

    def is_random(self, task: Task | None) -> bool:
        """Return whether weights, batches, masks, noise or rows are drawn."""
        model, training = self.model, self.training
        rules: list[InitializerConfig | None] = [
            *model.per_layer("kernel_initializer"),
            *(layer.kernel_initializer for layer in model.convolution_layers()),
            model.output_kernel_initializer,
        ]
        drawn = any(
            rule.name not in FIXED_INITIALIZERS for rule in rules if rule is not None
        )
        rows = task.num_rows if task else 1
        shuffled = training.shuffle != "none" and (training.batch_size or rows) < rows
        dropped = any(model.per_layer("dropout")) or bool(model.input_dropout)
        own_rows = task is not None and task.per_seed
        return drawn or shuffled or dropped or bool(model.gaussian_noise) or own_rows


def _layers(units: Sequence[int]) -> str:
    """Return numbers of units one after the other, `20x64` for many of one number."""
    runs = [(size, len(list(equal))) for size, equal in groupby(units)]
    told = (
        f"{count}x{size}" if count >= MANY_LAYERS else "-".join([str(size)] * count)
        for size, count in runs
    )
    return "-".join(told)


def _filters(model: MLPConfig) -> str:
    """Return the filters of all convolutions, as they are told."""
    return "-".join(str(layer.filters) for layer in model.convolutions)
