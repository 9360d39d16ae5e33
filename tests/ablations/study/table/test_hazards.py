"""What may mislead in a table is said."""

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


def test_names_of_rows_are_left_out_unless_kept():
    frame = table(
        ORDER % 2,
        number=np.arange(N),
        who=[f"u{i}" for i in range(N)],
        customer_id=ORDER**2,
        income=ORDER**2 + 1000,
    )
    dataset = load_dataset(frame, "y")
    assert list(dataset.kinds) == ["a", "b", "income"]
    assert "'number', 'customer_id'" in notes(dataset)["identifier_columns"]
    assert "'who'" in notes(dataset)["text_columns"]
    kept = load_dataset(frame, "y", keep=["number"])
    assert "number" in kept.kinds


@pytest.mark.parametrize("name", ["id", "ID", "user_id", "user id", "rowId", "Index"])
def test_an_identifier_is_known_by_its_name(name):
    assert name not in load_dataset(table(ORDER % 2, **{name: ORDER**2}), "y").kinds


@pytest.mark.parametrize("name", ["paid", "grid", "IQ", "monkey", "width"])
def test_other_names_are_no_identifiers(name):
    assert name in load_dataset(table(ORDER % 2, **{name: ORDER**2}), "y").kinds


def test_a_column_that_is_constant_but_for_holes_stays():
    dataset = load_dataset(table(ORDER % 2, c=np.where(ORDER % 3, 1.0, np.nan)), "y")
    assert "c" in dataset.kinds


def test_repeated_rows_are_counted_and_those_that_contradict():
    frame = table(np.where(ORDER % 2, "cat", "dog"))
    again = pd.concat([frame, frame.head(20)], ignore_index=True)
    dataset = load_dataset(again, "y")
    assert len(dataset) == N + 20
    assert notes(dataset)["repeated_rows"].startswith("20 rows have the same inputs")
    assert "but for the target" not in notes(dataset)["repeated_rows"]
    again.loc[N : N + 4, "y"] = np.where(frame["y"][:5] == "cat", "dog", "cat")
    text = notes(load_dataset(again, "y"))["repeated_rows"]
    assert "10 rows are equal to another one but for the target" in text


def test_unequal_classes_are_said_with_the_score_of_always_one_answer():
    dataset = load_dataset(table(np.where(ORDER < 108, "no", "yes")), "y")
    assert "90.0 % of the rows are of class 'no'" in notes(dataset)["unequal_classes"]


def test_outliers_and_dates_and_few_rows_are_said():
    far = np.random.default_rng(9).normal(size=N)
    far[3] = 1e6
    frame = table(ORDER % 2, far=far, day=pd.date_range("2020-01-01", periods=N))
    assert {"outliers", "dates"} <= set(notes(load_dataset(frame, "y")))
    assert "few_rows" in notes(load_dataset(frame.head(60), "y"))


def test_holes_and_rare_categories_are_said():
    rare = np.array(["u", "v"] * (N // 2), dtype=object)
    rare[:3] = "w"
    half = np.where(ORDER % 2, np.random.default_rng(1).normal(size=N), np.nan)
    found = notes(load_dataset(table(ORDER % 3, rare=rare, half=half), "y"))
    assert "most in 'half', 50.0 %" in found["missing_values"]
    assert found["pooled_categories"].endswith("'rare'.")
    none = notes(load_dataset(table(ORDER % 3), "y"))
    assert not {"missing_values", "pooled_categories"} & set(none)


def test_every_name_in_a_note_is_quoted():
    frame = table(ORDER % 2, **{"<b>\n\x1b[31m": 1, "ok": None})
    for note in load_dataset(frame, "y").notes:
        assert note.text.isprintable()
        assert note.text.endswith(".")
