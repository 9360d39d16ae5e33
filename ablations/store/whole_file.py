"""Write a file so that it is there whole or not at all, whenever the process dies."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from ablations.store.file import is_alive
from models.config import requirement

PREFIX = ".writing-"
"""How the names of files begin that a process has not finished, or never will.

Those of `write_whole` go on with the number of the process.
"""

PROBE_BYTES = 65_536


def write_whole(path: Path, content: str | bytes, *, sync: bool = True) -> None:
    """Write a file under another name, then give it its own.

    Args:
        path: The file; a link in its place is replaced and never followed.
        content: Bytes, or a text that is written as UTF-8.
        sync: Whether the file must survive a power cut once this returns.
    """
    prefix = f"{PREFIX}{os.getpid()}-"
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=prefix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(temporary, 0o666 & ~_umask())
        finish(Path(temporary), path, sync=sync)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def finish(temporary: Path, path: Path, *, sync: bool = True) -> None:
    """Give a file that was written under another name its own."""
    if sync:
        _sync(temporary)
    os.replace(temporary, path)
    if sync:
        _sync(path.parent)


def remove_unfinished(folder: Path) -> None:
    """Remove what processes that have died had begun to write into a folder."""
    for path in folder.glob(f"{PREFIX}*"):
        number = path.name.removeprefix(PREFIX).partition("-")[0]
        if number.isdecimal() and not is_alive(int(number)):
            path.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_writable(folder: Path) -> None:
    """Make a folder, if need be, and check that files can be written in it.

    Raises:
        ConfigError: If they cannot; says why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise requirement("out", f"cannot be made: {reason}", str(folder)) from None
    try:
        with tempfile.TemporaryFile(dir=folder, prefix=PREFIX) as file:
            file.write(bytes(PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        must = f"must be a folder that can be written: {error.strerror or error}"
        raise requirement("out", must, str(folder)) from None


def _umask() -> int:
    """Return which permissions new files do not get; reading it means setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
