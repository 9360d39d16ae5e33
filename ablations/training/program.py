"""One structure as one compiled program: every update, record and stop.

What changes travels through the program in two dictionaries, so that a structure is
compiled once, whatever its numbers are.
`carry` is what an update changes: `k` updates made, `turn` of them by the present
orders, `row` of the curves, weights `w`, state `s`, optimizer `slots`, `curves`,
`probes`, and per run where it `diverged_at` or `stopped_at`; also the weights that are
`kept` for outputs, and the state of `evaluation` where batch norm's statistics are
taken of the training rows.
`run` is what stays: hyperparameters `h`, layer `attributes`, `data`, `log_steps` and
row `orders`.
"""

from __future__ import annotations

import functools
import math
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import keras
import numpy as np
from keras import ops

from ablations.tasks.data import Data
from ablations.training.backend import compile_program
from ablations.training.batch_norm import batch_norms
from ablations.training.batches import Timetable, padded_length, takes_all_rows
from ablations.training.config import SCHEDULE_NUMBERS, TrainingConfig
from ablations.training.early_stopping import (
    initial_kept,
    initial_watch,
    judge_epoch,
    keep_weights,
)
from ablations.training.optimizers import (
    apply_update,
    clip_gradients,
    initial_slots,
    places,
    select_runs,
)
from ablations.training.probes import Probes
from ablations.training.recorded_metrics import RecordedMetrics
from ablations.training.result import StackResult
from ablations.training.rolled_model import Blocks, RolledModel
from ablations.training.stacked_model import StackedModel, all_layers

Tensor = Any
Carry = dict[str, Any]
Run = dict[str, Any]
Batch = Callable[[Carry], Tensor | None]
Program = Callable[..., Any]


TRACING: WeakKeyDictionary[keras.Model, threading.Lock] = WeakKeyDictionary()
"""Held by the thread that traces a program of a model; programs may share one."""


