"""Rows that are equal are found."""

import numpy as np
import pandas as pd

from ablations.study.table.repeats import number_rows


def test_rows_are_equal_where_all_values_are_or_miss():
    frame = pd.DataFrame(
        {
            "a": [1.0, 1.0, np.nan, np.nan, 2.0],
            "b": pd.Series(["x", "x", None, None, "x"], dtype=object),
        }
    )
    assert number_rows(frame).tolist() == [0, 0, 1, 1, 2]


def test_rows_that_all_differ_have_numbers_of_their_own():
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(50, 3)))
    assert sorted(number_rows(frame)) == list(range(50))


def test_numbers_of_rows_are_those_of_pandas():
    frame = pd.DataFrame(np.random.default_rng(0).integers(0, 3, (200, 3)))
    expected = frame.groupby([0, 1, 2]).ngroup().to_numpy()
    pairs = set(zip(number_rows(frame).tolist(), expected.tolist(), strict=True))
    assert len(pairs) == len(set(expected))
