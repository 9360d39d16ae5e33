"""What every test gets: quiet backends, a clean repository, and the command line."""

import contextlib
import gc
import io
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from unittest import mock
from urllib.parse import unquote, urlsplit

import hypothesis
import pytest

from ablations.__main__ import main
from ablations.running.worker import COMPILED_WHOLE
from ablations.training.devices import XLA_OPTIONS, collect_rarely

collect_rarely()

# TensorFlow reads them once, when it is imported; the commands set the first the same.
# Here nearly every program is compiled to make a few updates, so that a plain compiler
# saves a third of the time; what is computed is the same up to rounding.
QUICKLY_COMPILED = (
    "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"
    f" {COMPILED_WHOLE}"
)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("XLA_FLAGS", f"{XLA_OPTIONS} {QUICKLY_COMPILED}")
if "PYTEST_XDIST_WORKER" in os.environ:
    # There is a worker for every core; more threads would only wait for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")

# A store waits for the disk at every batch, and so does a search at every file: where
# there is room in memory, temporary files are kept there.
MEMORY, ROOM_NEEDED = Path("/dev/shm"), 1 << 30  # noqa: S108 - pytest makes a folder
if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_NEEDED:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

# A first example may compile a program, so no example has a deadline; examples are
# the same in every run, so that a change, and not chance, turns a test red.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=True)
hypothesis.settings.load_profile("suite")

ROOT = Path(__file__).resolve().parents[1]
CACHES = {".git", ".hypothesis", ".pytest_cache", ".venv", "__pycache__"}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
# The audit events that put something on disk, and which argument is its path.
WRITTEN_PATH = {
    "open": 0,
    "os.link": 1,
    "os.mkdir": 0,
    "os.rename": 1,
    "os.symlink": 1,
    "sqlite3.connect": 0,
}
# The memory of Arrow is given back by whoever uses it, not by a thread beside.
NO_THREAD = "background_thread:false"
# The longest first, of which each takes a worker half a minute to a minute.
SLOWEST = (
    "test_docs.py",
    "training/test_train.py",
    "training/test_train_oracle.py",
    "training/test_rolled_model.py",
    "commands/test_commands.py",
    "study/test_run.py",
    "selfcheck/test_run.py",
    "reports/test_browser.py",
    "measures/test_measures.py",
    "models/test_mlp.py",
    "models/test_hypermodel.py",
    "training/test_probes.py",
)
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

written: set[Path] = set()


def note_write(event: str, arguments: tuple) -> None:
    """Remember the path that this process is about to write, if it does."""
    if event not in WRITTEN_PATH or (event == "open" and not arguments[2] & WRITES):
        return
    path = arguments[WRITTEN_PATH[event]]
    if not isinstance(path, str | bytes | os.PathLike):
        return
    path = os.fsdecode(path)
    if event == "sqlite3.connect" and path.startswith("file:"):
        address = urlsplit(path)
        if "mode=ro" in address.query or "immutable=1" in address.query:
            return
        path = unquote(address.path)
    try:
        written.add(Path(os.path.abspath(path)))
    except (OSError, ValueError):  # no working directory, or a NUL in the path
        return


sys.addaudithook(note_write)


@pytest.fixture(autouse=True)
def _clean_repository() -> Iterator[None]:
    """Fail a test that leaves a file in the repository; `tmp_path` is for those."""
    written.clear()
    yield
    left = sorted(
        str(path.relative_to(ROOT))
        for path in written
        if path.is_relative_to(ROOT)
        and not CACHES.intersection(path.relative_to(ROOT).parts)
        and path != ROOT
        and path.exists()
    )
    if left:
        pytest.fail(f"The test wrote into the repository: {', '.join(left)}")


@pytest.fixture(autouse=True, scope="module")
def _compiled_programs_are_kept() -> Iterator[None]:
    """Let no later collection of garbage look through the programs of this file.

    KerasTuner collects before every trial, which took seconds each where hundreds of
    programs had been compiled. What was imported stays, too.
    """
    gc.freeze()
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def _tensorflow_spends_nothing_on_a_few_updates() -> None:
    """Let TensorFlow neither optimize what runs a few times nor note who made it.

    To rewrite the graphs of Keras's own `fit` took a tenth of the time of tests that
    compare with it. To note for each operation the stack of calls above it, which is
    deep below pytest, took a twentieth of the time of a training.
    """
    if "tensorflow" in sys.modules:
        import tensorflow as tf
        from tensorflow.python.util import tf_stack

        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
        one_stack = tf_stack.extract_stack()
        tf_stack.extract_stack = lambda stacklevel=1: one_stack


