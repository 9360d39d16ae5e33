"""Derive scores of runs from probes: how signals and gradients change with depth.

A probe is `[S, T, L]`: runs, recorded updates, layers from the input on.
`kernel_gradient_norm` and `kernel_update_ratio` have the output layer as their last,
which is left out here, so that l = 1 .. L are the hidden layers.
Layers differ by powers of ten, hence the logarithms to base 10; numbers below
`SMALLEST`, exact zeros among them, count as `SMALLEST`.
What is not finite stays so, and its run has no score.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ablations.store.table import RunTable
from models.config import ConfigError, one_of, requirement

SMALLEST = 1e-45
"""Stands for what underflows: about the smallest number above 0 in float32."""

Score = Callable[[RunTable, int | None], np.ndarray]


def probe_of(table: RunTable, name: str) -> np.ndarray:
    """Return a probe as float64 `[S, T, L]`.

    Raises:
        ConfigError: If it was not recorded.
    """
    probes = {
        key.removeprefix("probe."): array
        for key, array in table.arrays.items()
        if key.startswith("probe.")
    }
    return probes[one_of("probe", name, probes)].astype(np.float64)


def column_of(table: RunTable, at: int | None) -> int:
    """Return the place of an update among the recorded ones, the last for None.

    Raises:
        ConfigError: If nothing was recorded at that update.
    """
    steps = table.arrays["steps"][0]
    if at is None:
        return len(steps) - 1
    (column,) = np.nonzero(steps == at)
    if not len(column):
        raise ConfigError(
            f"`at` must be a recorded number of updates, one of {steps.tolist()}."
            f" Received: {at}."
        )
    return int(column[0])


def log10_floored(values: np.ndarray) -> np.ndarray:
    """Return log10 of numbers of at least 0; below `SMALLEST` that of `SMALLEST`.

    NaN and infinity stay what they are.
    """
    return np.log10(np.maximum(values, SMALLEST))


def ratio(values: np.ndarray) -> np.ndarray:
    """Return log10(v_1 / v_L) of the first to the last layer `[...]`.

    Args:
        values: Numbers of at least 0 per layer `[..., L]`; 0 for one layer.
    """
    logs = log10_floored(values)
    return logs[..., 0] - logs[..., -1]


def slope(values: np.ndarray) -> np.ndarray:
    """Return the least-squares slope of log10 v_l against l = 1 .. L `[...]`.

    Args:
        values: Numbers of at least 0 per layer `[..., L]`.

    Raises:
        ConfigError: If there are fewer than two layers.
    """
    num_layers = values.shape[-1]
    if num_layers < 2:
        must = "must have at least two layers where a slope over them is asked"
        raise requirement("probe", must, num_layers)
    place = np.arange(num_layers) - (num_layers - 1) / 2
    logs = log10_floored(values)
    centered = logs - logs.mean(axis=-1, keepdims=True)
    return centered @ place / (place @ place)


def _scored(
    probe: str, measure: Callable[[np.ndarray], np.ndarray], *, hidden: bool = False
) -> Score:
    """Return a score of one probe at one update; `hidden` leaves the last layer out."""

    def derive(table: RunTable, at: int | None) -> np.ndarray:
        values = probe_of(table, probe)[:, column_of(table, at)]
        return measure(values[:, :-1] if hidden else values)

    return derive


def worst_gradient_ratio(table: RunTable, at: int | None) -> np.ndarray:
    """Return the largest |log10(|g_1| / |g_L|)| of the updates up to `at` `[S]`."""
    norms = probe_of(table, "kernel_gradient_norm")
    seen = norms[:, : column_of(table, at) + 1, :-1]
    return np.abs(ratio(seen)).max(axis=1)


def activation_shift(table: RunTable, at: int | None) -> np.ndarray:
    """Return the mean over layers of |mean| over deviation of the activations `[S]`.

    A layer whose activations never vary counts as shifted without end.
    """
    column = column_of(table, at)
    mean = np.abs(probe_of(table, "activation_mean")[:, column])
    variance = probe_of(table, "activation_variance")[:, column]
    return np.mean(mean / np.sqrt(np.maximum(variance, SMALLEST)), axis=1)


def _most(values: np.ndarray) -> np.ndarray:
    return values.max(axis=-1)


def _first(values: np.ndarray) -> np.ndarray:
    return log10_floored(values[..., 0])


def _largest(values: np.ndarray) -> np.ndarray:
    return log10_floored(values).max(axis=-1)


def _last_to_first(values: np.ndarray) -> np.ndarray:
    return -ratio(values)


def _mean(values: np.ndarray) -> np.ndarray:
    return values.mean(axis=-1)


def _log10_root_of_squares(values: np.ndarray) -> np.ndarray:
    return log10_floored(np.sqrt((values**2).sum(axis=-1)))


PROBE_SCORES: dict[str, Score] = {
    "first_gradient": _scored("kernel_gradient_norm", _first),
    "gradient_ratio": _scored("kernel_gradient_norm", ratio, hidden=True),
    "gradient_slope": _scored("kernel_gradient_norm", slope, hidden=True),
    "worst_gradient_ratio": worst_gradient_ratio,
    "update_ratio": _scored("kernel_update_ratio", ratio, hidden=True),
    "largest_update": _scored("kernel_update_ratio", _largest, hidden=True),
    "update_slope": _scored("kernel_update_ratio", slope, hidden=True),
    "moment_ratio": _scored("activation_second_moment", _last_to_first),
    "moment_slope": _scored("activation_second_moment", slope),
    "variance_ratio": _scored("activation_variance", _last_to_first),
    "mean_saturated_share": _scored("saturated_share", _mean),
    "mean_slope_second_moment": _scored("slope_second_moment", _mean),
    "mean_dead_share": _scored("dead_share", _mean),
    "largest_dead_share": _scored("dead_share", _most),
    "activation_shift": activation_shift,
    "mean_zero_slope_share": _scored("zero_slope_share", _mean),
    "mean_flat_share": _scored("flat_share", _mean),
    "final_weight_norm": _scored("weight_norm", _log10_root_of_squares),
}
"""Scores by name, one number per run `[S]` after `at` updates, the last for None.

| name | score |
|---|---|
| `first_gradient` | log10 of the gradient norm of the first hidden kernel |
| `gradient_ratio` | log10 of the gradient norm of the first hidden kernel to the last |
| `gradient_slope` | slope of log10 of the gradient norm of a hidden kernel per layer |
| `worst_gradient_ratio` | largest size of `gradient_ratio` at any update up to `at` |
| `update_ratio` | log10 of the relative update of the first hidden kernel to the last |
| `update_slope` | slope of log10 of the relative update of a hidden kernel per layer |
| `largest_update` | log10 of the largest relative update of a hidden kernel |
| `moment_ratio` | log10 of the mean square of the last activations to the first |
| `moment_slope` | slope of log10 of the mean square of the activations per layer |
| `variance_ratio` | log10 of the variance of the last activations to the first |
| `mean_saturated_share` | mean over layers of the share of saturated units |
| `mean_slope_second_moment` | mean over layers of the mean square of the slope |
| `mean_dead_share` | mean over layers of the share of dead units |
| `largest_dead_share` | largest share of dead units of a layer |
| `activation_shift` | mean over layers of the size of the mean over the deviation |
| `mean_zero_slope_share` | mean over layers of the share of units without gradient |
| `mean_flat_share` | mean over layers of the share of units with hardly any gradient |
| `final_weight_norm` | log10 of the norm of all weights together |
"""
