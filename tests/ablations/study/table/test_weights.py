"""Rows count by a column, and in training by their class."""

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.class_weight import compute_sample_weight

from ablations.study.table.dataset import load_dataset
from ablations.study.table.folds import make_folds
from ablations.study.table.preprocessing import PLAIN, Preparation
from ablations.study.table.splits import Splits
from ablations.study.table.weights import class_weights, read_weights, weights_of
from models.config import ConfigError

generator = np.random.default_rng(1)
N = 80
BALANCED = Preparation(class_weight="balanced")


def table(**columns) -> pd.DataFrame:
    """Return a frame with unequal classes and weights."""
    return pd.DataFrame(
        {
            "x": generator.normal(size=N),
            "z": generator.lognormal(size=N),
            "w": generator.integers(1, 5, N) / 2,
            "y": np.where(np.arange(N) % 5 == 0, "rare", "usual"),
            **columns,
        }
    )


def split(frame: pd.DataFrame, **options) -> Splits:
    """Return five splits of a frame."""
    weighted = options.pop("weighted", False)
    dataset = load_dataset(frame, "y", **options)
    return Splits(dataset, make_folds(dataset, 5, 1, seed=0), weighted=weighted)


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.97, 0.03), (0.6, 0.3, 0.1)])
def test_balanced_weights_are_those_of_scikit_learn(shares):
    codes = generator.choice(len(shares), 200, p=shares)
    found = class_weights(codes, len(shares))[codes]
    np.testing.assert_allclose(found, compute_sample_weight("balanced", codes))
    assert found.mean() == pytest.approx(1)


def test_a_class_without_rows_changes_no_weight():
    np.testing.assert_array_equal(
        class_weights(np.array([0, 2, 2, 2]), 4), [2, 1, 2 / 3, 1]
    )


def test_class_weights_of_the_training_rows_enter_all_but_the_test_rows():
    weights, target = generator.uniform(0, 3, N), np.arange(N) % 4 // 3
    parts = {"train": np.arange(50), "val": np.arange(50, 60), "test": np.arange(60, N)}
    found = weights_of(weights, target, parts, "balanced")
    by_class = class_weights(target[:50], 2)
    for part, rows in parts.items():
        mine = weights[rows] * (1 if part == "test" else by_class[target[rows]])
        np.testing.assert_allclose(found[part], mine / mine.mean(), rtol=1e-6)
    assert weights_of(None, target, parts) == dict.fromkeys(parts)


def read(cells: list) -> np.ndarray | None:
    """Return the weights in the cells of a column."""
    frame = pd.DataFrame({"w": pd.Series(cells, dtype=object)})
    return read_weights(frame, "w", np.arange(len(cells)))


@pytest.mark.parametrize("bad", [-1, np.nan, None, "much", np.inf, -0.001])
def test_a_weight_that_is_no_number_of_at_least_0_is_refused_by_name_and_value(bad):
    with pytest.raises(ConfigError, match=r"`sample_weight` must hold.*'w'") as raised:
        read([1.0, 2.0, bad, 0.5])
    assert repr(bad) in str(raised.value)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.5", " 2.25 ", "0"], [1.5, 2.25, 0]),
        (["1,5", "2,25", "0,5"], [1.5, 2.25, 0.5]),
        ([1, 0, 1], [1, 0, 1]),
        ([True, False, True], [1, 0, 1]),
    ],
)
def test_weights_are_read_as_other_numbers_are(cells, expected):
    np.testing.assert_array_equal(read(cells), expected)


def test_weights_that_are_all_zero_are_refused_also_in_one_part():
    with pytest.raises(ConfigError, match="0 in every row"):
        read([0.0] * 4)
    parts = {"train": np.arange(3), "val": np.array([3])}
    with pytest.raises(ConfigError, match="every part of every split"):
        weights_of(np.array([1.0, 2, 3, 0]), np.zeros(4, int), parts)


def test_the_column_of_weights_is_no_input_and_follows_the_rows_that_are_used():
    frame = table()
    frame.loc[3, "y"] = None
    splits = split(frame, weight="w")
    dataset, fold = splits.dataset, splits.folds[0]
    assert list(dataset.frame.columns) == ["x", "z"]
    np.testing.assert_array_equal(dataset.weights, frame["w"].drop(3))
    mine = dataset.weights[fold.test]
    np.testing.assert_allclose(splits.prepared(0).weight_test, mine / mine.mean())
    assert split(frame, drop=["w"]).digest != splits.digest


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"weight": "y"}, "must not name the target"),
        ({"weight": "x", "keep": ["x"]}, "or what is kept"),
        ({"weight": "v"}, "`sample_weight`"),
    ],
)
def test_a_column_that_cannot_be_the_weights_is_refused(options, words):
    with pytest.raises(ConfigError, match=words):
        load_dataset(table(), "y", **options)


def test_variants_of_splits_share_what_is_equal():
    splits = split(table())
    other = splits.variant(BALANCED)
    assert splits.variant(PLAIN) is splits
    assert splits.variant(BALANCED) is other.variant(BALANCED) is other
    assert other.prepared(2).x_train is splits.prepared(2).x_train
    scaled = splits.variant(Preparation(scaling="quantile")).prepared(2)
    assert not np.array_equal(scaled.x_train, splits.prepared(2).x_train)


def test_what_is_prepared_otherwise_has_another_digest():
    splits = split(table())
    ways = (PLAIN, BALANCED, Preparation("quantile"), Preparation("quantile", "log"))
    numbers = split(table(y=generator.lognormal(size=N)))
    assert len({numbers.variant(way).digest for way in ways}) == len(ways)
    assert split(table(x=splits.dataset.frame["x"])).digest != splits.digest
    assert Splits(splits.dataset, splits.folds, weighted=True).digest == splits.digest


def test_runs_with_and_without_class_weights_have_rows_of_one_layout():
    splits = split(table(), weighted=True)
    plain, other = (splits.variant(way).rows([0, 100]) for way in (PLAIN, BALANCED))
    layouts = [
        {k: a.shape for k, a in rows.arrays().items()} for rows in (plain, other)
    ]
    assert layouts[0] == layouts[1]
    assert (plain.weight == 1).all()
    assert "weight_test" not in layouts[0]
    by_class = [other.weight[0][other.y[0][:, k] == 1].sum() for k in range(2)]
    assert by_class[0] == pytest.approx(by_class[1], rel=1e-6)
    assert "weight" not in split(table()).rows([0]).arrays()
