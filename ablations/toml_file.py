"""Read the TOML files that users write."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from models.config import requirement


def read_toml(path: str | os.PathLike[str], field: str = "config") -> dict[str, Any]:
    """Read a TOML file.

    Args:
        path: The file.
        field: What an error calls it.

    Raises:
        ConfigError: If it cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        must = f"cannot be read: {error.strerror}"
        raise requirement(field, must, str(path)) from None
    except (ValueError, RecursionError) as error:
        # NUL in a path, bytes that are no text, text that is no TOML.
        reason = " ".join(str(error).split())
        raise requirement(field, f"must be TOML ({reason})", str(path)) from None
