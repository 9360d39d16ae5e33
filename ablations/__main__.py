"""The command line: `ablations` or `python -m ablations`.

Commands that only read answer at once and never import Keras; the others import it when
they start to train.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.config import ConfigError, one_of

if TYPE_CHECKING:
    from ablations.registry import RegisteredClaim
    from ablations.store import Store

DEFAULT_STORE = Path("results/store.sqlite")
DEVICES = ("auto", "cpu", "gpu")
COLORS = {
    "supported": "green",
    "conditional": "yellow",
    "refuted": "red",
    "inconclusive": "magenta",
    "not tested": "bright_black",
}

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
Device = Annotated[str, typer.Option(help="Where to train: auto, cpu or gpu.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def say(text: str = "") -> None:
    """Print a line on standard output."""
    typer.echo(text)


def _printable(text: str) -> str:
    """Return text without control characters, which could command a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _choose_device(device: str) -> None:
    """Fix the device before Keras is imported."""
    one_of("device", device, DEVICES)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        os.environ["JAX_PLATFORMS"] = "cpu"


def _check_device(device: str) -> None:
    """Refuse `--device gpu` where the backend sees none."""
    from ablations.backend import BACKEND, gpu_names

    if device == "gpu" and not gpu_names():
        raise ConfigError(
            f"`device` 'gpu' needs a GPU that {BACKEND} can use; none was found."
            " `ablations doctor` says what is there."
        )


def _open_to_read(path: Path) -> Store:
    from ablations.store import Store

    return Store.open(path, mode="read")


