import threading
import time

import numpy as np
import pytest

from ablations.rigs.xor import xor_arm
from ablations.running.executors import (
    MOST_WORKERS,
    num_workers,
    run_concurrently,
)
from ablations.tasks import make_task
from ablations.training.train import Data, train_stack


@pytest.mark.parametrize("workers", [1, 2, 3, 50])
def test_every_item_comes_back_once_with_its_own_result(workers):
    done = dict(run_concurrently(lambda x: x * x, range(20), workers))
    assert done == {x: x * x for x in range(20)}


def test_no_item_is_taken_long_before_its_turn():
    taken = []

    def items():
        for x in range(20):
            taken.append(x)
            yield x

    for position, _ in enumerate(run_concurrently(lambda x: x, items(), 2), start=1):
        assert len(taken) <= position + 2


def test_items_really_run_at_once():
    both_here = threading.Barrier(2, timeout=10)
    # Alone, the first would wait for the second for ever.
    assert len(list(run_concurrently(lambda x: both_here.wait(), range(2), 2))) == 2


def test_a_finished_item_does_not_wait_for_a_slow_one_before_it():
    slow = threading.Event()

    def work(x):
        if x == 0:
            slow.wait(10)
        return x

    done = []
    for item, _ in run_concurrently(work, range(3), 2):
        done.append(item)
        if len(done) == 2:
            slow.set()
    assert done == [1, 2, 0]


def test_items_in_turn_never_meet_each_other_but_meet_the_rest():
    turns, both_here = threading.Lock(), threading.Barrier(2, timeout=10)

    def work(x):
        if x < 0:
            assert turns.acquire(blocking=False)
        both_here.wait()
        if x < 0:
            turns.release()
        return x

    found = dict(run_concurrently(work, range(4), 2, in_turn=range(-4, 0)))
    assert sorted(found) == [*range(-4, 4)]


def test_a_single_worker_has_items_in_turn_first():
    done = run_concurrently(lambda x: x, "ab", 1, in_turn="12")
    assert "".join(x for x, _ in done) == "12ab"


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_surfaces_and_the_rest_never_starts(workers):
    started = []

    def work(x):
        started.append(x)
        if x == 1:
            raise ValueError("broken")
        time.sleep(0.01)
        return x

    with pytest.raises(ValueError, match="broken"):
        list(run_concurrently(work, range(100), workers))
    assert len(started) < 10


def test_a_gpu_takes_stacks_one_by_one_and_processors_a_few_at_once():
    assert num_workers(64, on_gpu=True) == 1
    assert num_workers(1, on_gpu=False) == 1
    assert num_workers(2, on_gpu=False) == 2
    assert num_workers(64, on_gpu=False) == MOST_WORKERS


def test_stacks_of_one_structure_train_at_once_as_they_do_alone():
    arm = xor_arm(num_steps=60, hidden_units=(5,), activation="tanh")
    task = make_task(arm.task)
    data = Data(task.x, task.y)
    parts = np.array_split(np.arange(60), 6)

    def train(position):
        return train_stack(arm.model, arm.training, parts[position], data)

    at_once = dict(run_concurrently(train, range(6), 3))
    for position in range(6):
        alone = train(position)
        # The same program on the same numbers: the same bits.
        np.testing.assert_array_equal(
            alone.curves["loss"], at_once[position].curves["loss"]
        )
