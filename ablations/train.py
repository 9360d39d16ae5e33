"""Train a stack: many runs of one structure as one compiled program.

A stack holds R runs whose networks share a computation graph and whose seeds, starting
weights and continuous hyperparameters differ.
All arrays carry the runs on axis 0, every norm and mean stays within a run, and the
state travels through the program as arguments, so that a structure compiles once.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import ops

from ablations.backend import compile_program, map_runs, value_and_gradients
from ablations.metrics import METRICS, mean_loss
from ablations.optimizers import apply_update, clip_gradients, initial_slots
from ablations.probes import PROBES, measure_probes, probe_sizes
from ablations.training_config import TrainingConfig
from models.config import ConfigError, MLPConfig, one_of
from models.initializers import initial_weights
from models.mlp import build_mlp, initializers_of
from models.randomness import stream_key

Tensor = Any
Build = Callable[[], keras.Model]

MAX_ORDER_BYTES = 128 * 2**20
"""Largest array of batch orders held at once; longer trainings run in segments."""


@dataclass(frozen=True)
class Data:
    """Hold the rows to train on, shared `[N, D]` or one set per run `[R, N, D]`.

    Targets have one axis per row and one per output, `[N, K]` or `[R, N, K]`.
    """

    x: np.ndarray
    y: np.ndarray
    x_val: np.ndarray | None = None
    y_val: np.ndarray | None = None

    @property
    def num_rows(self) -> int:
        """Number of training rows of one run."""
        return self.x.shape[-2]

    @property
    def per_run(self) -> bool:
        """Whether every run has rows of its own."""
        return self.x.ndim == 3

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the arrays that are there, by name, as float32."""
        names = ("x", "y", "x_val", "y_val")
        given = {n: getattr(self, n) for n in names if getattr(self, n) is not None}
        return {name: np.asarray(a, np.float32) for name, a in given.items()}


@dataclass(frozen=True)
class StackResult:
    """Hold what a stack of R runs produced.

    Attributes:
        log_steps: Numbers of updates after which the curves were recorded `[T]`.
        curves: Metric name to values `[R, T]`.
        probes: Probe name to values `[R, T, L]`.
        weights: Final trainable weights, each `[R, ...]`.
        state: Final non-trainable weights (moving statistics), each `[R, ...]`.
        diverged_at: Update whose loss was not finite, -1 for none `[R]`.
        stopped_at: Number of updates made when early stopping ended the run, -1 `[R]`.
        best_at: Number of updates at the best monitored value, -1 `[R]`.
    """

    log_steps: np.ndarray
    curves: dict[str, np.ndarray]
    probes: dict[str, np.ndarray]
    weights: list[np.ndarray]
    state: list[np.ndarray]
    diverged_at: np.ndarray
    stopped_at: np.ndarray
    best_at: np.ndarray


@contextlib.contextmanager
def layer_attributes(model: keras.Model, values: Mapping[str, Any]) -> Iterator[None]:
    """Let layers read other values while a model is being traced.

    Args:
        model: The model whose layers are read.
        values: `layer.attribute` (or `layer.object.attribute`) to a scalar tensor.
    """
    replaced = []
    try:
        for path, value in values.items():
            name, *middle, attribute = path.split(".")
            owner = functools.reduce(getattr, middle, model.get_layer(name))
            replaced.append((owner, attribute, getattr(owner, attribute)))
            object.__setattr__(owner, attribute, value)
        yield
    finally:
        for owner, attribute, value in reversed(replaced):
            object.__setattr__(owner, attribute, value)


