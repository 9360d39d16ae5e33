"""What may mislead in a table is said."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import Dataset, load_dataset
from models.config import ConfigError

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


def filtered(name, **options):
    """Return a table with the numbers that its rows had before some were left out."""
    numbers = np.flatnonzero(np.random.default_rng(8).random(3 * N) < 0.5)[:N]
    frame = table(ORDER % 2)
    frame.insert(0, name, options.get("numbers", numbers))
    return frame


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Unnamed: 0",
        "Unnamed: 0.1",
        "__index_level_0__",
        "level_0",
        "...1",
        "rownames",
    ],
)
def test_row_numbers_are_left_out_under_no_name_of_their_own(name):
    dataset = load_dataset(filtered(name), "y")
    assert list(dataset.kinds) == ["a", "b"]
    called = name or "column_1"
    assert repr(called) in notes(dataset)["row_numbers"]
    assert called in load_dataset(filtered(name), "y", keep=[called]).kinds


def test_row_numbers_are_known_shuffled_and_joined():
    for numbers in (ORDER * 5, np.tile(np.arange(N // 2) * 2, 2) + (ORDER < 99)):
        assert list(load_dataset(filtered("", numbers=numbers), "y").kinds) == [
            "a",
            "b",
        ]


def test_other_numbers_are_used_whether_named_or_not():
    assert "amount" in load_dataset(filtered("amount"), "y").kinds
    for numbers in (ORDER / 7, ORDER % 9):
        assert "column_1" in load_dataset(filtered("", numbers=numbers), "y").kinds


TEXTS = {
    "reviews": [f"good, bad or slow #{i}" for i in range(N)],
    "names": [f"Person {i // 2}" for i in range(N)],
    "with holes": [f"note {i}" if i % 3 else None for i in range(N)],
}


@pytest.mark.parametrize("what", TEXTS)
def test_texts_that_cannot_be_used_are_not_promised(what):
    frame = table(ORDER % 2, who=TEXTS[what])
    text = notes(load_dataset(frame, "y"))["text_columns"]
    assert "cannot be used" in text
    assert "keep" not in text
    with pytest.raises(ConfigError, match="`keep` must name a column that can be used"):
        load_dataset(frame, "y", keep=["who"])


def test_a_constant_column_cannot_be_kept():
    with pytest.raises(ConfigError, match="has one value only"):
        load_dataset(table(ORDER % 2, who="x"), "y", keep=["who"])


def test_codes_are_said_and_numbers_that_are_called_codes():
    zips = np.array([10115, 20095, 80331])[ORDER % 3]
    padded = load_dataset(table(ORDER % 2, plz=[f"{z % 9000:05}" for z in zips]), "y")
    assert padded.kinds["plz"] == "categorical"
    assert "`--numeric plz`" in notes(padded)["codes"]
    for name in ("zip", "ZIP code", "home_postcode", "Postal Code"):
        found = notes(load_dataset(table(ORDER % 2, **{name: zips}), "y"))
        assert f"`--categorical {name}`" in found["called_codes"]
    others = load_dataset(
        table(ORDER % 2, price=zips, zipped=zips, b2=["x", "y"] * 60), "y"
    )
    assert not {"codes", "called_codes"} & set(notes(others))


def test_times_of_day_are_no_dates_by_which_rows_could_be_split():
    frame = table(ORDER % 2, start=[f"{i % 24}:30" for i in ORDER])
    assert "dates" not in notes(load_dataset(frame, "y"))


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
