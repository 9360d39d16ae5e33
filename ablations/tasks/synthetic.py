"""Draw the rows of synthetic tasks, anew for every seed.

All that is random, the law of the target included, follows from the seed: centres,
coefficients, teachers and cells as well as rows.
Settings share random numbers, so that runs of one seed stay comparable across them:
fewer rows are the first of more, and a wider spread moves the same points further.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ablations.tasks.assembly import Rows, assemble, draw_parts, generator
from ablations.tasks.config import TaskConfig
from ablations.tasks.data import Data
from ablations.tasks.features import Columns, Pairs, engineered, standardized

GMM_INPUTS = 20
GMM_MODES = 4
SPIRAL_TURNS = 1.5
NUM_TEACHER_ROWS = 4096
"""Rows that give the mean and the standard deviation of a teacher's outputs."""


def gmm10(config: TaskConfig, seed: int) -> Data:
    """Draw classes of four Gaussian modes each in 20 dimensions.

    Centres are N(0, 1) in every coordinate, a point is its centre plus
    `spread` * N(0, 1). Inputs are as drawn, not standardized: their mean is about 0 and
    their standard deviation √(1 + spread^2), 1.14 for 0.55. Classes and modes are
    equally likely.
    """
    shape = (config.class_count(), GMM_MODES, GMM_INPUTS)
    centres = generator(config.name, "centres", seed).normal(size=shape)
    spread = config.setting("spread")

    def sample(part: str, size: int) -> Rows:
        def draw(what: str) -> np.random.Generator:
            return generator(config.name, f"{part}/{what}", seed)

        labels = draw("label").integers(config.class_count(), size=size)
        modes = draw("mode").integers(GMM_MODES, size=size)
        noise = draw("noise").standard_normal((size, GMM_INPUTS))
        return centres[labels, modes] + spread * noise, labels

    return assemble(config, seed, draw_parts(config, sample))


def spirals(config: TaskConfig, seed: int) -> Data:
    """Draw two spirals of one and a half turns around each other.

    With t = sqrt(u), u uniform, a point is ±2t (cos 3πt, sin 3πt) plus `noise` *
    N(0, 1); the sign is the class. Inputs have variance 1 before the noise; the arms
    of the two classes are 2/3 apart.
    """
    noise = config.setting("noise")

    def sample(part: str, size: int) -> Rows:
        def draw(what: str) -> np.random.Generator:
            return generator(config.name, f"{part}/{what}", seed)

        labels = draw("label").integers(2, size=size)
        t = np.sqrt(draw("place").random(size))
        angle = 2 * math.pi * SPIRAL_TURNS * t
        radius = 2.0 * t * np.where(labels == 1, 1.0, -1.0)
        x = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
        return x + noise * draw("noise").standard_normal((size, 2)), labels

    return assemble(config, seed, draw_parts(config, sample))


def tabular(config: TaskConfig, seed: int) -> Data:
    """Draw classes that are constant on boxes of a few inputs.

    Inputs are uniform on (-√3, √3), so of variance 1. Each of the `num_useful` first
    inputs is cut at two places; every box between the cuts has a class of its own,
    drawn uniformly. The other inputs are useless, as in tables of real measurements.
    """
    inputs, useful = config.setting("num_inputs"), config.setting("num_useful")
    low, high = generator(config.name, "cuts", seed).random((useful, 2)).T
    # In shares of the range: 0.2 to 0.45, and 0.55 to 0.8.
    cuts = np.stack([0.2 + 0.25 * low, 0.55 + 0.25 * high], axis=1)
    boxes = generator(config.name, "boxes", seed).integers(
        config.class_count(), size=3**useful
    )

    def sample(part: str, size: int) -> Rows:
        u = generator(config.name, f"{part}/input", seed).random((size, inputs))
        sides = (u[:, :useful, None] > cuts).sum(axis=2)  # [N, useful], 0 to 2
        labels = boxes[sides @ 3 ** np.arange(useful)]
        return math.sqrt(3) * (2.0 * u - 1.0), labels

    return assemble(config, seed, draw_parts(config, sample))


