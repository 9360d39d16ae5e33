import os
import signal
import subprocess
import sys

import pytest

from ablations.running.own_code import blamed
from models.config import ConfigError

BLAMED = "import os, signal\nfrom ablations.running.own_code import blamed\n"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (SystemExit(5), "SystemExit: 5."),
        (
            ValueError("\x1b[31mred\x07\nlines"),
            "ValueError: \N{REPLACEMENT CHARACTER}[31m",
        ),
        (KeyError(), "KeyError."),
        (RuntimeError("x" * 10_000), "RuntimeError: xxx"),
    ],
)
def test_what_the_users_code_raises_is_one_line_that_says_where(error, told):
    with pytest.raises(ConfigError) as caught, blamed("`build` failed for depth 2"):
        raise error
    text = str(caught.value)
    assert text.startswith(f"`build` failed for depth 2: {told}")
    assert text.isprintable()
    assert len(text) < 400


def test_an_interruption_and_our_own_errors_pass():
    with pytest.raises(KeyboardInterrupt), blamed("x"):
        raise KeyboardInterrupt
    with pytest.raises(ConfigError, match=r"^ours$"), blamed("x"):
        raise ConfigError("ours")


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("os._exit(7)", 7),
        ("os.kill(os.getpid(), signal.SIGSEGV)", -signal.SIGSEGV),
    ],
)
def test_what_ends_the_process_is_named_all_the_same(ending, code):
    program = f"{BLAMED}with blamed('`build` failed for a 1'):\n    {ending}\n"
    path = os.pathsep.join(filter(None, sys.path))
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    (line,) = done.stderr.splitlines()
    assert line == (
        "ablations: The process was ended from within. `build` failed for a 1."
    )


def test_nothing_is_said_of_what_ends_well(capfd):
    with blamed("`build` failed"):
        pass
    assert capfd.readouterr() == ("", "")
