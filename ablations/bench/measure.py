"""Measure what stacking costs, beside the peers that do the same training.

Every comparison is interleaved in one run and given as medians and ratios; single times
are worth little. Peers use as many workers as the stacks do.
"""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import json
import resource
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from ablations.bench.network import NETWORK, XOR, setting
from ablations.bench.page import to_markdown
from ablations.bench.peers import BATCH, INPUTS, NUM_RUNS, NUM_STEPS, WIDTH
from ablations.bench.processes import Processes
from ablations.bench.timing import Contender, time_interleaved
from ablations.running.executors import num_workers
from ablations.running.machine import describe_machine, num_cores, package_versions
from ablations.training.backend import BACKEND, compile_program, gpu_names
from ablations.training.train import train_stack

OTHER = {"tensorflow": "jax", "jax": "tensorflow"}
ONCE = "compiled once"
NEEDS = {"hand-written JAX vmap": "jax", "torch.func vmap": "torch"}

FEW, MANY = 5, 11
"""Repeats of what takes seconds, and of what takes less."""

LARGER_STACKS = (512, 4096)
"""Runs that a GPU is also given at once."""

LARGE = 2048
"""Size of a matrix whose products show the highest rate."""

STREAMED = 2**26
"""Numbers of an array that no cache holds."""


