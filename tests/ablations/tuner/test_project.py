"""Folders of KerasTuner searches, whoever made them and whatever is damaged."""

import json
import os
import shutil

import hypothesis
import hypothesis.strategies as st
import keras_tuner
import numpy as np
import pytest

from ablations.tuner.project import COLUMNS, read_project
from ablations.tuner.table import print_trials
from models.config import ConfigError


@pytest.fixture(scope="module")
def foreign(tmp_path_factory):
    """Return a project that KerasTuner made without us, with a failed trial."""

    class Tuner(keras_tuner.RandomSearch):
        def run_trial(self, trial, *args, **kwargs):
            rate = trial.hyperparameters.Float("rate", 0.0, 1.0)
            if trial.hyperparameters.Boolean("fails"):
                raise keras_tuner.errors.FailedTrialError("It broke.")
            return {"quality": rate, "seconds": 1.0}

    folder = tmp_path_factory.mktemp("foreign")
    hp = keras_tuner.HyperParameters()
    hp.Float("rate", 0.0, 1.0)
    hp.Boolean("fails")
    tuner = Tuner(
        hyperparameters=hp,
        objective=keras_tuner.Objective("quality", "max"),
        max_trials=8,
        seed=3,
        max_consecutive_failed_trials=9,
        directory=folder,
        project_name="search",
    )
    tuner.search(verbose=0)
    return folder / "search"


@pytest.fixture
def project(foreign, tmp_path):
    return shutil.copytree(foreign, tmp_path / "search")


def trial_file(project, number=0):
    return project / f"trial_{number}" / "trial.json"


def test_a_search_of_kerastuner_is_read_with_its_failures(foreign, capsys):
    frame = read_project(foreign)
    assert len(frame) == 8
    assert not frame["problem"].any()
    assert frame.attrs == {"problems": [], "direction": "max"}
    fine = frame[frame["status"] == "COMPLETED"]
    assert list(fine["score"]) == sorted(fine["hp/rate"], reverse=True)
    np.testing.assert_array_equal(fine["metric/quality"], fine["score"])
    failed = frame[frame["status"] == "FAILED"]
    assert len(failed) == 8 - len(fine) > 0
    assert failed["message"].str.contains("It broke").all()
    assert failed["score"].isna().all()
    assert tuple(frame.columns[: len(COLUMNS)]) == COLUMNS
    print_trials(frame)
    assert "8 trials: " in capsys.readouterr().out


DAMAGES = {
    "empty": b"",
    "truncated": b'{"trial_id": "0", "hyperpar',
    "a list": b"[1, 2]",
    "no UTF-8": b"\xff\xfe\x00",
    "NUL": b"\0" * 100,
    "too deep": b"[" * 100_000,
    "a number of 10,000 digits": b'{"score": ' + b"1" * 10_000 + b"}",
    "null": b"null",
    "an object": b"{}",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_trial_has_a_line_and_the_others_are_read(project, damage, capsys):
    trial_file(project).write_bytes(DAMAGES[damage])
    frame = read_project(project)
    assert len(frame) == 8
    (row,) = frame[frame["problem"] != ""].to_dict("records")
    assert row["trial"] == "0"
    assert row["status"] == "UNREADABLE"
    print_trials(frame)
    assert "Damaged: trial 0: " in capsys.readouterr().out


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", ["oracle.json", "tuner0.json"])
def test_a_damaged_file_of_the_project_is_said_and_the_trials_are_read(
    project, damage, file
):
    (project / file).write_bytes(DAMAGES[damage])
    frame = read_project(project)
    assert len(frame) == 8
    assert not frame["problem"].any()
    if damage != "an object":
        assert any(file in problem for problem in frame.attrs["problems"])


def test_missing_parts_have_a_line_each(project):
    trial_file(project, 1).unlink()
    shutil.rmtree(project / "trial_2")
    trial_file(project, 3).unlink()
    trial_file(project, 3).mkdir()
    frame = read_project(project).set_index("trial")
    assert "missing" in frame.loc["1", "problem"]
    assert "folder is missing" in frame.loc["2", "problem"]
    assert "no file" in frame.loc["3", "problem"]
    assert len(frame) == 8


def test_a_pipe_in_place_of_a_file_does_not_wait_for_a_writer(project):
    trial_file(project).unlink()
    os.mkfifo(trial_file(project))
    frame = read_project(project).set_index("trial")
    assert "no file" in frame.loc["0", "problem"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("score", "0.5"),
        ("score", True),
        ("score", [1]),
        ("score", 10**400),
        ("status", "DONE"),
        ("status", ["FAILED"]),
        ("trial_id", "9"),
        ("message", 5),
        ("best_step", "x"),
        ("hyperparameters", None),
        ("hyperparameters", {"values": [1]}),
        ("hyperparameters", {"values": {"rate": {"a": 1}}}),
        ("metrics", []),
        ("metrics", {"metrics": {"quality": None}}),
        ("metrics", {"metrics": {"quality": {"direction": "min"}}}),
        ("metrics", {"metrics": {"quality": {"direction": "up", "observations": []}}}),
        (
            "metrics",
            {
                "metrics": {
                    "q": {"direction": "min", "observations": [{"value": ["x"]}]}
                }
            },
        ),
    ],
)
def test_a_wrong_type_is_named_and_the_rest_of_the_trial_is_read(project, field, value):
    file = trial_file(project)
    state = json.loads(file.read_text())
    file.write_text(json.dumps(state | {field: value}))
    frame = read_project(project).set_index("trial")
    assert frame.loc["0", "problem"]
    assert len(frame) == 8


@hypothesis.given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["metrics", "values", "direction", "observations", "value", "score"]
                )
                | st.text(max_size=3),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ),
    st.sampled_from(["trial_id", "hyperparameters", "metrics", "score", "status"]),
)
@hypothesis.settings(
    max_examples=150,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
def test_no_content_brings_the_import_down(foreign, tmp_path, value, field):
    folder = tmp_path / "one"
    (folder / "trial_0").mkdir(parents=True, exist_ok=True)
    state = json.loads(trial_file(foreign).read_text())
    (folder / "trial_0" / "trial.json").write_text(json.dumps(state | {field: value}))
    frame = read_project(folder)
    assert len(frame) == 1
    print_trials(frame)


def test_hostile_names_reach_the_terminal_harmless(project, capsys):
    hostile = "\x1b]52;c;evil\x07\u202e\r\n[bold]x[/bold]"
    file = trial_file(project)
    state = json.loads(file.read_text())
    values = {hostile: hostile, "lone": "\ud800"}
    state |= {"hyperparameters": {"values": values}, "trial_id": hostile}
    file.write_text(json.dumps(state))
    print_trials(read_project(project))
    out = capsys.readouterr().out
    assert not any(c in out for c in "\x1b\x07\u202e\r\ud800")
    assert "[bold]x[/bold]" in out


def test_a_folder_without_a_search_is_refused_with_a_hint(foreign, tmp_path):
    with pytest.raises(ConfigError, match="`import` must hold a search"):
        read_project(tmp_path)
    with pytest.raises(ConfigError, match=f"Did you mean '{foreign}'"):
        read_project(foreign.parent)
    with pytest.raises(ConfigError, match="`import` must be a folder"):
        read_project(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="`import`"):
        read_project("a\0b")


def test_a_search_without_trials_is_an_empty_table(tmp_path, capsys):
    (tmp_path / "oracle.json").write_text("{}")
    frame = read_project(tmp_path)
    assert len(frame) == 0
    print_trials(frame)
    assert "0 trials: none." in capsys.readouterr().out
