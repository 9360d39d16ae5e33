import json
import runpy
import sys

import numpy as np
import pandas as pd
import pytest

from ablations.tuner.project import read_project
from reports.search import tabulate, write_search


def trial_file(name, values, **state):
    return {
        "trial_id": name,
        "hyperparameters": {"values": values},
        "metrics": {"metrics": {}},
        "score": None,
        "best_step": 0,
        "status": "COMPLETED",
        "message": None,
    } | state


@pytest.fixture
def trials(tmp_path):
    """Return a search by Hyperband: a trial, one that goes on from it, a failure."""
    first = {"width": 8, "tuner/epochs": 3, "tuner/initial_epoch": 0}
    second = {
        "width": 8,
        "tuner/epochs": 9,
        "tuner/initial_epoch": 3,
        "tuner/trial_id": "0",
    }
    files = [
        trial_file("0", first, score=0.5, best_step=2),
        trial_file("1", {**first, "width": 16}, status="FAILED", message="=Diverged."),
        trial_file("2", second, score=0.25, best_step=4),
    ]
    for file in files:
        folder = tmp_path / f"trial_{file['trial_id']}"
        folder.mkdir()
        (folder / "trial.json").write_text(json.dumps(file))
    (tmp_path / "oracle.json").write_text(json.dumps({"start_order": ["0", "1", "2"]}))
    return read_project(tmp_path)


def test_the_table_of_trials_counts_the_epochs_of_the_trial_before(trials):
    costs = {
        "0": {"epochs": 3, "seconds": 0.5},
        "1": {"epochs": 1, "seconds": 0.5},
        "2": {"epochs": 9, "seconds": 2.0},
    }
    table = tabulate(trials, costs)
    assert list(table.columns) == [
        "trial",
        "status",
        "score",
        "epochs",
        "best_epoch",
        "seconds",
        "width",
        "started_from",
        "message",
    ]
    assert table["trial"].tolist() == ["2", "0", "1"]
    assert table["epochs"].tolist() == [9, 3, 1]
    assert table["best_epoch"].tolist()[:2] == [8, 3]
    assert pd.isna(table["best_epoch"].iloc[2])
    assert table["started_from"].tolist()[0] == "0"
    # A search of an earlier version has no costs.
    assert tabulate(trials, {})["seconds"].isna().all()


@pytest.fixture(scope="module")
def searched(tmp_path_factory, warm_interpreter):
    """A search of a file by a cross-validation, its folder, and the files there."""
    from ablations.tuner.session import tune_file

    folder = tmp_path_factory.mktemp("searched")
    rng = np.random.default_rng(0)
    x = rng.normal(size=(120, 2))
    frame = pd.DataFrame({"size": x[:, 0], "=height": x[:, 1], "code": range(120)})
    frame["counts"] = rng.integers(1, 4, size=120)
    frame["kind"] = np.where(x[:, 0] > 0, "large", "small")
    frame.to_csv(folder / "table.csv", index=False)
    fields = ("depth=1", "width=8", "activation=relu", "dropout=0", "l2=0")
    found = tune_file(
        str(folder / "table.csv"),
        "kind",
        fields=(*fields, "batch_norm=off", "learning_rate=0.03,0.1"),
        read={"drop": ["code"], "sample_weight": "counts"},
        folds=3,
        out=folder / "search",
        trials=2,
        max_epochs=12,
        device="cpu",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "executable", warm_interpreter)
        return found, folder, write_search(found, folder / "search")


def test_the_score_of_a_trial_is_its_mean_over_the_folds(searched):
    found, _, _ = searched
    name = found.search.trials["trial"].iloc[0]
    trained = found.search.tuner._trained(name)
    assert len(trained.metrics["val_loss"]) == 3
    score = found.search.trials["score"].iloc[0]
    np.testing.assert_allclose(score, np.mean(trained.metrics["val_loss"]))
    assert found.test["accuracy"] > 0.85


def test_a_network_is_made_again_only_where_its_script_has_changed(searched):
    found, folder, files = searched
    before = files[2].stat().st_mtime_ns
    assert write_search(found, folder / "search") == files
    assert files[2].stat().st_mtime_ns == before


def test_the_best_network_and_its_code_are_written(searched, monkeypatch, capsys):
    found, folder, files = searched
    names = [path.name for path in files]
    assert names == ["trials.csv", "best.py", "best.keras", "best.joblib"]
    table = pd.read_csv(files[0])
    assert len(table) == 2
    assert table["score"].tolist() == found.search.trials["score"].tolist()
    rows = pd.DataFrame({"size": [3.0, -3.0], "=height": [0.0, 0.0], "code": [1, 2]})
    rows["counts"] = 1
    rows.to_csv(folder / "new.csv", index=False)
    arguments = [str(files[1]), "--predict", str(folder / "new.csv")]
    monkeypatch.setattr(sys, "argv", arguments)
    script = runpy.run_path(str(files[1]), run_name="__main__")
    assert capsys.readouterr().out.split() == ["large", "small"]
    # A trial trains on the last batch of an epoch, too, and by weights of rows.
    odd = script["BATCH_SIZE"] + 1
    assert len(script["Batches"](np.zeros((odd, 2)), seed=0)) == 2
    assert script["TABLE"]["weight"] == "counts"
