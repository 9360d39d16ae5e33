"""The same 64 networks, trained as a stack and by every peer that is installed.

A peer in another process (the JAX backend of Keras beside TensorFlow) stays alive and
is asked in turn.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ablations.bench.timing import Contender, Timed
from ablations.running.executors import num_workers, run_concurrently
from ablations.running.machine import num_cores
from ablations.training.backend import BACKEND, gpu_names
from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.fit import keras_optimizer
from ablations.training.train import Data, train_stack
from models.config import MLPConfig
from models.mlp import build_mlp

NUM_RUNS = 64
NUM_STEPS = 400
BATCH = 64
ROWS = 1_000
WIDTH = 64
INPUTS = 20
NETWORK = MLPConfig(input_units=INPUTS, hidden_units=(WIDTH,) * 3, activation="relu")
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.001),
    batch_size=BATCH,
    num_steps=NUM_STEPS,
    metrics=("loss",),
)
PEER_FLAG = "--stack-peer"


@functools.cache
def network_rows() -> Data:
    """Return 1,000 rows of 20 inputs, as the demonstrations in the notes have."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(ROWS, INPUTS)).astype(np.float32)
    y = np.tanh(x[:, :1] * x[:, 1:2]) + 0.1 * rng.normal(size=(ROWS, 1))
    return Data(x, y.astype(np.float32))


def train_network_stack() -> None:
    """Train the 64 benchmark runs as the runner would: a stack per worker, at once."""
    workers = num_workers(num_cores(), on_gpu=bool(gpu_names()))
    data = network_rows()

    def train(seeds: np.ndarray) -> None:
        train_stack(NETWORK, TRAINING, seeds, data)

    parts = np.array_split(np.arange(NUM_RUNS), workers)
    for _ in run_concurrently(train, parts, workers):
        pass


def network_as_fit(num_rows: int) -> None:
    """Build, compile and fit the benchmark network once on the first rows."""
    data = network_rows()
    x, y = data.x[:num_rows], data.y[:num_rows]
    model = build_mlp(NETWORK, seed=0)
    model.compile(optimizer=keras_optimizer(TRAINING.optimizer), loss="mse")
    epochs, rest = divmod(NUM_STEPS, TRAINING.steps_per_epoch(num_rows))
    model.fit(x, y, batch_size=BATCH, epochs=epochs, verbose=0)
    if rest:
        few = slice(0, rest * BATCH)
        model.fit(x[few], y[few], batch_size=BATCH, verbose=0)


