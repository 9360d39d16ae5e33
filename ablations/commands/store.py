"""The store of runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ablations.commands.options import DEFAULT_STORE, AsJson, StorePath, store_app
from ablations.terminal import count, printable, say, say_json


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