@dataclass(eq=False)
class StackProgram:
    """Hold one structure: its model, its training and the compiled program.

    `num_traces` counts how often Python traced the program, which is how often it was
    compiled.
    """

    model: keras.Model
    training: TrainingConfig
    per_run_data: bool
    num_rows: int
    num_traces: int = 0
    _run: Callable[..., Any] = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the program; it is compiled at the first call."""
        for name in self.training.metrics:
            one_of("metrics", name.removeprefix("val_"), METRICS)
        for name in self.training.probes:
            one_of("probes", name, PROBES)
        self._penalized = bool(self.model.losses)
        self._run = compile_program(self._program)

    # --- one update ------------------------------------------------------------------

    def forward(
        self,
        weights: list[Tensor],
        state: list[Tensor],
        attributes: dict[str, Tensor],
        x: Tensor,
        rows: Tensor | None = None,
        *,
        training: bool,
        model: keras.Model | None = None,
    ) -> tuple[Any, list[Tensor], Tensor]:
        """Return outputs `[R, B, K]`, new state and penalties `[R]` of every run.

        Args:
            weights: Trainable weights, each `[R, ...]`.
            state: Non-trainable weights, each `[R, ...]`.
            attributes: Layer attributes per run, each `[R]`.
            x: Inputs `[N, D]`, or `[R, N, D]` where runs have data of their own.
            rows: Indices of a batch, `[R, B]`, `[B]` for all runs, None for all rows.
            training: Whether dropout, noise and batch statistics are on.
            model: Another view of the same weights, such as one with more outputs.
        """
        model = model or self.model
        mapped: dict[str, Any] = {"w": weights, "s": state, "a": attributes}
        if self.per_run_data:
            mapped["x"] = x
        if rows is not None and len(rows.shape) == 2:
            mapped["rows"] = rows

        def one_run(run: dict[str, Any]) -> tuple[Any, ...]:
            inputs, batch = run.get("x", x), run.get("rows", rows)
            if batch is not None:
                inputs = ops.take(inputs, batch, axis=0)
            with layer_attributes(model, run["a"]):
                outputs, new_state, *penalties = model.stateless_call(
                    run["w"],
                    run["s"],
                    inputs,
                    training=training,
                    return_losses=self._penalized,
                )
            total = sum(penalties[0]) if self._penalized else None
            return (
                (outputs, new_state, total)
                if self._penalized
                else (
                    outputs,
                    new_state,
                )
            )

        outputs, new_state, *penalty = map_runs(one_run, mapped)
        return outputs, new_state, penalty[0] if penalty else 0.0

    def _targets(self, y: Tensor, rows: Tensor | None) -> Tensor:
        """Return the targets of a batch `[1 or R, B, K]`."""
        if rows is None:
            return y if self.per_run_data else y[None]
        if self.per_run_data and len(rows.shape) == 2:
            return ops.take_along_axis(y, rows[:, :, None], axis=1)
        taken = ops.take(y, rows, axis=1 if self.per_run_data else 0)
        return taken if len(taken.shape) == 3 else taken[None]

    def gradients(
        self, carry: dict[str, Any], run: dict[str, Any], rows: Tensor | None
    ) -> tuple[tuple[Tensor, list[Tensor]], list[Tensor]]:
        """Return the losses `[R]`, the new state and the gradients of a batch."""
        data = run["data"]
        y = self._targets(data["y"], rows)

        def total_loss(weights: list[Tensor]) -> tuple[Tensor, Any]:
            p, state, penalty = self.forward(
                weights, carry["s"], run["attributes"], data["x"], rows, training=True
            )
            losses = mean_loss(self.training, y, p) + penalty
            return ops.sum(losses), (losses, state)

        return value_and_gradients(total_loss, carry["w"])

    def clipped(self, gradients: list[Tensor], run: dict[str, Any]) -> list[Tensor]:
        """Return the gradients as the training clips them."""
        for kind in ("value", "norm", "global_norm"):
            if getattr(self.training, f"clip_{kind}") is not None:
                return clip_gradients(gradients, run["h"]["clip"], kind)
        return gradients

    def update(
        self, carry: dict[str, Any], gradients: list[Tensor], run: dict[str, Any]
    ) -> tuple[list[Tensor], list[dict[str, Tensor]]]:
        """Return the weights and optimizer state that these gradients lead to."""
        return apply_update(
            self.training.optimizer,
            carry["w"],
            gradients,
            carry["slots"],
            run["h"],
            ops.cast(carry["k"], "float32"),
        )

    def _step(
        self, carry: dict[str, Any], run: dict[str, Any], rows: Tensor | None
    ) -> dict[str, Any]:
        """Make one update of every run that is still running."""
        (losses, state), gradients = self.gradients(carry, run, rows)
        gradients = self.clipped(gradients, run)
        weights, slots = self.update(carry, gradients, run)
        running = self._running(carry, run)
        finite = ops.isfinite(losses)
        move = ops.logical_and(running, finite)
        failed = ops.logical_and(running, ops.logical_not(finite))
        return {
            **carry,
            "k": carry["k"] + 1,
            "w": _where(move, weights, carry["w"]),
            "s": _where(move, state, carry["s"]),
            "slots": [
                {name: _where(move, new[name], old[name]) for name in old}
                for new, old in zip(slots, carry["slots"], strict=True)
            ],
            "diverged_at": ops.where(failed, carry["k"], carry["diverged_at"]),
        }

    def _running(self, carry: dict[str, Any], run: dict[str, Any]) -> Tensor:
        """Return which runs make the next update `[R]`."""
        unfinished = ops.cast(carry["k"], "float32") < run["h"]["num_steps"]
        whole = ops.logical_and(carry["diverged_at"] < 0, carry["stopped_at"] < 0)
        return ops.logical_and(unfinished, whole)

    # --- batches ---------------------------------------------------------------------

    @property
    def batch_size(self) -> int:
        """Rows in a batch, at most all of them."""
        return min(self.training.batch_size or self.num_rows, self.num_rows)

    @property
    def full_batch(self) -> bool:
        """Whether every update sees all rows, so that their order cannot matter."""
        return self.batch_size == self.num_rows

    def _next_step(self, carry: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
        if self.full_batch:
            return self._step(carry, run, None)
        per_epoch = self.training.steps_per_epoch(self.num_rows)
        short = self.num_rows - (per_epoch - 1) * self.batch_size
        batch = carry["k"] % per_epoch
        orders = run["orders"]  # [1 or R, epochs, N]
        epoch = ops.minimum(
            carry["k"] // per_epoch - run["first_epoch"], orders.shape[1] - 1
        )

        def rows(size: int) -> Tensor:
            start = [0, epoch, batch * self.batch_size]
            taken = ops.slice(orders, ops.stack(start), (orders.shape[0], 1, size))
            taken = taken[:, 0, :]
            return taken if orders.shape[0] > 1 else taken[0]

        if short == self.batch_size or self.training.drop_remainder:
            return self._step(carry, run, rows(self.batch_size))
        return ops.cond(
            ops.equal(batch, per_epoch - 1),
            lambda: self._step(carry, run, rows(short)),
            lambda: self._step(carry, run, rows(self.batch_size)),
        )

    # --- recording -------------------------------------------------------------------

    def _measure(self, carry: dict[str, Any], run: dict[str, Any]) -> dict[str, Tensor]:
        """Return every metric of every run as it would be in use, `[R]` each."""
        stopping = self.training.early_stopping
        names = [*self.training.metrics, *([stopping.monitor] if stopping else [])]
        values = {}
        for prefix, x, y in (("", "x", "y"), ("val_", "x_val", "y_val")):
            mine = [n for n in names if n.startswith("val_") == bool(prefix)]
            if not mine:
                continue
            p, _, penalty = self.forward(
                carry["w"],
                carry["s"],
                run["attributes"],
                run["data"][x],
                training=False,
            )
            targets = self._targets(run["data"][y], None)
            for name in mine:
                metric = name.removeprefix("val_")
                values[name] = METRICS[metric](self.training, targets, p)
                if metric == "loss":
                    values[name] = values[name] + penalty
        return values

    def _record(self, carry: dict[str, Any], run: dict[str, Any]) -> dict[str, Any]:
        """Write a row of every curve, then let early stopping judge the epoch."""
        values = self._measure(carry, run)
        row = carry["row"]
        carry = {**carry, "row": row + 1}
        carry["curves"] = {
            name: _set_row(curve, row, values[name])
            for name, curve in carry["curves"].items()
        }
        if self.training.probes:
            probed = measure_probes(self, carry, run)
            carry["probes"] = {
                name: _set_row(curve, row, probed[name])
                for name, curve in carry["probes"].items()
            }
        if self.training.early_stopping and "best" in carry:
            return self._stop_early(carry, run, values)
        return carry

    def _stop_early(
        self, carry: dict[str, Any], run: dict[str, Any], values: dict[str, Tensor]
    ) -> dict[str, Any]:
        """Apply the rule of `keras.callbacks.EarlyStopping` after an epoch."""
        stopping = self.training.early_stopping
        assert stopping is not None
        value = values[stopping.monitor]
        k = carry["k"]
        per_epoch = self.training.steps_per_epoch(self.num_rows)
        first = ops.equal(k, per_epoch)
        # A run that ended in the epoch before has nothing more to judge.
        made = ops.cast(k, "float32") <= run["h"]["num_steps"]
        whole = ops.logical_and(carry["diverged_at"] < 0, carry["stopped_at"] < 0)
        judged = ops.logical_and(ops.logical_and(made, whole), k > 0)
        better = value + run["h"]["min_delta"] < carry["best"]
        better = ops.logical_and(judged, better)
        kept = ops.logical_or(better, ops.logical_and(judged, first))
        wait = ops.where(better, 0.0, carry["wait"] + ops.cast(judged, "float32"))
        enough = ops.logical_and(wait >= run["h"]["patience"], k > per_epoch)
        stop = ops.logical_and(ops.logical_and(judged, enough), ops.logical_not(better))
        new = {
            **carry,
            "best": ops.where(better, value, carry["best"]),
            "wait": wait,
            "best_at": ops.where(kept, k, carry["best_at"]),
            "stopped_at": ops.where(stop, k, carry["stopped_at"]),
        }
        if stopping.restore_best_weights:
            new["best_w"] = _where(kept, carry["w"], carry["best_w"])
            new["best_s"] = _where(kept, carry["s"], carry["best_s"])
        return new

    # --- the whole training ----------------------------------------------------------

    def _program(
        self, carry: dict[str, Any], run: dict[str, Any], last_row: Tensor
    ) -> dict[str, Any]:
        """Train and record until row `last_row` of the curves is written."""
        self.num_traces += 1

        def unrecorded(carry: dict[str, Any]) -> Tensor:
            return carry["row"] < last_row

        def to_next_row(carry: dict[str, Any]) -> tuple[dict[str, Any]]:
            goal = run["log_steps"][carry["row"]]

            def behind(carry: dict[str, Any]) -> Tensor:
                anyone = ops.any(self._running(carry, run))
                return ops.logical_and(carry["k"] < goal, anyone)

            (carry,) = ops.while_loop(
                behind, lambda carry: (self._next_step(carry, run),), (carry,)
            )
            carry = {**carry, "k": ops.maximum(carry["k"], goal)}
            return (self._record(carry, run),)

        (carry,) = ops.while_loop(unrecorded, to_next_row, (carry,))
        return carry

    def run(
        self,
        weights: list[np.ndarray],
        state: list[np.ndarray],
        seeds: np.ndarray,
        data: Data,
        hyperparameters: dict[str, np.ndarray],
        attributes: dict[str, np.ndarray],
        log_steps: Sequence[int],
        orders: np.ndarray | None = None,
    ) -> StackResult:
        """Train every run and return what was recorded.

        Args:
            weights: Starting trainable weights, each `[R, ...]`.
            state: Starting non-trainable weights, each `[R, ...]`.
            seeds: Seeds that order the batches `[R]`.
            data: The rows.
            hyperparameters: The numbers of `TrainingConfig.hyperparameters` `[R]`.
            attributes: Layer attributes per run, `layer.attribute` to `[R]`.
            log_steps: Increasing numbers of updates at which to record.
            orders: Row orders per epoch `[R, epochs, N]`, in place of drawn ones.
        """
        total = int(hyperparameters["num_steps"].max())
        schedule = _Schedule(self, seeds, log_steps, total, orders)
        grid = schedule.grid
        padded = _ladder(len(grid))
        num_runs = len(seeds)
        h = {n: np.asarray(v, np.float32) for n, v in hyperparameters.items()}
        carry: dict[str, Any] = {
            "k": np.int32(0),
            "row": np.int32(0),
            "w": weights,
            "s": state,
            "slots": initial_slots(
                self.training.optimizer,
                weights,
                h.get("initial_accumulator", np.zeros(num_runs, np.float32)),
            ),
            "diverged_at": np.full(num_runs, -1, np.int32),
            "stopped_at": np.full(num_runs, -1, np.int32),
            "curves": {
                name: np.zeros((padded, num_runs), np.float32)
                for name in self.training.metrics
            },
        }
        stopping = self.training.early_stopping
        if stopping:
            carry["best"] = np.full(num_runs, np.inf, np.float32)
            carry["wait"] = np.zeros(num_runs, np.float32)
            carry["best_at"] = np.full(num_runs, -1, np.int32)
            if stopping.restore_best_weights:
                carry["best_w"], carry["best_s"] = list(weights), list(state)
        run = {
            "h": h,
            "attributes": {n: np.asarray(v, np.float32) for n, v in attributes.items()},
            "data": data.arrays(),
            "log_steps": np.pad(grid, (0, padded - len(grid)), mode="edge"),
        }
        run, carry = keras.tree.map_structure(ops.convert_to_tensor, (run, carry))
        if self.training.probes:
            shapes = probe_sizes(self)
            carry["probes"] = {
                name: ops.zeros((padded, num_runs, size))
                for name, size in shapes.items()
            }
        for last_row, first_epoch, segment in schedule.segments():
            if segment is not None:
                run["orders"] = ops.convert_to_tensor(segment)
                run["first_epoch"] = ops.convert_to_tensor(np.int32(first_epoch))
            carry = self._run(carry, run, ops.convert_to_tensor(np.int32(last_row)))
        return self._result(carry, schedule)

    def _result(self, carry: dict[str, Any], schedule: _Schedule) -> StackResult:
        def host(tensors: Any) -> Any:
            return keras.tree.map_structure(ops.convert_to_numpy, tensors)

        rows = np.flatnonzero(schedule.asked)
        stopping = self.training.early_stopping
        restored = bool(stopping and stopping.restore_best_weights)
        diverged_at = host(carry["diverged_at"])
        return StackResult(
            log_steps=schedule.grid[rows],
            curves={n: host(c)[rows].T for n, c in carry["curves"].items()},
            probes={
                n: np.moveaxis(host(c)[rows], 0, 1)
                for n, c in carry.get("probes", {}).items()
            },
            weights=host(carry["best_w" if restored else "w"]),
            state=host(carry["best_s" if restored else "s"]),
            diverged_at=diverged_at,
            stopped_at=host(carry["stopped_at"]),
            best_at=host(carry.get("best_at", np.full_like(diverged_at, -1))),
        )


class _Schedule:
    """Decide at which updates the program records and where it changes orders."""

    def __init__(
        self,
        program: StackProgram,
        seeds: np.ndarray,
        log_steps: Sequence[int],
        total: int,
        orders: np.ndarray | None,
    ):
        self._program, self._seeds, self._orders = program, seeds, orders
        self._per_epoch = program.training.steps_per_epoch(program.num_rows)
        self._num_epochs = max(1, -(-total // max(self._per_epoch, 1)))
        asked = {min(int(k), total) for k in log_steps} | {total}
        grid = set(asked)
        if program.training.early_stopping:
            every_epoch = set(range(0, total + 1, self._per_epoch))
            asked |= every_epoch - {0}
            grid = set(asked)
        epoch_bytes = 4 * program.num_rows * len(seeds)
        self._chunk = max(1, MAX_ORDER_BYTES // epoch_bytes)
        if self._shuffled_each_epoch:
            ends = range(self._chunk, self._num_epochs, self._chunk)
            grid |= {end * self._per_epoch for end in ends}
        self.grid = np.array(sorted(grid), np.int32)
        self.asked = np.isin(self.grid, sorted(asked))

    @property
    def _shuffled_each_epoch(self) -> bool:
        program = self._program
        return (
            not program.full_batch
            and self._orders is None
            and program.training.shuffle == "reshuffled"
        )

    def segments(self) -> Iterator[tuple[int, int, np.ndarray | None]]:
        """Yield the last row, first epoch and orders `[R or 1, E, N]` of each part."""
        program, num_rows = self._program, self._program.num_rows
        everything = len(self.grid)
        if program.full_batch:
            yield everything, 0, None
        elif self._orders is not None:
            yield everything, 0, np.asarray(self._orders, np.int32)
        elif program.training.shuffle == "none":
            yield everything, 0, np.arange(num_rows, dtype=np.int32)[None, None]
        else:
            streams = _order_streams(self._seeds)
            once = program.training.shuffle == "once"
            num_epochs = 1 if once else self._num_epochs
            for first in range(0, num_epochs, self._chunk):
                count = min(self._chunk, num_epochs - first)
                stored = np.tile(np.arange(num_rows, dtype=np.int32), (count, 1))
                orders = np.stack([s.permuted(stored, axis=1) for s in streams])
                end = (first + count) * self._per_epoch
                last = first + count >= num_epochs
                rows = everything if last else int(np.sum(self.grid <= end))
                yield rows, first, orders


def _order_streams(seeds: np.ndarray) -> list[np.random.Generator]:
    """Return the generator that orders the rows of every run."""
    high, low = stream_key(seeds, "order", 0)
    keys = [(int(h) << 32) | int(k) for h, k in zip(high, low, strict=True)]
    return [np.random.Generator(np.random.Philox(key=key)) for key in keys]


def _where(chosen: Tensor, new: list[Tensor], old: list[Tensor]) -> Any:
    """Return `new` for the runs that are chosen `[R]` and `old` for the others."""
    if not isinstance(new, list):
        return ops.where(
            ops.reshape(chosen, (-1, *(1,) * (len(new.shape) - 1))), new, old
        )
    return [_where(chosen, n, o) for n, o in zip(new, old, strict=True)]


def _set_row(curve: Tensor, row: Tensor, values: Tensor) -> Tensor:
    """Write `values` `[R, ...]` into a row of a curve `[T, R, ...]`."""
    start = ops.stack([row, *[ops.zeros_like(row)] * (len(curve.shape) - 1)])
    return ops.slice_update(curve, start, values[None])


def _ladder(size: int) -> int:
    """Return the smallest power of two that is at least `size`."""
    return 1 << max(size - 1, 0).bit_length()


@functools.lru_cache(maxsize=256)
def _program_of(
    model: MLPConfig | Build,
    training: TrainingConfig,
    per_run_data: bool,
    num_rows: int,
) -> StackProgram:
    built = build_mlp(model) if isinstance(model, MLPConfig) else model()
    return StackProgram(built, training, per_run_data, num_rows)


def stack_program(
    model: MLPConfig | Build, training: TrainingConfig, data: Data
) -> StackProgram:
    """Return the program of a structure, compiled at most once in this process.

    Args:
        model: A config, or a function that builds any Keras model.
        training: The training; only its structure matters.
        data: The rows; only their number and layout matter.
    """
    structure = model.structure() if isinstance(model, MLPConfig) else model
    return _program_of(structure, training.structure(), data.per_run, data.num_rows)


def train_stack(
    model: MLPConfig | Sequence[MLPConfig] | Build,
    training: TrainingConfig | Sequence[TrainingConfig],
    seeds: Sequence[int] | np.ndarray,
    data: Data,
    *,
    attributes: Mapping[str, np.ndarray] | None = None,
    weights: tuple[list[np.ndarray], list[np.ndarray]] | None = None,
    orders: np.ndarray | None = None,
    pad_to: int | None = None,
) -> StackResult:
    """Train R runs as one program.

    A run is the same alone and in a crowd: its starting weights, batch orders, masks
    and noise follow from its own seed.

    Args:
        model: One config for all runs, one per run (of equal `structure()`), or a
            function that builds a Keras model.
        training: One training for all runs, or one per run (of equal `structure()`).
        seeds: One integer per run `[R]`.
        data: The rows to train on.
        attributes: Further layer attributes per run, `layer.attribute` to `[R]`.
        weights: Starting weights (trainable, non-trainable), each `[R, ...]`, in place
            of those drawn from the seeds.
        orders: Row orders per epoch `[R, epochs, N]`, in place of those drawn.
        pad_to: Fill the stack with idle runs up to this size, so that stacks of
            different sizes share a compiled program.

    Raises:
        ConfigError: If structures differ within the stack, data do not fit, or a layer
            cannot be stacked.
    """
    seeds = np.asarray(seeds)
    num_runs = len(seeds)
    models = list(model) if isinstance(model, Sequence) else None
    trainings = list(training) if isinstance(training, Sequence) else [training]
    first = models[0] if models else model
    _check_stack(models, trainings, num_runs, data)
    assert not isinstance(first, Sequence)
    program = stack_program(first, trainings[0], data)
    configs = models or ([first] if isinstance(first, MLPConfig) else [])
    if weights is None:
        weights = _drawn_weights(program.model, configs, seeds)
    trainable, state = weights
    numbers = [t.hyperparameters(data.num_rows) for t in trainings]
    h = {n: np.array([v[n] for v in numbers], np.float32) for n in numbers[0]}
    swept = [config.continuous() for config in configs]
    a = {n: np.array([v[n] for v in swept], np.float32) for n in (swept or [{}])[0]}
    a |= {n: np.asarray(v, np.float32) for n, v in (attributes or {}).items()}
    h, a = ({n: np.broadcast_to(v, num_runs) for n, v in d.items()} for d in (h, a))
    size = max(pad_to or num_runs, num_runs)
    index = np.minimum(np.arange(size), num_runs - 1)
    h = {n: v[index] for n, v in h.items()}
    h["num_steps"] = np.where(np.arange(size) < num_runs, h["num_steps"], 0.0)
    arrays = data.arrays()
    if data.per_run and size > num_runs:
        data = Data(**{n: v[index] for n, v in arrays.items()})
    result = program.run(
        [w[index] for w in trainable],
        [s[index] for s in state],
        seeds[index],
        data,
        h,
        {n: v[index] for n, v in a.items()},
        sorted({k for t in trainings for k in t.log_steps}),
        orders if orders is None or len(orders) == 1 else orders[index],
    )
    return first_runs(result, num_runs)


def first_runs(result: StackResult, num_runs: int) -> StackResult:
    """Return the result without the idle runs at its end."""
    return StackResult(
        log_steps=result.log_steps,
        curves={n: c[:num_runs] for n, c in result.curves.items()},
        probes={n: c[:num_runs] for n, c in result.probes.items()},
        weights=[w[:num_runs] for w in result.weights],
        state=[s[:num_runs] for s in result.state],
        diverged_at=result.diverged_at[:num_runs],
        stopped_at=result.stopped_at[:num_runs],
        best_at=result.best_at[:num_runs],
    )


def _drawn_weights(
    model: keras.Model, configs: Sequence[MLPConfig], seeds: np.ndarray
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Draw every run's starting weights by the initializers of its own config."""
    if len(configs) <= 1:
        rules = initializers_of(configs[0]) if configs else None
        return initial_weights(model, seeds, rules)
    members: dict[MLPConfig, list[int]] = {}
    for position, config in enumerate(configs):
        members.setdefault(config, []).append(position)
    drawn: tuple[list[np.ndarray], list[np.ndarray]] | None = None
    for config, positions in members.items():
        part = initial_weights(model, seeds[positions], initializers_of(config))
        if drawn is None:
            drawn = tuple(  # type: ignore[assignment]
                [np.empty((len(seeds), *a.shape[1:]), a.dtype) for a in arrays]
                for arrays in part
            )
        assert drawn is not None
        for target, source in zip(drawn, part, strict=True):
            for whole, piece in zip(target, source, strict=True):
                whole[positions] = piece
    assert drawn is not None
    return drawn


