"""Choose where to train, before Keras is imported, and keep its start quiet."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from models.config import ConfigError, one_of

XLA_OPTIONS = (
    "--xla_backend_extra_options=xla_cpu_disable_loop_unrolling"
    ",xla_cpu_disable_slp_vectorizer"
)
"""For the compiler on processors, unless the environment has others.

Most loops of a stack run over few classes or units and would be unrolled to the end,
which doubles what is left to compile and makes no step faster. Nor does looking for
vectors outside of loops.
"""

GARBAGE = (100_000, 20, 100)
"""New objects after which Python looks for garbage among them, in place of 700.

Then how often it looks among young ones before it looks among older ones, too.
TensorFlow makes half a million objects that stay when it is imported, and as many for
every program; looking through them took a fifth of either.
"""

M_ARENA_MAX = -8
"""What the C library of Linux calls the number of its pools."""

DEVICES = ("auto", "cpu", "gpu")
BACKENDS = ("tensorflow", "jax")


def choose_device(device: str) -> None:
    """Set the environment that the backend reads when it is imported.

    Raises:
        ConfigError: If there is no such device or backend.
    """
    one_of("device", device, DEVICES)
    backend = os.environ.get("KERAS_BACKEND", BACKENDS[0])
    one_of("KERAS_BACKEND", backend, BACKENDS)
    if importlib.util.find_spec(backend) is None:
        raise ConfigError(
            f"`KERAS_BACKEND` {backend!r} is not installed."
            f" `pip install {backend}` brings it."
        )
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    os.environ.setdefault("XLA_FLAGS", XLA_OPTIONS)
    if may_have_gpu(device):
        # As on processors, products have all digits of float32, and not three.
        os.environ.setdefault("JAX_DEFAULT_MATMUL_PRECISION", "highest")
        os.environ.setdefault("NVIDIA_TF32_OVERRIDE", "0")
    if device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
        os.environ["JAX_PLATFORMS"] = "cpu"


def pool_no_memory() -> None:
    """Have memory given back once a program is compiled, or done, on processors.

    Else the allocator of oneDNN, which no compiled program here uses, keeps in pools
    whatever a program once needed: of tables of many rows hundreds of megabytes. And
    the C library of Linux keeps eight pools per core of what compiling took. Both must
    be said before TensorFlow is imported, and change no number.
    """
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, os.cpu_count() or 1)


def may_have_gpu(device: str) -> bool:
    """Return whether a device may be a GPU, without asking a backend."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1")
    return device == "gpu" or (
        device == "auto" and not hidden and Path("/dev/nvidiactl").exists()
    )


def import_backend(device: str) -> None:
    """Import Keras and its backend for a device, and use neither yet.

    Raises:
        ConfigError: If there is no such device or backend.
    """
    choose_device(device)
    collect_rarely()
    with _quiet(), _without_jax():
        importlib.import_module("ablations.training.backend")


def load_backend(device: str) -> None:
    """Import Keras and its backend for a device, and find the device.

    Raises:
        ConfigError: If there is no such device or backend, or no GPU for `gpu`.
    """
    import_backend(device)
    with _quiet(), _without_jax():
        from ablations.training.backend import BACKEND, gpu_names

        names = gpu_names()
    # What was imported stays: Python need not look through it again and again.
    gc.freeze()
    # Python would else look through every compiled program before it ends, for seconds.
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)
    # Every structure is a program of its own; TensorFlow warns of tracing many.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    if device == "gpu" and not names:
        raise ConfigError(
            f"`device` 'gpu' needs a GPU that {BACKEND} can use; none was found."
            " `ablations doctor` says what is there."
        )


def collect_rarely() -> None:
    """Let Python look for garbage less often than it does by itself."""
    gc.set_threshold(*GARBAGE)


@contextlib.contextmanager
def _without_jax() -> Iterator[None]:
    """Hide jax from TensorFlow, which would import it for what nobody asks for here.

    That takes a second and 100 MB. It can be imported later on.
    """
    backend = os.environ.get("KERAS_BACKEND", BACKENDS[0])
    if backend == "jax" or "jax" in sys.modules:
        yield
        return
    sys.modules["jax"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["jax"]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep what native code writes to standard error off the terminal."""
    sys.stderr.flush()
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(saved, 2)
        os.close(saved)
