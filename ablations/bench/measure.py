"""Measure what stacking costs, beside the peers that do the same training.

Every comparison is interleaved in one run and given as medians and ratios; single times
are worth little.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from ablations.bench.network import (
    BATCH,
    INPUTS,
    NUM_RUNS,
    NUM_STEPS,
    WIDTH,
    network_contenders,
    other_backend,
)
from ablations.bench.page import to_markdown
from ablations.bench.timing import Contender, Timed, time_interleaved
from ablations.rigs.xor import xor_arm
from ablations.running.machine import describe_machine, package_versions
from ablations.tasks import make_task
from ablations.training.backend import BACKEND, compile_program, gpu_names
from ablations.training.train import Data, train_stack


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