def _check_stack(
    models: list[MLPConfig] | None,
    trainings: list[TrainingConfig],
    num_runs: int,
    data: Data,
) -> None:
    for name, configs in (("model", models), ("training", trainings)):
        if configs and len(configs) not in (1, num_runs):
            raise ConfigError(
                f"`{name}` must be one config or one per seed ({num_runs})."
                f" Received: {len(configs)} configs."
            )
        if configs and len({c.structure() for c in set(configs)}) > 1:
            raise ConfigError(
                f"`{name}` must hold configs of one structure; stack others apart."
            )
    if data.per_run and len(data.x) != num_runs:
        raise ConfigError(
            f"`data.x` must have one set of rows per seed ({num_runs})."
            f" Received: shape {data.x.shape}."
        )
    if data.y.ndim != data.x.ndim or data.y.shape[:-1] != data.x.shape[:-1]:
        raise ConfigError(
            "`data.y` must have the rows of `data.x` and a last axis of outputs."
            f" Received: x {data.x.shape}, y {data.y.shape}."
        )
    stopping = trainings[0].early_stopping
    names = (*trainings[0].metrics, *([stopping.monitor] if stopping else []))
    if data.x_val is None and any(name.startswith("val_") for name in names):
        raise ConfigError(
            "`data.x_val` must be given to measure validation metrics."
            f" Received: None, metrics {names}."
        )
