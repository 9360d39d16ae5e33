"""Turn inputs and labels into the parts of a task, by the settings that tasks share."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from ablations.tasks.config import TaskConfig
from ablations.tasks.data import Data
from models.randomness import STREAMS, name_index

PARTS = {"train": "", "val": "_val", "test": "_test"}
"""Parts of a task, and how the names of their arrays end in `Data`."""

Rows = tuple[np.ndarray, np.ndarray]
"""Inputs `[N, D]`, and labels `[N]` as integers or targets `[N]` as numbers."""

Sampler = Callable[[str, int], Rows]
"""Draws so many rows of a part; fewer rows are the first of more."""


def generator(task: str, what: str, seed: int) -> np.random.Generator:
    """Return the generator of one array of one seed.

    Every array has its own, so that none changes when another grows.
    """
    key = (STREAMS["data"], name_index(f"{task}/{what}"), seed)
    return np.random.default_rng(key)


def draw_parts(config: TaskConfig, sample: Sampler) -> dict[str, Rows]:
    """Return the rows of every part that is not empty."""
    sizes = {part: config.setting(f"num_{part}") for part in PARTS}
    return {part: sample(part, size) for part, size in sizes.items() if size}


def assemble(config: TaskConfig, seed: int, parts: Mapping[str, Rows]) -> Data:
    """Return the rows of one seed, float32 `[N, D]` and `[N, K]`."""
    arrays = {}
    for part, (x, y) in parts.items():
        targets = (
            y[:, None] if config.is_regression else _classes(config, seed, part, y)
        )
        arrays[f"x{PARTS[part]}"] = np.ascontiguousarray(x, np.float32)
        arrays[f"y{PARTS[part]}"] = np.ascontiguousarray(targets, np.float32)
    return Data(**arrays)


def _classes(
    config: TaskConfig, seed: int, part: str, labels: np.ndarray
) -> np.ndarray:
    """Return targets `[N, K]` of labels `[N]`, some drawn anew or made wrong."""
    count, size = config.class_count(), len(labels)
    other = generator(config.name, f"{part}/other_label", seed).integers(
        count, size=size
    )
    if config.labels == "random":
        labels = other
    elif part == "train":
        chance = generator(config.name, "label_noise", seed).random(size)
        if config.wrong_labels:
            steps = generator(config.name, "wrong_label", seed)
            wrong = (labels + steps.integers(1, count, size=size)) % count
            labels = np.where(chance < config.wrong_labels, wrong, labels)
        elif config.label_noise:
            labels = np.where(chance < config.label_noise, other, labels)
    if config.targets == "single":
        return labels[:, None]
    return np.eye(count)[labels]
