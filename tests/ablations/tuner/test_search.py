"""A search from its proposals to a folder that KerasTuner reads."""

import json

import keras_tuner
import numpy as np
import pytest

from ablations.tasks.data import Data
from ablations.tuner.oracles import make_oracle
from ablations.tuner.project import read_project
from ablations.tuner.search import StackTuner, tune
from ablations.tuner.settings import ORACLES
from models.config import ConfigError
from models.hypermodel import MLPHyperModel
from models.search_space import OFF, Range, SearchSpace

SPACE = SearchSpace(
    activation=("relu", "tanh"),
    depth=(1, 2),
    width=(4, 8),
    batch_norm=(OFF,),
    dropout=(0.0,),
    l2=(0.0,),
    learning_rate=Range(low=1e-3, high=1e-1, log=True),
    batch_size=(16,),
)
FIXED = SPACE.replace(
    activation=("relu",),
    depth=(1,),
    width=(4,),
    learning_rate=(0.01,),
    initializer=("he_normal",),
)
READERS = {
    "random": keras_tuner.RandomSearch,
    "bayesian": keras_tuner.BayesianOptimization,
    "hyperband": keras_tuner.Hyperband,
    "grid": keras_tuner.GridSearch,
}


def search(data, **changes):
    # More than eight trials, so that all searches share one compiled program.
    settings = {"oracle": "random", "trials": 9, "max_epochs": 3, "space": SPACE}
    return tune(data, "classification", **(settings | changes))


@pytest.mark.parametrize("oracle", ORACLES)
def test_kerastuner_reads_what_a_search_wrote(oracle, data, tmp_path, capsys):
    found = search(data, oracle=oracle, trials=12, out=tmp_path / "search")
    assert list(found.trials["status"]) == ["COMPLETED"] * 12
    assert list(found.trials["score"]) == sorted(found.trials["score"])
    assert capsys.readouterr().out == ""
    reader = READERS[oracle](
        MLPHyperModel.of("classification", 4, 2, SPACE),
        objective="val_loss",
        directory=tmp_path,
        project_name="search",
    )
    reader.reload()
    assert len(reader.oracle.trials) == 12
    best = reader.oracle.get_best_trials()[0]
    assert best.score == found.trials["score"][0]
    values = reader.get_best_hyperparameters()[0].values
    assert values["learning_rate"] == found.trials["hp/learning_rate"][0]
    reader.results_summary(2)
    assert f"Score: {best.score}" in capsys.readouterr().out
    # The model that KerasTuner builds and loads has the score that the stack found.
    model = reader.get_best_models()[0]
    loss = model.evaluate(data.x_val, data.y_val, verbose=0, return_dict=True)["loss"]
    # Keras sums batches in another order.
    np.testing.assert_allclose(loss, best.score, rtol=1e-4)


def test_a_search_is_the_same_twice_and_another_with_another_seed(data):
    one, two, other = (search(data, seed=seed).trials for seed in (0, 0, 1))
    assert one.equals(two)
    assert not one.equals(other)


def test_a_trial_does_not_depend_on_the_batch(data, tmp_path):
    found = []
    for batch in (1, 4):
        objective = keras_tuner.Objective("val_loss", "min")
        tuner = StackTuner(
            make_oracle("random", objective, 4, 3, 0),
            MLPHyperModel.of("classification", 4, 2, SPACE),
            batch=batch,
            # So many runs are in a stack of the size that the other searches have.
            executions_per_trial=9,
            directory=tmp_path,
            project_name=f"{batch}",
        )
        rows = (data.x_val, data.y_val)
        tuner.search(data.x, data.y, validation_data=rows, epochs=3)
        trials = read_project(tmp_path / f"{batch}").sort_values("trial")
        found.append(trials["score"].to_numpy())
    np.testing.assert_allclose(*found, rtol=1e-5)


def test_diverged_trials_fail_with_a_reason_and_the_search_goes_on(data, tmp_path):
    wild = SPACE.replace(
        optimizer=("sgd",), learning_rate=(1e30, 1e25, 1e20, 1e-2), width=(4,)
    )
    regression = Data(data.x, data.x[:, :1], data.x_val, data.x_val[:, :1])
    found = tune(
        regression,
        "regression",
        oracle="grid",
        trials=100,
        max_epochs=2,
        space=wild,
        out=tmp_path / "search",
    )
    trials = found.trials
    diverged = trials["hp/learning_rate"] > 1
    assert len(trials) == wild.size(5)
    assert (trials["status"][diverged] == "FAILED").all()
    assert trials["message"][diverged].str.startswith("Diverged").all()
    assert (trials["status"][~diverged] == "COMPLETED").all()
    state = json.loads((tmp_path / "search" / "oracle.json").read_text())
    assert len(state["end_order"]) == len(trials)
    assert found.best_model().predict(data.x_val, verbose=0).shape == (32, 1)