def _stored_verdicts(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with _open_to_read(path) as store:
        return store.verdicts()


# --- reading -----------------------------------------------------------------------


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
        say(json.dumps(records, indent=2))
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
    from ablations.claim import PRESETS
    from ablations.registry import select_claims
    from ablations.verdict import rule_of, summary

    one_of("preset", preset, PRESETS)
    for registered in select_claims([claim]):
        stated = registered.claim
        say(f"{registered.id}  ({', '.join(stated.rows)}; {stated.source})")
        say(f"\n{stated.statement}\n")
        say(f"Why it happens: {registered.mechanism}\n")
        say(f"The rule:\n{rule_of(stated)}\n")
        if stated.caveats:
            say(f"Caveats: {stated.caveats}\n")
        if stated.reference:
            say(f"Reference: {stated.reference}\n")
        for name, arm in stated.arms.items():
            counts = ", ".join(f"{stated.num_seeds(name, p):,} {p}" for p in PRESETS)
            say(f"Arm {name}: {summary(arm.config)}; seeds: {counts}")
            if arm.tune:
                rates = ", ".join(f"{rate:g}" for rate in arm.tune.learning_rates)
                say(f"  learning rate tuned over {rates} on {arm.tune.seeds} seeds")
        for name in stated.measurements():
            say(f"Measurement {name}")
        say(f"\n{_cost([registered], preset, store)}")
        say()


def _cost(claims: Sequence[RegisteredClaim], preset: str, path: Path) -> str:
    """Say what is still to be trained."""
    import tempfile

    from ablations.plan import make_plan
    from ablations.store import Store

    if path.exists():
        with _open_to_read(path) as store:
            plan = make_plan(claims, preset, store)
    else:
        with (
            tempfile.TemporaryDirectory() as empty,
            Store.open(Path(empty) / "empty.sqlite") as store,
        ):
            plan = make_plan(claims, preset, store)
    later = " and those that tuning chooses" if plan.waiting else ""
    return (
        f"Preset {preset}: {plan.num_missing:,} of {plan.num_wanted:,} runs to train"
        f"{later} in {len(plan.stacks)} stacks, {len(plan.measurements)} measurements."
    )


@app.command()
def status(
    names: Names = None, preset: Preset = "quick", store: StorePath = DEFAULT_STORE
) -> None:
    """Show which runs are there and which are missing."""
    from ablations.claim import PRESETS
    from ablations.registry import select_claims

    one_of("preset", preset, PRESETS)
    claims = select_claims(names or [])
    if not store.exists():
        say(f"No store at {store}; `ablations run` makes one.")
    say(_cost(claims, preset, store))
    if store.exists():
        with _open_to_read(store) as opened:
            for key, value in opened.info()["runs"].items():
                say(f"  {key}: {value:,}" if isinstance(value, int) else f"  {key}")


@app.command()
def verdicts(
    names: Names = None, as_json: AsJson = False, store: StorePath = DEFAULT_STORE
) -> None:
    """Show the verdict on every claim."""
    from ablations.registry import select_claims
    from ablations.verdict import current_verdicts

    records = current_verdicts(select_claims(names or []), _stored_verdicts(store))
    if as_json:
        say(json.dumps(records, indent=2, ensure_ascii=False))
        return
    _print_verdicts(records)


def _print_verdicts(records: Sequence[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(show_edge=False, pad_edge=False, show_lines=True)
    table.add_column("rows", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    table.add_column("claim", ratio=2)
    table.add_column("finding", ratio=3)
    for record in records:
        verdict = record["verdict"]
        table.add_row(
            ", ".join(record["rows"]),
            Text(verdict, style=COLORS[verdict]),
            Text(_printable(record["statement"])),
            Text(_printable(record["finding"])),
        )
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    console.print(table)
    counts = [f"{sum(r['verdict'] == v for r in records)} {v}" for v in COLORS]
    say(f"{len(records)} claims: {', '.join(counts)}.")


# --- running -----------------------------------------------------------------------


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
) -> None:
    """Train what claims still need, judge them and print the verdicts."""
    from ablations.claim import PRESETS
    from ablations.registry import select_claims

    one_of("preset", preset, PRESETS)
    one_of("device", device, DEVICES)
    claims = select_claims(names or [])
    if dry_run:
        say(_cost(claims, preset, store))
        return
    _print_verdicts(_run(claims, preset, seeds, device, store))


def _run(
    claims: Sequence[RegisteredClaim],
    preset: str,
    num_seeds: int | None,
    device: str,
    path: Path,
) -> list[dict[str, Any]]:
    """Train, judge and store; return the verdicts."""
    from ablations.evidence import Evidence
    from ablations.plan import make_plan
    from ablations.store import Store
    from ablations.verdict import give_verdict

    with Store.open(path) as store:
        started = time.monotonic()
        trained = 0
        while True:
            plan = make_plan(claims, preset, store, num_seeds)
            if not plan.stacks and not plan.measurements:
                break
            _choose_device(device)
            with _native_noise_hidden():
                from ablations.runner import execute
            _check_device(device)
            progress = _progress(plan)
            try:
                execute(plan, store, progress)
            except KeyboardInterrupt:
                typer.echo("\nInterrupted; the same command continues.", err=True)
                raise typer.Exit(130) from None
            finally:
                progress.close()
            trained += plan.num_missing
            if not plan.waiting:
                break
        seconds = time.monotonic() - started
        say(
            f"{plan.num_wanted:,} runs needed, {trained:,} trained in {seconds:.0f} s;"
            f" store {path}"
        )
        evidence = Evidence(store)
        records = [give_verdict(c, evidence, preset, num_seeds) for c in claims]
        store.put_verdicts(records)
    return records


def _progress(plan: Any) -> Any:
    from ablations.progress import Progress

    return Progress(plan, sys.stdout)


class _native_noise_hidden:
    """Keep what TensorFlow writes to file descriptor 2 on import off the terminal."""

    def __enter__(self) -> None:
        sys.stderr.flush()
        self._saved = os.dup(2)
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 2)
        os.close(null)
        import keras  # noqa: F401

    def __exit__(self, *error: object) -> None:
        sys.stderr.flush()
        os.dup2(self._saved, 2)
        os.close(self._saved)


@app.command()
def report(
    names: Names = None,
    out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("report"),
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Write index.html, report.md, tables and figures from the store."""
    from ablations.registry import select_claims

    path = _report(select_claims(names or []), out, store)
    say(f"Report: {path}")


def _report(claims: Sequence[RegisteredClaim], out: Path, path: Path) -> Path:
    from ablations.evidence import Evidence
    from ablations.verdict import current_verdicts
    from reports.render import write_report

    with _open_to_read(path) as store:
        records = current_verdicts(claims, store.verdicts())
        machines = [
            m for r in records for a in r["arms"] for m in a.get("machines", [])
        ]
        return write_report(
            records,
            Evidence(store),
            out,
            generated=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
            machine=machines[0] if machines else {},
        )


@app.command()
def reproduce(
    preset: Preset = "quick",
    device: Device = "auto",
    store: StorePath = DEFAULT_STORE,
    out: Annotated[Path, typer.Option(help="Folder of the report.")] = Path("report"),
) -> None:
    """Run every claim, judge it and write the report: the main job."""
    from ablations.claim import PRESETS
    from ablations.registry import select_claims

    one_of("preset", preset, PRESETS)
    one_of("device", device, DEVICES)
    claims = select_claims([])
    records = _run(claims, preset, None, device, store)
    path = _report(claims, out, store)
    _print_verdicts(records)
    say(f"Report: {path.resolve()}")


# --- the machine -------------------------------------------------------------------


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
    _choose_device(device)
    with _native_noise_hidden():
        from ablations.bench import run_bench
    _check_device(device)
    record = run_bench(out, quick=quick, report=say if not as_json else None)
    if as_json:
        say(json.dumps(record, indent=2))


@app.command()
def doctor() -> None:
    """Say what is installed and which devices can train."""
    _choose_device("auto")
    with _native_noise_hidden():
        from ablations.backend import BACKEND, gpu_names
        from ablations.machine import describe_machine, package_versions
    for key, value in {**describe_machine(), **package_versions()}.items():
        say(f"{key}: {value}")
    say(f"backend: {BACKEND}")
    say(f"gpus: {', '.join(gpu_names()) or 'none found, training on the processor'}")
    say(f"device auto: {'gpu' if gpu_names() else 'cpu'}")


# --- the store ---------------------------------------------------------------------


@store_app.command("info")
def store_info(as_json: AsJson = False, store: StorePath = DEFAULT_STORE) -> None:
    """Show path, size, number of runs and the versions that made them."""
    with _open_to_read(store) as opened:
        contents = opened.info()
    if as_json:
        say(json.dumps(contents, indent=2))
        return
    for key, value in contents.items():
        say(f"{key}: {value}")


@store_app.command("export")
def store_export(
    out: Annotated[Path, typer.Argument(help="A .csv or .parquet file to write.")],
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Write one row per run to a table."""
    with _open_to_read(store) as opened:
        count = opened.export(out)
    say(f"{count:,} runs written to {out}")


@store_app.command("check")
def store_check(store: StorePath = DEFAULT_STORE) -> None:
    """Read everything in the store and name what is damaged."""
    with _open_to_read(store) as opened:
        problems = opened.check()
    for problem in problems:
        say(_printable(problem))
    if problems:
        raise typer.Exit(1)
    say("The store is intact.")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with 0, 1, 2 or 130."""
    try:
        app(args=arguments, standalone_mode=True)
    except ConfigError as error:
        for line in str(error).splitlines():
            typer.echo(f"ablations: {_printable(line)}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        # The reader has gone; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


if __name__ == "__main__":
    main()