def hand_written_jax() -> Timed:
    """Return the same training in pure JAX: vmap over runs, scan over updates.

    Nothing of Keras is used; the order of rows is drawn once per run and epoch on the
    host, as the stack trainer does.
    """
    import jax
    import jax.numpy as jnp

    sizes = (INPUTS, WIDTH, WIDTH, WIDTH, 1)
    per_epoch = ROWS // BATCH
    epochs = -(-NUM_STEPS // per_epoch)

    def predict(weights: Any, x: Any) -> Any:
        for w, b in weights[:-1]:
            x = jax.nn.relu(x @ w + b)
        w, b = weights[-1]
        return x @ w + b

    def loss(weights: Any, x: Any, y: Any) -> Any:
        return jnp.mean((predict(weights, x) - y) ** 2)

    def train_one(key: Any, orders: Any, x: Any, y: Any) -> Any:
        weights = []
        for fan_in, fan_out in itertools.pairwise(sizes):
            key, sub = jax.random.split(key)
            limit = jnp.sqrt(6.0 / (fan_in + fan_out))
            w = jax.random.uniform(sub, (fan_in, fan_out), minval=-limit, maxval=limit)
            weights.append((w, jnp.zeros(fan_out)))
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

        batches = orders[:, : per_epoch * BATCH].reshape(-1, BATCH)[:NUM_STEPS]
        carry, _ = jax.lax.scan(step, (weights, zeros, zeros, 1.0), batches)
        return loss(carry[0], x, y)

    data = network_rows()
    program = jax.jit(jax.vmap(train_one, in_axes=(0, 0, None, None)))
    x, y = jnp.asarray(data.x), jnp.asarray(data.y)

    def call() -> None:
        stored = np.tile(np.arange(ROWS, dtype=np.int32), (epochs, 1))
        orders = np.stack(
            [
                np.random.default_rng(seed).permuted(stored, axis=1)
                for seed in range(NUM_RUNS)
            ]
        )
        keys = jax.random.split(jax.random.key(0), NUM_RUNS)
        program(keys, orders, x, y).block_until_ready()

    return call


def scikit_learn_loop() -> Timed:
    """Return one run of the network by scikit-learn's MLPRegressor."""
    from sklearn.neural_network import MLPRegressor

    data = network_rows()
    epochs = round(NUM_STEPS * BATCH / ROWS)

    def call() -> None:
        network = MLPRegressor(
            hidden_layer_sizes=(WIDTH,) * 3, batch_size=BATCH, random_state=0
        )
        for _ in range(epochs):
            network.partial_fit(data.x, data.y[:, 0])

    return call


def torch_func_stack() -> Timed:
    """Return the 64 runs by torch.func's vmap over stacked weights."""
    import torch
    from torch.func import grad, vmap

    data = network_rows()
    generator = torch.Generator().manual_seed(0)
    sizes = (INPUTS, WIDTH, WIDTH, WIDTH, 1)
    x, y = torch.from_numpy(data.x), torch.from_numpy(data.y)

    def loss(weights: Any, rows: Any) -> Any:
        h = x[rows]
        for w, b in weights[:-1]:
            h = torch.relu(h @ w + b)
        w, b = weights[-1]
        return torch.mean((h @ w + b - y[rows]) ** 2)

    gradients = vmap(grad(loss))

    def draw(fan_in: int, fan_out: int) -> Any:
        return 0.1 * torch.randn(NUM_RUNS, fan_in, fan_out, generator=generator)

    def call() -> None:
        weights = [
            (draw(a, b), torch.zeros(NUM_RUNS, 1, b))
            for a, b in itertools.pairwise(sizes)
        ]
        flat = [t for pair in weights for t in pair]
        m, v = [torch.zeros_like(t) for t in flat], [torch.zeros_like(t) for t in flat]
        for t in range(1, NUM_STEPS + 1):
            rows = torch.randint(ROWS, (NUM_RUNS, BATCH), generator=generator)
            grads = [g for pair in gradients(weights, rows) for g in pair]
            rate = 0.001 * (1 - 0.999**t) ** 0.5 / (1 - 0.9**t)
            for w, g, a, b in zip(flat, grads, m, v, strict=True):
                a.mul_(0.9).add_(g, alpha=0.1)
                b.mul_(0.999).addcmul_(g, g, value=0.001)
                w.sub_(rate * a / (b.sqrt() + 1e-7))

    return call


@contextmanager
def other_backend(backend: str) -> Iterator[Timed | None]:
    """Keep a process with another Keras backend that trains the stack when asked."""
    if importlib.util.find_spec(backend) is None:
        yield None
        return
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, "-m", "ablations.bench.network", PEER_FLAG]
    with subprocess.Popen(  # noqa: S603 - our own module
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as peer:
        assert peer.stdin is not None  # noqa: S101 - for the type checker
        assert peer.stdout is not None  # noqa: S101 - for the type checker
        stdin, stdout = peer.stdin, peer.stdout

        def call() -> None:
            stdin.write("train\n")
            stdin.flush()
            if stdout.readline().strip() != "done":
                raise RuntimeError(f"The {backend} process stopped.")

        try:
            yield call
        finally:
            stdin.close()


def serve_as_peer() -> None:
    """Train the stack once for every line on standard input."""
    for _ in sys.stdin:
        train_network_stack()
        sys.stdout.write("done\n")
        sys.stdout.flush()


def network_contenders(quick: bool, peer: Timed | None) -> list[Contender]:
    """Return everything that trains the 64-run network and is installed."""
    repeats = 3 if quick else 9
    other = "jax" if BACKEND == "tensorflow" else "tensorflow"
    contenders = [
        Contender("fit", lambda: network_as_fit(ROWS), 1, 1 if quick else 5),
        Contender(
            f"fit on {BATCH} rows", lambda: network_as_fit(BATCH), 1, 1 if quick else 3
        ),
        Contender(f"stacked on {BACKEND}", train_network_stack, NUM_RUNS, repeats),
    ]
    if peer is not None:
        contenders.append(Contender(f"stacked on {other}", peer, NUM_RUNS, repeats))
    for name, make, runs in (
        ("hand-written JAX vmap", hand_written_jax, NUM_RUNS),
        ("torch.func vmap", torch_func_stack, NUM_RUNS),
        ("scikit-learn loop", scikit_learn_loop, 1),
    ):
        try:
            contenders.append(Contender(name, make(), runs, repeats))
        except ImportError:
            continue
    return contenders


if __name__ == "__main__" and PEER_FLAG in sys.argv:
    serve_as_peer()
