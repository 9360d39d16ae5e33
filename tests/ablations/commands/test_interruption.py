import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ablations.__main__ import TOO_EARLY
from ablations.commands.interruption import SIGNALS, describe

GO_ON = " The same command continues where it stopped."
INTERRUPTED = f"ablations: Interrupted.{GO_ON}\n"
START = (
    "import sys, time\n"
    "from concurrent.futures import ThreadPoolExecutor\n"
    "from ablations.commands import interruption\n"
    "interruption.SECONDS_TO_TIDY = float(sys.argv[1])\n"
    "with interruption.Interruption(['run']):\n"
)
SWALLOWS = (
    "    while True:\n"
    "        try:\n"
    "            print('ready', flush=True)\n"
    "            time.sleep(600)\n"
    "        except KeyboardInterrupt:\n"
    "            pass\n"
)
SIGNALS_WHILE_HEEDING = """\
import os, signal
from ablations.commands.interruption import Interruption

def and_signal(number, handler, install=signal.signal):
    install(number, handler)
    os.kill(os.getpid(), signal.SIGINT)

signal.signal = and_signal
with Interruption(["run"]):
    pass
"""
SIGNALS_ITSELF = """\
import os, sys

class AtImport:
    def find_spec(self, name, path, target=None):
        if name == {name!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), {number:d})

sys.meta_path.insert(0, AtImport())
"""
HAS_THREADS = (
    "    ThreadPoolExecutor(1).submit(time.sleep, 600)\n"
    "    print('ready', flush=True)\n"
    "    time.sleep(600)\n"
)


def send(numbers: list[int], body: str, seconds: float) -> tuple[int, str]:
    """Return exit code and errors of a process that gets signals once it is ready."""
    words = [sys.executable, "-c", START + body, str(seconds)]
    with subprocess.Popen(  # noqa: S603 - our own script
        words,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
        preexec_fn=_ignore_nothing,
    ) as process:
        try:
            for number in numbers:
                process.stdout.readline()
                process.send_signal(number)
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
        return process.returncode, errors


def run_alone(*words: str, first: Path = Path()) -> subprocess.CompletedProcess[str]:
    """Run Python, which looks for what it imports in a folder first."""
    folders = [str(first.resolve()), *filter(None, sys.path)]
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, *words],
        capture_output=True,
        cwd=first,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(folders)},
        text=True,
        check=False,
        preexec_fn=_ignore_nothing,
    )


def _ignore_nothing() -> None:
    """Undo what `nohup` or a shell in the background would leave to the process."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_ends_a_process_that_would_not_hear_of_it(number):
    name = signal.Signals(number).name
    text = "Interrupted." if number == signal.SIGINT else f"Ended by {name}."
    code, errors = send([number], SWALLOWS, 0.1)
    assert (code, errors) == (128 + number, f"ablations: {text}{GO_ON}\n")


def test_threads_that_train_are_not_waited_for():
    code, errors = send([signal.SIGINT], HAS_THREADS, 600)
    assert (code, errors) == (130, INTERRUPTED)


def test_a_second_signal_ends_at_once_what_is_still_tidied_up():
    code, errors = send([signal.SIGTERM, signal.SIGINT], SWALLOWS, 600)
    assert (code, errors) == (143, f"ablations: Ended by SIGTERM.{GO_ON}\n")


@pytest.mark.parametrize(
    ("name", "number", "said"),
    [
        # The first import once signals are heeded, and the first of a command.
        ("ablations.commands", signal.SIGINT, TOO_EARLY.decode()),
        ("ablations.commands", signal.SIGTERM, TOO_EARLY.decode()),
        ("ablations.commands.command_line", signal.SIGINT, INTERRUPTED),
        ("typer", signal.SIGINT, INTERRUPTED),
    ],
)
def test_a_signal_amid_the_imports_is_no_traceback(name, number, said, tmp_path):
    # Python imports this module by itself before it runs a program.
    text = SIGNALS_ITSELF.format(name=name, number=number)
    (tmp_path / "sitecustomize.py").write_text(text, encoding="utf-8")
    done = run_alone("-m", "ablations", "run", "A-XOR-3", first=tmp_path)
    assert (done.returncode, done.stderr) == (128 + number, said)


def test_a_signal_while_signals_begin_to_be_heeded_is_no_traceback():
    done = run_alone("-c", SIGNALS_WHILE_HEEDING)
    assert (done.returncode, done.stderr) == (130, INTERRUPTED)


def test_nothing_else_is_imported_before_signals_are_heeded():
    # Without `site`, which imports for others what would be hidden here.
    program = (
        "import os, sys\n"
        "before = set(sys.modules)\n"
        "import ablations.__main__\n"
        "print(*sorted(set(sys.modules) - before))\n"
    )
    done = run_alone("-S", "-c", program)
    assert done.stdout.split() == ["__future__", "ablations", "ablations.__main__"]


@pytest.mark.parametrize(
    ("arguments", "goes_on"),
    [
        (["run", "A-XOR-3"], True),
        (["run", "--dry-run"], False),
        (["tune", "--data", "x", "--out", "y"], True),
        (["tune", "--data", "x"], False),
        (["verdicts"], False),
        ([], False),
    ],
)
def test_only_a_command_that_goes_on_is_said_to(arguments, goes_on):
    said = describe(arguments, signal.SIGINT)
    assert said == "Interrupted." + GO_ON * goes_on


@pytest.mark.parametrize(
    ("where", "code", "said"),
    [("closed", 0, ""), ("unread", 1, ""), ("/dev/full", 2, "No space left on device")],
)
def test_output_that_nobody_takes_is_no_traceback(where, code, said):
    reads, writes = os.pipe()
    os.close(reads)
    full = os.open("/dev/full", os.O_WRONLY)
    done = subprocess.run(
        [sys.executable, "-m", "ablations", "--version"],
        stdout=full if where == "/dev/full" else writes,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        text=True,
        check=False,
        preexec_fn=(lambda: os.close(1)) if where == "closed" else None,
    )
    os.close(writes)
    os.close(full)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == bool(said)
    assert said in done.stderr
