"""Ablations on the user's own data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ablations.terminal import say, say_as_it_is, say_lines

if TYPE_CHECKING:
    from ablations.study.settings.config import StudyConfig
from ablations.commands.data_options import takes_data_options
from ablations.commands.options import Device, Executor, StudyDryRun, study_app

StudyData = Annotated[
    str | None,
    typer.Option("--data", help="A CSV, Parquet or .xlsx file, or sklearn:NAME."),
]

StudyTarget = Annotated[str | None, typer.Option(help="The column to predict.")]

StudyTask = Annotated[
    str | None, typer.Option(help="classification or regression; found if not given.")
]

StudyFolder = Annotated[
    Path, typer.Option("--out", help="Folder of the report and the runs.")
]

StudyFactors = Annotated[
    list[str] | None,
    typer.Option(
        "--factor", help="Levels, the plain one first: dropout=0,0.2; repeat."
    ),
]

StudyDesign = Annotated[
    str | None,
    typer.Option(
        help="one_at_a_time, leave_one_out, full_factorial or fractional_factorial."
    ),
]

StudyFolds = Annotated[int | None, typer.Option(help="Splits per cross-validation.")]

StudyRepeats = Annotated[int | None, typer.Option(help="Cross-validations.")]

StudySeeds = Annotated[int | None, typer.Option(help="Trainings per split.")]

StudyTrials = Annotated[
    int | None, typer.Option(help="Learning rates tried for every arm in every split.")
]

StudyPreset = Annotated[
    str | None, typer.Option("--preset", help="quick, standard or full.")
]

StudyScore = Annotated[
    str | None,
    typer.Option(
        help="accuracy, balanced_accuracy, auc, average_precision, f1 or log_loss; for"
        " numbers rmse, mae, r2 or rmsle (the error of the logarithm)."
    ),
]

StudyBuild = Annotated[
    str | None, typer.Option(help="Your own factory of models, module:function.")
]

StudyFile = Annotated[
    Path | None, typer.Option("--config", help="A study file; options change it.")
]


@study_app.callback()
@takes_data_options
def study(
    context: typer.Context,
    data: StudyData = None,
    target: StudyTarget = None,
    task: StudyTask = None,
    read: dict[str, Any] | None = None,
    out: StudyFolder = Path("study"),
    factor: StudyFactors = None,
    design: StudyDesign = None,
    folds: StudyFolds = None,
    repeats: StudyRepeats = None,
    seeds: StudySeeds = None,
    trials: StudyTrials = None,
    preset: StudyPreset = None,
    score: StudyScore = None,
    build: StudyBuild = None,
    config: StudyFile = None,
    device: Device = "auto",
    executor: Executor = "auto",
    dry_run: StudyDryRun = False,
) -> None:
    """Say which ingredients help on your data, and whether the difference is real."""
    if context.invoked_subcommand is not None:
        return
    from ablations.study.command import config_from

    asked = config_from(
        config,
        factor,
        data=data,
        target=target,
        task=task,
        **(read or {}),
        design=design,
        folds=folds,
        repeats=repeats,
        seeds=seeds,
        trials=trials,
        preset=preset,
        score=score,
        build=build,
    )
    _study(asked, out, device, executor, dry_run=dry_run)


@study_app.command("run")
def study_run(
    file: Annotated[Path, typer.Argument(help="A study file, as from `init`.")],
    out: StudyFolder = Path("study"),
    preset: StudyPreset = None,
    device: Device = "auto",
    executor: Executor = "auto",
    dry_run: StudyDryRun = False,
) -> None:
    """Run the study of a file."""
    from ablations.study.command import config_from

    _study(
        config_from(file, None, preset=preset), out, device, executor, dry_run=dry_run
    )


@study_app.command("init")
def study_init(
    path: Annotated[Path, typer.Argument(help="The file to write.")] = Path(
        "study.toml"
    ),
) -> None:
    """Write a study file with all its settings explained."""
    from ablations.study.command import write_template

    write_template(path)
    say(f"Written to {path}; run it with: ablations study run {path}")


def _study(
    asked: StudyConfig, out: Path, device: str, executor: str, *, dry_run: bool
) -> None:
    """Run a study and write its report, or say what it would take."""
    from ablations.study.command import run_command, summarize
    from ablations.study.training.setup import set_up

    if dry_run:
        from ablations.study.table.overview import columns_lines, warning_lines

        setup = set_up(asked)
        say_lines(setup.describe().splitlines())
        say_lines(columns_lines(setup.dataset))
        say_lines(warning_lines(setup.dataset))
        return
    from ablations.running.heartbeat import Heartbeat

    with Heartbeat(sys.stdout) as voice:
        result = run_command(asked, out, device, executor, voice)
        with voice.doing("Writing the report"):
            from reports.study.report import write_study_report

            page = write_study_report(result, out)
    say_lines(summarize(result))
    say_as_it_is(f"Report: {page.resolve()}")
