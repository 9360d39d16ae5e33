"""Know whose study a folder holds, so that another replaces no report silently."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ablations.store.whole_file import write_whole
from models.config import requirement

if TYPE_CHECKING:
    from ablations.study.training.setup import Setup

IDENTITY, SEARCH = "study.json", "search.json"

GROWING = {"preset", "folds", "repeats", "seeds", "trials", "store", "data", "name"}
"""Settings of a study that may change while it stays the same one."""


def identify(setup: Setup) -> dict[str, Any]:
    """Return what makes a study this one: its rows, its target, and most settings."""
    config, dataset = setup.config, setup.dataset
    return {
        "data": config.data,
        "target": dataset.target_name,
        "rows": dataset.digest,
        "settings": config.model_dump(mode="json", exclude=GROWING),
    }


def describe_replaced(out: Path, now: dict[str, Any]) -> str:
    """Return which other study's report will be replaced, "" where there is none.

    Raises:
        ConfigError: If the folder holds a search of `tune`, whose files have the same
            names.
    """
    if (out / SEARCH).exists():
        raise requirement("out", "must not hold a search of `tune`", str(out))
    try:
        there = json.loads((out / IDENTITY).read_text(encoding="utf-8"))
        same_rows = (there["rows"], there["target"]) == (now["rows"], now["target"])
        what = f"of {there['target']!r} in {there['data']!r}"
        changed = [
            f"`{name}`"
            for name, value in now["settings"].items()
            if there["settings"].get(name) != value
        ]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return ""
    if same_rows and not changed:
        return ""
    if same_rows:
        what = f"with other {', '.join(changed)}"
    return (
        f"{str(out)!r} holds the report of a study {what}, which this one will replace."
        " The runs of both stay, so that the other command writes its report again."
    )


def note_study(out: Path, now: dict[str, Any]) -> None:
    """Write down whose study a folder holds from now on."""
    write_whole(out / IDENTITY, json.dumps(now, indent=1))
