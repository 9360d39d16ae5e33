"""Sweeps over settings, and searches by KerasTuner's oracles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ablations.terminal import count, printable, say, say_lines
from models.config import requirement

if TYPE_CHECKING:
    pass
from ablations.commands.options import Device, StudyDryRun, app


@app.command()
def sweep(
    file: Annotated[Path, typer.Argument(help="A TOML file: base, grid, seeds.")],
    out: Annotated[Path, typer.Option(help="Folder of tables and figures.")] = Path(
        "sweep"
    ),
    device: Device = "auto",
    dry_run: StudyDryRun = False,
) -> None:
    """Train every point of a grid of settings; write tables and figures."""
    from ablations.running.sweep import describe_sweep, read_sweep, run_sweep

    asked = read_sweep(file)
    if dry_run:
        say_lines(describe_sweep(asked).splitlines())
        return
    found = run_sweep(
        asked, store=out / "runs.sqlite", device=device, stream=sys.stdout
    )
    from reports.sweep import write_sweep

    for path in write_sweep(found, out):
        say(f"Written: {path}")


@app.command()
def tune(
    data: Annotated[
        str | None, typer.Option(help="A CSV, Parquet or .xlsx file, or sklearn:NAME.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column to predict.")] = None,
    oracle: Annotated[
        str, typer.Option(help="random, bayesian, hyperband or grid.")
    ] = "random",
    trials: Annotated[int, typer.Option(help="Trials at most.")] = 50,
    max_epochs: Annotated[int, typer.Option(help="Epochs of a trial.")] = 20,
    seed: Annotated[int, typer.Option(help="Seed of everything that is drawn.")] = 0,
    space: Annotated[
        list[str] | None,
        typer.Option(help="What may be chosen: width=16,32 or dropout=0:0.5; repeat."),
    ] = None,
    task: Annotated[
        str | None, typer.Option(help="classification or regression; looked up if not.")
    ] = None,
    objective: Annotated[
        str, typer.Option(help="val_loss or val_accuracy.")
    ] = "val_loss",
    executions: Annotated[int, typer.Option(help="Trainings per trial.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Folder of the search; one there goes on.")
    ] = None,
    device: Device = "auto",
    imported: Annotated[
        Path | None,
        typer.Option("--import", help="Show a search of KerasTuner, even a damaged."),
    ] = None,
) -> None:
    """Let KerasTuner's oracles search networks for your data; train them as stacks."""
    from ablations.tuner.table import print_trials

    if imported is not None:
        from ablations.tuner.project import read_project

        print_trials(read_project(imported))
        return
    if data is None:
        raise requirement("data", "must be given, or `--import` a folder", None)
    from ablations.tuner.session import describe_test, tune_file

    found = tune_file(
        data,
        target,
        task=task,
        fields=space or (),
        seed=seed,
        begin=lambda line: say(printable(line)),
        report=_say_trials,
        out=out,
        oracle=oracle,
        trials=trials,
        max_epochs=max_epochs,
        objective=objective,
        executions=executions,
        device=device,
    )
    for note in found.notes:
        say(printable(f"Note: {note.text}"))
    print_trials(found.search.trials)
    say(f"{found.search.seconds:,.1f} s. {describe_test(found.test)}")
    if out is not None:
        say(f"Search: {out.resolve()}")


def _say_trials(num_ended: int, num_failed: int, best: float | None) -> None:
    """Say how far a search has come."""
    score = "none yet" if best is None else f"{best:.4g}"
    say(f"{count(num_ended, 'trial')}, {num_failed:,} failed, best score {score}")
