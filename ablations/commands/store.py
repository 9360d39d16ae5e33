"""The store of runs."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from ablations.commands.options import DEFAULT_STORE, AsJson, StorePath, store_app
from ablations.terminal import count, printable, say, say_as_it_is, say_json


@store_app.command("info")
def store_info(as_json: AsJson = False, store: StorePath = DEFAULT_STORE) -> None:
    """Show path, size, number of runs and the versions that made them."""
    from ablations.store.store import Store

    with Store.open(store, mode="read") as opened:
        contents = opened.info()
    if as_json:
        say_json(contents)
        return
    for key, value in contents.items():
        say(printable(f"{key}: {value}"))


@store_app.command("export")
def store_export(
    out: Annotated[Path, typer.Argument(help="A .csv or .parquet file to write.")],
    store: StorePath = DEFAULT_STORE,
) -> None:
    """Write one row per run to a table."""
    from ablations.store.store import Store

    with Store.open(store, mode="read") as opened:
        number = opened.export(out)
    say(f"{count(number, 'run')} written to {out}")


@store_app.command("merge")
def store_merge(
    into: Annotated[Path, typer.Argument(help="The store that takes runs over.")],
    others: Annotated[
        list[Path], typer.Argument(metavar="FROM...", help="Stores that stay as is.")
    ],
) -> None:
    """Take over the runs of other stores; a run that is there stays as it is.

    Exits with 1 if runs of the same key have other numbers.
    """
    from ablations.store.store import Store

    differ = False
    with ExitStack() as stack:
        sources = [
            (path, stack.enter_context(Store.open(path, mode="read")))
            for path in others
        ]
        target = stack.enter_context(Store.open(into))
        for path, source in sources:
            merged = target.merge(source)
            say_as_it_is(
                printable(
                    f"{path}: {count(merged.num_new, 'run')} taken over,"
                    f" {merged.num_same:,} there already."
                )
            )
            for digest, seed in merged.differing:
                differ = True
                say_as_it_is(
                    f"Not taken: spec {digest}, seed {seed} differs from what is there."
                )
    if differ:
        raise typer.Exit(1)


@store_app.command("salvage")
def store_salvage(
    damaged: Annotated[Path, typer.Argument(help="A store that stays as it is.")],
    into: Annotated[Path, typer.Argument(help="The store to make.")],
) -> None:
    """Take over what is whole in a damaged store into a new one.

    Exits with 1 if a run is lost; `run` trains it again. Verdicts are given anew.
    """
    from ablations.store.salvage import salvage

    found = salvage(damaged, into)
    say(f"{count(found.num_runs, 'run')} taken over, {found.num_lost:,} lost.")
    if not found.knows_first_seed:
        say(
            "The entry is lost that says at which seed the store has begun. If that"
            " was not 0, the new store must not judge."
        )
    if found.num_lost or not found.knows_first_seed:
        raise typer.Exit(1)


@store_app.command("check")
def store_check(store: StorePath = DEFAULT_STORE) -> None:
    """Read everything in the store and name what is damaged."""
    from ablations.store.store import Store

    with Store.open(store, mode="read") as opened:
        problems = opened.check()
    for problem in problems:
        say(printable(problem))
    if problems:
        raise typer.Exit(1)
    say("The store is intact.")
