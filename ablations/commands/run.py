"""Train, judge and report."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ablations.store.whole_file import require_writable
from ablations.terminal import say, say_as_it_is
from models.config import ConfigError

if TYPE_CHECKING:
    from ablations.judging.standing import Standing
    from ablations.protocol.claim import RegisteredClaim
from ablations.commands.claims import describe_cost, describe_looks
from ablations.commands.options import (
    DEFAULT_STORE,
    Device,
    Executor,
    FirstSeed,
    Names,
    Preset,
    ReportFolder,
    Seeds,
    StorePath,
    app,
    select,
)
from ablations.verdict_lines import describe_agreement, say_standings


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
    shard: Annotated[
        str,
        typer.Option(
            help="Train this part only, 2/3 say, and judge nothing; see `store merge`.",
            metavar="PART/PARTS",
        ),
    ] = "",
    executor: Executor = "auto",
) -> None:
    """Train what claims still need, judge them, print verdicts.

    Exits with 1 if a condition contradicts what is published of it.
    """
    from ablations.judging.standing import beside_published
    from ablations.running.executors import make_executor
    from ablations.running.shards import Shard
    from ablations.running.stored import plan_for
    from ablations.session import bring_up_to_date, train_shard
    from ablations.training.devices import choose_device

    claims = select(names, preset)
    part = Shard.parse(shard) if shard else None
    if part is not None and (until_decided or dry_run):
        other = "--until-decided" if until_decided else "--dry-run"
        raise ConfigError(f"`shard` cannot go with {other}. Received: {shard!r}.")
    if part is not None:
        where = (device, store, sys.stdout, part)
        train_shard(
            claims, preset, seeds, *where, first_seed=first_seed, executor=executor
        )
        say(
            f"Part {part} is trained. Add the stores of all parts to one with"
            " `ablations store merge`, then give this command without --shard."
        )
        return
    if dry_run:
        choose_device(device)
        make_executor(executor, device)
        say(describe_cost(plan_for(claims, preset, store, seeds, first_seed), preset))
        if until_decided:
            say(describe_looks(claims, preset, seeds))
        return
    verdicts = bring_up_to_date(
        claims,
        preset,
        seeds,
        device,
        store,
        sys.stdout,
        until_decided=until_decided,
        first_seed=first_seed,
        executor=executor,
    )
    if _say_verdicts(beside_published(claims, verdicts)):
        raise typer.Exit(1)


@app.command()
def report(
    names: Names = None,
    out: ReportFolder = Path("report"),
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Write index.html, report.md, tables and figures from the store."""
    say_as_it_is(f"Report: {_write_report(select(names), out, store).resolve()}")


@app.command()
def reproduce(
    preset: Preset = "quick",
    device: Device = "auto",
    store: StorePath = DEFAULT_STORE,
    out: ReportFolder = Path("report"),
    executor: Executor = "auto",
) -> None:
    """Run every claim, judge it and write the report: the main job.

    Exits with 1 if a condition contradicts what is published of it.
    """
    from ablations.judging.standing import beside_published
    from ablations.session import bring_up_to_date

    claims = select(None, preset)
    require_writable(out)
    verdicts = bring_up_to_date(
        claims, preset, None, device, store, sys.stdout, executor=executor
    )
    path = _write_report(claims, out, store)
    contradicts = _say_verdicts(beside_published(claims, verdicts))
    say_as_it_is(f"Report: {path.resolve()}")
    if contradicts:
        raise typer.Exit(1)


def _say_verdicts(found: Sequence[Standing]) -> bool:
    """Print verdicts; return whether any contradicts what is published of it."""
    say_standings(found)
    seen = [s.reproduction for s in found if s.reproduction is not None]
    if seen:
        for line in describe_agreement(found):
            say(line)
    return any(each.contradicting for each in seen)


def _write_report(claims: Sequence[RegisteredClaim], out: Path, path: Path) -> Path:
    """Write the report of what a store holds and return its first page."""
    from ablations.evidence.evidence import Evidence
    from ablations.judging.standing import standings
    from ablations.running.machine import describe_commit
    from ablations.store.store import Store
    from reports.render import write_report

    with Store.open(path, mode="read") as store:
        require_writable(out)
        found = standings(claims, store.verdicts())
        verdicts = [s.here or s.verdict for s in found]
        arms = [arm for verdict in verdicts for arm in verdict.arms]
        machines = [machine for arm in arms for machine in arm.get("machines", [])]
        return write_report(
            found,
            Evidence(store),
            out,
            generated=time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
            machine=machines[0] if machines else {},
            commit=describe_commit(),
        )
