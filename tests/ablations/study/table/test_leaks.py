"""A column that tells the target is found, a good one is not called so."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import Dataset, load_dataset

N = 120
ORDER = np.random.default_rng(0).permutation(N)


def table(y, **columns) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    inputs = {"a": rng.normal(size=N), "b": rng.choice(["u", "v", "w"], N)}
    return pd.DataFrame({**inputs, **columns, "y": y})


def notes(dataset: Dataset) -> dict[str, str]:
    return {note.code: note.text for note in dataset.notes}


NOISE = np.random.default_rng(9).normal(size=N)
VALUES = np.random.default_rng(8).normal(size=N)
LABELS = ORDER % 3
LEAKS = {
    "a copy": (LABELS, LABELS * 2.0),
    "a name": (LABELS, np.array(["x", "y", "z"])[LABELS]),
    "another order": (LABELS, np.array([5.0, 1.0, 9.0])[LABELS] + NOISE / 100),
    "a hole": (ORDER % 2, np.where(ORDER % 2, NOISE, np.nan)),
    "a date": (
        ORDER % 2,
        pd.Timestamp("2020-01-01")
        + pd.to_timedelta((ORDER % 2) * 90 + ORDER % 60, "D"),
    ),
    "the same number": (VALUES, VALUES),
    "a line": (VALUES, 5 - 3 * VALUES + NOISE / 1000),
}


@pytest.mark.parametrize("what", LEAKS)
def test_a_column_that_tells_the_target_is_found(what):
    y, leak = LEAKS[what]
    dataset = load_dataset(table(y, told=leak), "y")
    assert "'told'" in notes(dataset)["leak"]
    assert "told" in dataset.kinds


@pytest.mark.parametrize("what", ["wine", "iris", "breast_cancer", "diabetes"])
def test_no_column_of_honest_data_is_called_a_leak(what):
    assert "leak" not in notes(load_dataset(f"sklearn:{what}"))


def test_a_good_column_is_no_leak():
    rng = np.random.default_rng(5)
    good = LABELS + rng.normal(scale=0.3, size=N)
    assert "leak" not in notes(load_dataset(table(LABELS, good=good), "y"))
    close = VALUES + 0.1 * NOISE
    assert "leak" not in notes(load_dataset(table(VALUES, close=close), "y"))
