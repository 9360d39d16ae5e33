"""Processes give the same numbers, and none outlives the one that started it."""

import operator
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ablations.rigs.xor import xor_arm
from ablations.running.dispatch import Dispatcher
from ablations.running.executors import MOST_WORKERS, Local, make_executor
from ablations.running.jobs import Job
from ablations.running.plan import Plan, Request, pack
from ablations.running.processes import ProcessCrew
from ablations.running.runner import list_jobs
from ablations.store.store import spec_digest
from models.config import ConfigError

SECONDS_TO_END = 20.0


def jobs():
    """Return a measurement and a stack."""
    config = xor_arm(num_steps=60, hidden_units=(5,), record_weights=True)
    request = Request(spec_digest(config.specification()), config, np.arange(10))
    stacks = tuple(pack([request]))
    return list_jobs(Plan(stacks, ("output_formula",), 10, 0, waiting=False))


@pytest.fixture(scope="module")
def carrier():
    """Return an executor with one worker process, the only one that trains here."""
    with closing(Dispatcher(ProcessCrew("cpu", 1))) as carrier:
        yield carrier


def test_a_process_gives_what_this_process_gives(carrier):
    here = {job.name: result for job, result in Local("cpu").carry(jobs())}
    there = {job.name: result for job, result in carrier.carry(jobs())}
    assert here.keys() == there.keys()
    for name, found in here.items():
        for ours, theirs in zip(found, there[name], strict=True):
            assert ours.specification == theirs.specification
            assert ours.arrays.keys() == theirs.arrays.keys()
            for key, array in ours.arrays.items():
                np.testing.assert_array_equal(array, theirs.arrays[key], err_msg=key)
    assert carrier.machine() == Local("cpu").machine()


def test_more_programs_than_this_process_may_compile_are_left_to_others(carrier):
    # A worker begins a group of processes of its own.
    def asked(*programs: int | None) -> list[Job]:
        return [Job(os.getpgid, 0, "", program=number) for number in programs]

    hired = []
    local = Local("cpu", 2, lambda *asked: hired.append(asked) or carrier)

    def where(*programs: int | None) -> list[bool]:
        done = {job.program: group for job, group in local.carry(asked(*programs))}
        return [done[number] == os.getpgid(0) for number in programs]

    assert where(0, 1, None) == [True] * 3
    assert where(1, 2, 3, None) == [True, False, False, False]
    # What comes later goes to them too: they may have compiled for it.
    assert where(0, 1, 2, None) == [True, True, False, False]
    assert where(*range(4, 9)) == [False] * 5
    assert hired == [("cpu", MOST_WORKERS)]
    own = Job(os.getpgid, 0, "own model", program=9, is_own=True)
    assert dict(local.carry([*asked(10), own]))[own] == os.getpgid(0)


def test_an_error_in_a_process_is_raised_here(carrier):
    with pytest.raises(TypeError, match="bad operand"):
        list(carrier.carry([Job(operator.truth, 1, "fine"), Job(operator.inv, "", "")]))


def test_what_cannot_be_sent_is_refused_by_name(carrier):
    with pytest.raises(ConfigError, match="`executor` must be 'local' for own model"):
        list(carrier.carry([Job(lambda x: x, 1, "own model")]))


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (Job(signal.raise_signal, signal.SIGKILL, ""), "was ended by SIGKILL"),
        (Job(os._exit, 3, ""), "ended with exit code 3"),
    ],
)
def test_a_worker_that_has_ended_says_how(carrier, ends, said):
    worker = carrier._crew.hire()
    worker.give(1, ends)
    while (message := worker.hear()).kind != "lost":
        continue
    worker.stop()
    assert message.content == said


def test_workers_start_at_once_where_what_is_slow_was_imported(carrier):
    crew = carrier._crew
    list(carrier.carry([Job(operator.truth, 1, "")]))
    parents = set()
    for _ in range(2):
        worker = crew.hire()
        worker.give(1, Job(eval, "__import__('os').getppid()", ""))
        while (message := worker.hear()).kind != "done":
            continue
        parents.add(message.content)
        worker.stop()
    assert parents == {crew._nursery._process.pid}


def test_whoever_starts_workers_is_replaced_if_it_dies(carrier):
    crew = carrier._crew
    crew._nursery._process.kill()
    crew._nursery._process.wait()
    for worker in (crew.hire(), crew.hire()):
        worker.give(1, Job(operator.neg, 2, ""))
        while (message := worker.hear()).kind != "done":
            continue
        worker.stop()
        assert message.content == -2


DRIVER = """
import os, time
from ablations.running.jobs import Job
from ablations.running.processes import ProcessCrew
crew = ProcessCrew("cpu", 1)
crew.open()
worker = crew.hire()
# A worker begins a group of processes of its own.
worker.give(1, Job(os.getpgid, 0, ""))
while (message := worker.hear()).kind != "done":
    continue
print(message.content, crew._nursery._process.pid, flush=True)
time.sleep(60)
"""


def test_no_worker_outlives_a_driver_that_was_killed():
    driver = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", DRIVER],
        stdout=subprocess.PIPE,
        encoding="ascii",
        cwd=Path(__file__).parents[3],
    )
    pids = [int(pid) for pid in driver.stdout.readline().split()]
    driver.send_signal(signal.SIGKILL)
    driver.communicate()
    until = time.monotonic() + SECONDS_TO_END
    while (alive := list(filter(runs, pids))) and time.monotonic() < until:
        time.sleep(0.05)
    assert len(pids) == 2
    assert not alive


def runs(pid: int) -> bool:
    """Return whether a process is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").split()[2]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("locl", "Did you mean 'local'"),
        ("local:8", "must be a name alone, or ray:ADDRESS. Received: 'local:8'"),
        ("ray:", "must be a name alone, or ray:ADDRESS"),
    ],
)
def test_the_executor_is_one_of_those_there_are(name, said):
    with pytest.raises(ConfigError, match=said):
        make_executor(name, "cpu")
    assert isinstance(make_executor("auto", "cpu"), Local)
