"""What the user says of columns counts, and contradictions are refused."""

import datetime
import decimal

import numpy as np
import pandas as pd
import pytest

from ablations.study.command import TEMPLATE, parse_ordered
from ablations.study.settings.config import read_config
from ablations.study.table.dataset import load_dataset
from ablations.study.table.told import HowToRead
from models.config import ConfigError

N = 80
SIZES = ["small", "medium", "large"]


def table(**columns) -> pd.DataFrame:
    rng = np.random.default_rng(4)
    plain = {
        "x": rng.normal(size=N),
        "code": rng.choice([10115, 20095, 80331], N),
        "size": rng.choice(SIZES, N),
        "y": rng.choice(["a", "b"], N),
    }
    return pd.DataFrame({**plain, **columns})


def load(frame, target="y", task=None, drop=(), **said):
    return load_dataset(frame, target, task, drop=drop, how=HowToRead(**said))


def notes(dataset):
    return {note.code: note.text for note in dataset.notes}


def test_a_column_is_what_the_user_says():
    frame = table(weight=["5 kg", "6 lb"] * 40)
    before = load(frame)
    assert before.kinds["code"] == "numeric"
    assert before.kinds["weight"] == "categorical"
    assert "units_differ" in notes(before)
    after = load(
        frame, categorical=["code"], numeric=["weight"], ordered={"size": SIZES}
    )
    assert after.kinds == {
        "x": "numeric",
        "code": "categorical",
        "size": "numeric",
        "weight": "numeric",
    }
    assert after.frame["size"].tolist() == [SIZES.index(s) for s in frame["size"]]
    assert set(after.frame["code"]) == {"10115", "20095", "80331"}


def test_levels_may_be_numbers_and_hold_a_text_that_usually_is_missing():
    frame = table(
        grade=np.array([5, 10, 100])[np.arange(N) % 3], s=["none", "some"] * 40
    )
    found = load(frame, ordered={"grade": ["5", "10", "100"], "s": ["none", "some"]})
    assert found.frame["grade"].tolist()[:3] == [0, 1, 2]
    assert found.frame["s"].tolist()[:2] == [0, 1]


