"""Stop each run of a stack by the rule of `keras.callbacks.EarlyStopping`."""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from ablations.training.config import KEPT, EarlyStoppingConfig
from ablations.training.optimizers import select_runs

Tensor = Any
Carry = dict[str, Any]


def initial_watch(
    stopping: EarlyStoppingConfig, weights: list[np.ndarray], state: list[np.ndarray]
) -> Carry:
    """Return what the rule remembers of every run, before the first epoch.

    Args:
        stopping: The rule.
        weights: Trainable weights, each `[R, ...]`.
        state: Non-trainable weights, each `[R, ...]`.
    """
    num_runs = len(weights[0])
    watch: Carry = {
        "best": np.full(num_runs, np.inf, np.float32),
        "wait": np.zeros(num_runs, np.float32),
        "best_at": np.full(num_runs, -1, np.int32),
    }
    if stopping.restore_best_weights:
        watch |= {"best_w": list(weights), "best_s": list(state)}
    return watch


def judge_epoch(
    stopping: EarlyStoppingConfig,
    carry: Carry,
    value: Tensor,
    h: dict[str, Tensor],
    steps_per_epoch: int,
) -> Carry:
    """Return the carry after an epoch: best values, waits, and who stops.

    A run waits while `value + min_delta < best` fails, and stops when it has waited
    `patience` epochs, never after the first one.

    Args:
        stopping: The rule.
        carry: State of the stack after `carry["k"]` updates.
        value: Monitored metric `[R]`.
        h: `patience`, `min_delta` and `num_steps` per run `[R]`.
        steps_per_epoch: Updates in an epoch.
    """
    k = carry["k"]
    is_first = ops.equal(k, steps_per_epoch)
    is_end = ops.logical_and(k > 0, ops.equal(k % steps_per_epoch, 0))
    made = ops.logical_and(is_end, ops.cast(k, "float32") <= h["num_steps"])
    whole = ops.logical_and(carry["diverged_at"] < 0, carry["stopped_at"] < 0)
    judged = ops.logical_and(made, whole)
    lower = value + h["min_delta"] < carry["best"]
    # Whatever the first epoch brings is the best so far, even if it is no number.
    better = ops.logical_and(judged, ops.logical_or(lower, is_first))
    wait = ops.where(better, 0.0, carry["wait"] + ops.cast(judged, "float32"))
    waited = ops.logical_and(judged, ops.logical_not(better))
    stop = ops.logical_and(waited, wait >= h["patience"])
    new = {
        **carry,
        "best": ops.where(better, value, carry["best"]),
        "wait": wait,
        "best_at": ops.where(better, k, carry["best_at"]),
        "stopped_at": ops.where(stop, k, carry["stopped_at"]),
    }
    if stopping.restore_best_weights:
        new["best_w"] = select_runs(better, carry["w"], carry["best_w"])
        new["best_s"] = select_runs(better, carry["s"], carry["best_s"])
    return new


def initial_kept(
    num_kept: int, weights: list[np.ndarray], state: list[np.ndarray]
) -> list[Carry]:
    """Return the weights that are kept for outputs, before the first record.

    Args:
        num_kept: How many patiences there are.
        weights: Trainable weights, each `[R, ...]`.
        state: Non-trainable weights, each `[R, ...]`.
    """
    num_runs = len(weights[0])
    return [
        {
            "best": np.full(num_runs, np.inf, np.float32),
            "wait": np.zeros(num_runs, np.float32),
            "w": list(weights),
            "s": list(state),
        }
        for _ in range(num_kept)
    ]


def keep_weights(carry: Carry, value: Tensor, h: dict[str, Tensor]) -> list[Carry]:
    """Return what is kept after a record, by the rule of `judge_epoch`.

    A run that would have stopped goes on, but keeps nothing further.

    Args:
        carry: State of the stack, before the record is counted.
        value: Monitored metric `[R]`.
        h: The patiences and `num_steps` per run `[R]`.
    """
    made = ops.cast(carry["k"], "float32") <= h["num_steps"]
    judged = ops.logical_and(made, carry["diverged_at"] < 0)
    is_first = ops.equal(carry["row"], 0)
    new = []
    for number, kept in enumerate(carry["kept"]):
        patience = h[f"{KEPT}{number}"]
        is_last_kept = ops.equal(patience, 0.0)
        waits = ops.logical_and(judged, kept["wait"] < patience)
        lower = ops.logical_or(value < kept["best"], is_first)
        better = ops.logical_or(
            ops.logical_and(judged, is_last_kept), ops.logical_and(waits, lower)
        )
        new.append(
            {
                "best": ops.where(better, value, kept["best"]),
                "wait": ops.where(better, 0.0, kept["wait"] + 1.0),
                "w": select_runs(better, carry["w"], kept["w"]),
                "s": select_runs(better, carry["s"], kept["s"]),
            }
        )
    return new
