import numpy as np
import pytest

from ablations.tasks.data import Data
from ablations.training.result import StackResult
from models.config import ConfigError

X, Y = np.zeros((4, 3)), np.zeros((4, 1))


def test_rows_may_be_shared_or_each_runs_own():
    shared, own = Data(X, Y), Data(np.zeros((2, 4, 3)), np.zeros((2, 4, 1)))
    assert (shared.num_rows, shared.per_run) == (4, False)
    assert (own.num_rows, own.per_run) == (4, True)


def test_arrays_are_float32_and_only_those_that_are_there():
    assert set(Data(X, Y).arrays()) == {"x", "y"}
    arrays = Data(X, Y, X, Y).arrays()
    assert set(arrays) == {"x", "y", "x_val", "y_val"}
    assert set(Data(X, Y, x_test=X, y_test=Y).arrays()) == {
        "x",
        "y",
        "x_test",
        "y_test",
    }
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}


def test_the_data_of_chosen_runs_are_theirs():
    x = np.arange(24.0).reshape(2, 4, 3)
    data = Data(x, np.zeros((2, 4, 1)))
    np.testing.assert_array_equal(data.of_runs(np.array([1, 1, 0])).x, x[[1, 1, 0]])
    shared = Data(X, Y)
    assert shared.of_runs(np.array([0, 0])) is shared


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ((X[0], Y[0]), "`data.x` must have rows"),
        ((X[:0], Y[:0]), "`data.x` must have rows"),
        ((X, Y[:3]), "`data.y` must have the rows of the inputs"),
        ((X, Y[:, 0]), "`data.y` must have the rows of the inputs"),
        ((X, Y, X), "`data.y_val` must be given where `data.x_val` is"),
        ((X, Y, None, Y), "`data.x_val` must be given where `data.y_val` is"),
        ((X, Y, X[:, :2], Y), "`data.x_val` must be laid out as `data.x`"),
        ((X, Y, X[None], Y[None]), "`data.x_val` must be laid out as `data.x`"),
        ((X, Y, X[:0], Y[:0]), "`data.x_val` must be laid out as `data.x`"),
        ((X, Y, X, Y[:3]), "`data.y_val` must have the rows of the inputs"),
        ((X, Y, X, Y, X), "`data.y_test` must be given where `data.x_test` is"),
        ((X, Y, X, Y, None, Y), "`data.x_test` must be given where `data.y_test` is"),
        ((X, Y, None, None, X[0], Y), "`data.x_test` must be laid out as `data.x`"),
        ((X, Y, X, Y, X, Y[:3]), "`data.y_test` must have the rows of the inputs"),
    ],
)
def test_arrays_that_do_not_fit_are_named(arrays, message):
    with pytest.raises(ConfigError, match=message):
        Data(*arrays)


def test_the_first_runs_of_a_result_are_cut_everywhere():
    runs = np.arange(5)
    result = StackResult(
        log_steps=np.array([3, 9]),
        curves={"loss": np.zeros((5, 2))},
        probes={"weight_norm": np.zeros((5, 2, 4))},
        weights=[np.zeros((5, 3, 1))],
        state=[np.zeros((5, 2))],
        diverged_at=runs,
        stopped_at=runs,
        best_at=runs,
        outputs=[{"val": np.zeros((5, 7, 2))}],
    )
    first = result.first(2)
    assert first.curves["loss"].shape == (2, 2)
    assert first.probes["weight_norm"].shape == (2, 2, 4)
    assert first.weights[0].shape == (2, 3, 1)
    assert first.state[0].shape == (2, 2)
    for array in (first.diverged_at, first.stopped_at, first.best_at):
        np.testing.assert_array_equal(array, [0, 1])
    assert first.outputs[0]["val"].shape == (2, 7, 2)
    np.testing.assert_array_equal(first.log_steps, [3, 9])