REFUSED = {
    "no such column": ({"numeric": ["sise"]}, r"`numeric` must be one of.*'size'"),
    "numbers and classes": (
        {"numeric": ["code"], "categorical": ["code"]},
        "`categorical` must not name a column that `numeric` names, too",
    ),
    "an order of numbers": (
        {"numeric": ["size"], "ordered": {"size": SIZES}},
        "`ordered` must not name a column that `numeric` names, too",
    ),
    "left out": (
        {"categorical": ["code"], "drop": ["code"]},
        "`categorical` must not name a column that is left out",
    ),
    "words as numbers": ({"numeric": ["size"]}, "must name a column of numbers"),
    "one level": ({"ordered": {"size": ["small"]}}, "at least two levels"),
    "a level twice": ({"ordered": {"size": ["small", "small"]}}, "all different"),
    "a level that is not named": (
        {"ordered": {"size": ["small", "large"]}},
        "also there: 'medium'",
    ),
    "a missing level": (
        {"ordered": {"size": SIZES}, "text_is_missing": ["large"]},
        "what `text_is_missing` names, too",
    ),
    "an order of the target": ({"ordered": {"y": ["a", "b"]}}, "not name the target"),
    "a task that is another": (
        {"categorical": ["y"], "task": "regression"},
        "`task` must be 'classification' for a target that `categorical` names",
    ),
    "dates as numbers": ({"numeric": ["day"]}, "Received: 'dates'"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused(what):
    said, must = REFUSED[what]
    frame = table(day=pd.date_range("2021-01-01", periods=N))
    with pytest.raises(ConfigError, match=must) as refusal:
        load(frame, **said)
    assert "\n" not in str(refusal.value)


def test_the_task_follows_from_what_the_target_is_said_to_be():
    frame = table(y=np.arange(N) % 4)
    assert load(frame).task == load(frame, categorical=["y"]).task == "classification"
    assert load(frame, numeric=["y"]).task == "regression"


def test_exactly_the_texts_that_the_user_names_are_missing():
    frame = table(
        land=np.array(["NA", "DE", "?"])[np.arange(N) % 3],
        n=[f"{i / 7:.1f}" if i % 20 else "999" for i in range(N)],
    )
    usual = load(frame)
    assert usual.frame["land"].isna().sum() == sum(frame["land"] != "DE")
    said = load(frame, text_is_missing=["?", "999"])
    assert set(said.frame["land"].dropna()) == {"NA", "DE"}
    assert said.frame["land"].isna().sum() == sum(frame["land"] == "?")
    assert said.frame["n"].isna().sum() == 4
    typed = load(frame.assign(n=frame["n"].astype(float)), text_is_missing=["999", "0"])
    assert typed.frame["n"].isna().sum() == 4
    assert "unseen_texts" not in notes(said)
    wrong = load(frame, text_is_missing=["?", "99"])
    assert "No cell is '99'" in notes(wrong)["unseen_texts"]
    none = load(frame, text_is_missing=[""])
    assert none.frame["land"].nunique() == 3


def test_levels_are_typed_in_their_order():
    assert parse_ordered(["size=s < m<l", "a b=0<1"]) == {
        "size": ("s", "m", "l"),
        "a b": ("0", "1"),
    }
    for text in ("size", "size=s", "=s<m", "size=s<"):
        with pytest.raises(ConfigError, match="must be like size=small<medium<large"):
            parse_ordered([text])
    with pytest.raises(ConfigError, match="not name a column twice"):
        parse_ordered(["size=s<m", "size=m<s"])


def test_a_study_file_says_what_columns_hold(tmp_path):
    said = TEMPLATE.partition("# numeric = ")[2].partition("# How much")[0]
    lines = [line for line in ("# numeric = " + said).splitlines() if " = " in line]
    text = "\n".join(["data = 'a.csv'", *(line.removeprefix("# ") for line in lines)])
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    config = read_config(tmp_path / "study.toml")
    assert (config.numeric, config.categorical) == (("weight",), ("postcode",))
    assert config.ordered == {"size": tuple(SIZES)}
    assert config.text_is_missing == ("unknown", "99")


TYPES = {
    "classes of numbers": (pd.Categorical(np.arange(N) % 3), "categorical"),
    "classes in order": (
        pd.Categorical(np.array(SIZES)[np.arange(N) % 3], SIZES, ordered=True),
        "numeric",
    ),
    "classes of truth": (pd.Categorical(np.arange(N) % 2 == 0), "boolean"),
    "codes as text": (
        pd.array([str(i % 9) for i in range(N)], "string"),
        "categorical",
    ),
    "numbers as text": (pd.array([str(i / 8) for i in range(N)], "string"), "numeric"),
    "prices as text": (pd.array([f"${i % 9}" for i in range(N)], "string"), "numeric"),
    "days as text": (
        pd.array([f"2021-03-{1 + i % 28:02}" for i in range(N)], "string"),
        "date",
    ),
    "any objects": (pd.Series([str(i % 9) for i in range(N)], dtype=object), "numeric"),
    "whole numbers with holes": (
        pd.array([None, 7, *range(N - 2)], "Int64"),
        "numeric",
    ),
    "truth with holes": (pd.array([None, True] * (N // 2), "boolean"), "boolean"),
    "truth": (np.arange(N) % 2 == 0, "boolean"),
    "times of a zone": (
        pd.date_range("2021-01-01", periods=N, tz="Asia/Tokyo"),
        "date",
    ),
    "decimals": ([decimal.Decimal(i) / 7 for i in range(N)], "numeric"),
    "days": ([datetime.date(2021, 1 + i % 12, 3) for i in range(N)], "date"),
    "numbers of Arrow": (
        pd.array([i / 3 for i in range(N)], dtype="double[pyarrow]"),
        "numeric",
    ),
    "text of Arrow": (
        pd.array([str(i % 4) for i in range(N)], dtype="string[pyarrow]"),
        "categorical",
    ),
}


@pytest.mark.parametrize("what", TYPES)
def test_types_of_pandas_say_what_a_column_is(what):
    cells, kind = TYPES[what]
    dataset = load(table(v=cells))
    assert dataset.kinds["v"] == kind
    if what == "classes in order":
        assert dataset.frame["v"].tolist()[:3] == [0, 1, 2]
        assert dataset.readings["v"].levels == tuple(SIZES)


def test_text_is_no_type_where_a_table_has_no_other():
    frame = table().astype("string")
    assert load(frame).kinds["x"] == "numeric"
    typed = load(table().assign(code=table()["code"].astype("string")))
    assert typed.kinds["code"] == "categorical"
    assert "codes" in notes(typed)


def test_types_of_a_parquet_file_say_what_a_column_is(tmp_path):
    frame = table(
        code=table()["code"].astype("string"),
        kind=pd.Categorical((np.arange(N) % 3).astype(str)),
    )
    frame.to_parquet(tmp_path / "data.parquet", index=False)
    dataset = load(str(tmp_path / "data.parquet"))
    assert dataset.kinds["code"] == dataset.kinds["kind"] == "categorical"
    assert dataset.kinds["x"] == "numeric"
