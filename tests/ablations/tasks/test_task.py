"""A seed's rows are the same in any company, and the digest stands for them."""

import threading

import numpy as np
import pytest

from ablations.tasks import DRAWN, SeededTask, TaskConfig, make_task
from ablations.tasks import task as task_module
from ablations.tasks.config import REGRESSIONS, SETTINGS
from ablations.tasks.data import Data
from ablations.tasks.task import DrawCache

SMALL = {"num_train": 30, "num_val": 10}


def small(name: str, **settings) -> TaskConfig:
    sizes = SMALL | ({"num_test": 12} if "num_test" in SETTINGS[name] else {})
    return TaskConfig(name=name, **(sizes | settings))


def drawn_anew(config: TaskConfig, seeds) -> dict[str, np.ndarray]:
    """Return rows that no cache holds."""
    parts = [DRAWN[config.name](config, int(seed)).arrays() for seed in seeds]
    return {name: np.stack([part[name] for part in parts]) for name in parts[0]}


def assert_equal(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    assert set(one) == set(other)
    for name in one:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)


@pytest.mark.usefixtures("_with_rows")
@pytest.mark.parametrize("name", SETTINGS)
def test_counts_and_layout_need_no_seed(name):
    task = make_task(TaskConfig(name=name))
    data = task.rows([5, 3])
    assert task.per_seed == data.per_run == (name in DRAWN)
    assert task.num_rows == data.num_rows
    assert task.num_inputs == data.x.shape[-1]
    assert task.num_outputs == data.y.shape[-1]
    arrays = data.arrays()
    assert task.most_rows == max(array.shape[-2] for array in arrays.values())
    num_runs = 2 if task.per_seed else 1
    assert task.num_bytes * num_runs == sum(a.nbytes for a in arrays.values())
    for array in arrays.values():
        assert array.dtype == np.float32
        assert np.isfinite(array).all()


@pytest.mark.usefixtures("_with_rows")
@pytest.mark.parametrize("name", DRAWN)
def test_a_seed_has_the_same_rows_alone_and_in_a_crowd(name):
    config = small(name)
    crowd = make_task(config).rows([7, 1_000_003, 0]).arrays()
    assert_equal(crowd, drawn_anew(config, [7, 1_000_003, 0]))
    alone = make_task(config).rows(np.array([1_000_003])).arrays()
    assert_equal(alone, {name: array[1:2] for name, array in crowd.items()})
    assert not np.array_equal(crowd["x"][0], crowd["x"][1])


@pytest.mark.usefixtures("_with_rows")
@pytest.mark.parametrize("name", DRAWN)
def test_fewer_training_rows_are_the_first_of_more(name):
    more, fewer = small(name), small(name, num_train=20)
    if "scaling" in SETTINGS[name]:  # by the training rows, so undo it
        more, fewer = (c.replace(scaling="raw") for c in (more, fewer))
    rows, first = (make_task(c).rows([4]).arrays() for c in (more, fewer))
    if name in REGRESSIONS and "scaling" in SETTINGS[name]:  # targets too
        rows, first = (
            {k: a for k, a in d.items() if "y" not in k} for d in (rows, first)
        )
    for key in first:
        size = 20 if key in ("x", "y") else first[key].shape[1]
        np.testing.assert_array_equal(first[key], rows[key][:, :size], err_msg=key)


def test_seeds_are_drawn_once_for_all_arms_that_read_them():
    drawn = []

    def draw(config: TaskConfig, seed: int) -> Data:
        drawn.append(seed)
        return DRAWN["wine"](config, seed)

    task = SeededTask(small("wine", num_train=17), draw)
    first, again = task.rows([1, 2]), task.rows([2, 1, 2])
    assert drawn == [1, 2]
    np.testing.assert_array_equal(again.x, first.x[[1, 0, 1]])


def test_who_changes_the_rows_of_a_stack_changes_no_other_stack():
    task = make_task(small("wine"))
    before = task.rows([3]).x.copy()
    task.rows([3]).x[:] = 0.0
    np.testing.assert_array_equal(task.rows([3]).x, before)


@pytest.mark.usefixtures("_with_rows")
@pytest.mark.parametrize("name", DRAWN)
def test_the_digest_is_of_the_config_and_not_of_what_was_drawn_before(name):
    config = small(name)
    digest = SeededTask(config, DRAWN[name]).digest
    make_task(config).rows([0, 9])
    assert make_task(config).digest == digest
    assert make_task(small(name, num_train=29)).digest != digest


def test_the_digest_sees_the_version_the_settings_and_the_rows(monkeypatch):
    def shifted(config: TaskConfig, seed: int) -> Data:
        data = DRAWN["wine"](config, seed).arrays()
        return Data(**{**data, "y": data["y"] + (seed == 1) * 1e-3})

    # No two of these configs share rows that are kept.
    config, same = small("wine", num_train=21), small("wine", num_train=22)
    digests = {SeededTask(config, DRAWN["wine"]).digest}
    digests.add(SeededTask(same, DRAWN["wine"]).digest)
    monkeypatch.setattr(task_module, "CACHE", DrawCache(0))
    digests.add(SeededTask(config, shifted).digest)
    monkeypatch.setattr(task_module, "TASKS_VERSION", -1)
    digests.add(SeededTask(config, DRAWN["wine"]).digest)
    assert len(digests) == 4


def test_a_last_bit_that_a_processor_rounds_otherwise_changes_no_digest(monkeypatch):
    def rounded_otherwise(config: TaskConfig, seed: int) -> Data:
        data = DRAWN["spirals"](config, seed).arrays()
        x = data["x"].copy()
        # Of numbers in double precision, few end as another number in single.
        x[:2] = np.nextafter(x[:2], np.float32(9.0))
        return Data(**{**data, "x": x})

    config = small("spirals")
    digest = SeededTask(config, DRAWN["spirals"]).digest
    monkeypatch.setattr(task_module, "CACHE", DrawCache(0))
    assert SeededTask(config, rounded_otherwise).digest == digest


def test_the_cache_forgets_what_was_used_longest_ago_when_it_is_full():
    config = TaskConfig(name="wine")
    data = Data(np.zeros((10, 2), np.float32), np.zeros((10, 1), np.float32))
    cache = DrawCache(250)  # two times 120 bytes
    for seed in (0, 1):
        cache.put((config, seed), data)
    assert cache.get((config, 0)) is data
    cache.put((config, 2), data)
    assert cache.num_bytes == 240
    assert [cache.get((config, seed)) is not None for seed in range(3)] == [1, 0, 1]


def test_threads_that_draw_at_once_get_the_same_rows():
    config = small("gmm10", num_train=200, spread=0.7)
    expected = drawn_anew(config, range(30))
    found = []

    def read() -> None:
        found.append(make_task(config).rows(range(30)).arrays())

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    for arrays in found:
        assert_equal(arrays, expected)
