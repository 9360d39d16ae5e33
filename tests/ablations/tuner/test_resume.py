"""A search that dies anywhere goes on by the same call to the same answer."""

import errno
import json
import os
import resource
import shutil
from contextlib import contextmanager

import keras_tuner
import numpy as np
import pytest

from ablations.store.file import WriterLock
from ablations.tasks.data import Data
from ablations.tuner.folder import IDENTITY, ORACLE, TUNER, repair
from ablations.tuner.oracles import BatchBayesianOracle, make_oracle
from ablations.tuner.project import read_project
from ablations.tuner.search import tune
from ablations.tuner.stack_tuner import StackTuner
from ablations.tuner.trained import FILE_NAME, read_trained
from models.config import ConfigError
from models.hypermodel import MLPHyperModel
from models.search_space import OFF, Range, SearchSpace

SPACE = SearchSpace(
    activation=("relu",),
    initializer=("he_normal",),
    depth=(1,),
    width=(4,),
    batch_norm=(OFF,),
    dropout=(0.0,),
    l2=(0.0,),
    learning_rate=Range(low=1e-3, high=1e-1, log=True),
    batch_size=(32,),
)
# Two trials per stack, so that a batch of three ends in two steps; the fourth trial
# goes on from the weights of the best of these.
SETTINGS = {"oracle": "hyperband", "trials": 4, "max_epochs": 3, "executions": 16}


def search(data, folder, **changes):
    settings = {**SETTINGS, "space": SPACE, "out": folder, "name": "rows.csv"}
    return tune(data, "classification", **(settings | changes))


@contextmanager
def kept_copies(folder, copies):
    """Keep a folder as it is before each of its files gets its name.

    That is what a process leaves that is killed there: what it wrote beside stays,
    as nobody is there to remove it. Yields the copies, in order.
    """
    made = []
    replace = os.replace

    def copy_first(*names):
        made.append(shutil.copytree(folder, copies / f"{len(made) + 1}"))
        replace(*names)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "replace", copy_first)
        yield made


@pytest.fixture(scope="module")
def finished(data, tmp_path_factory):
    """A search that nothing interrupted, and what it would have left if it had."""
    folder, copies = (tmp_path_factory.mktemp(n) for n in ("finished", "copies"))
    with kept_copies(folder / "search", copies) as killed:
        search(data, folder / "search")
    return folder / "search", killed


def weights_of(folder):
    """Return the weights that a search keeps, by trial."""
    return {
        path.parent.name: read_trained(path)
        for path in sorted(folder.glob(f"trial_*/{FILE_NAME}"))
    }


def assert_same(folder, wanted):
    one, two = read_project(folder), read_project(wanted)
    assert not one.attrs["problems"]
    assert one.equals(two)
    for path in wanted.rglob("*"):
        assert (folder / path.relative_to(wanted)).exists(), path
    found, expected = weights_of(folder), weights_of(wanted)
    assert found.keys() == expected.keys()
    for name, trained in found.items():
        for mine, theirs in zip(trained.weights, expected[name].weights, strict=True):
            for a, b in zip(mine, theirs, strict=True):
                np.testing.assert_array_equal(a, b)


def test_a_search_killed_at_any_file_ends_with_the_uninterrupted_answer(
    data, finished, tmp_path
):
    wanted, killed = finished
    assert len(killed) >= 15
    for left in killed:
        assert list(left.rglob(".writing-*"))
        folder = shutil.copytree(left, tmp_path / left.name)
        search(data, folder)
        assert_same(folder, wanted)
        assert not list(folder.rglob(".writing-*"))


def test_a_search_that_has_ended_trains_nothing_again(data, finished, tmp_path):
    wanted, _ = finished
    folder = shutil.copytree(wanted, tmp_path / "search")
    seen = []
    found = search(data, folder, report=lambda *told: seen.append(told))
    assert not seen
    assert found.tuner.best_models()
    assert_same(folder, wanted)


@pytest.mark.parametrize("lost", ["trial.json", FILE_NAME, "checkpoint.weights.h5"])
def test_trials_whose_files_are_missing_or_damaged_are_trained_again(
    data, finished, tmp_path, lost
):
    wanted, _ = finished
    folder = shutil.copytree(wanted, tmp_path / "search")
    for path in folder.glob(f"trial_*/{lost}"):
        if lost != "trial.json" or path.parent.name.endswith("1"):
            path.write_bytes(b"{") if lost == "trial.json" else path.unlink()
    seen = []
    found = search(data, folder, report=lambda *told: seen.append(told))
    assert bool(seen) == (lost == "trial.json")
    one, two = read_project(folder), read_project(wanted)
    assert list(one["trial"]) == list(two["trial"])
    # A trial alone in its stack may round otherwise than among others.
    np.testing.assert_allclose(one["score"], two["score"], rtol=1e-5)
    assert len(found.tuner.best_models()) == 3


