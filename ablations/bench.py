"""Measure what stacking costs, beside the peers that do the same training.

Every comparison is interleaved in one run and given as medians and ratios, because the
speed of a machine drifts; single times are worth little.
Peers in other processes (the JAX backend of Keras beside TensorFlow) stay alive and are
asked in turn.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ablations.rigs.xor import xor_arm
from ablations.running.executors import num_workers, run_concurrently
from ablations.running.machine import describe_machine, num_cores, package_versions
from ablations.tasks import make_task
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

Timed = Callable[[], object]


@dataclass(frozen=True)
class Contender:
    """Name something to time: one call trains `runs` runs."""

    name: str
    call: Timed
    runs: int
    repeats: int


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


def time_interleaved(contenders: list[Contender]) -> dict[str, dict[str, float]]:
    """Time contenders in turn, one warm-up each, and return seconds per run."""
    for contender in contenders:
        contender.call()
    times: dict[str, list[float]] = {c.name: [] for c in contenders}
    for turn in range(max(c.repeats for c in contenders)):
        for contender in contenders:
            if turn >= contender.repeats:
                continue
            started = time.perf_counter()
            contender.call()
            seconds = time.perf_counter() - started
            times[contender.name].append(seconds / contender.runs)
    return {
        name: {
            "median_s_per_run": statistics.median(values),
            "min_s_per_run": min(values),
            "max_s_per_run": max(values),
            "repeats": len(values),
        }
        for name, values in times.items()
    }


# --- (a) the printed XOR program ---------------------------------------------------


def xor_program_as_fit() -> None:
    """Build, compile and fit the printed program once, as a script would."""
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Dense(
                2, activation="leaky_relu", kernel_initializer="he_normal"
            ),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse")
    task = make_task(xor_arm().task)
    model.fit(task.x, task.y, epochs=100, verbose=0)


def xor_contenders(quick: bool) -> list[Contender]:
    """Return the printed program as `fit` and as a stack."""
    arm = xor_arm(num_steps=100)
    task = make_task(arm.task)
    data = Data(task.x, task.y)
    runs = arm.stack_size()

    def stacked() -> None:
        train_stack(arm.model, arm.training, np.arange(runs), data, pad_to=runs)

    return [
        Contender("fit", xor_program_as_fit, 1, 2 if quick else 5),
        Contender("stacked", stacked, runs, 5 if quick else 15),
    ]


# --- (b) the 64-run network --------------------------------------------------------


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
    import importlib.util

    if importlib.util.find_spec(backend) is None:
        yield None
        return
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, "-m", "ablations.bench", PEER_FLAG]
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


# --- (c) floating-point rate -------------------------------------------------------


def flops_per_run() -> float:
    """Return the floating-point operations of one run's matrix products.

    Two per multiply-add, three products per layer: forward, and backward to the
    weights and to the inputs (the first layer needs no gradient of its inputs).
    """
    first, rest = INPUTS * WIDTH, 2 * WIDTH * WIDTH + WIDTH
    return 2.0 * BATCH * NUM_STEPS * (2 * first + 3 * rest)


def matrix_products() -> tuple[Timed, float]:
    """Return a compiled loop of batched matrix products and its operations."""
    from keras import ops

    from ablations.training.backend import compile_program

    count = 1_000
    rng = np.random.default_rng(0)
    a = ops.convert_to_tensor(
        rng.normal(size=(NUM_RUNS, BATCH, WIDTH)).astype(np.float32)
    )
    b = ops.convert_to_tensor(
        rng.normal(size=(NUM_RUNS, WIDTH, WIDTH)).astype(np.float32) / WIDTH**0.5
    )

    def loop(a: Any, b: Any) -> Any:
        (_, a) = ops.while_loop(
            lambda k, a: k < count, lambda k, a: (k + 1, ops.matmul(a, b)), (0, a)
        )
        return a

    program = compile_program(loop)

    def call() -> None:
        ops.convert_to_numpy(program(a, b))

    return call, 2.0 * NUM_RUNS * BATCH * WIDTH * WIDTH * count


# --- (d) growth --------------------------------------------------------------------


def growth(quick: bool) -> list[dict[str, float]]:
    """Train the printed program 1 to 100,000 times and note cost and peak memory."""
    arm = xor_arm(num_steps=100)
    task = make_task(arm.task)
    data = Data(task.x, task.y)
    limit = arm.stack_size()
    rows = []
    for num_runs in (1, 10, 100, 1_000, 10_000) + (() if quick else (100_000,)):

        def train_all(num_runs: int = num_runs) -> None:
            size = min(limit, 1 << (num_runs - 1).bit_length())
            for first in range(0, num_runs, size):
                seeds = np.arange(first, min(first + size, num_runs))
                train_stack(arm.model, arm.training, seeds, data, pad_to=size)

        (timed,) = time_interleaved(
            [Contender("growth", train_all, num_runs, 3)]
        ).values()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append(
            {
                "runs": num_runs,
                "seconds": timed["median_s_per_run"] * num_runs,
                "s_per_run": timed["median_s_per_run"],
                "peak_memory_mib": peak,
            }
        )
    return rows


# --- all of it ---------------------------------------------------------------------


def measure(*, quick: bool, report: Callable[[str], None]) -> dict[str, Any]:
    """Run every benchmark and return the record."""
    report("The printed XOR program: fit against stacked ...")
    xor = time_interleaved(xor_contenders(quick))
    report("20-64-64-64-1, 64 runs: fit, stacks and peers ...")
    other = "jax" if BACKEND == "tensorflow" else "tensorflow"
    with other_backend(other) as peer:
        contenders = network_contenders(quick, peer)
        product, operations = matrix_products()
        contenders.append(Contender("matrix product", product, 1, 3 if quick else 9))
        network = time_interleaved(contenders)
    rate = operations / network.pop("matrix product")["median_s_per_run"]
    report("Growth from 1 run on ...")
    stacked = network[f"stacked on {BACKEND}"]["median_s_per_run"]
    return {
        "machine": {**describe_machine(), "gpus": gpu_names()},
        "versions": package_versions(),
        "backend": BACKEND,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "xor": xor,
        "xor_ratio": xor["fit"]["median_s_per_run"]
        / xor["stacked"]["median_s_per_run"],
        "network": network,
        "network_ratios": {
            name: timed["median_s_per_run"] / stacked for name, timed in network.items()
        },
        "gflops": {
            "stacked": flops_per_run() / stacked / 1e9,
            "matrix product": rate / 1e9,
            "share": flops_per_run() / stacked / rate,
        },
        "growth": growth(quick),
    }


def to_markdown(record: dict[str, Any]) -> str:
    """Write a record as the page that `benchmarks/` shows."""
    machine, versions = record["machine"], record["versions"]
    gpus = ", ".join(machine["gpus"]) or "no GPU"
    lines = [
        "# Benchmarks",
        "",
        f"{record['date']}, {machine['processor']}, {machine['cores']} cores,"
        f" {machine['memory_gib']} GiB, {gpus}, Python {machine['python']},"
        f" backend {record['backend']}.",
        "Versions: "
        + ", ".join(f"{name} {version}" for name, version in versions.items())
        + ".",
        "Medians of interleaved repeats in one process; ratios are what to compare.",
        "",
        "## The printed XOR program, 100 updates",
        "",
        "| | per run | repeats |",
        "|---|---|---|",
    ]
    for name, timed in record["xor"].items():
        lines.append(
            f"| {name} | {_seconds(timed['median_s_per_run'])} | {timed['repeats']} |"
        )
    lines += [
        "",
        f"A stacked run costs 1/{record['xor_ratio']:,.0f} of a `fit`.",
        "",
        "## 20-64-64-64-1, batch 64, 400 Adam updates, 64 runs",
        "",
        f"{ROWS:,} rows, so that `fit` makes {NUM_STEPS * BATCH // ROWS} epochs; with"
        f" {BATCH} rows, one batch, it makes {NUM_STEPS}, and each epoch costs it time."
        " The cost of a stack does not depend on the number of rows."
        " Stacks are trained as the runner trains them, one per core at once.",
        "",
        "| | per run | against stacked | repeats |",
        "|---|---|---|---|",
    ]
    for name, timed in record["network"].items():
        lines.append(
            f"| {name} | {_seconds(timed['median_s_per_run'])}"
            f" | {record['network_ratios'][name]:.2f} | {timed['repeats']} |"
        )
    rates = record["gflops"]
    lines += [
        "",
        f"The stack reaches {rates['stacked']:.0f} GFLOP/s, its matrix products"
        " alone counted; a compiled batched product of the same shapes"
        f" {rates['matrix product']:.0f} GFLOP/s, a share of {rates['share']:.2f}.",
        "",
        "## Cost from one run on",
        "",
        "| runs | all | per run | peak memory of the process |",
        "|---|---|---|---|",
    ]
    for row in record["growth"]:
        lines.append(
            f"| {row['runs']:,} | {_seconds(row['seconds'])}"
            f" | {_seconds(row['s_per_run'])} | {row['peak_memory_mib']:,.0f} MiB |"
        )
    return "\n".join(lines) + "\n"


def _seconds(seconds: float) -> str:
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1.0:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def run_bench(
    out: Path, *, quick: bool = False, report: Callable[[str], None] | None = None
) -> dict[str, Any]:
    """Measure, write `results.json` and `README.md` into a folder, and return it all.

    A GPU's results go beside the processor's, in files named after the device.
    """
    record = measure(quick=quick, report=report or (lambda line: None))
    out.mkdir(parents=True, exist_ok=True)
    suffix = "-gpu" if record["machine"]["gpus"] else ""
    page = to_markdown(record)
    (out / f"results{suffix}.json").write_text(json.dumps(record, indent=2) + "\n")
    (out / f"README{suffix}.md").write_text(page)
    if report is not None:
        report(page)
    return record


if __name__ == "__main__" and PEER_FLAG in sys.argv:
    serve_as_peer()
