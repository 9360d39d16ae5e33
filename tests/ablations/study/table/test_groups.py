"""Groups and times are read or refused, and columns that name things are found."""

import numpy as np
import pandas as pd
import pytest

from ablations.study.table.dataset import load_dataset
from ablations.study.table.folds import describe_folds, make_folds
from models.config import ConfigError

generator = np.random.default_rng(3)


def patients(num_patients: int = 30, visits: int = 12) -> pd.DataFrame:
    """Return visits whose measurements are a patient's, as is the class."""
    who = np.repeat(np.arange(num_patients), visits)
    own = np.random.default_rng(1).normal(size=(num_patients, 3))
    frame = pd.DataFrame(own[who] + 0.1 * generator.normal(size=(len(who), 3)))
    frame.columns = ["a", "b", "c"]
    frame["state"] = np.where(who % 2, "well", "ill")
    frame.insert(0, "who", [f"P{one:03}" for one in who])
    return frame.sample(frac=1, random_state=0, ignore_index=True)


def codes_of(frame: pd.DataFrame, **options) -> dict[str, str]:
    dataset = load_dataset(frame, "state", **options)
    return {note.code: note.text for note in dataset.notes}


def test_rows_of_one_group_are_in_one_part_of_every_split():
    frame = patients()
    dataset = load_dataset(frame, "state", group="who")
    assert "who" not in dataset.frame
    folds = make_folds(dataset, 5, 2, seed=0)
    assert len({(len(f.train), len(f.val), len(f.test)) for f in folds}) == 1
    for fold in folds:
        parts = [set(frame["who"][part]) for part in (fold.train, fold.val, fold.test)]
        assert not parts[0] & parts[1]
        assert not parts[0] & parts[2]
        assert not parts[1] & parts[2]
        shares = [
            dataset.target[part].mean() for part in (fold.train, fold.val, fold.test)
        ]
        assert np.abs(np.array(shares) - 0.5).max() < 0.2
    assert "'who'" in {n.code: n.text for n in describe_folds(dataset, folds)}["groups"]
    assert "names_repeat" not in codes_of(frame, group="who")


def test_groups_of_several_classes_and_sizes_keep_the_shares():
    num_rows = 600
    who = generator.integers(0, 40, num_rows) * generator.integers(1, 3, num_rows)
    x = generator.normal(size=(num_rows, 2))
    frame = pd.DataFrame({"x": x[:, 0], "z": x[:, 1], "site": who})
    frame["state"] = np.where(generator.random(num_rows) < 0.3, "a", "b")
    dataset = load_dataset(frame, "state", group="site")
    for fold in make_folds(dataset, 5, 1, seed=0):
        for part in (fold.train, fold.val, fold.test):
            assert 0.5 < dataset.target[part].mean() < 0.9


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({}, {"group": "state"}, "`group` must not name the target"),
        ({}, {"group": "how"}, "`group`"),
        ({}, {"group": "who", "keep": ["who"]}, "`keep` must not name the group"),
        ({"who": None}, {"group": "who"}, "360 rows have none"),
        ({"who": ["P1"] * 359 + [" na "]}, {"group": "who"}, "1 row has none"),
        ({}, {"time": "who"}, "`time` must name a column of dates or numbers"),
        ({"t": [1.0] * 359 + [np.nan]}, {"time": "t"}, "1 row has none"),
        ({"t": [[1]] * 360}, {"time": "t"}, "`time` must name a column of dates"),
    ],
)
def test_columns_that_cannot_have_the_role_are_refused(change, options, words):
    with pytest.raises(ConfigError, match=words):
        load_dataset(patients().assign(**change), "state", **options)


def test_fewer_groups_than_splits_and_a_class_of_one_group_are_refused():
    with pytest.raises(ConfigError, match="at most the number of groups in 'who', 4"):
        make_folds(load_dataset(patients(4), "state", group="who"), 5, 1, 0)
    with pytest.raises(ConfigError, match="three groups at least; 'who' has 2"):
        make_folds(load_dataset(patients(2, 30), "state", group="who"), 2, 1, 0)
    frame = patients(12)
    frame["state"] = np.where(frame["who"] == "P003", "ill", "well")
    with pytest.raises(ConfigError, match="`group` must leave two classes to validate"):
        make_folds(load_dataset(frame, "state", group="who"), 5, 1, 0)


def test_later_rows_test_and_the_report_says_so():
    frame = patients()
    frame["day"] = pd.date_range("2024-03-01", periods=360).strftime("%Y-%m-%d")[::-1]
    dataset = load_dataset(frame, "state", time="day")
    assert "day" not in dataset.frame
    folds = make_folds(dataset, 5, 1, 0)
    days = frame["day"].to_numpy()
    assert all(max(days[f.train]) < min(days[f.val]) for f in folds)
    assert all(max(days[f.val]) < min(days[f.test]) for f in folds)
    notes = {note.code: note.text for note in describe_folds(dataset, folds)}
    assert "'day' is no input" in notes["times"]
    assert "surplus_rows" not in notes
    kept = load_dataset(frame, "state", time="day", keep=["day"])
    notes = {n.code: n.text for n in describe_folds(kept, make_folds(kept, 5, 1, 0))}
    assert "'day' is an input, too" in notes["times"]
    with pytest.raises(ConfigError, match="`repeats` must be 1 with `time`"):
        make_folds(dataset, 5, 2, 0)


def test_a_class_that_comes_only_later_is_refused():
    frame = patients()
    frame["t"] = np.arange(360.0)
    frame["state"] = np.where(np.arange(360) < 330, "ill", "well")
    with pytest.raises(ConfigError, match=r"`time` must leave .* 'well' in split 1"):
        make_folds(load_dataset(frame, "state", time="t"), 5, 1, 0)


@pytest.mark.parametrize(
    "names",
    [
        lambda frame: frame.rename(columns={"who": "patient"}),
        lambda frame: frame.rename(columns={"who": "rat"}),
        lambda frame: frame.assign(who=frame["who"].str[1:].astype(int) * 37 % 101),
        # The class varies within a value, the measurements hardly do.
        lambda frame: frame.assign(state=generator.choice(["a", "b"], len(frame))),
        lambda frame: frame.assign(user_id=generator.integers(0, 40, 360)).drop(
            columns="who"
        ),
    ],
)
def test_a_column_that_names_what_several_rows_are_about_is_warned_of(names):
    frame = names(patients())
    name = next(c for c in ("patient", "rat", "who", "user_id") if c in frame)
    assert f"`--group {name}`" in codes_of(frame)["names_repeat"]
    assert f"`--group {name}`" in codes_of(frame, drop=[name])["names_repeat"]


def test_columns_that_name_nothing_are_not_warned_of():
    size = 400
    frame = pd.DataFrame(
        {
            "town": generator.choice([f"town {i}" for i in range(25)], size),
            "age": generator.integers(18, 80, size),
            "year": generator.integers(1990, 2020, size),
            "weight": generator.normal(size=size).round(1),
            "valid": generator.choice(["yes", "no"], size),
        }
    )
    frame["state"] = np.where(frame["age"] > 50, "old", "young")
    frame["pension"] = frame["age"] * 2.0 + generator.normal(size=size)
    assert "names_repeat" not in codes_of(frame)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "diabetes"])
def test_no_column_of_the_data_of_scikit_learn_names_things(name):
    notes = load_dataset(f"sklearn:{name}").notes
    assert "names_repeat" not in {note.code for note in notes}
