"""Describe the machine and the versions that results come from."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

PACKAGES = (
    "keras",
    "tensorflow",
    "jax",
    "numpy",
    "scipy",
    "scikit-learn",
    "pandas",
    "matplotlib",
    "keras-tuner",
)
"""Packages whose versions can change a result."""


def processor() -> str:
    """Return the name of the processor."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def memory_gib() -> float:
    """Return the machine's memory in GiB."""
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return round(pages * size / 2**30, 1)


def num_cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def unshared_bytes() -> int:
    """Return how much main memory this process uses, in bytes, 0 if that is unknown.

    Pages of files, such as TensorFlow's half a gigabyte of code, are not counted: all
    processes share them.
    """
    try:
        fields = Path("/proc/self/statm").read_text(encoding="ascii").split()
        resident, of_files = int(fields[1]), int(fields[2])
    except (OSError, IndexError):
        return 0
    return (resident - of_files) * os.sysconf("SC_PAGE_SIZE")


def release_memory() -> None:
    """Give memory that is no longer used back to the system.

    What was traced is full of cycles, and the C library of Linux keeps what was freed.
    """
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def package_versions() -> dict[str, str]:
    """Return the versions of the packages that are installed."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def describe_machine() -> dict[str, str | int | float]:
    """Return processor, cores, memory, system and Python, never anything personal."""
    return {
        "processor": processor(),
        "cores": num_cores(),
        "memory_gib": memory_gib(),
        "system": platform.system(),
        "python": platform.python_version(),
    }


def describe_commit() -> str:
    """Return which version of the code this is, with its commit where git knows one.

    A commit that the working tree differs from is marked as such.
    """
    try:
        version = importlib.metadata.version("keras-mlp-ablations")
    except importlib.metadata.PackageNotFoundError:
        version = ""
    git = ("git", "describe", "--always", "--dirty=, with local changes", "--exclude=*")
    try:
        commit = subprocess.run(  # noqa: S603 (nothing here comes from outside)
            git,
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        commit = ""
    parts = [
        f"version {version}" if version else "",
        f"commit {commit}" if commit else "",
    ]
    return ", ".join(filter(None, parts))
