"""The command line: `ablations` or `python -m ablations`.

Commands that only read answer at once and never import Keras; the others import it when
they start to train.
"""

from __future__ import annotations

import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with 0, 1, 2, or 128 and the number of a signal.

    Args:
        arguments: Words of a command; None for those of this process, which then also
            heeds signals.
    """
    if arguments is not None:
        _run(arguments)
        return
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        # A Ctrl-C during the imports below then ends the process without a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from ablations.commands.interruption import Interruption

    with Interruption(sys.argv[1:]):
        _run(sys.argv[1:])


def _run(arguments: Sequence[str]) -> None:
    from ablations.commands.command_line import run

    run(arguments)


if __name__ == "__main__":
    main()
