"""Draw the signals of MNIST-1D: ten short shapes, hidden in noise at any place.

References:
    Greydanus and Kobak, "Scaling down deep learning with MNIST-1D", 2024, section 2.
    https://arxiv.org/abs/2011.14439
"""

from __future__ import annotations

import numpy as np

from ablations.tasks.assembly import Rows, assemble, draw_parts, generator
from ablations.tasks.config import TaskConfig
from ablations.tasks.data import Data

HEIGHTS = np.array(
    [
        [5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5],
        [5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5],
        [5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5],
        [5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5],
        [5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5],
        [5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5],
        [5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5],
        [5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5],
        [5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5],
    ]
)
"""The shape of each digit, as its authors drew it `[10, 12]`."""

LENGTH = HEIGHTS.shape[1]
CANVAS = 72
"""Points of a signal while it is made: a shape and the widest padding."""

POINTS = 40
"""Points of a signal in the end."""

FEWEST_PADDED, MOST_PADDED = 36, CANVAS - LENGTH
SCALE_RANGE, SLOPE_RANGE = 0.4, 0.75
MOST_SHIFTED = 48
CORRELATED, WHITE = 0.25, 0.02
"""Standard deviations of the noise beside a shape, before it is smoothed, and of that
on every point."""

SMOOTHING = 2.0
"""Standard deviation of the Gaussian that smooths the noise, in points."""

MEAN, DEVIATION = -0.0061, 0.1547
"""Of all points of a million signals, which are shifted and scaled by them."""


def shapes() -> np.ndarray:
    """Return the ten shapes, of deviation 1/6 and starting and ending at 0 `[10, 12]`.

    Every one is shifted and scaled by its own mean and deviation first.
    """
    scaled = HEIGHTS / (6.0 * HEIGHTS.std(axis=1, keepdims=True))
    return scaled - scaled[:, :1]


def widened(labels: np.ndarray, padding: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return shapes stretched over the canvas, and where they are `[N, CANVAS]`.

    Args:
        labels: The digit of each row `[N]`.
        padding: Points of 0 after the shape, before it is stretched `[N]`.
    """
    padded = np.pad(shapes(), ((0, 0), (0, MOST_PADDED + 1)))
    place = np.linspace(0, LENGTH - 1 + padding, CANVAS, axis=1)
    before = place.astype(np.int64)
    share, digit = place - before, labels[:, None]
    points = (1 - share) * padded[digit, before] + share * padded[digit, before + 1]
    return points, place < LENGTH


def smoothed(noise: np.ndarray) -> np.ndarray:
    """Return noise `[N, CANVAS]` under a moving Gaussian, mirrored at both ends."""
    reach = round(4 * SMOOTHING)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / SMOOTHING) ** 2)
    weights /= weights.sum()
    mirrored = np.pad(noise, ((0, 0), (reach, reach)), mode="symmetric")
    windows = np.lib.stride_tricks.sliding_window_view(mirrored, 2 * reach + 1, axis=1)
    return windows @ weights


def resampled(signals: np.ndarray) -> np.ndarray:
    """Return signals `[N, CANVAS]` at equally distant places `[N, POINTS]`."""
    place = np.linspace(0, CANVAS - 1, POINTS)
    before = np.minimum(place.astype(np.int64), CANVAS - 2)
    share = place - before
    return (1 - share) * signals[:, before] + share * signals[:, before + 1]


def mnist1d(config: TaskConfig, seed: int) -> Data:
    """Draw signals of 40 points, each with the shape of a digit somewhere in noise.

    A shape of 12 points is followed by 36 to 60 zeros and stretched to 72 points, so
    that it is 13 to 19 points wide; multiplied by U(0.8, 1.2); and moved to the right
    by 0 to 47 points, where what leaves comes back on the left. Smooth noise fills the
    other points, white noise is on all, a slope of U(-0.375, 0.375) is subtracted, and
    40 points are read off. Digits are equally likely. The mean of all points is 0 and
    their variance 1. `shuffled_pixels` puts the points of all signals into one order
    per seed.
    """

    def sample(part: str, size: int) -> Rows:
        def draw(what: str) -> np.random.Generator:
            return generator(config.name, f"{part}/{what}", seed)

        labels = draw("label").integers(len(HEIGHTS), size=size)
        padding = draw("padding").integers(FEWEST_PADDED, MOST_PADDED + 1, size=size)
        x, is_shape = widened(labels, padding)
        x *= 1 + SCALE_RANGE * (draw("scale").random((size, 1)) - 0.5)
        shift = draw("shift").integers(MOST_SHIFTED, size=(size, 1))
        source = (np.arange(CANVAS) - shift) % CANVAS
        x, is_shape = (np.take_along_axis(one, source, 1) for one in (x, is_shape))
        noise = smoothed(CORRELATED * draw("noise").standard_normal(x.shape))
        x = np.where(is_shape, x, noise)
        x += WHITE * draw("white_noise").standard_normal(x.shape)
        slope = SLOPE_RANGE * (draw("slope").random((size, 1)) - 0.5)
        x -= slope * np.linspace(-0.5, 0.5, CANVAS)
        return (resampled(x) - MEAN) / DEVIATION, labels

    parts = draw_parts(config, sample)
    if config.features == "shuffled_pixels":
        order = generator(config.name, "pixels", seed).permutation(POINTS)
        parts = {part: (x[:, order], labels) for part, (x, labels) in parts.items()}
    return assemble(config, seed, parts)
