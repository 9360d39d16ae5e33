"""Turn stored runs into one number each."""

from __future__ import annotations

import numpy as np

from ablations.evidence.probe_scores import (
    PROBE_SCORES,
    Score,
    column_of,
    log10_floored,
)
from ablations.evidence.weight_scores import WEIGHT_SCORES
from ablations.protocol.score import ScoreConfig
from ablations.store.table import RunTable
from models.config import ConfigError, one_of


def score(table: RunTable, config: ScoreConfig) -> np.ndarray:
    """Return one number per run `[S]`, as the score says.

    Success scores are 0 or 1, and 0 for every run that is not `ok` or whose number is
    NaN. Other scores of runs that are not `ok` are NaN.

    Raises:
        ConfigError: If the quantity was not recorded, or not at that update.
    """
    ok = table.status == "ok"
    values = np.full(len(table), np.nan)
    if ok.any():
        values[ok] = _quantity(table.select(ok), config)
    return _success(values, config) if config.is_success else values


def _success(values: np.ndarray, config: ScoreConfig) -> np.ndarray:
    """Return 1 where numbers lie inside the bounds of a score, else 0."""
    # Curves are float32: a bound of 0.95 must let in an accuracy of 0.95.
    kind = np.float64 if config.quantity in DERIVED else np.float32
    low = -np.inf if config.at_least is None else float(kind(config.at_least))
    high = np.inf if config.at_most is None else float(kind(config.at_most))
    return ((values >= low) & (values <= high)).astype(np.float64)


def first_updates(table: RunTable, target: ScoreConfig, budget: int) -> np.ndarray:
    """Return the first recorded update at which each run reaches a target `[S]`.

    Infinite for runs that do not within `budget` updates, and for all that are not
    `ok`, even if they were there before they diverged.

    Raises:
        ConfigError: If the quantity was not recorded, or not until the budget.
    """
    times = np.full(len(table), np.inf)
    ok = table.status == "ok"
    if not ok.any():
        return times
    runs = table.select(ok)
    curve = _curve(runs, target.quantity)  # [S, T]
    steps = runs.arrays["steps"]  # [S, T]
    if steps.max() < budget:
        must = "must be at most the last recorded update,"
        raise ConfigError(f"`budget` {must} {steps.max():,}. Received: {budget:,}.")
    there = (_success(curve, target) > 0) & (steps <= budget)
    times[ok] = np.where(there, steps.astype(np.float64), np.inf).min(axis=1)
    return times


def _quantity(table: RunTable, config: ScoreConfig) -> np.ndarray:
    if config.quantity in DERIVED:
        return DERIVED[config.quantity](table, config.at)
    return curve_at(table, config.quantity, config.at)


def curve_at(table: RunTable, metric: str, at: int | None) -> np.ndarray:
    """Return a recorded metric after `at` updates, the last if None `[S]`.

    Raises:
        ConfigError: If the metric was not recorded, or not at that update.
    """
    return _curve(table, metric)[:, column_of(table, at)].astype(np.float64)


def _curve(table: RunTable, metric: str) -> np.ndarray:
    """Return a recorded metric at all recorded updates `[S, T]`."""
    curves = {
        name.removeprefix("curve."): curve
        for name, curve in table.arrays.items()
        if name.startswith("curve.")
    }
    return curves[one_of("quantity", metric, (*curves, *DERIVED))]


NONE_WRONG = 0.002
"""Added to shares of errors, so that none is not infinitely fewer than one."""


def log10_test_error(table: RunTable, at: int | None) -> np.ndarray:
    """Return log10 of the errors on test rows `[S]`.

    That is the share of wrong answers, and a fifth of a percentage point more; where no
    accuracy was recorded, the loss.
    """
    if "curve.test_accuracy" in table.arrays:
        return np.log10(1.0 - curve_at(table, "test_accuracy", at) + NONE_WRONG)
    return log10_floored(curve_at(table, "test_loss", at))


DERIVED: dict[str, Score] = {
    **WEIGHT_SCORES,
    **PROBE_SCORES,
    "log10_test_error": log10_test_error,
}
"""Scores by name; each turns the runs of a table into one number per run `[S]`.

It is told after how many updates the number is wanted, None for the last recorded.
"""
