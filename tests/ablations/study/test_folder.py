"""Whose study a folder holds."""

import numpy as np
import pandas as pd
import pytest

from ablations.study import StudyConfig
from ablations.study.folder import (
    IDENTITY,
    SEARCH,
    describe_replaced,
    identify,
    note_study,
)
from ablations.study.training.setup import set_up
from models.config import ConfigError


def identity(frame_seed=0, target="y", **changes):
    rng = np.random.default_rng(frame_seed)
    frame = pd.DataFrame(rng.normal(size=(60, 3)), columns=["a", "b", "c"])
    frame["y"], frame["z"] = (np.where(frame[n] > 0, "p", "q") for n in "ab")
    settings = {"folds": 4, "repeats": 1, "factors": {"dropout": (0.0, 0.3)}}
    config = StudyConfig(data="rows.csv", target=target, **(settings | changes))
    return identify(set_up(config, frame=frame))


def test_a_folder_without_a_study_has_nothing_to_replace(tmp_path):
    assert describe_replaced(tmp_path, identity()) == ""
    assert describe_replaced(tmp_path / "nowhere", identity()) == ""
    for damage in ("", "{}", "[]", '{"rows": 1, "target": 2, "settings": 3}'):
        (tmp_path / IDENTITY).write_text(damage)
        assert describe_replaced(tmp_path, identity()) == ""


@pytest.mark.parametrize(
    "changes", [{}, {"repeats": 2}, {"seeds": 3}, {"folds": 5, "trials": 2}]
)
def test_the_same_study_with_more_of_everything_goes_on(tmp_path, changes):
    note_study(tmp_path, identity())
    assert describe_replaced(tmp_path, identity(**changes)) == ""


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"frame_seed": 1}, "a study of 'y' in 'rows.csv', which this one"),
        ({"target": "z"}, "a study of 'y' in 'rows.csv', which this one"),
        ({"factors": {"l2": (0.0, 0.1)}}, "a study with other `factors`, which"),
        ({"epochs": 5, "seed": 1}, "a study with other `epochs`, `seed`, which"),
    ],
)
def test_another_study_says_what_it_replaces(tmp_path, changes, words):
    note_study(tmp_path, identity())
    assert words in describe_replaced(tmp_path, identity(**changes))


def test_the_folder_of_a_search_is_refused(tmp_path):
    (tmp_path / SEARCH).write_text("{}")
    with pytest.raises(ConfigError, match="`out` must not hold a search of `tune`"):
        describe_replaced(tmp_path, identity())
