"""Start commands at once: as forks of a process that has imported what takes seconds.

A fork has its own memory, files and signals, and runs `ablations.__main__.main` with
the words of a command as a new process would; only what is imported is there already.
The process that forks has one thread and has used no backend.
"""

from __future__ import annotations

import atexit
import faulthandler
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
SAID, ERRORS, STACKS = "said", "errors", "stacks"
"""Files of a command's folder into which it writes what it says, and where it is."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
SECONDS_BETWEEN = 0.004
"""How often the processor time of a command is looked at."""

TICK = os.sysconf("SC_CLK_TCK")
BESIDE = ("h5py", "joblib", "keras_tuner", "matplotlib.pyplot", "sklearn.ensemble")
"""What our files import only where they need it."""

ONE_THREAD = {
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "OPENBLAS_NUM_THREADS": "1",
}
"""Without it Arrow and NumPy start threads as they are imported."""


class Ended:
    """How a command ended.

    Attributes:
        code: Its exit code, below zero for a signal.
        took: Processor seconds.
        said: What it wrote to standard output.
        errors: What it wrote to standard error.
    """

    def __init__(self, code: int, took: float, folder: Path) -> None:
        """Read what it has written."""
        self.code, self.took = code, took
        self.said, self.errors = _read(folder / SAID), _read(folder / ERRORS)


def _read(path: Path) -> str:
    """Return a text, empty where a command has ended before it made the file."""
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


class Fork:
    """A command that runs."""

    def __init__(self, starter: Starter, pid: int, folder: Path) -> None:
        """Take hold of it, so that its number can be no other's."""
        self._starter, self.pid, self._folder = starter, pid, folder
        self._handle = os.pidfd_open(pid)

    def has_ended(self, seconds: float = 0.0) -> bool:
        """Return whether it has ended, after so many seconds at the latest."""
        return bool(select.select([self._handle], [], [], seconds)[0])

    def send(self, number: int) -> None:
        """Send a signal."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def stacks(self) -> str:
        """Return where its threads are, nothing if it has ended."""
        path = self._folder / STACKS
        while not self.has_ended(SECONDS_BETWEEN):
            self.send(signal.SIGUSR1)
            if path.exists() and "call first)" in (found := path.read_text()):
                return found
        return ""

    def wait_until(self, seconds: float) -> bool:
        """Wait until it has taken so much processor time, and say if it still runs."""
        while not self.has_ended(SECONDS_BETWEEN):
            if processor_seconds(self.pid) >= seconds:
                return True
        return False

    def wait(self) -> Ended:
        """Return how it ended."""
        code, took = self._starter.ask({"wait": self.pid})
        os.close(self._handle)
        return Ended(code, took, self._folder)


class Starter:
    """Whoever forks.

    Args:
        trains: Whether it imports more than what opens a store.
        environment: What it finds there beside the usual.
    """

    def __init__(self, *, trains: bool = True, **environment: str) -> None:
        """Have it import all that commands need."""
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, str(Path(__file__)), "all" if trains else "store"],
            env={
                **os.environ,
                **ONE_THREAD,
                "PYTHONPATH": str(ROOT),
                "CUDA_VISIBLE_DEVICES": "-1",
                "NO_COLOR": "1",
                **environment,
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=heed,
        )
        if self._answer() != 1:
            raise RuntimeError("What has several threads must not fork.")

    def close(self) -> None:
        """End it."""
        for pipe in (self._process.stdin, self._process.stdout):
            _pipe(pipe).close()
        self._process.wait()

    def start(
        self, folder: Path, words: Sequence[str], *, stopped: bool = False
    ) -> Fork:
        """Start a command in a folder.

        Args:
            folder: Where it works; there is at most one at a time of each.
            words: Those of the command, or `-c`, a program, and its words.
            stopped: Whether it begins only at SIGCONT.
        """
        asked = {"words": words, "folder": str(folder), "stopped": stopped}
        return Fork(self, self.ask(asked), folder)

    def run(self, folder: Path, words: Sequence[str]) -> Ended:
        """Run a command to its end."""
        return self.start(folder, words).wait()

    def ask(self, what: dict[str, Any]) -> Any:
        """Return what it answers."""
        pipe = _pipe(self._process.stdin)
        pipe.write(json.dumps(what) + "\n")
        pipe.flush()
        return self._answer()

    def _answer(self) -> Any:
        return json.loads(_pipe(self._process.stdout).readline())


@cache
def starter() -> Starter:
    """Return the one that kinds share; it lives as long as this process."""
    made = Starter()
    atexit.register(made.close)
    return made


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise BrokenPipeError
    return pipe


def heed() -> None:
    """Heed all signals, also where this script was told to ignore some."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


def processor_seconds(pid: int) -> float:
    """Return what the threads of a process have taken."""
    with suppress(OSError):
        # After the name, which may have any letters, comes the state.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / TICK
    return 0.0


def import_all() -> None:
    """Import Keras, all our files, and what they import only where they need it."""
    from ablations.training.devices import import_backend

    import_backend("cpu")
    for package in ("models", "ablations", "reports"):
        for found in pkgutil.walk_packages([str(ROOT / package)], f"{package}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    for name in BESIDE:
        importlib.import_module(name)


def serve(what: str) -> dict[str, Any]:
    """Fork whenever that is asked for; return, in a fork, what it is to do."""
    if what == "all":
        import_all()
    else:
        importlib.import_module("ablations.store.store")
    out = os.dup(1)

    gc.freeze()
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)

    def answer(what: Any) -> None:
        os.write(out, (json.dumps(what) + "\n").encode())

    answer(len(os.listdir("/proc/self/task")))
    for line in sys.stdin:
        asked = json.loads(line)
        if "wait" in asked:
            _, status, used = os.wait4(asked["wait"], 0)
            code = os.waitstatus_to_exitcode(status)
            answer([code, used.ru_utime + used.ru_stime])
        elif pid := os.fork():
            answer(pid)
        else:
            os.close(out)
            return asked
    os._exit(0)


def become(folder: str, words: list[str], stopped: bool) -> None:
    """Make this process as a new one is that was given a command."""
    os.setsid()
    os.chdir(folder)
    opened = [os.open(os.devnull, os.O_RDONLY)]
    opened += [
        os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in (SAID, ERRORS)
    ]
    for number, file in enumerate(opened):
        os.dup2(file, number)
        os.close(file)
    # The stacks of other threads, which go on meanwhile, crash who reads them.
    faulthandler.register(signal.SIGUSR1, open(STACKS, "w"), all_threads=False)
    sys.argv = ["ablations", *words]
    if stopped:
        os.kill(os.getpid(), signal.SIGSTOP)


def do() -> None:
    """Do what the command says, and end without looking through what was imported."""
    code = 1
    try:
        if sys.argv[1] == "-c":
            program = sys.argv[2]
            sys.argv[:3] = ["-c"]
            exec(program, {"__name__": "__main__"})  # noqa: S102 - our own program
        else:
            from ablations.__main__ import main

            main()
        code = 0
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        with suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.path[0] = str(ROOT)
    become(**serve(sys.argv[1]))
    do()
