"""Engineered columns are those that the module names, and know the training rows."""

import numpy as np
import pytest

from ablations.tasks import TaskConfig, make_task
from ablations.tasks.features import Columns, Pairs, engineered, standardized

RAW = np.array([[1.0, -2.0, 0.0], [2.0, 1.0, 3.0], [4.0, 3.0, 1.0], [3.0, 0.0, 5.0]])


def test_columns_are_squares_products_ratios_and_logarithms():
    columns = Columns.of(RAW, Pairs.of_first(3))
    plain = standardized({"train": RAW})["train"]
    # The first alone is positive, and it divides nothing: it is in no lower place.
    expected = [plain, plain**2]
    expected += [plain[:, [0]] * plain[:, [1]], plain[:, [0]] * plain[:, [2]]]
    expected += [plain[:, [1]] * plain[:, [2]], np.log1p(RAW[:, [0, 2]])]
    wide = engineered({"train": RAW}, columns, standardized)["train"]
    wanted = standardized({"train": np.concatenate(expected, axis=1)})["train"]
    np.testing.assert_allclose(wide, wanted)


def test_a_positive_lower_column_divides():
    swapped = RAW[:, [1, 0]]
    columns = Columns.of(swapped, Pairs.of_first(2))
    wide = engineered({"train": swapped}, columns, lambda parts: dict(parts))["train"]
    np.testing.assert_allclose(wide[:, 5], RAW[:, 1] / RAW[:, 0])


def test_at_most_ten_columns_are_paired():
    assert len(Pairs.of_first(30).left) == 45
    assert len(Pairs.of_first(4).left) == 6


def test_neighbors_are_to_the_right_and_below():
    pairs = Pairs.of_neighbors(2, 3)
    assert set(zip(pairs.left, pairs.right, strict=True)) == {
        (0, 1),
        (1, 2),
        (3, 4),
        (4, 5),
        (0, 3),
        (1, 4),
        (2, 5),
    }


@pytest.mark.parametrize(
    ("name", "num_columns"),
    [
        ("digits", 304),
        ("breast_cancer_split", 167),
        ("wine", 129),
        ("iris", 24),
        ("diabetes", 120),
        ("regression8", 44),
    ],
)
def test_the_number_of_columns_is_the_same_for_all_seeds(name, num_columns):
    task = make_task(TaskConfig(name=name, features="engineered"))
    data = task.rows(range(5))
    assert task.num_inputs == data.x.shape[-1] == num_columns
    assert np.isfinite(data.x_test).all()
    raw = make_task(TaskConfig(name=name)).rows(range(5))
    np.testing.assert_array_equal(raw.y, data.y)


def test_held_out_rows_change_no_column_of_the_training_rows():
    columns = Columns.of(RAW, Pairs.of_first(3))
    alone = engineered({"train": RAW}, columns, standardized)["train"]
    parts = {"train": RAW, "test": 100.0 * np.abs(RAW)}
    np.testing.assert_array_equal(
        engineered(parts, columns, standardized)["train"], alone
    )