def test_a_bayesian_search_goes_on_in_the_middle_of_a_batch(data, tmp_path):
    def run(folder, copies):
        oracle = BatchBayesianOracle(
            keras_tuner.Objective("val_loss", "min"),
            max_trials=8,
            seed=3,
            num_initial_points=4,
        )
        if folder.exists():
            repair(folder)
        model = MLPHyperModel.of("classification", 4, 2, SPACE)
        tuner = StackTuner(
            oracle,
            model,
            num_models=1,
            executions_per_trial=16,
            directory=folder.parent,
            project_name=folder.name,
        )
        with kept_copies(folder, copies) as killed:
            rows = (data.x_val, data.y_val)
            tuner.search(data.x, data.y, validation_data=rows, epochs=2)
        return killed

    killed = run(tmp_path / "whole", tmp_path / "killed")
    wanted = read_project(tmp_path / "whole")
    # After four random trials come four by the process, in two stacks of one batch.
    for folder in (killed[-4], killed[-9], killed[len(killed) // 2 - 1]):
        assert len(json.loads((folder / ORACLE).read_text())["end_order"]) < 8
        run(folder, tmp_path / f"killed again {folder.name}")
        assert read_project(folder).equals(wanted)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"max_epochs": 4}, r"`max_epochs` 3 \(now 4\)"),
        ({"seed": 1}, r"`seed` 0 \(now 1\)"),
        ({"objective": "val_accuracy"}, r"`objective` 'val_loss' \(now 'val_accuracy'"),
        ({"oracle": "random"}, r"`oracle` 'hyperband' \(now 'random'\)"),
        ({"executions": 1}, r"`executions` 16 \(now 1\)"),
        (
            {"space": SPACE.replace(width=(4, 8))},
            r"`space.width` \[4\] \(now \[4, 8\]\)",
        ),
        (
            {"space": SPACE.replace(learning_rate=(0.1,))},
            r"`space.learning_rate` \(low=0.001, high=0.1, log=True\) \(now \[0.1\]\)",
        ),
        ({"seed": 2, "patience": 1}, r"`seed` 0 \(now 2\), `patience` None \(now 1\)"),
    ],
)
def test_another_search_is_refused_and_told_apart(data, finished, changes, told):
    folder, _ = finished
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(ConfigError, match=f"folder of this search.*{told}"):
        search(data, folder, **changes)
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert after == before


def test_other_rows_are_refused_by_the_name_of_their_file(data, finished):
    folder, _ = finished
    other = Data(data.x + 1, data.y, data.x_val, data.y_val)
    with pytest.raises(ConfigError, match=r"`data` 'rows.csv' \(now 'b.csv'\)"):
        search(other, folder, name="b.csv")
    with pytest.raises(ConfigError, match=r"other rows of 'rows.csv'"):
        search(other, folder)
    # Another seed splits the rows otherwise, which is no news.
    with pytest.raises(ConfigError, match=r"search has `seed` 0 \(now 1\)\.$"):
        search(other, folder, seed=1)
    # The same rows under another name are the same search.
    assert len(search(data, folder, name="./rows.csv").trials) == 4


def test_folds_and_one_part_of_the_rows_are_different_searches(data, finished):
    folder, _ = finished
    with pytest.raises(ConfigError, match=r"`folds` None \(now 2\)"):
        search([data, data], folder)


def test_a_search_in_which_nothing_has_ended_gives_way_to_another(
    data, finished, tmp_path
):
    folder = shutil.copytree(finished[1][2], tmp_path / "search")
    assert (folder / IDENTITY).exists()
    assert len(search(data, folder, seed=5).trials) == 4


def test_two_processes_do_not_write_one_search(data, finished):
    folder, _ = finished
    lock = WriterLock(folder / IDENTITY)
    try:
        with pytest.raises(ConfigError, match=r"written by process .* with `--out`"):
            search(data, folder)
    finally:
        lock.release()


@pytest.mark.parametrize("name", [ORACLE, TUNER, IDENTITY])
def test_a_damaged_state_is_refused_and_nothing_is_removed(
    data, finished, tmp_path, name
):
    folder = shutil.copytree(finished[0], tmp_path / "search")
    outside = '{"start_order": ["../../outside"], "end_order": []}'
    for damage in ("{", "{}", "[]", outside):
        (folder / name).write_text(damage)
        with pytest.raises(ConfigError, match="`out` must"):
            search(data, folder)
    assert len(list(folder.glob("trial_*/trial.json"))) == 4
    assert not (tmp_path / "outside").exists()


def test_a_full_disk_is_an_error_before_any_work(data, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        with pytest.raises(ConfigError, match="can be written: File too large"):
            search(data, tmp_path / "search", report=pytest.fail)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_disk_that_fills_up_is_one_line_and_the_search_goes_on_later(
    data, finished, tmp_path, monkeypatch
):
    wanted, killed = finished
    left = iter(range(len(killed) // 2))
    replace = os.replace

    def fill(*names):
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(*names)

    monkeypatch.setattr(os, "replace", fill)
    with pytest.raises(ConfigError, match=r"No space left.*the same command goes on"):
        search(data, tmp_path / "search")
    monkeypatch.undo()
    search(data, tmp_path / "search")
    assert_same(tmp_path / "search", wanted)


def test_a_search_of_kerastuner_is_not_gone_on_with(data, tmp_path):
    oracle = make_oracle("random", keras_tuner.Objective("val_loss", "min"), 1, 1, 0)
    keras_tuner.Tuner(
        oracle,
        MLPHyperModel.of("classification", 4, 2, SPACE),
        directory=tmp_path,
        project_name="foreign",
    ).save()
    with pytest.raises(ConfigError, match=r"`out` must be a new .*--import` shows"):
        search(data, tmp_path / "foreign")
