"""The perceptrons that KerasTuner builds, in every tuner that it has."""

import keras
import keras_tuner
import numpy as np
import pytest
import tensorflow

from ablations.training.config import OptimizerConfig
from ablations.training.fit import keras_optimizer
from models import search_space
from models.config import ConfigError
from models.hypermodel import OPTIMIZERS, MLPHyperModel
from models.search_space import OFF, SearchSpace

# What the functions of a data pipeline do matters to nobody here.
pytestmark = pytest.mark.filterwarnings("ignore:Even though the `tf.config")

EVERYTHING = SearchSpace(
    batch_norm=(OFF, "before", "after"),
    skip=(OFF, "residual"),
    optimizer=("adam", "momentum"),
    batch_size=(8, 16),
    width=(4, 8),
)
TUNERS = {
    "RandomSearch": {"max_trials": 2},
    "BayesianOptimization": {"max_trials": 3, "num_initial_points": 2},
    "Hyperband": {"max_epochs": 2, "factor": 2},
    "GridSearch": {"max_trials": 2},
}


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_compiled():
    """Make the few updates of a test one by one, as a compiler takes longer."""
    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def rows():
    generator = np.random.default_rng(0)
    x = generator.normal(size=(24, 3)).astype(np.float32)
    return x, np.eye(2, dtype=np.float32)[(x[:, 0] > 0).astype(int)]


@pytest.mark.parametrize("name", TUNERS)
# The Gaussian process of two points may well not converge.
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_every_tuner_searches_reloads_and_returns_models(name, rows, tmp_path, capsys):
    def make():
        return getattr(keras_tuner, name)(
            MLPHyperModel.of("classification", 3, 2, EVERYTHING),
            objective="val_loss",
            seed=1,
            directory=tmp_path,
            project_name="search",
            **TUNERS[name],
        )

    tuner = make()
    few = tuple(part[:8] for part in rows)
    tuner.search(*few, validation_data=few, epochs=1, verbose=0)
    trials = list(tuner.oracle.trials.values())
    assert trials
    assert {trial.status for trial in trials} == {"COMPLETED"}
    best = make().get_best_hyperparameters()[0]
    assert best.values == tuner.get_best_hyperparameters()[0].values
    assert set(SearchSpace.model_fields) <= set(best.values)
    assert tuner.get_best_models()[0].predict(rows[0], verbose=0).shape == (24, 2)
    tuner.results_summary()
    assert "Score" in capsys.readouterr().out


def test_the_default_model_has_what_the_space_says_first():
    hypermodel = MLPHyperModel.of("regression", 3, 1)
    hp = keras_tuner.HyperParameters()
    model = hypermodel.build(hp)
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert model.loss == "mse"
    assert hypermodel.config(hp).hidden_units == (32, 32)
    assert {h.name for h in hp.space} == set(SearchSpace.model_fields)


def test_fit_takes_the_batch_size_of_the_trial_unless_told(rows):
    hypermodel = MLPHyperModel.of("classification", 3, 2, EVERYTHING)
    hp = keras_tuner.HyperParameters()
    model = hypermodel.build(hp)
    hp.values["batch_size"] = 16
    hypermodel.fit(hp, model, *rows, verbose=0)
    # 24 rows are two batches of 16, the second one short, and one batch of 24.
    assert int(model.optimizer.iterations) == 2
    hypermodel.fit(hp, model, *rows, verbose=0, batch_size=24)
    assert int(model.optimizer.iterations) == 3


def test_a_seed_starts_every_model_alike():
    hypermodel = MLPHyperModel.of("regression", 3, 1, seed=5)
    one, two = (hypermodel.build(keras_tuner.HyperParameters()) for _ in range(2))
    for first, second in zip(one.get_weights(), two.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("name", search_space.OPTIMIZERS)
def test_optimizers_are_those_that_stacks_are_tested_against(name):
    mine = OPTIMIZERS[name](0.01)
    theirs = keras_optimizer(OptimizerConfig(name=name, learning_rate=0.01))
    unnamed = [made.get_config() | {"name": None} for made in (mine, theirs)]
    assert unnamed[0] == unnamed[1]


def test_every_optimizer_of_the_space_can_be_made():
    assert set(OPTIMIZERS) == set(search_space.OPTIMIZERS)


def test_a_task_that_does_not_exist_is_refused():
    with pytest.raises(ConfigError, match="`task`"):
        MLPHyperModel.of("clustering", 3, 2)
    with pytest.raises(ConfigError, match="`num_outputs`"):
        MLPHyperModel.of("classification", 3, 1)
