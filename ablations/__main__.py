"""The command line: `ablations` or `python -m ablations`.

Commands that only read answer at once and never import Keras; the others import it when
they start to train.
"""

from __future__ import annotations

# `signal` only wraps it, and takes longer than all that comes before it here.
import _signal  # type: ignore[import-not-found]
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

TOO_EARLY = b"ablations: Interrupted before it began. Give the same command again.\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with 0, 1, 2, or 128 and the number of a signal.

    Args:
        arguments: Words of a command; None for those of this process, which then also
            heeds signals.
    """
    if arguments is not None:
        _run(arguments)
        return
    for number in (_signal.SIGINT, _signal.SIGTERM, _signal.SIGHUP):
        if _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, _end_at_once)
    from ablations.commands.interruption import Interruption

    with Interruption(sys.argv[1:]):
        _run(sys.argv[1:])


def _end_at_once(number: int, frame: FrameType | None) -> None:
    """End the process: what heeds signals is not imported yet."""
    try:
        os.write(2, TOO_EARLY)
    finally:
        os._exit(128 + number)


def _run(arguments: Sequence[str]) -> None:
    from ablations.commands.command_line import run

    run(arguments)


if __name__ == "__main__":
    main()
