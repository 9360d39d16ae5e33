"""Tasks hold the rows they are named after, always the same."""

import operator
from importlib.util import find_spec

import numpy as np
import pytest

from ablations.tasks import CORNERS, FIXED, FixedTask, TaskConfig, make_task
from ablations.tasks.config import SETTINGS
from ablations.tasks.real import FILES
from models.config import ConfigError

OPERATORS = {
    "xor": operator.xor,
    "and": operator.and_,
    "or": operator.or_,
    "xnor": operator.eq,
}


@pytest.mark.parametrize("name", OPERATORS)
def test_a_boolean_task_is_the_truth_table_of_its_operator(name):
    task = make_task(TaskConfig(name=name))
    assert task.x is CORNERS
    expected = [[float(OPERATORS[name](int(a), int(b)))] for a, b in task.x]
    assert task.y.tolist() == expected


def test_the_corners_are_every_pair_of_bits_once():
    assert {tuple(row) for row in CORNERS} == {(0, 0), (0, 1), (1, 0), (1, 1)}


def test_breast_cancer_is_the_library_s_data_standardized():
    from sklearn.datasets import load_breast_cancer

    raw, labels = load_breast_cancer(return_X_y=True)
    task = make_task(TaskConfig(name="breast_cancer"))
    assert task.x.shape == raw.shape
    assert (task.y[:, 0] == labels).all()
    # Means over 569 float32 numbers of order 1.
    assert np.abs(task.x.mean(axis=0)).max() < 1e-5
    assert np.abs(task.x.std(axis=0) - 1.0).max() < 1e-5
    # Standardizing is monotone within a feature.
    assert (np.argmax(task.x, axis=0) == np.argmax(raw, axis=0)).all()


@pytest.mark.parametrize("name", FIXED)
def test_rows_are_float32_matrices_with_a_target_per_row(name):
    task = make_task(TaskConfig(name=name))
    assert task.x.dtype == task.y.dtype == np.float32
    assert task.x.ndim == task.y.ndim == 2
    assert len(task.x) == len(task.y)


@pytest.mark.parametrize("name", FIXED)
def test_the_same_name_gives_the_same_rows(name):
    assert FIXED[name]().digest == make_task(TaskConfig(name=name)).digest


def test_tasks_differ_in_their_digests():
    names = [name for name in SETTINGS if find_spec(FILES.get(name, ("numpy", ""))[0])]
    digests = {make_task(TaskConfig(name=name)).digest for name in names}
    assert len(digests) == len(names) > 10


def test_the_digest_sees_every_array_its_shape_and_its_place():
    x, y = np.zeros((4, 2), np.float32), np.zeros((4, 1), np.float32)
    changed = y.copy()
    changed[2] = 1e-30
    tasks = [
        FixedTask(x, y),
        FixedTask(x, changed),
        FixedTask(x.reshape(2, 4), y),
        FixedTask(x, y, x_val=x),
        FixedTask(x, y, y_val=x),
        FixedTask(x, y, x_val=x, y_val=y),
    ]
    assert len({task.digest for task in tasks}) == len(tasks)
    assert FixedTask(x.copy(), y.copy()).digest == tasks[0].digest


def test_an_unknown_task_is_refused_with_the_closest_name():
    with pytest.raises(ConfigError, match="Did you mean 'xor'"):
        TaskConfig(name="xorr")
