"""Ray's actors give the same numbers, and one that dies costs nothing but time."""

import importlib.util
import operator
import os
import signal
from contextlib import closing

import numpy as np
import pytest

from ablations.running.executors import Local, make_executor
from ablations.running.jobs import Failure, Job
from models.config import ConfigError

HAS_RAY = importlib.util.find_spec("ray") is not None


@pytest.mark.skipif(HAS_RAY, reason="Ray is installed.")
@pytest.mark.parametrize("name", ["ray", "ray:auto"])
def test_without_ray_an_error_says_how_to_install_it(name):
    with pytest.raises(ConfigError, match=r"pip install \"keras-mlp-ablations\[ray\]"):
        make_executor(name, "cpu")


@pytest.fixture(scope="module")
def carrier():
    """Return an executor on a Ray of its own."""
    pytest.importorskip("ray", reason="Ray is not installed.")
    with closing(make_executor("ray:local", "cpu")) as carrier:
        yield carrier
