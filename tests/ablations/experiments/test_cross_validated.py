"""All arms have the same rows, folds choose, and errors are those of the test rows."""

import numpy as np
import pytest

from ablations.experiments.cross_validated import CrossValidatedConfig, log10_error
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig, make_task
from models.config import ConfigError
from models.numpy_mlp import right_share

SEEDS = np.array([6, 3])
TASK = TaskConfig(
    name="gmm10",
    num_train=64,
    num_val=8,
    num_test=50,
    num_classes=3,
    wrong_labels=0.2,
)
CONFIG = CrossValidatedConfig(
    task=TASK,
    dropout=(0.2, 0.8),
    l2=(0.01,),
    folds=4,
    members=2,
    width=8,
    batch_size=8,
    log_steps=(10, 40),
)


@pytest.fixture(scope="module")
def trained():
    return CONFIG.networks(SEEDS)


def test_no_network_learns_from_its_fold_and_half_of_the_rows_are_for_one_alone(
    trained,
):
    own = np.repeat(SEEDS[:, None], CONFIG.num_each, axis=1)
    orders = CONFIG._orders(own).reshape(2, CONFIG.num_each, -1)
    drawn = make_task(TASK).rows(SEEDS)
    shown = CONFIG._data(drawn)
    for net, seen in enumerate(orders[1]):
        fold = net // 4 if net < 16 else None
        expected = set(range(64 if net == CONFIG.num_each - 1 else 32))
        if fold is not None:
            expected -= set(range(8 * fold, 8 * fold + 8))
            held_out = shown.x_val[CONFIG.num_each + net]
            np.testing.assert_array_equal(held_out, drawn.x[1, 8 * fold : 8 * fold + 8])
        assert set(seen) == expected
        # Every epoch has each row once.
        assert len(set(seen[: len(expected)])) == len(expected)


def test_networks_are_scored_on_their_fold_and_on_test_rows(trained):
    """The weights that training left say so, as NumPy follows them."""
    drawn = CONFIG._data(make_task(TASK).rows(SEEDS))
    for rows, targets, metric in (
        (drawn.x_val, drawn.y_val, "val_accuracy"),
        (drawn.x_test, drawn.y_test, "test_accuracy"),
    ):
        right = right_share(trained.networks.probabilities(rows), targets)
        told = trained.last(metric).ravel()
        # One row may flip where another program rounds otherwise.
        np.testing.assert_allclose(told, right, atol=1.01 / rows.shape[1])


def test_everything_that_is_promised_is_read(trained):
    arrays, diverged_at = checked(CONFIG, SEEDS, CONFIG.arrange(CONFIG.read(trained)))
    assert (diverged_at < 0).all()
    single = 10 ** arrays["curve.test_log10_error_of_twice"][:, 0] * 51 - 0.5
    right = trained.curve("test_accuracy")[:, -1, -1]
    np.testing.assert_allclose(single, 50 * (1 - right), atol=1e-4)
    for name in CONFIG.recorded_metrics():
        assert np.isfinite(arrays[f"curve.{name}"]).all()


def test_folds_choose_and_the_test_errors_of_the_chosen_are_told():
    val = np.array([[0.5, 0.6], [0.9, 0.7], [0.1, 0.7], [0.0, 0.8]])
    errors = -np.arange(12.0).reshape(6, 2)
    errors[4] = -6.0, -9.0  # the other plain network
    found = CONFIG.choose(val[None], errors[None], np.array([[1.0, 0.9, 0.8, 0.7]]))
    told = {
        name.removeprefix("test_log10_error_of_"): v[0] for name, v in found.items()
    }
    assert told == {
        "plain": -5.0,  # of -1 and -9
        "plain_stopped": -5.0,
        "accuracy_of_plain": 1.0,
        "dropout": -3.0,  # of equals the weaker
        "dropout_stopped": -2.0,  # sooner is better on the folds
        "accuracy_of_dropout": 0.9,
        "chosen_dropout": 0.2,
        "l2": -7.0,
        "l2_stopped": -7.0,
        "accuracy_of_l2": 0.7,
        "chosen_l2": 0.01,
        "best": -2.0,
    }


def test_an_error_has_a_logarithm_even_where_there_is_none():
    found = log10_error(np.array([1.0, 0.9, 0.0]), 10)
    np.testing.assert_allclose(10**found, [0.5 / 11, 1.5 / 11, 10.5 / 11])


@pytest.mark.parametrize(
    "changes", [{"folds": 3}, {"members": 1}, {"batch_size": 7}], ids=str
)
def test_rows_that_do_not_divide_are_refused(changes):
    with pytest.raises(ConfigError, match=next(iter(changes))):
        CONFIG.replace(**changes)
