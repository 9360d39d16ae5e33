"""The command line: `ablations` or `python -m ablations`.

Commands that only read answer at once and never import Keras; the others import it when
they start to train. Each file of `ablations.commands` registers its verbs on `app`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import typer

from ablations.commands.options import app
from ablations.running.jobs import RunsLost
from ablations.terminal import printable
from models.config import ConfigError

INTERRUPTED = 130

MISTYPED: type[Exception] = typer.BadParameter.__mro__[1]
"""What is raised for a command or an option that is not there."""

VERBS = ("claims", "run", "study", "search", "machine", "store")
"""Files of `ablations.commands`, in the order in which `--help` shows their verbs."""


def command_line() -> typer.Typer:
    """Return the command line with the verbs of every file."""
    for name in VERBS:
        importlib.import_module(f"ablations.commands.{name}")
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with 0, 1, 2 or 130."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that cannot show a character shows a question mark.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(command_line()(args=arguments, standalone_mode=False) or 0)
    except MISTYPED as error:
        _complain(_explain(error))
        sys.exit(2)
    except ConfigError as error:
        _complain(str(error))
        sys.exit(2)
    except OSError as error:
        _complain(f"{error.filename or 'file'}: {error.strerror or error}.")
        sys.exit(2)
    except MemoryError as error:
        _complain(f"Out of memory. {error}")
        sys.exit(1)
    except RunsLost as error:
        _complain(str(error))
        sys.exit(1)
    except SystemExit as done:
        if done.code == INTERRUPTED:
            _complain("Interrupted. The same command continues where it stopped.")
        raise


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
    """Write lines to standard error."""
    for line in text.splitlines():
        typer.echo(f"ablations: {printable(line)}", err=True)


if __name__ == "__main__":
    main()
