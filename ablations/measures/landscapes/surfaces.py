"""Measure the loss surface of small networks: minima, saddles, plateaus, curvature.

A network is a vector of all its numbers: kernels and biases, layer after layer. Hidden
layers are tanh, the loss is the mean squared error over the variance of the targets, so
that a network that puts out their mean has a loss of one. Gradients are by complex
steps, which have no rounding error of a difference.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import numpy as np

from ablations.measures.quantities import Quantities, by_name

NUM_INPUTS, WIDTH, NUM_ROWS, NUM_TEACHERS = 3, 4, 20, 10
DEPTHS = (1, 2, 4)
"""Numbers of hidden layers."""

NEARBY, RADIUS = 1000, 0.1
SATURATING_BIAS, NUM_SATURATED = 20.0, 5
STEP, CURVATURE_STEP = 1e-20, 1e-5

Layers = list[tuple[np.ndarray, np.ndarray]]
Loss = Callable[[np.ndarray], np.ndarray]


def widths(depth: int) -> tuple[int, ...]:
    """Return the widths of all layers, of inputs and the output too."""
    return (NUM_INPUTS, *[WIDTH] * depth, 1)


def layers_of(numbers: np.ndarray, sizes: tuple[int, ...]) -> Layers:
    """Return views of the kernels `[..., m, n]` and biases `[..., n]` of networks."""
    layers, place = [], 0
    for m, n in itertools.pairwise(sizes):
        kernel = numbers[..., place : place + m * n]
        bias = numbers[..., place + m * n : place + m * n + n]
        layers.append((kernel.reshape(*numbers.shape[:-1], m, n), bias))
        place += m * n + n
    return layers


def count(sizes: tuple[int, ...]) -> int:
    """Return how many numbers a network has."""
    return sum(m * n + n for m, n in itertools.pairwise(sizes))


def outputs(numbers: np.ndarray, sizes: tuple[int, ...], x: np.ndarray) -> np.ndarray:
    """Return the outputs `[..., rows]` of networks `[..., P]`."""
    *hidden, (kernel, bias) = layers_of(numbers, sizes)
    for into, shift in hidden:
        x = np.tanh(x @ into + shift[..., None, :])
    return (x @ kernel + bias[..., None, :])[..., 0]


def loss_on(x: np.ndarray, y: np.ndarray, sizes: tuple[int, ...]) -> Loss:
    """Return the loss of networks `[..., P]` on rows with targets."""
    return lambda numbers: (
        ((outputs(numbers, sizes, x) - y) ** 2).mean(axis=-1) / y.var()
    )


def gradient(loss: Loss, numbers: np.ndarray) -> np.ndarray:
    """Return the gradient `[P]` at one network `[P]`."""
    steps = numbers + 1j * STEP * np.eye(numbers.size)
    return np.imag(loss(steps)) / STEP


def curvatures(loss: Loss, numbers: np.ndarray) -> np.ndarray:
    """Return the eigenvalues of the Hessian at one network, in ascending order."""
    eye = CURVATURE_STEP * np.eye(numbers.size)
    rows = [gradient(loss, numbers + e) - gradient(loss, numbers - e) for e in eye]
    hessian = np.array(rows) / (2.0 * CURVATURE_STEP)
    return np.linalg.eigvalsh(0.5 * (hessian + hessian.T))


def draw(rng: np.random.Generator, sizes: tuple[int, ...]) -> np.ndarray:
    """Return a random network: kernels of deviation 2 / sqrt(fan_in), biases of 1/2."""
    numbers = rng.standard_normal(count(sizes))
    for kernel, bias in layers_of(numbers, sizes):
        kernel *= 2.0 / np.sqrt(kernel.shape[0])
        bias *= 0.5
    return numbers


def twin(numbers: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    """Return the same function as another point: units in reverse order, signs turned.

    That of the first hidden layer; tanh turns its sign with that of its input.
    """
    other = numbers.copy()
    (kernel, bias), (above, _), *_ = layers_of(other, sizes)
    kernel[:], bias[:], above[:] = -kernel[:, ::-1], -bias[::-1], -above[::-1]
    return other


def problems(depth: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield teachers, rows, and the targets that a teacher gives them."""
    rng = np.random.default_rng(depth)
    for _ in range(NUM_TEACHERS):
        teacher, x = (
            draw(rng, widths(depth)),
            rng.standard_normal((NUM_ROWS, NUM_INPUTS)),
        )
        yield teacher, x, outputs(teacher, widths(depth), x)