def random_labels(config: TaskConfig, seed: int) -> Data:
    """Draw inputs uniformly from (0, 1) and classes that do not depend on them."""

    def sample(part: str, size: int) -> Rows:
        def draw(what: str) -> np.random.Generator:
            return generator(config.name, f"{part}/{what}", seed)

        x = draw("input").random((size, config.setting("num_inputs")))
        return x, draw("label").integers(config.class_count(), size=size)

    return assemble(config, seed, draw_parts(config, sample))


SMOOTH_TERMS: tuple[Callable[[np.ndarray], np.ndarray], ...] = (
    lambda x: np.sin(math.pi * x[:, 0] * x[:, 1]) / math.sqrt(0.38714728),
    lambda x: (x[:, 2] ** 2 - 1 / 3) / math.sqrt(4 / 45),
    lambda x: 3.0 * x[:, 3] * x[:, 4],
    lambda x: math.sqrt(2) * np.cos(math.pi * x[:, 5]),
    lambda x: math.sqrt(3) * x[:, 6],
    lambda x: math.sqrt(27) * x[:, 5] * x[:, 6] * x[:, 7],
)
"""Terms of mean 0 and variance 1 for inputs uniform on (-1, 1), uncorrelated."""


def regression8(config: TaskConfig, seed: int) -> Data:
    """Draw a smooth function of eight inputs with interactions, plus noise.

    Inputs are uniform on (-1, 1). The target is Σ c_k f_k(x) + `noise` * N(0, 1) with
    the terms of `SMOOTH_TERMS` and coefficients ±U(0.5, 1.5), scaled to Σ c_k^2 = 1:
    the function has mean 0 and variance 1, and no answer has a mean squared error
    below noise^2. `non_negative` targets are shifted so that the smallest target of
    the seed, over all parts, is 0.
    """
    noise = config.setting("noise")
    size_and_sign = generator(config.name, "coefficients", seed).random(
        (2, len(SMOOTH_TERMS))
    )
    coefficients = (0.5 + size_and_sign[0]) * np.where(size_and_sign[1] < 0.5, -1, 1)
    coefficients /= np.linalg.norm(coefficients)

    def sample(part: str, size: int) -> Rows:
        def draw(what: str) -> np.random.Generator:
            return generator(config.name, f"{part}/{what}", seed)

        x = 2.0 * draw("input").random((size, 8)) - 1.0
        terms = np.stack([term(x) for term in SMOOTH_TERMS], axis=1)
        return x, terms @ coefficients + noise * draw("noise").standard_normal(size)

    parts = draw_parts(config, sample)
    if config.targets == "non_negative":
        smallest = min(y.min() for _, y in parts.values())
        parts = {part: (x, y - smallest) for part, (x, y) in parts.items()}
    if config.features == "engineered":
        signed = Columns(np.zeros(8, bool), np.zeros(8, bool), Pairs.of_first(8))
        inputs = engineered(
            {part: x for part, (x, _) in parts.items()}, signed, standardized
        )
        parts = {part: (inputs[part], y) for part, (_, y) in parts.items()}
    return assemble(config, seed, parts)


def teacher(config: TaskConfig, seed: int) -> Data:
    """Draw targets from a random network with one hidden layer.

    Inputs are N(0, 1). The teacher is v·φ(W x + b) with W ~ N(0, 1 / inputs), b ~
    N(0, 1/4), v ~ N(0, 1); its outputs are shifted and scaled to mean 0 and variance 1
    over 4,096 rows drawn for that, then `noise` * N(0, 1) is added.
    """
    inputs, width = config.setting("num_inputs"), config.setting("width")

    def weights(what: str, *shape: int) -> np.ndarray:
        return generator(config.name, what, seed).standard_normal(shape)

    kernel = weights("kernel", inputs, width) / math.sqrt(inputs)
    bias, output = 0.5 * weights("bias", width), weights("output", width)

    def answer(x: np.ndarray) -> np.ndarray:
        z = x @ kernel + bias
        return (
            np.tanh(z) if config.activation == "tanh" else np.maximum(z, 0)
        ) @ output

    seen = answer(weights("scale", NUM_TEACHER_ROWS, inputs))
    middle, scale = seen.mean(), seen.std()

    def sample(part: str, size: int) -> Rows:
        x = weights(f"{part}/input", size, inputs)
        y = (answer(x) - middle) / scale
        return x, y + config.setting("noise") * weights(f"{part}/noise", size)

    return assemble(config, seed, draw_parts(config, sample))