Done = subprocess.CompletedProcess[str]


def run_here(arguments: list[str], stdin: str) -> Done:
    """Run the command line in this process, and return what it said and its code.

    Nothing of what the command changes stays: neither the environment nor streams.
    Commands collect garbage where memory matters; what was there before is left alone.
    """
    gc.freeze()
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        for name, stream in (("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, stream)
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        patch.setattr(sys, "argv", ["ablations", *arguments])
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = []
        for stream in (out, err):
            stream.flush()
            said.append(stream.buffer.getvalue().decode("utf-8"))
    return subprocess.CompletedProcess(arguments, ended.value.code, *said)


def run_process(
    arguments: list[str], stdin: str, cwd: Path, environment: dict[str, str | None]
) -> Done:
    """Run `python -m ablations` and wait for it."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "ablations", *arguments],
        cwd=cwd,
        env={name: value for name, value in variables.items() if value is not None},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


@pytest.fixture
def run_command(tmp_path: Path) -> Callable[..., Done]:
    """Run `ablations` with arguments, as a user in an empty folder does.

    The call returns `returncode`, `stdout` and `stderr`. A command runs in this
    process, which has loaded already what takes each process seconds to load. One of
    its own is started where `environment` is given: it adds variables or, with the
    value None, takes them away.
    """

    def run(
        *arguments: object,
        cwd: Path = tmp_path,
        environment: dict[str, str | None] | None = None,
        stdin: str = "",
    ) -> Done:
        words = [str(argument) for argument in arguments]
        with (
            contextlib.chdir(cwd),
            mock.patch.dict(os.environ, {"NO_COLOR": "1", "COLUMNS": "120"}),
        ):
            if environment is None:
                return run_here(words, stdin)
            return run_process(words, stdin, cwd, environment)

    return run


@pytest.fixture(scope="session")
def warm_interpreter() -> Iterator[str]:
    """Return the path of a Python that has imported already what is slow to import.

    See `warm_python.py`; its process lives until the last test has run.
    """
    if sys.platform != "linux":  # elsewhere what is imported must not be forked
        yield sys.executable
        return
    with tempfile.TemporaryDirectory() as folder:
        address, path = f"{folder}/socket", Path(folder, "python")
        parts = [sys.executable, "-IS", ROOT / "tests" / "warm_python.py", address]
        words = " ".join(shlex.quote(str(part)) for part in parts)
        path.write_text(f'#!/bin/sh\nexec {words} "$@"\n', encoding="utf-8")
        path.chmod(0o700)
        variables = {"MPLBACKEND": "agg", "JE_ARROW_MALLOC_CONF": NO_THREAD}
        variables["OMP_NUM_THREADS"] = "1"
        with subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, ROOT / "tests" / "warm_python.py", "serve", address],
            stdin=subprocess.PIPE,
            env={**os.environ, **variables},
        ) as server:
            while not os.path.exists(address) and server.poll() is None:
                time.sleep(0.01)
            yield str(path) if server.poll() is None else sys.executable
            server.stdin.close()


@pytest.fixture
def warm_python(warm_interpreter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each Python of a test, by whomever it is started, within milliseconds."""
    monkeypatch.setattr(sys, "executable", warm_interpreter)


@cache
def find_chromium() -> str | None:
    """Return the path of the system's Chromium; CHROMIUM names it, if it is set."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@cache
def has_gpu() -> bool:
    """Return whether the backend of Keras sees a GPU."""
    from ablations.training.backend import gpu_names

    return bool(gpu_names())


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the system's Chromium."""
    path = find_chromium()
    if path is None:
        pytest.skip("No Chromium on this machine; CHROMIUM=/path/to/it names one.")
    return path


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slowest files, so that no worker ends long after others."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}

    def turn(item: pytest.Item) -> tuple[int, bool]:
        path = item.path.as_posix()
        names = (place for place, name in enumerate(SLOWEST) if path.endswith(name))
        return next(names, len(SLOWEST)), item.path not in slow

    items.sort(key=turn)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot show, and say so."""
    if item.get_closest_marker("browser") and find_chromium() is None:
        pytest.skip("No Chromium on this machine; CHROMIUM=/path/to/it names one.")
    if item.get_closest_marker("gpu") and not has_gpu():
        pytest.skip("The backend of Keras sees no GPU on this machine.")
