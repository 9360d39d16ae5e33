"""Time what batch norm adds to an update."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from ablations.measures.quantities import Quantities, by_name
from ablations.measures.timing import work_ratios
from models.config import MLPConfig

DEPTH, WIDTH, BATCH_SIZE = 6, 64, 32
NUM_INPUTS, NUM_CLASSES = 20, 10

SECONDS, FEWEST, MOST = 0.3, 15, 101
"""Seconds that timings may take beyond the fewest; fewest and most pairs."""


def update_of(depth: int, *, batch_norm: bool) -> Callable[[], float]:
    """Return an update by Keras of ReLU layers on one batch, which gives the loss.

    It is plain gradient descent on the cross-entropy, at a rate of a thousandth.
    """
    import keras

    from models.mlp import build_mlp

    config = MLPConfig(
        input_units=NUM_INPUTS,
        hidden_units=(WIDTH,) * depth,
        kernel_initializer="he_normal",
        batch_norm="before" if batch_norm else None,
        output_units=NUM_CLASSES,
    )
    model = build_mlp(config, seed=0)
    loss = keras.losses.CategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(1e-3), loss)
    rng = np.random.default_rng(0)
    x = rng.standard_normal((BATCH_SIZE, NUM_INPUTS), dtype=np.float32)
    y = np.eye(NUM_CLASSES, dtype=np.float32)[rng.integers(NUM_CLASSES, size=len(x))]
    return lambda: float(model.train_on_batch(x, y))


def time_of_batch_norm() -> Quantities:
    """Time updates of six layers with batch norm and without, in turn."""
    normed, plain = (update_of(DEPTH, batch_norm=norm) for norm in (True, False))
    ratios = work_ratios(
        normed, plain, time.perf_counter, seconds=SECONDS, fewest=FEWEST, most=MOST
    )
    return {"time_ratio": np.median(ratios)}


MEASURES = by_name(time_of_batch_norm)
