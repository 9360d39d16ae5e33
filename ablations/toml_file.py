"""Read the TOML files that users write."""

from __future__ import annotations

import datetime
import os
import tomllib
from pathlib import Path
from typing import Any

from models.config import requirement
from models.frozen import LARGEST_INTEGER


def read_toml(path: str | os.PathLike[str], field: str = "config") -> dict[str, Any]:
    """Read a TOML file.

    Args:
        path: The file.
        field: What an error calls it.

    Raises:
        ConfigError: If it cannot be read, is no TOML, or holds a date or an integer
            of more than 64 bits.
    """
    try:
        found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        must = f"cannot be read: {error.strerror}"
        raise requirement(field, must, str(path)) from None
    except (ValueError, RecursionError) as error:
        # NUL in a path, bytes that are no text, text that is no TOML.
        reason = " ".join(str(error).split())
        raise requirement(field, f"must be TOML ({reason})", str(path)) from None
    _require_plain(found, "")
    return found


def _require_plain(value: Any, place: str) -> None:
    """Check that a value, and what is in it, can be kept as JSON of 64 bits."""
    if isinstance(value, dict):
        for name, inside in value.items():
            _require_plain(inside, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for index, inside in enumerate(value):
            _require_plain(inside, f"{place}[{index}]")
    elif isinstance(value, datetime.date | datetime.time):
        must = "must be no date or time; in quotes it is a text"
        raise requirement(place, must, str(value))
    elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise requirement(place, "must be an integer of 64 bits", value)
