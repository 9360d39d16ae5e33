"""Options that several commands share, and the command line they register on."""

from __future__ import annotations

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
    help="Test what deep-learning notes claim, on thousands of small Keras networks.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

store_app = typer.Typer(help="Look into the store of runs.", no_args_is_help=True)

study_app = typer.Typer(
    help="Ablations on your own data: `--data FILE`, or a file with `run`.",
    invoke_without_command=True,
)

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
    typer.Option(help="First seed that judges, kept by a new store; 0.", min=0),
]

Device = Annotated[str, typer.Option(help="Where to train: auto, cpu or gpu.")]

Executor = Annotated[
    str,
    typer.Option(
        "--executor",
        envvar="ABLATIONS_EXECUTOR",
        help="Who trains: local, processes, or auto, which chooses.",
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
