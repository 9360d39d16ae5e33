"""Measure what an update rule costs beside the gradient that it is given.

Operations are additions, products, divisions and roots, one each; a network's gradient
takes six for every weight and row: a product and an addition in the forward pass, and
twice as many in the backward pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from ablations.measures.quantities import Quantities, by_name
from ablations.measures.timing import work_ratios

PER_WEIGHT = {"sgd": 2, "momentum": 4, "adam": 12}
"""Operations for each weight, factors that are one for all weights taken together."""

GRADIENT_PER_ROW = 6
BATCH_SIZES = (1, 32, 128)

DEPTH, WIDTH, ROWS = 5, 256, 32
SECONDS, FEWEST, MOST = 0.15, 3, 31
"""Time for a ratio beyond its first pairs of timings, and numbers of pairs."""

Step = Callable[[], None]


def rule_on(rule: str, w: np.ndarray, g: np.ndarray) -> Step:
    """Return an update of weights in place, without any array made anew.

    Adam with its corrections in the rate: eta sqrt(1 - b2^t) / (1 - b1^t).
    """
    m, v, work = (np.zeros_like(w) for _ in range(3))
    rate, epsilon = np.float32(1e-9), np.float32(1e-7)
    keep, add, keep_2, add_2 = map(np.float32, (0.9, 0.1, 0.999, 0.001))

    def sgd() -> None:
        np.multiply(g, rate, out=work)
        np.subtract(w, work, out=w)

    def adam() -> None:
        np.multiply(m, keep, out=m)
        np.multiply(g, add, out=work)
        np.add(m, work, out=m)
        np.multiply(v, keep_2, out=v)
        np.multiply(g, g, out=work)
        np.multiply(work, add_2, out=work)
        np.add(v, work, out=v)
        np.sqrt(v, out=work)
        np.add(work, epsilon, out=work)
        np.divide(m, work, out=work)
        np.multiply(work, rate, out=work)
        np.subtract(w, work, out=w)

    return {"sgd": sgd, "adam": adam}[rule]


def gradient_step(
    rows: int = ROWS, depth: int = DEPTH, width: int = WIDTH
) -> tuple[Step, np.ndarray, np.ndarray]:
    """Return a gradient of square ReLU layers, and what it reads and writes.

    Returns:
        The step, all kernels in one array and their gradients in another
        `[depth * width * width]`.
    """
    rng = np.random.default_rng(0)

    def normal(*shape: int) -> np.ndarray:
        return rng.standard_normal(shape, dtype=np.float32)

    w = np.float32(np.sqrt(2.0 / width)) * normal(depth * width * width)
    g = np.zeros_like(w)
    kernels, gradients = (a.reshape(depth, width, width) for a in (w, g))
    x, y = normal(rows, width), normal(rows, width)

    def step() -> None:
        outputs = [x]
        for kernel in kernels:
            outputs.append(np.maximum(outputs[-1] @ kernel, np.float32(0.0)))
        error = outputs[-1] - y
        for k in range(depth - 1, -1, -1):
            error = error * (outputs[k + 1] > 0)
            np.matmul(outputs[k].T, error, out=gradients[k])
            if k:
                error = error @ kernels[k].T

    return step, w, g


def cost_of_update_rules() -> Quantities:
    """Count operations: a whole update with a rule over one with plain descent.

    `share` is the part of the whole that is the rule's.
    """
    found = {}
    for rows in BATCH_SIZES:
        whole = {k: n + GRADIENT_PER_ROW * rows for k, n in PER_WEIGHT.items()}
        for other in ("sgd", "momentum"):
            found[f"adam_over_{other}_with_{rows}_rows"] = whole["adam"] / whole[other]
        found[f"share_of_adam_with_{rows}_rows"] = PER_WEIGHT["adam"] / whole["adam"]
    found["rule_of_adam_over_sgd"] = PER_WEIGHT["adam"] / PER_WEIGHT["sgd"]
    return found


def time_of_update_rules() -> Quantities:
    """Time Adam against plain descent, alone and with the gradient of 32 rows.

    The network has five layers of 256 by 256; both rules work in place.
    """
    gradient, w, g = gradient_step()
    rules = {name: rule_on(name, w, g) for name in ("sgd", "adam")}

    def whole(name: str) -> Step:
        return lambda: (gradient(), rules[name]())[-1]

    found = {}
    for words, steps in (
        ("rule", rules),
        ("whole_update", {name: whole(name) for name in rules}),
    ):
        adam, sgd, clock = steps["adam"], steps["sgd"], time.perf_counter
        ratios = work_ratios(
            adam, sgd, clock, seconds=SECONDS, fewest=FEWEST, most=MOST
        )
        found[f"{words}_of_adam_over_sgd"] = np.median(ratios)
    return found


TIMINGS = by_name(time_of_update_rules)
"""What differs each time."""

MEASURES = by_name(cost_of_update_rules) | TIMINGS
"""Measurements by name."""
