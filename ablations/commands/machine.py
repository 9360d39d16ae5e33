"""What this machine can do, and whether the machinery holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ablations.terminal import count, printable, say

if TYPE_CHECKING:
    pass
from ablations.commands.options import AsJson, Device, app


@app.command()
def bench(
    as_json: AsJson = False,
    out: Annotated[Path, typer.Option(help="Folder of the table.")] = Path(
        "benchmarks"
    ),
    device: Device = "auto",
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer repetitions and smaller sizes.")
    ] = False,
) -> None:
    """Measure how fast stacks train, beside `keras.Model.fit` and other peers."""
    from ablations.training.devices import load_backend

    load_backend(device)
    from ablations.bench.measure import run_bench

    record = run_bench(out, quick=quick, report=None if as_json else say)
    if as_json:
        say(json.dumps(record, indent=2))


@app.command()
def selfcheck(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer draws, and wider limits for them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put the machinery itself to the test: errors, coverage, power, defects."""
    from ablations.selfcheck.run import run_selfcheck
    from ablations.training.devices import load_backend

    load_backend("auto")
    if not as_json:
        say(f"{'':6}  {'check':<58}  {'must show':<34}  seen")
    rows = []
    for row in run_selfcheck(quick):
        rows.append(row)
        if not as_json:
            word = "ok" if row.passed else "FAILED"
            say(f"{word:<6}  {row.check:<58}  {row.limit:<34}  {printable(row.seen)}")
    if as_json:
        say(json.dumps([row.record() for row in rows], indent=2))
    else:
        failed = sum(not row.passed for row in rows)
        say(f"{count(len(rows), 'check')}: {failed} failed.")
    if not all(row.passed for row in rows):
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """Say what is installed and which devices can train."""
    from ablations.running.machine import describe_machine, package_versions
    from ablations.training.devices import load_backend

    load_backend("auto")
    from ablations.training.backend import BACKEND, gpu_names

    for key, value in {**describe_machine(), **package_versions()}.items():
        say(f"{key}: {value}")
    say(f"backend: {BACKEND}")
    say(f"gpus: {', '.join(gpu_names()) or 'none found, training on the processor'}")
    say(f"device auto: {'gpu' if gpu_names() else 'cpu'}")
