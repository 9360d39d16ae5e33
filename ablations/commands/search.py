"""Sweeps over settings, and searches by KerasTuner's oracles."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ablations.commands.data_options import takes_data_options
from ablations.commands.options import Device, Executor, StudyDryRun, app
from ablations.terminal import count, printable, say, say_as_it_is, say_lines
from models.config import requirement

if TYPE_CHECKING:
    from ablations.tuner.session import FileSearch


@app.command()
def sweep(
    file: Annotated[Path, typer.Argument(help="A TOML file: base, grid, seeds.")],
    out: Annotated[Path, typer.Option(help="Folder of tables and figures.")] = Path(
        "sweep"
    ),
    device: Device = "auto",
    executor: Executor = "auto",
    dry_run: StudyDryRun = False,
) -> None:
    """Train every point of a grid of settings and write a page."""
    from ablations.running.sweep import describe_sweep, read_sweep, run_sweep

    asked = read_sweep(file)
    if dry_run:
        say_lines(describe_sweep(asked).splitlines())
        return
    found = run_sweep(
        asked,
        store=out / "runs.sqlite",
        device=device,
        executor=executor,
        stream=sys.stdout,
    )
    from reports.sweep import write_sweep

    for path in write_sweep(found, out):
        say_as_it_is(f"Written: {path}")


@app.command()
@takes_data_options
def tune(
    data: Annotated[
        str | None, typer.Option(help="A CSV, Parquet or .xlsx file, or sklearn:NAME.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="The column to predict.")] = None,
    read: dict[str, Any] | None = None,
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
    folds: Annotated[
        int | None,
        typer.Option(help="Score a trial by a cross-validation of so many splits."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder of the search; the same one there goes on."),
    ] = None,
    device: Device = "auto",
    executor: Executor = "auto",
    imported: Annotated[
        Path | None,
        typer.Option("--import", help="Show a search of KerasTuner, even a damaged."),
    ] = None,
) -> None:
    """Let KerasTuner's oracles search networks for your data."""
    if imported is not None:
        from ablations.tuner.project import read_project
        from ablations.tuner.table import print_trials

        print_trials(read_project(imported))
        return
    if data is None:
        raise requirement("data", "must be given, or `--import` a folder", None)
    from ablations.tuner.session import tune_file

    if out is None:
        say("Nothing is kept; with `--out FOLDER` a search that is stopped goes on.")
    found = tune_file(
        data,
        target,
        task=task,
        fields=space or (),
        read=read,
        folds=folds,
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
        executor=executor,
    )
    _say_found(found, folds)
    if out is not None:
        from reports.search import write_search

        for path in write_search(found, out):
            say_as_it_is(f"Written: {path}")


def _say_found(found: FileSearch, folds: int | None) -> None:
    """Say what a search has found."""
    from ablations.tuner.session import describe_test
    from ablations.tuner.table import print_trials

    for note in found.dataset.notes:
        say(printable(f"Note: {note.text}"))
    print_trials(found.search.trials)
    say(f"{found.search.ending} It took {found.search.seconds:,.1f} s.")
    say(describe_test(found.test, folds))


def _say_trials(num_ended: int, num_failed: int, best: float | None) -> None:
    """Say how far a search has come."""
    score = "none yet" if best is None else f"{best:.4g}"
    say(f"{count(num_ended, 'trial')}, {num_failed:,} failed, best score {score}")
