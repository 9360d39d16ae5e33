"""The command line: `ablations` or `python -m ablations`.

Commands that only read answer at once and never import Keras; the others import it when
they start to train.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ablations.terminal import count, print_verdicts, printable, say, say_lines
from models.config import ConfigError, one_of, requirement

if TYPE_CHECKING:
    from ablations.arm import TuneConfig
    from ablations.claim import Claim
    from ablations.plan import Plan
    from ablations.registry import RegisteredClaim
    from ablations.study.config import StudyConfig

DEFAULT_STORE = Path("results/store.sqlite")
INTERRUPTED = 130

app = typer.Typer(
    name="ablations",
    help="Test what deep-learning notes claim, on thousands of small Keras networks.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
store_app = typer.Typer(help="Look into the store of runs.", no_args_is_help=True)
app.add_typer(store_app, name="store")
study_app = typer.Typer(
    help="Ablations on your own data: `--data FILE`, or a file with `run`.",
    invoke_without_command=True,
)
app.add_typer(study_app, name="study")

Names = Annotated[
    list[str] | None,
    typer.Argument(help="Claim ids, chapters or inventory rows; all when none."),
]
StorePath = Annotated[
    Path, typer.Option("--store", help="The SQLite file that holds the runs.")
]
Preset = Annotated[
    str, typer.Option(help="How much evidence: quick, standard or full.")
]
Seeds = Annotated[
    int | None, typer.Option(help="Seeds per arm, in place of the preset's.", min=1)
]
FirstSeed = Annotated[
    int | None,
    typer.Option(help="First seed that judges, kept by a new store; 0.", min=0),
]
Device = Annotated[str, typer.Option(help="Where to train: auto, cpu or gpu.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StudyData = Annotated[
    str | None, typer.Option("--data", help="A CSV or Parquet file, or sklearn:NAME.")
]
StudyTarget = Annotated[str | None, typer.Option(help="The column to predict.")]
StudyTask = Annotated[
    str | None, typer.Option(help="classification or regression; found if not given.")
]
StudyDrop = Annotated[
    list[str] | None,
    typer.Option("--drop", help="A column to leave out; repeat.", metavar="COLUMN"),
]
StudyKeep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep",
        help="A column to use though it looks like a name of the row; repeat.",
        metavar="COLUMN",
    ),
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
        help="accuracy, balanced_accuracy or crossentropy; rmse or r2 for numbers."
    ),
]
StudyBuild = Annotated[
    str | None, typer.Option(help="Your own factory of models, module:function.")
]
StudyFile = Annotated[
    Path | None, typer.Option("--config", help="A study file; options change it.")
]
StudyDryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be trained, then stop.")
]
ReportFolder = Annotated[Path, typer.Option("--out", help="Folder of the report.")]


# Reading.


@app.command("list")
def list_claims(
    chapter: Annotated[str | None, typer.Option(help="Only this chapter.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the claims with the inventory rows they answer."""
    from ablations.registry import chapters, select_claims

    names = [] if chapter is None else [one_of("chapter", chapter, chapters())]
    claims = select_claims(names)
    if as_json:
        records = [
            {
                "id": c.id,
                "chapter": c.chapter,
                "rows": list(c.claim.rows),
                "statement": c.claim.statement,
            }
            for c in claims
        ]
        say(json.dumps(records, indent=2, ensure_ascii=False))
        return
    width = max(len(claim.id) for claim in claims)
    for claim in claims:
        rows = ", ".join(claim.claim.rows)
        say(f"{claim.id:<{width}}  {rows:<9}  {claim.claim.statement}")


