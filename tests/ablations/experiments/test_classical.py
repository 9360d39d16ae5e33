"""Classical models are those of scikit-learn, chosen without the test rows."""

import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from ablations.experiments.classical import TRIALS, ClassicalConfig
from ablations.experiments.engines import classical as classical_fits
from ablations.protocol.arm import Arm
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from models.config import ConfigError

SEEDS = np.array([3, 0])
WINE = TaskConfig(name="wine")
DIABETES = TaskConfig(name="diabetes", num_train=60)


def small(model: str, task: TaskConfig = WINE, trials: int = 2) -> ClassicalConfig:
    return ClassicalConfig(task=task, model=model, trials=trials)


@pytest.fixture(autouse=True)
def few_trees(monkeypatch):
    """Grow ten trees, which takes a twentieth of the time."""
    for models in (classical_fits.CLASSIFIERS, classical_fits.REGRESSORS):
        forest = models["random_forest"]
        changed = type(forest)(forest.func, **{**forest.keywords, "n_estimators": 10})
        monkeypatch.setitem(models, "random_forest", changed)


@pytest.mark.parametrize("model", TRIALS)
def test_every_model_learns_classes_and_promises_what_it_gives(model):
    config = small(model)
    arrays, diverged_at = checked(config, SEEDS, config.run(SEEDS))
    assert config.recorded_metrics() == ("val_accuracy", "test_accuracy")
    assert (arrays["curve.test_accuracy"] > 0.8).all()
    assert set(arrays["chosen_trial"]) <= {0, 1}
    assert (diverged_at == -1).all()


@pytest.mark.parametrize("model", [m for m in TRIALS if m != "logistic_regression"])
def test_every_other_model_also_predicts_numbers(model):
    config = small(model, DIABETES)
    arrays, _ = checked(config, SEEDS, config.run(SEEDS))
    assert (config.recorded_metrics(), config.get_loss()) == (
        ("val_loss", "test_loss"),
        "mse",
    )
    # A constant scores about 1.
    assert (arrays["curve.test_loss"] < 0.9).all()


@pytest.mark.parametrize("model", TRIALS)
def test_a_seed_is_the_same_alone_and_in_a_crowd(model):
    config = small(model)
    crowd, alone = config.run(SEEDS), config.run(SEEDS[1:])
    for name, array in crowd.items():
        np.testing.assert_array_equal(array[1:], alone[name], err_msg=name)


def test_the_best_on_the_validation_rows_is_scored_on_the_test_rows():
    from sklearn.svm import SVC

    config = small("rbf_svm", WINE.replace(num_train=20), trials=8)
    found = config.run(SEEDS)
    data = make_task(config.task).rows(SEEDS)
    for run in range(len(SEEDS)):
        x, y = data.x[run].astype(np.float64), data.y[run].argmax(axis=1)
        scored = []
        for trial in TRIALS["rbf_svm"][:8]:
            gamma = trial["gamma_factor"] / (x.shape[1] * x.var())
            model = SVC(C=trial["C"], gamma=gamma).fit(x, y)
            scored.append(
                tuple(
                    model.score(held_out[run].astype(np.float64), answer[run].argmax(1))
                    for held_out, answer in (
                        (data.x_val, data.y_val),
                        (data.x_test, data.y_test),
                    )
                )
            )
        best = int(np.argmax([val for val, _ in scored]))  # the first of equal ones
        assert found["chosen_trial"][run] == best
        assert found["curve.val_accuracy"][run, 0] == np.float32(scored[best][0])
        assert found["curve.test_accuracy"][run, 0] == np.float32(scored[best][1])


def test_more_trials_never_validate_worse():
    few, many = (small("logistic_regression", trials=n).run(SEEDS) for n in (1, 5))
    name = "curve.val_accuracy"
    assert (many[name] >= few[name]).all()
    losses = [small("ridge", DIABETES, n).run(SEEDS)["curve.val_loss"] for n in (1, 5)]
    assert (losses[1] <= losses[0]).all()


def test_solvers_that_do_not_converge_are_counted_and_no_warning_is_lost(monkeypatch):
    from sklearn.linear_model import LogisticRegression

    class Impatient(LogisticRegression):
        def fit(self, x, y):
            warnings.warn("Something else.", RuntimeWarning, stacklevel=1)
            return super().fit(x, y)

    monkeypatch.setitem(
        classical_fits.CLASSIFIERS,
        "logistic_regression",
        lambda **settings: Impatient(max_iter=1, **settings),
    )
    config = small("logistic_regression", trials=3)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        arrays = config.run(SEEDS)
    assert arrays["num_unconverged"].tolist() == [3, 3]
    assert {w.category for w in caught} == {RuntimeWarning}
    assert (small("ridge").run(SEEDS)["num_unconverged"] == 0).all()


def test_forests_that_grow_side_by_side_leave_what_becomes_of_warnings():
    few = ({"n_estimators": 30},)
    search = classical_fits.Search(WINE, "random_forest", few)
    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        seeds = np.arange(8).reshape(4, 2)
        list(pool.map(partial(classical_fits.fit_seeds, search), seeds))
    assert warnings.filters == before


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"task": TaskConfig(name="xor")}, "`task` must have validation rows"),
        ({"task": WINE.replace(num_val=0)}, "`task` must have validation rows"),
        ({"task": DIABETES, "model": "logistic_regression"}, "`model` must be one of"),
        ({"trials": 100}, "`trials` must be at most 16 for 'rbf_svm'"),
        ({"model": "svm"}, "`model` must be one of"),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(fields, message):
    with pytest.raises(ConfigError, match=message):
        ClassicalConfig(**({"task": WINE, "model": "rbf_svm", "trials": 1} | fields))


def test_an_arm_says_what_it_is_and_survives_json():
    config = small("rbf_svm", trials=16)
    assert config.summary() == "rbf svm, best of 16 settings, on wine"
    assert small("ridge", trials=1).summary() == "ridge, one setting, on wine"
    assert config.title() == "rbf svm on wine"
    assert config.count_settings() == 16
    arm = Arm(levels={"model": "rbf_svm"}, config=config)
    assert Arm.model_validate_json(arm.model_dump_json()) == arm
