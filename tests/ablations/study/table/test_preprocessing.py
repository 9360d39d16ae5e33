"""Inputs are prepared with what the training rows know, and nothing else."""

import datetime

import numpy as np
import pandas as pd
import pytest
from sklearn.preprocessing import StandardScaler

from ablations.study.table.dataset import load_dataset
from ablations.study.table.folds import make_folds
from ablations.study.table.preprocessing import (
    Preparation,
    choose_categories,
    prepare,
)
from ablations.study.table.source import read_table
from models.config import ConfigError

N = 150


def table(seed: int = 0, **columns) -> pd.DataFrame:
    """Return a frame with a column of each kind, holes in all of them."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "size": rng.lognormal(size=N),
            "full": rng.normal(5, 2, size=N),
            "member": rng.choice(["yes", "no"], N),
            "city": rng.choice(
                ["Oslo", "Rome", "Bern", "Nome"], N, p=[0.5, 0.3, 0.18, 0.02]
            ),
            "day": pd.Timestamp("2020-01-01")
            + pd.to_timedelta(rng.integers(0, 700, N), "D"),
            "y": rng.choice(["cat", "dog"], N),
        }
    )
    for column in ("size", "member", "city", "day"):
        frame.loc[rng.random(N) < 0.1, column] = None
    return frame.assign(**columns)


def first(frame: pd.DataFrame, **options):
    dataset = load_dataset(frame, "y", **options)
    fold = make_folds(dataset, 5, 1, seed=0)[0]
    return dataset, fold, prepare(dataset, fold)


def column(prepared, name: str, part: str = "train") -> np.ndarray:
    return getattr(prepared, f"x_{part}")[:, prepared.feature_names.index(name)]


def test_every_kind_has_its_features():
    _, fold, prepared = first(table())
    assert prepared.feature_names == (
        "size",
        "full",
        "day days",
        "day month sine",
        "day month cosine",
        "day weekday sine",
        "day weekday cosine",
        "member",
        "city = Oslo",
        "city = Rome",
        "city = Bern",
        "city = (other)",
        "city = (missing)",
        "size is missing",
        "member is missing",
        "day is missing",
    )
    assert prepared.x_train.shape == (len(fold.train), 16)
    assert prepared.x_test.dtype == np.float32


def test_numbers_are_standardized_by_the_training_rows():
    dataset, fold, prepared = first(table())
    scaler = StandardScaler().fit(dataset.frame[["full"]].iloc[fold.train])
    for part in ("train", "val", "test"):
        rows = getattr(fold, part)
        expected = scaler.transform(dataset.frame[["full"]].iloc[rows])[:, 0]
        # float32 keeps seven digits.
        np.testing.assert_allclose(
            column(prepared, "full", part), expected, rtol=1e-5, atol=1e-6
        )


def test_holes_get_the_median_of_the_training_rows_and_a_mark():
    dataset, fold, prepared = first(table())
    values = dataset.frame["size"].to_numpy()[fold.train]
    filled = np.where(np.isnan(values), np.nanmedian(values), values)
    expected = (filled - filled.mean()) / filled.std()
    np.testing.assert_allclose(column(prepared, "size"), expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(column(prepared, "size is missing"), np.isnan(values))


def test_categories_are_zeros_and_ones_with_a_place_for_rare_and_missing_ones():
    dataset, fold, prepared = first(table())
    cities = dataset.frame["city"].to_numpy()[fold.test]
    for name in ("Oslo", "Rome", "Bern"):
        np.testing.assert_array_equal(
            column(prepared, f"city = {name}", "test"), cities == name
        )
    np.testing.assert_array_equal(
        column(prepared, "city = (other)", "test"), cities == "Nome"
    )
    np.testing.assert_array_equal(
        column(prepared, "city = (missing)", "test"), [city is None for city in cities]
    )


def test_a_column_of_very_many_categories_gets_few_features():
    words = [f"w{i % 45}" for i in range(450)]
    chosen = choose_categories(pd.Series(words, dtype=object))
    assert len(chosen) == 31
    assert choose_categories(pd.Series(["a"] * 9 + ["b"] * 4 + [None])) == (
        "a",
        " (other)",
        " (missing)",
    )


def test_december_is_beside_january_and_sunday_beside_monday():
    days = [datetime.date(2021, 1 + i % 12, 1 + i % 28) for i in range(N)]
    _, fold, prepared = first(table(day=days))
    month = np.stack(
        [column(prepared, f"day month {wave}") for wave in ("sine", "cosine")], axis=1
    )
    number = np.array([days[row].month for row in fold.train])
    mean = np.stack([month[number == k].mean(axis=0) for k in range(1, 13)])
    apart = np.linalg.norm(mean - np.roll(mean, 1, axis=0), axis=1)
    # Standardizing stretches the circle a little where months are not evenly drawn.
    np.testing.assert_allclose(apart, apart.mean(), rtol=0.2)


def test_parts_of_a_date_that_never_vary_make_no_feature():
    mondays = pd.Timestamp("2021-03-01") + pd.to_timedelta(7 * (np.arange(N) % 4), "D")
    _, _, prepared = first(table(day=mondays))
    assert [name for name in prepared.feature_names if "day" in name] == ["day days"]
    hours = pd.date_range("2021-03-01", periods=N, freq="7h")
    assert "day hour sine" in first(table(day=hours))[2].feature_names


def test_outliers_are_cut_off():
    far = np.random.default_rng(0).normal(size=N)
    _, fold, _ = first(table(far=far))
    far[fold.test[0]] = 1e30
    _, same, prepared = first(table(far=far))
    np.testing.assert_array_equal(fold.test, same.test)
    assert column(prepared, "far", "test")[0] == 10


def test_classes_become_one_column_each():
    dataset, fold, prepared = first(table())
    assert prepared.y_train.shape == (len(fold.train), 2)
    np.testing.assert_array_equal(
        prepared.y_test.argmax(axis=1), dataset.target[fold.test]
    )
    np.testing.assert_array_equal(prepared.y_test.sum(axis=1), 1)
    assert prepared.scale is None


def test_a_target_of_numbers_is_standardized_by_the_training_rows():
    y = np.random.default_rng(0).normal(100, 15, size=N)
    dataset, fold, prepared = first(table(y=y))
    known = dataset.target[fold.train]
    assert prepared.scale.mean == pytest.approx(known.mean())
    assert prepared.scale.std == pytest.approx(known.std())
    assert prepared.y_test.shape == (len(fold.test), 1)
    back = prepared.scale.back(prepared.y_test[:, 0])
    np.testing.assert_allclose(back, dataset.target[fold.test], rtol=1e-5)


@pytest.mark.parametrize("y", [None, np.random.default_rng(5).normal(size=N)])
def test_nothing_of_test_and_validation_rows_is_in_the_training_inputs(y):
    frame = table() if y is None else table(y=y)
    _, fold, prepared = first(frame)
    changed = frame.copy()
    held_out = np.concatenate([fold.val, fold.test])
    rng = np.random.default_rng(1)
    # Other values, but no new category and no other column with holes.
    changed.loc[held_out, "size"] = 1e6 * rng.lognormal(size=len(held_out))
    changed.loc[held_out, "full"] = -1e6
    changed.loc[held_out, "member"] = "yes"
    changed.loc[held_out, "city"] = "Rome"
    changed.loc[held_out, "day"] = pd.Timestamp("2031-01-01")
    if y is not None:
        changed.loc[held_out, "y"] = 1e9
    other_dataset = load_dataset(changed, "y")
    other = prepare(other_dataset, fold)
    assert set(prepared.feature_names) == set(other.feature_names)
    for name in prepared.feature_names:
        np.testing.assert_array_equal(column(prepared, name), column(other, name))
    np.testing.assert_array_equal(prepared.y_train, other.y_train)
    assert not np.array_equal(prepared.x_test, other.x_test)


def test_all_splits_have_the_same_inputs():
    dataset = load_dataset(table(), "y")
    prepared = [prepare(dataset, fold) for fold in make_folds(dataset, 5, 2, seed=3)]
    assert len({p.feature_names for p in prepared}) == 1
    assert (
        len({(p.x_train.shape, p.x_val.shape, p.x_test.shape) for p in prepared}) == 1
    )


def test_the_pipeline_prepares_new_rows_of_a_file(tmp_path):
    frame = table()
    frame["day"] = frame["day"].dt.strftime("%d.%m.%Y")
    frame.to_csv(tmp_path / "data.csv", index=False)
    path = str(tmp_path / "data.csv")
    dataset = load_dataset(path, "y")
    fold = make_folds(dataset, 5, 1, seed=0)[0]
    prepared = prepare(dataset, fold)
    raw = read_table(path).drop(columns="y").iloc[fold.test]
    found = prepared.pipeline.transform(raw)
    # float32 keeps seven digits.
    np.testing.assert_allclose(found, prepared.x_test, rtol=1e-5, atol=1e-6)
    one = prepared.pipeline.transform(raw.head(1).assign(city="Atlantis"))
    assert one[0, prepared.feature_names.index("city = (other)")] == 1


def test_the_pipeline_names_a_column_that_is_not_there():
    _, _, prepared = first(table())
    with pytest.raises(ConfigError, match="must have the columns 'city'"):
        prepared.pipeline.transform(table().drop(columns="city"))


def test_a_column_without_values_in_the_training_rows_is_zero_there():
    frame = table()
    _, fold, _ = first(frame)
    frame["rare"] = np.nan
    frame.loc[fold.test[:5], "rare"] = np.arange(5.0)
    prepared = prepare(load_dataset(frame, "y"), fold)
    assert (column(prepared, "rare") == 0).all()
    assert np.isfinite(prepared.x_test).all()


def test_scaling_by_quantiles_knows_the_ranks_of_the_training_rows_alone():
    frame = table()
    dataset, fold, plain = first(frame)
    quantile = Preparation(scaling="quantile")
    prepared = prepare(dataset, fold, quantile)
    assert prepared.feature_names == plain.feature_names
    full = column(prepared, "full")
    assert abs(full.mean()) < 1e-6
    assert full.std() == pytest.approx(1, rel=1e-6)
    order = np.argsort(column(plain, "full"))
    assert (np.diff(full[order]) > 0).all()
    np.testing.assert_array_equal(
        column(prepared, "city = Oslo"), column(plain, "city = Oslo")
    )
    # A monotone change of a column changes nothing but what lies between.
    changed = frame.assign(full=np.exp(frame["full"]))
    same = prepare(load_dataset(changed, "y"), fold, quantile)
    np.testing.assert_allclose(column(same, "full"), full, rtol=1e-6)
    changed.loc[fold.test, "full"] = 1e6
    other = prepare(load_dataset(changed, "y"), fold, quantile)
    np.testing.assert_allclose(column(other, "full"), full, rtol=1e-6)
    assert (column(other, "full", "test") == full.max()).all()


@pytest.mark.parametrize("transform", ["log", "quantile"])
def test_a_transformed_target_comes_back_in_its_own_unit(transform):
    y = np.random.default_rng(0).lognormal(3, 2, size=N)
    dataset, fold, plain = first(table(y=y), task="regression")
    how = Preparation(target_transform=transform)
    prepared = prepare(dataset, fold, how, plain)
    assert prepared.x_test is plain.x_test
    assert prepared.y_train.std() == pytest.approx(1, rel=1e-5)
    known = dataset.target[fold.train]
    np.testing.assert_allclose(
        prepared.scale.back(prepared.y_train[:, 0]), known, rtol=1e-4
    )
