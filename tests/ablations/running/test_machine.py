import getpass
import importlib.metadata
import json
import os
import platform
import re
import socket
from pathlib import Path

import numpy as np
import pytest

from ablations.running.machine import (
    PACKAGES,
    describe_machine,
    package_versions,
    unshared_bytes,
)


def test_the_description_says_what_decides_results_and_speed():
    described = describe_machine()
    assert set(described) == {"processor", "cores", "memory_gib", "system", "python"}
    assert described["python"] == platform.python_version()
    assert 1 <= described["cores"] <= os.cpu_count()
    assert described["memory_gib"] > 0
    assert described["processor"]


def test_nothing_personal_is_kept():
    text = json.dumps({**describe_machine(), **package_versions()})
    personal = {socket.gethostname(), getpass.getuser(), str(Path.home()), os.getcwd()}
    personal |= {platform.node(), platform.release()}
    for secret in personal - {""}:
        assert not re.search(rf"\b{re.escape(secret)}\b", text), secret
    assert "/" not in describe_machine()["system"]


def test_versions_are_those_of_the_installed_packages():
    versions = package_versions()
    assert versions["numpy"] == importlib.metadata.version("numpy")
    assert {"keras", "numpy", "scipy"} <= set(versions) <= set(PACKAGES)


@pytest.mark.skipif(platform.system() != "Linux", reason="is about Linux")
def test_memory_of_its_own_is_counted_and_pages_of_a_file_are_not(tmp_path):
    size = 64 << 20
    path = tmp_path / "pages"
    path.write_bytes(bytes(size))
    before = unshared_bytes()
    pages = np.memmap(path, mode="r")
    assert not pages.any()
    assert unshared_bytes() - before < size // 4
    own = np.ones(size, np.uint8)
    assert unshared_bytes() - before > size // 2
    del pages, own
