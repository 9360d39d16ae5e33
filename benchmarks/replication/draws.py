"""Draw rows and first weights of a run, from the words that describe them.

Every run has generators of its own; nothing of this project is imported.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

TRUTH = {"xor": (0, 1, 1, 0), "xnor": (1, 0, 0, 1)}
TERMS = (
    lambda x: np.sin(np.pi * x[:, 0] * x[:, 1]) / np.sqrt(0.38714728),
    lambda x: (x[:, 2] ** 2 - 1 / 3) / np.sqrt(4 / 45),
    lambda x: 3 * x[:, 3] * x[:, 4],
    lambda x: np.sqrt(2) * np.cos(np.pi * x[:, 5]),
    lambda x: np.sqrt(3) * x[:, 6],
    lambda x: np.sqrt(27) * x[:, 5] * x[:, 6] * x[:, 7],
)
"""Terms of mean 0 and variance 1 of eight inputs that are uniform on (-1, 1)."""


def draw_rows(task: dict[str, Any], random: np.random.Generator) -> list[np.ndarray]:
    """Return training and test inputs and targets of one run, test rows if any."""
    if task["name"] in TRUTH:
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
        y = np.array(TRUTH[task["name"]], np.float32)[:, None]
        return [x, y, x, y]
    sizes = (task["num_train"], task["num_test"])
    if task["name"] == "regression8":
        c = random.uniform(0.5, 1.5, 6) * random.choice([-1, 1], 6)
        c /= np.linalg.norm(c)
        parts = []
        for size in sizes:
            x = random.uniform(-1, 1, (size, 8))
            y = sum(a * term(x) for a, term in zip(c, TERMS, strict=True))
            noise = task["noise"] * random.normal(size=size)
            parts += [x, (y + noise)[:, None]]
        return [part.astype(np.float32) for part in parts]
    if task["name"] != "gmm10":
        raise ValueError(f"No task {task['name']!r} here.")
    classes, parts = task["num_classes"], []
    centers = random.normal(size=(classes, 4, 20))
    for place, size in enumerate(sizes):
        labels = random.integers(classes, size=size)
        x = centers[labels, random.integers(4, size=size)]
        x = x + task["spread"] * random.normal(size=(size, 20))
        if place == 0:  # only training labels are drawn anew
            redrawn = random.random(size) < task["label_noise"]
            labels = np.where(redrawn, random.integers(classes, size=size), labels)
        parts += [x.astype(np.float32), np.eye(classes, dtype=np.float32)[labels]]
    return parts


def draw_kernel(
    rule: dict[str, Any], shape: tuple[int, int], random: np.random.Generator
) -> np.ndarray:
    """Return the first weights of one kernel."""
    name, gain, (rows, columns) = rule["name"], rule["gain"], shape
    if name == "zeros":
        return np.zeros(shape, np.float32)
    if name == "orthogonal":
        q, r = np.linalg.qr(random.normal(size=(max(shape), min(shape))))
        q = q * np.sign(np.diagonal(r))
        return (gain * (q if rows >= columns else q.T)).astype(np.float32)
    if name == "uniform":
        return (gain * random.uniform(-1, 1, shape) * rule["scale"]).astype(np.float32)
    variances = {"glorot": 2 / (rows + columns), "he": 2 / rows, "lecun": 1 / rows}
    kind, distribution = name.split("_")
    deviation = gain * math.sqrt(variances[kind])
    if distribution == "uniform":
        drawn = random.uniform(-1, 1, shape) * math.sqrt(3)
    else:  # cut off at two deviations, then brought to deviation 1
        drawn = random.normal(size=shape)
        while (far := np.abs(drawn) > 2).any():
            drawn[far] = random.normal(size=far.sum())
        drawn = drawn / 0.87962566
    return (deviation * drawn).astype(np.float32)


def draw_weights(model: dict[str, Any], random: np.random.Generator) -> dict[str, Any]:
    """Return the first weights of one run."""
    widths = [model["input_units"], *model["hidden_units"]]
    rule = model["kernel_initializer"]
    last = model["output_kernel_initializer"] or rule
    hidden, skips, entry = [], [], widths[0]
    for k, (rows, columns) in enumerate(itertools.pairwise(widths), 1):
        layer = {"w": draw_kernel(rule, (rows, columns), random)}
        if model["use_bias"]:
            layer["b"] = np.full(columns, model["bias_start"], np.float32)
        if model["batch_norm"]:
            layer |= {"gamma": np.ones(columns, "f"), "beta": np.zeros(columns, "f")}
        hidden.append(layer)
        if model["skip"] and (k % model["skip_every"] == 0 or k == len(widths) - 1):
            fits = entry == columns
            skips.append(None if fits else draw_kernel(rule, (entry, columns), random))
            entry = columns
    output = {"w": draw_kernel(last, (widths[-1], model["output_units"]), random)}
    if model["use_bias"]:
        start = model["output_bias_start"]
        output["b"] = np.full(model["output_units"], start, np.float32)
    return {"hidden": hidden, "skips": skips, "output": output}