def at_zero_weights(y: np.ndarray, sizes: tuple[int, ...]) -> np.ndarray:
    """Return the network of zeros that puts out the mean of the targets."""
    numbers = np.zeros(count(sizes))
    numbers[-1] = y.mean()
    return numbers


def rarer_side(loss: Loss, at: np.ndarray, sizes: tuple[int, ...]) -> float:
    """Return the rarer share of nearby kernels: those of lower, or of higher loss."""
    near = np.tile(at, (NEARBY, 1))
    moves = np.random.default_rng(0).standard_normal((NEARBY, at.size))
    pairs = zip(layers_of(near, sizes), layers_of(moves, sizes), strict=True)
    for (kernel, _), (move, _) in pairs:
        kernel += RADIUS * move
    change = loss(near) - loss(at)
    return float(min(np.mean(change < 0), np.mean(change > 0)))


def saturated(
    rng: np.random.Generator, x: np.ndarray, y: np.ndarray, sizes: tuple[int, ...]
) -> np.ndarray:
    """Return a random network with a saturated first layer, right in the mean."""
    numbers = draw(rng, sizes)
    layers_of(numbers, sizes)[0][1][:] += SATURATING_BIAS
    numbers[-1] += (y - outputs(numbers, sizes, x)).mean()
    return numbers


def loss_surfaces() -> Quantities:
    """Look for minima, saddles and plateaus on loss surfaces of one to four layers.

    Targets are those of a random network, whose loss is therefore zero, the smallest
    possible. Each quantity is the worst of ten networks.
    """
    quantities: dict[str, float] = {}
    twins, slopes, heights = [], [], []
    for depth in DEPTHS:
        sizes, rises, sides, flats = widths(depth), [], [], []
        for number, (teacher, x, y) in enumerate(problems(depth)):
            loss, other = loss_on(x, y, sizes), twin(teacher, sizes)
            rises.append(float(loss(0.5 * (teacher + other))))
            twins.append(float(loss(other)))
            zero = at_zero_weights(y, sizes)
            slopes.append(np.abs(gradient(loss, zero)).max())
            sides.append(rarer_side(loss, zero, sizes))
            rng = np.random.default_rng(number)
            for _ in range(NUM_SATURATED):
                flat = saturated(rng, x, y, sizes)
                flats.append(np.abs(gradient(loss, flat)).max())
                heights.append(float(loss(flat)))
        quantities[f"loss_between_minima_{depth}"] = min(rises)
        quantities[f"rarer_side_of_a_saddle_{depth}"] = min(sides)
        quantities[f"gradient_on_a_plateau_{depth}"] = max(flats)
    return {
        **quantities,
        "largest_loss_of_a_twin": max(twins),
        "largest_gradient_at_a_saddle": max(slopes),
        "smallest_loss_on_a_plateau": min(heights),
    }


def surface_curvatures() -> Quantities:
    """Measure curvature at random networks, and of a network without hidden layers.

    `excess_without_hidden_layers` is by how much the loss halfway between two random
    networks exceeds the mean of both, at most, which a convex loss never does.
    """
    sizes, signs = widths(2), []
    for number, (_, x, y) in zip(range(3), problems(2), strict=False):
        start = draw(np.random.default_rng(number), sizes)
        found = curvatures(loss_on(x, y, sizes), start)
        signs.append(found[0] < -1e-6 and found[-1] > 1e-6)
    rng, plain = np.random.default_rng(0), widths(0)
    _, x, y = next(problems(1))
    loss, ends = loss_on(x, y, plain), rng.standard_normal((2, NEARBY, count(plain)))
    excess = loss(ends.mean(axis=0)) - loss(ends).mean(axis=0)
    return {
        "share_of_starts_with_both_signs": np.mean(signs),
        "excess_without_hidden_layers": excess.max(),
    }


MEASURES = by_name(loss_surfaces, surface_curvatures)
"""Measurements by name."""