def test_where_every_trial_fails_there_is_no_model(data):
    wild = SPACE.replace(optimizer=("sgd",), learning_rate=(1e30,), width=(4,))
    wild = wild.replace(initializer=("glorot_uniform", "he_normal", "zeros"))
    targets = Data(data.x, data.x[:, :1], data.x_val, data.x_val[:, :1])
    found = tune(targets, "regression", trials=9, max_epochs=1, space=wild)
    assert not found.has_model
    with pytest.raises(ConfigError, match="all did"):
        found.best_model()


def test_hyperband_goes_on_from_the_weights_of_the_trial_before(data, tmp_path):
    found = search(
        data, oracle="hyperband", trials=17, max_epochs=9, out=tmp_path / "search"
    )
    trials = found.trials.set_index("trial")
    resumed = trials[trials["hp/tuner/trial_id"].notna()]
    assert len(resumed)
    for _, row in resumed.iterrows():
        # It has had more epochs, of which the best counts.
        before = trials.loc[row["hp/tuner/trial_id"], "score"]
        assert row["score"] < before * 1.05


def test_a_search_goes_on_where_it_stopped(data, tmp_path):
    first = search(data, trials=9, out=tmp_path / "search").trials
    both = search(data, trials=14, out=tmp_path / "search").trials
    assert len(both) == 14
    kept = both.set_index("trial").loc[[f"{i}" for i in range(9)], "score"]
    np.testing.assert_array_equal(kept, first.set_index("trial").sort_index()["score"])


def test_executions_are_averaged_over_seeds_that_follow(data):
    metrics = [
        search(data, trials=3, seed=seed, executions=number, space=FIXED)
        .trials["score"]
        .to_numpy()
        for seed, number in ((0, 1), (1, 1), (0, 2))
    ]
    # One network, so that seeds propose the same.
    np.testing.assert_allclose((metrics[0] + metrics[1]) / 2, metrics[2], rtol=1e-5)


def test_accuracy_can_be_the_objective(data):
    found = search(data, objective="val_accuracy").trials
    assert list(found["score"]) == sorted(found["score"], reverse=True)
    assert found.attrs["direction"] == "max"


@pytest.mark.slow
def test_batch_sizes_optimizers_and_blocks_may_differ(data):
    space = SPACE.replace(
        optimizer=("adam", "momentum"),
        batch_size=(32, 64),
        skip=(OFF, "residual"),
        width=(6, 8),
        depth=(1,),
        batch_norm=(OFF, "before", "after"),
        dropout=Range(low=0.0, high=0.5),
        l2=(0.0, 1e-3),
    )
    trials = search(data, space=space, trials=2, max_epochs=1).trials
    assert trials["status"].eq("COMPLETED").all()
    # What makes a program of its own did differ.
    for field in ("optimizer", "batch_size", "skip"):
        assert trials[f"hp/{field}"].nunique() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"oracle": "bayes"}, "oracle"),
        ({"trials": 0}, "trials"),
        ({"max_epochs": 0}, "max_epochs"),
        ({"executions": 0}, "executions"),
        ({"seed": -1}, "seed"),
        ({"objective": "loss"}, "objective"),
        ({"space": SPACE.replace(activation=("relu", "prelu"))}, "activation"),
    ],
)
def test_what_cannot_be_searched_is_refused_by_name(changes, field, data):
    with pytest.raises(ConfigError, match=f"`{field}`"):
        search(data, **changes)


def test_a_regression_has_no_accuracy(data):
    targets = Data(data.x, data.x[:, :1], data.x_val, data.x_val[:, :1])
    with pytest.raises(ConfigError, match="`objective` must be 'val_loss'"):
        tune(targets, "regression", objective="val_accuracy")


def test_no_search_begins_in_a_folder_of_something_else(data, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ConfigError, match="`out` must be a new or empty folder"):
        search(data, out=tmp_path)
    with pytest.raises(ConfigError, match="`out` must be a folder"):
        search(data, out=tmp_path / "notes.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
