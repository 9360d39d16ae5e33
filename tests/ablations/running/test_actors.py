"""Ray's actors give the same numbers, and one that dies costs nothing but time."""

import importlib.util
import operator
import os
import signal
from contextlib import closing

import numpy as np
import pytest

from ablations.rigs.xor import xor_arm
from ablations.running.dispatch import TRIES
from ablations.running.executors import Local, make_executor
from ablations.running.jobs import Failure, Job
from ablations.running.plan import Plan, Request, pack
from ablations.running.runner import list_jobs
from models.config import ConfigError

HAS_RAY = importlib.util.find_spec("ray") is not None
CALLED = operator.methodcaller("__call__")


@pytest.mark.skipif(HAS_RAY, reason="Ray is installed.")
@pytest.mark.parametrize("name", ["ray", "ray:auto"])
def test_without_ray_an_error_says_how_to_install_it(name):
    with pytest.raises(ConfigError, match="pip install ray"):
        make_executor(name, "cpu")


@pytest.mark.skipif(not HAS_RAY, reason="Ray is not installed.")
def test_a_cluster_that_is_not_there_is_refused():
    with pytest.raises(
        ConfigError, match="`executor` must be a cluster that can be reached"
    ):
        make_executor("ray:127.0.0.1:1", "cpu").begin()


@pytest.fixture(scope="module")
def carrier():
    """Return an executor on a Ray of its own."""
    pytest.importorskip("ray", reason="Ray is not installed.")
    with closing(make_executor("ray:local", "cpu")) as carrier:
        yield carrier


def test_an_actor_gives_what_this_process_gives(carrier):
    config = xor_arm(num_steps=60, hidden_units=(5,), record_weights=True)
    stacks = tuple(pack([Request(config.digest, config, np.arange(10))]))
    jobs = list_jobs(Plan(stacks, (), 10, 0, waiting=False))
    ((ours,),) = (result for _, result in Local("cpu").carry(jobs))
    ((theirs,),) = (result for _, result in carrier.carry(jobs))
    assert ours.specification == theirs.specification
    assert ours.arrays.keys() == theirs.arrays.keys()
    for key, array in ours.arrays.items():
        np.testing.assert_array_equal(array, theirs.arrays[key], err_msg=key)
    assert carrier.machine() == Local("cpu").machine()


def test_whoever_dies_is_replaced_and_every_job_is_done_once(carrier):
    pids = {pid for _, pid in carrier.carry([Job(CALLED, os.getpid, "pid")] * 4)}
    assert os.getpid() not in pids
    os.kill(pids.pop(), signal.SIGKILL)
    jobs = [Job(operator.neg, i, f"job {i}") for i in range(20)]
    assert sorted((j.what, n) for j, n in carrier.carry(jobs)) == [
        (i, -i) for i in range(20)
    ]


def test_a_job_that_ends_every_actor_is_said_to_be_lost_with_the_reason(carrier):
    deadly, fine = Job(os._exit, 3, "deadly"), Job(operator.neg, 1, "fine")
    found = dict(carrier.carry([deadly, fine]))
    assert found[fine] == -1
    assert isinstance(found[deadly], Failure)
    assert found[deadly].reason.startswith(f"{TRIES} workers were lost; the last one")


def test_an_error_in_an_actor_is_raised_here(carrier):
    with pytest.raises(TypeError, match="bad operand"):
        list(carrier.carry([Job(operator.inv, "", "")]))


def test_another_cluster_than_the_one_that_is_connected_is_refused(carrier):
    with pytest.raises(
        ConfigError, match="`executor` must be 'ray' where this process"
    ):
        make_executor("ray:local", "cpu").begin()
