"""Run a command, and turn what goes wrong into a line and an exit code.

Each file of `ablations.commands` registers its verbs on `app`.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TextIO

import typer

from ablations.commands.options import app
from ablations.running.jobs import NoWorker, RunsLost
from ablations.terminal import printable
from models.config import ConfigError

MISTYPED: type[Exception] = typer.BadParameter.__mro__[1]
"""What is raised for a command or an option that is not there."""

VERBS = ("claims", "run", "study", "search", "machine", "store")
"""Files of `ablations.commands`, in the order in which `--help` shows their verbs."""


def command_line() -> typer.Typer:
    """Return the command line with the verbs of every file."""
    for name in VERBS:
        importlib.import_module(f"ablations.commands.{name}")
    return app


def run(arguments: Sequence[str]) -> None:
    """Run the command line and exit with 0, 1 or 2."""
    _require_streams()
    try:
        code = command_line()(args=arguments, standalone_mode=False) or 0
        sys.stdout.flush()
        sys.exit(code)
    except MISTYPED as error:
        _complain(_explain(error))
        sys.exit(2)
    except ConfigError as error:
        _complain(str(error))
        sys.exit(2)
    except BrokenPipeError:
        _let_go(sys.stdout)
        sys.exit(1)
    except OSError as error:
        _complain(f"{error.filename or 'file'}: {error.strerror or error}.")
        _let_go(sys.stdout)
        sys.exit(2)
    except MemoryError as error:
        _complain(f"Out of memory. {error}")
        sys.exit(1)
    except (NoWorker, RunsLost) as error:
        _complain(str(error))
        sys.exit(1)


def _require_streams() -> None:
    """Let standard streams take every character, and be there."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Whoever started this has closed it.
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        # A terminal that cannot show a character shows a question mark.
        getattr(sys, name).reconfigure(errors="replace")


def _let_go(stream: TextIO) -> None:
    """Have Python not try again, as it ends, to write what nobody takes."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _explain(error: Any) -> str:
    """Say what was mistyped, and what was meant or where to look."""
    message = error.format_message().partition(" (Possible options")[0]
    message = message.partition(" Did you mean")[0].rstrip(".")
    close = getattr(error, "possibilities", None)
    if close:
        return f"{message}. Did you mean {' or '.join(close)}?"
    if "Did you mean" in error.format_message():
        return str(error.format_message())
    command = error.ctx.command_path if error.ctx else "ablations"
    return f"{message}. `{command} --help` says what there is."


def _complain(text: str) -> None:
    """Write lines to standard error, if anybody takes them."""
    with suppress(OSError):
        for line in text.splitlines():
            typer.echo(f"ablations: {printable(line)}", err=True)
