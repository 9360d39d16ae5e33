"""What this machine can do, and whether the machinery holds."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ablations.commands.options import AsJson, Device, app
from ablations.terminal import count, printable, say, say_json


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
    """Measure how fast stacks train, beside `keras.Model.fit`."""
    from ablations.training.devices import load_backend

    load_backend(device)
    from ablations.bench.measure import run_bench

    record = run_bench(out, quick=quick, report=None if as_json else say)
    if as_json:
        say_json(record)


@app.command()
def selfcheck(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer draws, and wider limits for them.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put the machinery itself to the test, planted defects too."""
    from ablations.selfcheck.run import run_selfcheck
    from ablations.training.devices import load_backend

    load_backend("auto")
    rows = []
    for row in run_selfcheck(quick):
        rows.append(row)
        if not as_json:
            word = "ok" if row.passed else "FAILED"
            say(f"{word:<6}  {row.check}", more=8)
            say(f"must show {row.limit}: {printable(row.seen)}", indent=8)
    if as_json:
        say_json([row.record() for row in rows])
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
