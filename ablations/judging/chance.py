"""Say what the best constant answer scores."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ablations.evidence.scores import DERIVED
from ablations.judging.held_out import part_of, targets_of
from ablations.judging.side import Side
from ablations.protocol.run_config import RunConfig

CHANCE_SEEDS = 10
"""Seeds whose rows say what a constant answer scores, where each has its own."""


def chance_level(side: Side) -> tuple[float, int] | None:
    """Return what the best constant answer scores, and 1 if more is better, else -1.

    The constant is the best one on the training rows, also where it is scored on the
    validation or test rows. Where every seed has rows of its own, it is the mean over
    the first ten. None for scores of other things than answers.
    """
    quantity = side.score.quantity
    if quantity in DERIVED or side.task is None:
        return None
    part = part_of(quantity)
    name = quantity if part == "train" else quantity.removeprefix(f"{part}_")
    seeds = side.table.seeds[:CHANCE_SEEDS] if side.task.per_seed else [0]
    found = []
    for seed in seeds:
        data = side.task.rows_of_run(int(seed))
        truth = targets_of(data, part)
        if truth is None:
            return None
        known = data.y.astype(np.float64)
        found.append(_of_constant(name, side.config, known, truth.astype(np.float64)))
    numbers = [number for number in found if number is not None]
    if not numbers:
        return None
    return float(np.mean(numbers)), 1 if name == "accuracy" else -1


def _of_constant(
    name: str, config: RunConfig, known: np.ndarray, truth: np.ndarray
) -> float | None:
    if name == "accuracy":
        return _accuracy_of_constant(known, truth)
    if name == "max_error":
        half = (known.max(axis=0) + known.min(axis=0)) / 2
        return float(np.abs(truth - half).max())
    loss = config.get_loss()
    if name != "loss" or loss is None:
        return None
    return _loss_of_constant(loss, known, truth)


def _accuracy_of_constant(known: np.ndarray, truth: np.ndarray) -> float:
    if known.shape[1] > 1:
        answer = int(known.mean(axis=0).argmax())
        return float((truth.argmax(axis=1) == answer).mean())
    answers = known.mean(axis=0) > 0.5
    return float(((truth > 0.5) == answers).all(axis=1).mean())


def _loss_of_constant(loss: str, known: np.ndarray, truth: np.ndarray) -> float:
    mean = known.mean(axis=0)
    if loss == "mse":
        return float(((truth - mean) ** 2).mean())
    if loss == "hinge":
        answer = np.where(mean > 0.5, 1.0, -1.0)
        return float(np.maximum(1.0 - (2.0 * truth - 1.0) * answer, 0.0).mean())
    smallest = math.ulp(1.0)
    terms: Any = truth * np.log(np.maximum(mean, smallest))
    if loss == "binary_crossentropy":
        terms = terms + (1.0 - truth) * np.log(np.maximum(1.0 - mean, smallest))
        return float(-terms.mean())
    return float(-terms.sum(axis=1).mean())
