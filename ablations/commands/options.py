"""Options that several commands share, and the command line they register on."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from models.config import one_of

if TYPE_CHECKING:
    from ablations.protocol.claim import RegisteredClaim


DEFAULT_STORE = Path("results/store.sqlite")

app = typer.Typer(
    name="ablations",
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

store_app = typer.Typer(invoke_without_command=True)

study_app = typer.Typer(
    help="Ablations on your own data, by `--data` or a study file.",
    invoke_without_command=True,
)


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version, then stop.")
    ] = False,
) -> None:
    """Test what deep-learning notes claim, on thousands of small Keras networks."""
    if version:
        try:
            number = importlib.metadata.version("keras-mlp-ablations")
        except importlib.metadata.PackageNotFoundError:
            number = "of a folder that is not installed"
        typer.echo(f"ablations {number}")
        raise typer.Exit
    show_help(context)


@store_app.callback()
def show_help(context: typer.Context) -> None:
    """Look into the store of runs."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


app.add_typer(store_app, name="store")
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
    typer.Option(
        help="First seed that judges, kept by a new store; 0.", min=0, max=2**62
    ),
]

Device = Annotated[str, typer.Option(help="Where to train: auto, cpu or gpu.")]

Executor = Annotated[
    str,
    typer.Option(
        "--executor",
        envvar="ABLATIONS_EXECUTOR",
        help="Who trains: local, processes, ray, ray:ADDRESS of a cluster, or auto,"
        " which is local.",
    ),
]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

ReportFolder = Annotated[Path, typer.Option("--out", help="Folder of the report.")]

StudyDryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what would be trained, then stop.")
]


def select(names: Sequence[str] | None, preset: str = "quick") -> list[RegisteredClaim]:
    """Return the claims that are named, all for none, once the preset is checked."""
    from ablations.claims.registry import select_claims
    from ablations.protocol.claim import PRESETS

    one_of("preset", preset, PRESETS)
    return select_claims(names or [])
