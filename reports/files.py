"""Write the files of a report inside one folder, each whole or not at all."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from ablations.store.whole_file import remove_unfinished, write_whole
from models.config import ConfigError

LONGEST_SLUG = 60


def slug(name: str) -> str:
    """Return a name that is safe in paths, in addresses and as an identifier.

    Names in snake case stay as they are. Others lose what is not, and get a hash, so
    that two of them never become one.
    """
    if re.fullmatch(rf"[a-z0-9][a-z0-9_]{{0,{LONGEST_SLUG - 1}}}", name):
        return name
    kept = re.sub(r"[^a-z0-9_]+", "-", name.lower()).strip("-")[:LONGEST_SLUG]
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{kept or 'x'}-{digest}"


def write_files(root: Path, files: Mapping[str, str | bytes]) -> None:
    """Write contents to paths relative to `root`, which is made if it is not there.

    A file appears under its name when it is complete; a link in its place is replaced
    and never followed.

    Raises:
        ConfigError: If the folder cannot be made or written to, or a folder in it is
            a link.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        root = root.resolve(strict=True)
        for folder in {(root / name).parent for name in files}:
            folder.mkdir(parents=True, exist_ok=True)
            remove_unfinished(folder)
        for name, content in files.items():
            path = root / name
            if path.parent.resolve(strict=True) != path.parent:
                raise ConfigError(
                    f"`{path.parent}` must be a folder of the report, not a link."
                )
            write_whole(path, content, sync=False)
    except (OSError, ValueError) as error:
        if isinstance(error, ConfigError):
            raise
        reason = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"`out` must be a folder that can be written to. Received: {str(root)!r}"
            f" ({reason})."
        ) from error