@app.command()
def info(
    claim: Annotated[str, typer.Argument(help="A claim id or inventory row.")],
    preset: Preset = "quick",
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Show a claim: statement, mechanism, rule, arms, budget and cost."""
    from ablations.lock import stored_lock
    from ablations.lookup import plan_for
    from ablations.record import rule_of

    for registered in _select([claim], preset):
        stated = registered.claim
        say(f"{registered.id}  ({', '.join(stated.rows)}; {stated.source})")
        say(f"\n{stated.statement}\n")
        say(f"Why it happens: {registered.mechanism}\n")
        say(f"The rule:\n{rule_of(stated)}\n")
        lock = stored_lock(store, registered.id)
        if lock is not None:
            say(lock.describe())
            if not lock.is_of(registered):
                say("The claim has changed since then; it counts after the next run.")
            say()
        if stated.caveats:
            say(f"Caveats: {stated.caveats}\n")
        if stated.reference:
            say(f"Reference: {stated.reference}\n")
        if stated.untestable:
            continue
        stated = stated.under(preset)
        if stated.untestable:
            say(f"{stated.untestable}\n")
            continue
        _say_arms(stated)
        _say_design(stated, preset)
        say(f"\n{_cost(plan_for([registered], preset, store), preset)}\n")


def _say_arms(claim: Claim) -> None:
    """Say what is trained, with how many seeds, and what is measured."""
    from ablations.claim import PRESETS

    for name, arm in claim.arms.items():
        counts = ", ".join(f"{claim.num_seeds(name, p):,} {p}" for p in PRESETS)
        say(f"Arm {name}: {arm.config.summary()}; seeds: {counts}")
        if arm.tune:
            say(f"  learning rate tuned {_grid(arm.tune)} on {arm.tune.seeds} seeds")
    for name in claim.measurements():
        say(f"Measurement {name}")


def _grid(tune: TuneConfig) -> str:
    """Say which learning rates are tried."""
    if tune.bounds is not None:
        low, high = tune.bounds
        return f"by {tune.trials} {tune.oracle} trials between {low:g} and {high:g}"
    return "over " + ", ".join(f"{rate:g}" for rate in tune.learning_rates)


def _looks(
    claims: Sequence[RegisteredClaim], preset: str, num_seeds: int | None
) -> str:
    """Say how often claims are looked at, with how many seeds and how surely."""
    from ablations.looks import schedule

    laid_down = {
        tuple(schedule(c.claim.under(preset), preset, num_seeds)) for c in claims
    }
    lines = [
        ", ".join(
            f"{look.num_seeds:,} seeds at {100 * look.confidence:.4g} %"
            for look in looks
        )
        for looks in sorted(laid_down, key=lambda looks: looks[0].num_seeds)
    ]
    return "Looks: " + "; ".join(lines) + "."


def _say_design(claim: Claim, preset: str) -> None:
    """Say what the preset's seeds can show, before any run."""
    from ablations.claim import arms_of
    from ablations.judging.design import design_of

    say(f"\nWhat preset {preset} can show:")
    for prediction in (*claim.predictions, *claim.controls):
        counts = [claim.num_seeds(arm, preset) for arm in arms_of(prediction)]
        num_tests = claim.num_tests(prediction)
        design = design_of(prediction, min(counts, default=0), num_tests=num_tests)
        say(f"  {design.text}")


def _cost(plan: Plan, preset: str) -> str:
    """Say what is still to be trained."""
    later = " and those that tuning chooses" if plan.waiting else ""
    return (
        f"Preset {preset}: {plan.num_missing:,} of {plan.num_wanted:,} runs to train"
        f"{later} in {count(len(plan.stacks), 'stack')},"
        f" {count(len(plan.measurements), 'measurement')} to make;"
        f" about {plan.seconds:,.0f} s on two cores."
    )


@app.command()
def status(
    names: Names = None, preset: Preset = "quick", store: StorePath = DEFAULT_STORE
) -> None:
    """Show which runs are there and which are missing."""
    from ablations.lookup import plan_for, runs_by_status

    claims = _select(names, preset)
    if not store.exists():
        say(f"No store at {store}; `ablations run` makes one.")
    width = max(len(claim.id) for claim in claims)
    for claim in claims:
        if not claim.claim.untestable and claim.claim.under(preset).untestable:
            progress = "left to the standard preset"
        else:
            progress = _progress_of(plan_for([claim], preset, store))
        say(f"{claim.id:<{width}}  {progress}")
    say(_cost(plan_for(claims, preset, store), preset))
    for word, number in runs_by_status(store).items():
        if number:
            say(f"  {count(number, 'stored run')} {word}")


def _progress_of(plan: Plan) -> str:
    """Say how much of what a claim needs is there."""
    if not plan.num_steps:
        return "complete"
    parts = []
    if plan.num_missing:
        parts.append(f"{plan.num_present:,} of {plan.num_wanted:,} runs")
    if plan.measurements:
        parts.append(f"{count(len(plan.measurements), 'measurement')} to make")
    if plan.waiting:
        parts.append("then runs that tuning chooses")
    return ", ".join(parts)


@app.command()
def verdicts(
    names: Names = None, as_json: AsJson = False, store: StorePath = DEFAULT_STORE
) -> None:
    """Show the verdict on every claim."""
    from ablations.lookup import stored_verdicts
    from ablations.record import current_verdicts

    records = current_verdicts(_select(names), stored_verdicts(store))
    if as_json:
        say(json.dumps(records, indent=2, ensure_ascii=False))
    else:
        print_verdicts(records)


@app.command()
def compare(
    store_a: Annotated[Path, typer.Argument(help="A SQLite file that holds runs.")],
    store_b: Annotated[Path, typer.Argument(help="Another one.")],
    names: Names = None,
    preset: Annotated[
        str | None,
        typer.Option(help="Judge both by quick, standard or full; as they were if not"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge claims from two stores and say whether these agree.

    Exits with 1 if they contradict each other on a claim or on a condition of one.
    """
    from ablations.compare import compare_stores, describe_comparison

    claims = _select(names, preset or "quick")
    comparison = compare_stores(claims, store_a, store_b, preset)
    if as_json:
        say(json.dumps(comparison, indent=2, ensure_ascii=False))
    else:
        for line in describe_comparison(comparison):
            say(printable(line))
    if comparison["contradicts"]:
        raise typer.Exit(1)


def _select(
    names: Sequence[str] | None, preset: str = "quick"
) -> list[RegisteredClaim]:
    """Return the claims that are named, all for none, once the preset is checked."""
    from ablations.claim import PRESETS
    from ablations.registry import select_claims

    one_of("preset", preset, PRESETS)
    return select_claims(names or [])


# Running.


@app.command()
def run(
    names: Names = None,
    preset: Preset = "quick",
    seeds: Seeds = None,
    device: Device = "auto",
    store: StorePath = DEFAULT_STORE,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be trained, then stop.")
    ] = False,
    until_decided: Annotated[
        bool,
        typer.Option(
            "--until-decided",
            help="Look again at open claims, each time with twice the seeds.",
        ),
    ] = False,
    first_seed: FirstSeed = None,
) -> None:
    """Train what claims still need, judge them and print the verdicts."""
    from ablations.devices import choose_device
    from ablations.lookup import plan_for
    from ablations.session import bring_up_to_date

    claims = _select(names, preset)
    if dry_run:
        choose_device(device)
        say(_cost(plan_for(claims, preset, store, seeds, first_seed), preset))
        if until_decided:
            say(_looks(claims, preset, seeds))
        return
    records = bring_up_to_date(
        claims,
        preset,
        seeds,
        device,
        store,
        sys.stdout,
        until_decided=until_decided,
        first_seed=first_seed,
    )
    print_verdicts(records)


@app.command()
def report(
    names: Names = None,
    out: ReportFolder = Path("report"),
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Write index.html, report.md, tables and figures from the store."""
    say(f"Report: {_write_report(_select(names), out, store).resolve()}")


@app.command()
def reproduce(
    preset: Preset = "quick",
    device: Device = "auto",
    store: StorePath = DEFAULT_STORE,
    out: ReportFolder = Path("report"),
) -> None:
    """Run every claim, judge it and write the report: the main job."""
    from ablations.session import bring_up_to_date

    claims = _select(None, preset)
    records = bring_up_to_date(claims, preset, None, device, store, sys.stdout)
    path = _write_report(claims, out, store)
    print_verdicts(records)
    say(f"Report: {path.resolve()}")


def _write_report(claims: Sequence[RegisteredClaim], out: Path, path: Path) -> Path:
    """Write the report of what a store holds and return its first page."""
    from ablations.evidence import Evidence
    from ablations.machine import describe_commit
    from ablations.record import current_verdicts
    from ablations.store import Store
    from reports.render import write_report

    with Store.open(path, mode="read") as store:
        records = current_verdicts(claims, store.verdicts())
        arms = [arm for record in records for arm in record["arms"]]
        machines = [machine for arm in arms for machine in arm.get("machines", [])]
        return write_report(
            records,
            Evidence(store),
            out,
            generated=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
            machine=machines[0] if machines else {},
            commit=describe_commit(),
        )


# The user's own data.


@study_app.callback()
def study(
    context: typer.Context,
    data: StudyData = None,
    target: StudyTarget = None,
    task: StudyTask = None,
    drop: StudyDrop = None,
    keep: StudyKeep = None,
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
        drop=drop or None,
        keep=keep or None,
        design=design,
        folds=folds,
        repeats=repeats,
        seeds=seeds,
        trials=trials,
        preset=preset,
        score=score,
        build=build,
    )
    _study(asked, out, device, dry_run=dry_run)


@study_app.command("run")
def study_run(
    file: Annotated[Path, typer.Argument(help="A study file, as from `init`.")],
    out: StudyFolder = Path("study"),
    preset: StudyPreset = None,
    device: Device = "auto",
    dry_run: StudyDryRun = False,
) -> None:
    """Run the study of a file."""
    from ablations.study.command import config_from

    _study(config_from(file, None, preset=preset), out, device, dry_run=dry_run)


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


def _study(asked: StudyConfig, out: Path, device: str, *, dry_run: bool) -> None:
    """Run a study and write its report, or say what it would take."""
    from ablations.study.command import run_command, summarize
    from ablations.study.setup import set_up

    if dry_run:
        say_lines(set_up(asked).describe().splitlines())
        return
    result = run_command(asked, out, device, sys.stdout)
    from reports.study.report import write_study_report

    page = write_study_report(result, out)
    say_lines(summarize(result))
    say(f"Report: {page.resolve()}")


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
    from ablations.sweep import describe_sweep, read_sweep, run_sweep

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
        str | None, typer.Option(help="A CSV or Parquet file, or sklearn:NAME.")
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


# The machine.


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
    from ablations.devices import load_backend

    load_backend(device)
    from ablations.bench import run_bench

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
    from ablations.devices import load_backend
    from ablations.selfcheck.run import run_selfcheck

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
    from ablations.devices import load_backend
    from ablations.machine import describe_machine, package_versions

    load_backend("auto")
    from ablations.backend import BACKEND, gpu_names

    for key, value in {**describe_machine(), **package_versions()}.items():
        say(f"{key}: {value}")
    say(f"backend: {BACKEND}")
    say(f"gpus: {', '.join(gpu_names()) or 'none found, training on the processor'}")
    say(f"device auto: {'gpu' if gpu_names() else 'cpu'}")


# The store.


@store_app.command("info")
def store_info(as_json: AsJson = False, store: StorePath = DEFAULT_STORE) -> None:
    """Show path, size, number of runs and the versions that made them."""
    from ablations.store import Store

    with Store.open(store, mode="read") as opened:
        contents = opened.info()
    if as_json:
        say(json.dumps(contents, indent=2))
        return
    for key, value in contents.items():
        say(printable(f"{key}: {value}"))


@store_app.command("export")
def store_export(
    out: Annotated[Path, typer.Argument(help="A .csv or .parquet file to write.")],
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Write one row per run to a table."""
    from ablations.store import Store

    with Store.open(store, mode="read") as opened:
        number = opened.export(out)
    say(f"{count(number, 'run')} written to {out}")


@store_app.command("check")
def store_check(store: StorePath = DEFAULT_STORE) -> None:
    """Read everything in the store and name what is damaged."""
    from ablations.store import Store

    with Store.open(store, mode="read") as opened:
        problems = opened.check()
    for problem in problems:
        say(printable(problem))
    if problems:
        raise typer.Exit(1)
    say("The store is intact.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with 0, 1, 2 or 130."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows a question mark.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        app(args=arguments, standalone_mode=True)
    except ConfigError as error:
        _complain(str(error))
        sys.exit(2)
    except OSError as error:
        _complain(f"{error.filename or 'file'}: {error.strerror or error}.")
        sys.exit(2)
    except MemoryError as error:
        _complain(f"Out of memory. {error}")
        sys.exit(1)
    except SystemExit as done:
        if done.code == INTERRUPTED:
            _complain("Interrupted. The same command continues where it stopped.")
        raise


def _complain(text: str) -> None:
    """Write lines to standard error."""
    for line in text.splitlines():
        typer.echo(f"ablations: {printable(line)}", err=True)


if __name__ == "__main__":
    main()
