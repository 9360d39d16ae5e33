"""Run code of the user's, and say whose fault it is that it fails or ends the process.

An error can be caught. What ends the process at once (`os._exit`, a fault in native
code) cannot, so that somebody else has to say what was being done.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ablations.terminal import printable
from models.config import ConfigError

WITNESS = 'read -r said; read -r done || printf "%s\\n" "$said" >&2'
"""A program that says what it was told, unless it is told then that this is done."""

LONGEST_REASON = 300
"""Characters of an error's text that are shown."""


@contextmanager
def blamed(what: str) -> Iterator[None]:
    """Run a block of the user's code, and say what it was if it does not end well.

    Args:
        what: As in "`build` failed for dropout 0.2".

    Raises:
        ConfigError: If the block raises anything, an exit included.
    """
    with witnessed(what):
        try:
            yield
        except ConfigError:
            raise
        except (Exception, SystemExit) as error:
            raise failure(what, error) from error


def failure(what: str, error: BaseException) -> ConfigError:
    """Return what to say of an error in the user's code; its text may be anything."""
    text = printable(" ".join(str(error).split()))[:LONGEST_REASON]
    return ConfigError(f"{what}: {type(error).__name__}{text and ': '}{text}.")


@contextmanager
def witnessed(what: str) -> Iterator[None]:
    """Have another process say a line if this one ends within the block."""
    try:
        process = subprocess.Popen(  # noqa: S603 (our own)
            ["/bin/sh", "-c", WITNESS], stdin=subprocess.PIPE, text=True
        )
    except OSError:
        yield  # Nobody is there to say it.
        return
    said = f"ablations: The process was ended from within. {what}.\n"
    with suppress(OSError):
        process.stdin.write(said)  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    try:
        yield
    finally:
        with suppress(OSError):
            process.communicate("done\n")
