"""Time a gradient by backpropagation against a forward pass, and by differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from threadpoolctl import threadpool_limits

from ablations.measures.quantities import Quantities, by_name
from ablations.measures.timing import median_between, work_ratios

WIDTHS = {"2": 5, "3": 20, "4": 69, "5": 222, "6": 706}
"""Units of both hidden layers, by the power of ten nearest to the parameters."""

ROWS, NUM_OUTPUTS = 16, 10
REPEATS, FEW_REPEATS = 30, 5
SEED = 0
SPACING = 1e-6
MOST_ENTRIES = 20
"""Entries of a gradient that are computed by differences; the others take as long."""

Arrays = list[np.ndarray]


def network(width: int) -> tuple[Arrays, np.ndarray, np.ndarray]:
    """Return kernels and biases, inputs and targets of three layers as wide as these.

    Layers are `width` to `width` to `width` to 10, with ReLU between them; targets are
    classes as one-hot rows.
    """
    rng = np.random.default_rng(SEED)
    parameters: Arrays = []
    for units in (width, width, NUM_OUTPUTS):
        scale = np.sqrt(2.0 / width)
        parameters += [scale * rng.standard_normal((width, units)), np.zeros(units)]
    labels = rng.integers(NUM_OUTPUTS, size=ROWS)
    return parameters, rng.standard_normal((ROWS, width)), np.eye(NUM_OUTPUTS)[labels]


def forward(parameters: Arrays, x: np.ndarray, y: np.ndarray) -> tuple[float, Arrays]:
    """Return the mean cross-entropy, and the inputs of every layer and the softmax."""
    signals = [x]
    last = len(parameters) // 2 - 1
    for k in range(last + 1):
        z = signals[-1] @ parameters[2 * k] + parameters[2 * k + 1]
        signals.append(z if k == last else np.maximum(z, 0.0))
    z = signals[-1] - signals[-1].max(axis=1, keepdims=True)
    powers = np.exp(z)
    total = powers.sum(axis=1, keepdims=True)
    signals[-1] = powers / total
    return float((np.log(total[:, 0]) - (y * z).sum(axis=1)).mean()), signals


def backward(parameters: Arrays, signals: Arrays, y: np.ndarray) -> Arrays:
    """Return the gradient by every kernel and bias, from what `forward` kept."""
    error = (signals[-1] - y) / len(y)
    gradients: Arrays = []
    for k in range(len(parameters) // 2 - 1, -1, -1):
        gradients = [signals[k].T @ error, error.sum(axis=0), *gradients]
        if k:
            error = (error @ parameters[2 * k].T) * (signals[k] > 0.0)
    return gradients


def by_differences(
    parameters: Arrays, x: np.ndarray, y: np.ndarray, num_entries: int
) -> np.ndarray:
    """Return so many entries of the gradient, the first, by one-sided differences."""
    start, _ = forward(parameters, x, y)
    found: list[float] = []
    for parameter in parameters:
        flat = parameter.reshape(-1)
        for place in range(min(flat.size, num_entries - len(found))):
            kept = flat[place]
            flat[place] = kept + SPACING
            found.append((forward(parameters, x, y)[0] - start) / SPACING)
            flat[place] = kept
    return np.array(found)


def ratios_in_turn(
    first: Callable[[], None], second: Callable[[], None], repeats: int = REPEATS
) -> np.ndarray:
    """Return the ratio of the times of two steps `[repeats]`, timed in turn."""
    return np.array(
        work_ratios(first, second, seconds=0.0, fewest=repeats, most=repeats)
    )


def cost_at(width: int) -> tuple[np.ndarray, float, int]:
    """Return what a gradient of networks of a width costs.

    Returns:
        Times of a gradient with its forward pass over those of a forward pass alone
        `[repeats]`, the time by differences over that by backpropagation, and the
        number of parameters.
    """
    parameters, x, y = network(width)
    size = sum(parameter.size for parameter in parameters)
    entries = min(size, MOST_ENTRIES)

    def ahead() -> None:
        forward(parameters, x, y)

    def gradient() -> None:
        backward(parameters, forward(parameters, x, y)[1], y)

    def differences() -> None:
        by_differences(parameters, x, y, entries)

    slower = float(np.median(ratios_in_turn(differences, gradient, FEW_REPEATS)))
    # One pass at the start, and one for each entry.
    return ratios_in_turn(gradient, ahead), slower * (size + 1) / (entries + 1), size


def gradient_cost() -> Quantities:
    """Time gradients of networks of 10² to 10⁶ parameters, by one thread.

    Ratios are of a gradient with its forward pass over a forward pass alone, medians of
    30 repeats in turn with 95 % intervals, and of a gradient by one-sided differences
    over one by backpropagation. Of the differences 20 entries at most are computed, and
    their time per entry counts for all.
    """
    quantities: dict[str, float] = {}
    sizes, slower = [], []
    with threadpool_limits(limits=1, user_api="blas"):
        for name, width in WIDTHS.items():
            ratios, times, size = cost_at(width)
            sizes.append(size)
            slower.append(times)
            middle, low, high = median_between(ratios)
            quantities[f"gradient_over_forward_at_{name}"] = middle
            quantities[f"least_gradient_over_forward_at_{name}"] = low
            quantities[f"most_gradient_over_forward_at_{name}"] = high
            quantities[f"differences_over_gradient_at_{name}"] = times
    slope = np.polyfit(np.log10(sizes), np.log10(slower), 1)[0]
    return quantities | {"power_of_parameters_in_differences": float(slope)}


MEASURES = by_name(gradient_cost)
"""Measurements by name; unlike others this one differs each time."""
