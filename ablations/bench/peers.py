"""Train the benchmark network without Keras, as well as it can be written by hand.

Each function prepares some runs and returns what trains them, with the rows in the
order in which the stacks see them: drawn on the host, once per run and epoch.
"""

from __future__ import annotations

import itertools
import os
from typing import Any

import numpy as np

from ablations.bench.timing import Timed

NUM_RUNS, NUM_STEPS = 64, 400
ROWS, BATCH = 1_000, 64
INPUTS, WIDTH = 20, 64
SIZES = (INPUTS, WIDTH, WIDTH, WIDTH, 1)


def network_rows() -> tuple[np.ndarray, np.ndarray]:
    """Return 1,000 rows of 20 inputs, as the demonstrations in the notes have."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, INPUTS)).astype(np.float32)
    y = np.tanh(x[:, :1] * x[:, 1:2]) + 0.1 * rng.normal(size=(ROWS, 1))
    return x, y.astype(np.float32)


def batches(num_runs: int) -> np.ndarray:
    """Return the rows of every update `[R, T, B]`; what fills no batch is left out."""
    per_epoch = ROWS // BATCH
    stored = np.tile(np.arange(ROWS, dtype=np.int32), (-(-NUM_STEPS // per_epoch), 1))
    orders = [
        np.random.default_rng(seed).permuted(stored, axis=1) for seed in range(num_runs)
    ]
    whole = np.stack(orders)[:, :, : per_epoch * BATCH]
    return whole.reshape(num_runs, -1, BATCH)[:, :NUM_STEPS]


def hand_written_jax(num_runs: int) -> Timed:
    """Return the training in pure JAX: vmap over runs, scan over updates.

    The starting weights are donated, and stay where they are from update to update.
    """
    import jax
    import jax.numpy as jnp

    def loss(weights: Any, x: Any, y: Any) -> Any:
        for w, b in weights[:-1]:
            x = jax.nn.relu(x @ w + b)
        w, b = weights[-1]
        return jnp.mean((x @ w + b - y) ** 2)

    def draw_one(key: Any) -> Any:
        weights = []
        for fan_in, fan_out in itertools.pairwise(SIZES):
            key, sub = jax.random.split(key)
            limit = jnp.sqrt(6.0 / (fan_in + fan_out))
            w = jax.random.uniform(sub, (fan_in, fan_out), minval=-limit, maxval=limit)
            weights.append((w, jnp.zeros(fan_out)))
        return weights

    def train_one(weights: Any, rows: Any, x: Any, y: Any) -> Any:
        zeros = jax.tree.map(jnp.zeros_like, weights)

        def step(carry: Any, rows: Any) -> Any:
            weights, m, v, t = carry
            g = jax.grad(loss)(weights, x[rows], y[rows])
            m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
            v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
            rate = 0.001 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
            weights = jax.tree.map(
                lambda w, m, v: w - rate * m / (jnp.sqrt(v) + 1e-7), weights, m, v
            )
            return (weights, m, v, t + 1), None

        (weights, *_), _ = jax.lax.scan(step, (weights, zeros, zeros, 1.0), rows)
        return weights, loss(weights, x, y)

    draw = jax.jit(jax.vmap(draw_one))
    train = jax.jit(jax.vmap(train_one, in_axes=(0, 0, None, None)), donate_argnums=0)
    x, y = (jnp.asarray(each) for each in network_rows())

    def call() -> np.ndarray:
        weights = draw(jax.random.split(jax.random.key(0), num_runs))
        _, losses = train(weights, batches(num_runs), x, y)
        return np.asarray(losses)

    return call


def torch_func(num_runs: int) -> Timed:
    """Return the training by torch.func's vmap over runs, and torch's fused Adam."""
    import torch

    device = "cuda" if torch.cuda.is_available() else "cpu"
    if hasattr(os, "sched_getaffinity"):
        torch.set_num_threads(len(os.sched_getaffinity(0)))
    x, y = (torch.from_numpy(each).to(device) for each in network_rows())

    def loss(weights: Any, x: Any, y: Any) -> Any:
        for w, b in weights[:-1]:
            x = torch.relu(torch.addmm(b, x, w))
        w, b = weights[-1]
        return torch.mean((torch.addmm(b, x, w) - y) ** 2)

    train = torch.func.vmap(loss)
    measure = torch.func.vmap(loss, in_dims=(0, None, None))

    def call() -> Any:
        generator = torch.Generator(device).manual_seed(0)
        weights = []
        for fan_in, fan_out in itertools.pairwise(SIZES):
            limit = (6.0 / (fan_in + fan_out)) ** 0.5
            w = torch.empty(num_runs, fan_in, fan_out, device=device)
            w.uniform_(-limit, limit, generator=generator)
            weights.append((w, torch.zeros(num_runs, fan_out, device=device)))
        flat = [each.requires_grad_() for pair in weights for each in pair]
        optimizer = torch.optim.Adam(flat, lr=0.001, eps=1e-7, fused=True)
        rows = torch.from_numpy(batches(num_runs)).to(device).transpose(0, 1)
        for of_runs in rows:
            optimizer.zero_grad()
            # Each run's loss has its own weights, so that the sum has their gradients.
            train(weights, x[of_runs], y[of_runs]).sum().backward()
            optimizer.step()
        with torch.no_grad():
            return measure(weights, x, y).cpu()

    return call


def scikit_learn(num_runs: int) -> Timed:
    """Return the training by scikit-learn's MLPRegressor, run by run."""
    from sklearn.neural_network import MLPRegressor

    x, y = network_rows()
    epochs = round(NUM_STEPS * BATCH / ROWS)

    def call() -> None:
        for seed in range(num_runs):
            network = MLPRegressor(
                hidden_layer_sizes=(WIDTH,) * 3, batch_size=BATCH, random_state=seed
            )
            for _ in range(epochs):
                network.partial_fit(x, y[:, 0])

    return call