class StackProgram:
    """Train stacks of one structure.

    `num_traces` counts how often Python traced the program, which is how often it was
    compiled.

    Args:
        model: A built model; its own weights are never read or changed.
        training: The training; only its structure matters.
        per_run_data: Whether every run has rows of its own.
        num_rows: Training rows of one run.
        blocks: Equal hidden blocks to loop over, as from `equal_blocks`; without them
            the whole network is one piece.
        rows_are_apart: Whether what the network says of a row at inference, and its
            penalty, do not depend on the other rows.

    Raises:
        ConfigError: If a metric or probe is unknown.
    """

    def __init__(
        self,
        model: keras.Model,
        training: TrainingConfig,
        per_run_data: bool,
        num_rows: int,
        blocks: Blocks = (),
        *,
        rows_are_apart: bool = False,
    ) -> None:
        """Prepare the program; it is compiled at the first call."""
        self.model, self.training, self.num_rows = model, training, num_rows
        self.num_traces = 0
        parts = (model, training, per_run_data)
        self._stacked = RolledModel(*parts, blocks) if blocks else StackedModel(*parts)
        self._metrics = RecordedMetrics(self._stacked, rows_are_apart)
        self._probes = Probes(self._stacked, num_rows)
        self._restates = training.batch_norm_statistics == "training_rows" and bool(
            batch_norms(all_layers(model))
        )
        self._layer_numbers = self._stacked.weights.pack(
            [np.array([[_layer_number(v.path)]]) for v in model.trainable_variables]
        )
        self._per_epoch = training.steps_per_epoch(num_rows)
        self._train = compile_program(functools.partial(self._program, trains=True))
        # Where no run makes an update, the updates need not be compiled.
        self._watch = compile_program(functools.partial(self._program, trains=False))
        self._say = compile_program(self._metrics.outputs)
        self._tracing = TRACING.setdefault(model, threading.Lock())
        self._traced: set[tuple[Program, tuple[str, ...]]] = set()

    def run(
        self,
        weights: list[np.ndarray],
        state: list[np.ndarray],
        seeds: np.ndarray,
        data: Data,
        hyperparameters: dict[str, np.ndarray],
        attributes: dict[str, np.ndarray],
        log_steps: Iterable[int],
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
            log_steps: Numbers of updates after which to record.
            orders: Row orders `[1 or R, epochs, N]`, in place of drawn ones.
        """
        total = int(hyperparameters["num_steps"].max())
        hyperparameters = _numbers_read(hyperparameters)
        timetable = Timetable(
            self.training, self.num_rows, seeds, total, log_steps, orders
        )
        num_records = padded_length(len(timetable.steps))
        missing = num_records - len(timetable.steps)
        run: Run = {
            "h": hyperparameters,
            "attributes": self._stacked.packed_attributes(attributes),
            "data": data.arrays(),
            "log_steps": np.pad(timetable.steps, (0, missing), mode="edge"),
        }
        packed = self._stacked.weights.pack(weights), self._stacked.state.pack(state)
        carry = self._start(*packed, hyperparameters, num_records)
        run, carry = keras.tree.map_structure(ops.convert_to_tensor, (run, carry))
        for segment in timetable.segments():
            if segment.orders is not None:
                run["orders"] = ops.convert_to_tensor(segment.orders)
            # TensorFlow takes a number that no update changes for a constant: that of
            # the first epoch had the program compiled anew for every segment.
            carry["turn"] = ops.convert_to_tensor(np.int32(0))
            last_row = ops.convert_to_tensor(np.int32(segment.num_rows))
            program = self._train if total > 0 else self._watch
            carry = self._call(program, carry, run, last_row)
            if int(ops.convert_to_numpy(carry["row"])) < segment.num_rows:
                break  # every run has ended
        outputs = self._outputs(carry.pop("kept", []), run)
        num_steps = hyperparameters["num_steps"]
        return replace(self._result(carry, timetable, num_steps), outputs=outputs)

    def _outputs(self, kept: list[Carry], run: Run) -> list[dict[str, np.ndarray]]:
        """Return what the runs say with each of the weights that were kept.

        This is the one place where outputs are computed.
        """
        known = {name: run[name] for name in ("attributes", "data")}
        said = [self._call(self._say, one["w"], one["s"], known) for one in kept]
        return keras.tree.map_structure(ops.convert_to_numpy, said)

    def _call(self, program: Program, *arguments: Any) -> Any:
        """Call a compiled program.

        While it is traced, the layers of the model hold tracers in place of numbers,
        so only one thread at a time may do that, whichever program of the model it is.
        """
        arrays = keras.tree.flatten(arguments)
        shapes = tuple(f"{array.dtype}{tuple(array.shape)}" for array in arrays)
        if (program, shapes) in self._traced:
            return program(*arguments)
        with self._tracing:
            found = program(*arguments)
            self._traced.add((program, shapes))
        return found

    def _start(
        self,
        weights: list[np.ndarray],
        state: list[np.ndarray],
        h: dict[str, np.ndarray],
        num_records: int,
    ) -> Carry:
        num_runs = len(h["num_steps"])
        carry: Carry = {
            "k": np.int32(0),
            "row": np.int32(0),
            "w": weights,
            "s": state,
            "slots": initial_slots(
                self.training.optimizer, weights, h, self._stacked.weights.axes()
            ),
            "diverged_at": np.full(num_runs, -1, np.int32),
            "stopped_at": np.full(num_runs, -1, np.int32),
            "curves": {
                name: np.zeros((num_records, num_runs), np.float32)
                for name in self.training.metrics
            },
            "probes": {
                name: np.zeros((num_records, num_runs, size), np.float32)
                for name, size in self._probes.sizes().items()
            },
        }
        if self._restates:
            carry["evaluation"] = list(state)
        if self.training.early_stopping:
            carry |= initial_watch(self.training.early_stopping, weights, state)
        if self.training.outputs:
            num_kept = len(self.training.outputs.patience)
            carry["kept"] = initial_kept(num_kept, weights, state)
        return carry

    def _program(
        self, carry: Carry, run: Run, last_row: Tensor, *, trains: bool
    ) -> Carry:
        """Train and record until row `last_row` of the curves is written.

        Where nobody runs any more, later rows stay empty.
        """
        self.num_traces += 1

        def unrecorded(carry: Carry) -> Tensor:
            anyone = ops.any(self._running(carry, run))
            awaited = ops.logical_or(anyone, ops.equal(carry["row"], 0))
            return ops.logical_and(carry["row"] < last_row, awaited)

        def to_next_row(carry: Carry) -> tuple[Carry]:
            goal = run["log_steps"][carry["row"]]
            if trains:
                carry = self._advance(carry, run, goal)
            return (self._record({**carry, "k": goal}, run),)

        (carry,) = ops.while_loop(unrecorded, to_next_row, (carry,))
        return carry

    def _running(self, carry: Carry, run: Run) -> Tensor:
        """Return which runs make the next update `[R]`."""
        unfinished = ops.cast(carry["k"], "float32") < run["h"]["num_steps"]
        whole = ops.logical_and(carry["diverged_at"] < 0, carry["stopped_at"] < 0)
        return ops.logical_and(unfinished, whole)

    def _advance(self, carry: Carry, run: Run, goal: Tensor) -> Carry:
        """Make the updates up to `goal`, as long as anyone runs."""

        def behind(carry: Carry) -> Tensor:
            anyone = ops.any(self._running(carry, run))
            return ops.logical_and(carry["k"] < goal, anyone)

        def repeat(carry: Carry, while_true: Callable[..., Tensor], rows: Batch):
            (carry,) = ops.while_loop(
                while_true, lambda c: (self._step(c, run, rows(c)),), (carry,)
            )
            return carry

        if takes_all_rows(self.training, self.num_rows):
            return repeat(carry, behind, lambda c: None)
        size = self.training.batch_size
        short = self.num_rows - (self._per_epoch - 1) * size
        if self.training.drop_remainder or short == size:
            return repeat(carry, behind, lambda c: self._rows(c, run, size))

        # A loop that runs once copies no state, as a conditional would.
        def is_last(carry: Carry) -> Tensor:
            return ops.equal(carry["k"] % self._per_epoch, self._per_epoch - 1)

        def on_full(carry: Carry) -> Tensor:
            return ops.logical_and(behind(carry), ops.logical_not(is_last(carry)))

        def on_short(carry: Carry) -> Tensor:
            return ops.logical_and(behind(carry), is_last(carry))

        def epoch(carry: Carry) -> tuple[Carry]:
            carry = repeat(carry, on_full, lambda c: self._rows(c, run, size))
            return (repeat(carry, on_short, lambda c: self._rows(c, run, short)),)

        (carry,) = ops.while_loop(behind, epoch, (carry,))
        return carry

    def _rows(self, carry: Carry, run: Run, size: int) -> Tensor:
        """Return the indices of the next batch, `[R, size]`, or `[size]` for all."""
        orders = run["orders"]  # [1 or R, E, N]
        epoch = carry["turn"] // self._per_epoch
        first = carry["k"] % self._per_epoch * self.training.batch_size
        if orders.shape[1] == 1:
            epoch = ops.zeros_like(epoch)
        start = ops.stack([ops.zeros_like(epoch), epoch, first])
        taken = ops.slice(orders, start, (orders.shape[0], 1, size))[:, 0, :]
        return taken if orders.shape[0] > 1 else taken[0]

    def _step(self, carry: Carry, run: Run, rows: Tensor | None) -> Carry:
        """Make one update of every run that is still running."""
        k, h = carry["k"], run["h"]
        optimizer, axes = self.training.optimizer, self._stacked.weights.axes()
        at = places(optimizer, carry["w"], carry["slots"], h)
        losses, state, gradients = self._stacked.gradients(at, carry["s"], run, rows)
        running, finite = self._running(carry, run), ops.isfinite(losses)
        moving = ops.logical_and(running, finite)
        failed = ops.logical_and(running, ops.logical_not(finite))
        weights, slots = apply_update(
            optimizer,
            carry["w"],
            clip_gradients(gradients, self.training.clip_kind, h["clip"], axes),
            carry["slots"],
            h,
            ops.cast(k, "float32"),
            moving,
            axes,
        )
        if self.training.frozen_layers:
            weights = self._thawed(weights, carry["w"], h["frozen_layers"])
        return {
            **carry,
            "k": k + 1,
            "turn": carry["turn"] + 1,
            "w": weights,
            "s": select_runs(moving, state, carry["s"]),
            "slots": slots,
            "diverged_at": ops.where(failed, k, carry["diverged_at"]),
        }

    def _thawed(
        self, new: list[Tensor], old: list[Tensor], num_frozen: Tensor
    ) -> list[Tensor]:
        """Return the new weights where layers learn, the old ones in frozen layers."""
        chosen = []
        for w, before, numbers in zip(new, old, self._layer_numbers, strict=True):
            frozen = num_frozen[:, None] >= numbers.reshape(1, -1).astype(np.float32)
            shape = (w.shape[0], *numbers.shape[1:-1])
            shape = (*shape, *(1,) * (len(w.shape) - len(shape)))
            chosen.append(ops.where(ops.reshape(frozen, shape), before, w))
        return chosen

    def _record(self, carry: Carry, run: Run) -> Carry:
        """Write a row of every curve, then let early stopping judge the epoch."""
        row, of_training = carry["row"], carry["s"]
        state = of_training
        if self._restates:
            state = self._stacked.restated(carry["w"], of_training, run)
            carry = {**carry, "evaluation": state}
        metrics = self._metrics.measure(carry, run, state)
        probes = self._probes.measure(carry, run)
        # Weights are kept together with the statistics they were judged with.
        carry = {**carry, "s": state}
        if self.training.outputs:
            value = metrics[self.training.outputs.monitor]
            carry = {**carry, "kept": keep_weights(carry, value, run["h"])}
        carry = {
            **carry,
            "row": row + 1,
            "curves": _with_row(carry["curves"], row, metrics),
            "probes": _with_row(carry["probes"], row, probes),
        }
        stopping = self.training.early_stopping
        if stopping:
            value = metrics[stopping.monitor]
            carry = judge_epoch(stopping, carry, value, run["h"], self._per_epoch)
        return {**carry, "s": of_training}

    def _result(
        self, carry: Carry, timetable: Timetable, num_steps: np.ndarray
    ) -> StackResult:
        carry = keras.tree.map_structure(ops.convert_to_numpy, carry)
        # Nothing changes once everybody has ended, so the last row stands for the rest.
        rows = np.flatnonzero(timetable.is_asked)
        written = np.minimum(rows, carry["row"] - 1)
        stopping = self.training.early_stopping
        restored = bool(stopping and stopping.restore_best_weights)
        stopped_at, diverged_at = carry["stopped_at"], carry["diverged_at"].copy()
        made = np.where(stopped_at < 0, num_steps, stopped_at).astype(np.int32)
        # Early stopping may keep the weights of another update than the last.
        last = carry["w"], carry.get("evaluation", carry["s"])
        weights, state = (carry["best_w"], carry["best_s"]) if restored else last
        weights = self._stacked.weights.unpack(weights)
        state = self._stacked.state.unpack(state)
        broken = (diverged_at < 0) & ~_finite(carry["w"])
        diverged_at[broken] = made[broken]
        return StackResult(
            log_steps=timetable.steps[rows],
            curves={n: carry["curves"][n][written].T for n in self.training.metrics},
            probes={
                name: np.moveaxis(carry["probes"][name][written], 0, 1)
                for name in self.training.probes
            },
            weights=weights,
            state=state,
            diverged_at=diverged_at,
            stopped_at=stopped_at,
            best_at=carry.get("best_at", np.full_like(diverged_at, -1)),
        )


def _numbers_read(h: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Leave out what schedules read where all rates are constant.

    Powers and cosines are expensive to compile, once for each weight.
    """
    if np.any(h["schedule"]):
        return h
    return {name: array for name, array in h.items() if name not in SCHEDULE_NUMBERS}


def _layer_number(path: str) -> float:
    """Return the number of the hidden layer that a variable belongs to, or infinity.

    Convolutions count with the first.
    """
    if path.startswith("conv_"):
        return 1.0
    found = re.search(r"(?:hidden|batch_norm|activation)_(\d+)/", path)
    return float(found.group(1)) if found else math.inf


def _with_row(
    curves: dict[str, Tensor], row: Tensor, values: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Write `values` `[R, ...]` into a row of every curve `[T, R, ...]`."""

    def written(curve: Tensor, value: Tensor) -> Tensor:
        start = ops.stack([row, *[ops.zeros_like(row)] * (len(curve.shape) - 1)])
        return ops.slice_update(curve, start, value[None])

    return {name: written(curve, values[name]) for name, curve in curves.items()}


def _finite(weights: list[np.ndarray]) -> np.ndarray:
    """Return which runs have only finite weights `[R]`."""
    return np.all(
        [np.isfinite(w).reshape(len(w), -1).all(axis=1) for w in weights], axis=0
    )