def contenders(quick: bool, stack: ExitStack) -> dict[str, Contender]:
    """Return whoever trains the printed program and the network, by name.

    Processes are kept as long as `stack` is open: one for the stacks of each backend,
    which have threads, and for the peers as many as there are such threads.
    """
    on_gpu = bool(gpu_names())
    workers = num_workers(num_cores(), on_gpu=on_gpu)

    def processes(backend: str, number: int = 1) -> Processes:
        return stack.enter_context(closing(Processes(backend, number)))

    peers, ours = processes(BACKEND, workers), processes(BACKEND)
    rows: list[tuple] = [
        ("xor stacked", ours, "stacked", workers * XOR.stack_size(), MANY, True),
        (f"stacked on {BACKEND}", ours, "stacked", NUM_RUNS, MANY),
    ]
    for runs in LARGER_STACKS if on_gpu else ():
        label = f"stacked on {BACKEND}, {runs:,} runs"
        rows.append((label, ours, "stacked", runs, MANY))
    fits = [("fit", peers, "fit"), (f"fit on {BACKEND}, {ONCE}", peers, f"fit, {ONCE}")]
    other = OTHER[BACKEND]
    if not on_gpu and importlib.util.find_spec(other):  # which may have no GPU
        label = f"stacked on {other}"
        rows.append((label, processes(other), "stacked", NUM_RUNS, MANY))
        more = processes(other, workers)
        fits.append((f"fit on {other}, {ONCE}", more, f"fit, {ONCE}"))
    for label, crew, name in fits:
        rows.append((f"xor {label}", crew, name, workers, FEW, True))
        rows.append((label, crew, name, workers, FEW))
    for name, needed in NEEDS.items():
        if importlib.util.find_spec(needed):
            rows.append((name, peers, name, NUM_RUNS // workers * workers, MANY))
    rows.append(("scikit-learn", peers, "scikit-learn", workers, MANY))
    return {
        label: Contender(
            functools.partial(crew.train, name, runs, *of_xor),
            runs,
            2 if quick else repeats,
            crew.processor_seconds,
        )
        for label, crew, name, runs, repeats, *of_xor in rows
    }


def work_per_run() -> tuple[float, float]:
    """Return the operations of one run's products, and what its updates move in bytes.

    Two operations per multiply-add, three products per layer: forward, and backward to
    the weights and to the inputs (the first layer needs no gradient of its inputs). A
    weight, its gradient and Adam's two moments are each read and written per update.
    """
    first, rest = INPUTS * WIDTH, 2 * WIDTH * WIDTH + WIDTH
    operations = 2.0 * BATCH * NUM_STEPS * (2 * first + 3 * rest)
    return operations, 2.0 * 4 * 4 * NETWORK.parameter_count()[0] * NUM_STEPS


def device_loops(quick: bool) -> dict[str, Contender]:
    """Return compiled loops of one operation; a `run` is one operation or byte.

    Products of the stack's shapes, products of large matrices, and reading and writing
    an array.
    """
    rng = np.random.default_rng(0)

    def drawn(*shape: int) -> Any:
        values = rng.normal(size=shape).astype(np.float32)
        return ops.convert_to_tensor(values / shape[-1] ** 0.5)

    def looped(
        step: Callable[[Any, Any], Any], amount: int, count: int, a: Any, b: Any
    ) -> Contender:
        def loop(a: Any, b: Any) -> Any:
            return ops.while_loop(
                lambda k, a: k < count, lambda k, a: (k + 1, step(a, b)), (0, a)
            )[1]

        program = compile_program(loop)
        # One number of the result is waited for, and not copied with all others.
        call = lambda: float(ops.ravel(program(a, b))[0])  # noqa: E731
        return Contender(call, amount * count, 2 if quick else MANY)

    few = 200 if gpu_names() else 4  # so that the call itself does not count
    stacked = 2 * NUM_RUNS * BATCH * WIDTH * WIDTH
    rows, weights = drawn(NUM_RUNS, BATCH, WIDTH), drawn(NUM_RUNS, WIDTH, WIDTH)
    a, b = drawn(LARGE, LARGE), drawn(LARGE, LARGE)
    array = ops.ones((STREAMED,), "float32")
    return {
        "product": looped(ops.matmul, stacked, 1_000, rows, weights),
        "large product": looped(ops.matmul, 2 * LARGE**3, few, a, b),
        "memory": looped(lambda a, b: 0.5 * a + b, 8 * STREAMED, few, array, a[0, 0]),
    }


def growth(quick: bool) -> list[dict[str, float]]:
    """Train the printed program 1 to 100,000 times and note cost and peak memory."""
    model, training, data = setting(is_xor=True)
    limit = XOR.stack_size()
    rows = []
    for num_runs in (1, 10, 100, 1_000, 10_000) + (() if quick else (100_000,)):

        def train_all(num_runs: int = num_runs) -> None:
            size = min(limit, 1 << (num_runs - 1).bit_length())
            for first in range(0, num_runs, size):
                seeds = np.arange(first, min(first + size, num_runs))
                train_stack(model, training, seeds, data, pad_to=size)

        (timed,) = time_interleaved({"": Contender(train_all, num_runs, 3)}).values()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append({**timed, "runs": num_runs, "peak_memory_mib": peak})
    return rows


def measure(*, quick: bool, report: Callable[[str], None]) -> dict[str, Any]:
    """Run every benchmark and return the record."""
    report("Growth from 1 run on ...")
    grown = growth(quick)  # first, since what else is measured needs memory
    report("Stacks, fit and peers ...")
    loops = device_loops(quick)
    with ExitStack() as stack:
        timed = time_interleaved(contenders(quick, stack) | loops)
    rates = {name: 1e-9 / timed.pop(name)["median_s_per_run"] for name in loops}
    per_run = 1e9 * timed[f"stacked on {BACKEND}"]["median_s_per_run"]
    operations, moved = work_per_run()
    rates |= {
        "stack's products": operations / per_run,
        "stack's weights": moved / per_run,
    }
    xor = {name: timed.pop(name) for name in [*timed] if name.startswith("xor ")}
    return {
        "machine": {**describe_machine(), "gpus": gpu_names()},
        "versions": package_versions() | _version_of("torch"),
        "backend": BACKEND,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "workers": num_workers(num_cores(), on_gpu=bool(gpu_names())),
        "xor": {name.removeprefix("xor "): times for name, times in xor.items()},
        "network": timed,
        "giga_per_second": rates,
        "growth": grown,
    }


def _version_of(package: str) -> dict[str, str]:
    has_it = importlib.util.find_spec(package)
    return {package: importlib.metadata.version(package)} if has_it else {}


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
