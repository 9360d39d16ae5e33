"""Arms of the rig share programs, and runs with the chapter on depth."""

import numpy as np
import pytest

from ablations.claims.registry import all_claims
from ablations.rigs.regularization.dropout import (
    dropped,
    masked,
    matching_noise,
    noisy,
    regression_config,
    shared_config,
)
from ablations.rigs.regularization.noisy_labels import noisy_config
from ablations.rigs.regularization.readings import TIE
from ablations.tasks import make_task
from ablations.training.train import train_stack
from models.layers import CounterDropout, CounterGaussianNoise

OTHER = "dropout_reduces_overfitting_and_improves_generalization"


@pytest.mark.parametrize(("width", "share"), [(8, 0.0), (8, 0.5)])
def test_shared_runs_are_those_of_the_chapter_on_depth(width, share):
    arms = all_claims()[OTHER].claim.arms
    specifications = [each.config.specification() for each in arms.values()]
    assert shared_config(width, share).specification() in specifications


def test_noise_in_place_of_dropout_has_its_mean_and_variance():
    rate = 0.2
    ones = np.ones((400, 500), np.float32)
    dropped = np.array(CounterDropout(rate, seed=1)(ones, training=True))
    noise = CounterGaussianNoise(matching_noise(rate), "multiplicative", seed=1)
    noisy = np.array(noise(ones, training=True))
    for factors in (dropped, noisy):  # 200,000 factors each
        assert factors.mean() == pytest.approx(1.0, abs=0.01)
        assert factors.var() == pytest.approx(rate / (1 - rate), rel=0.03)
    assert matching_noise(0.5) == 1.0


def test_rates_and_strengths_share_a_program_and_kinds_do_not():
    def structure(one):
        return one.config.structure()

    two_rates = noisy_config(dropout=(0.3, 0.2)).structure()
    assert structure(dropped(0.5)) == two_rates
    assert structure(noisy("strong", 1.0)) == structure(noisy("faint", 0.1))
    added = noisy("added", 1.0, kind="additive")
    assert structure(noisy("strong", 1.0)) != structure(added)
    assert structure(dropped()) == noisy_config().structure()


def test_networks_with_other_masks_are_called_by_them():
    assert dropped(0.5).levels == {"dropout": 0.5}
    plain = masked("no dropout", "Adam")
    assert plain.name == "no dropout, Adam"
    assert plain.config == dropped().config
    assert masked("a mask per row", "Adam").config == dropped(0.5).config


def test_numbers_are_fitted_by_the_printed_program_s_layers():
    config = regression_config()
    assert config.model.hidden_units == (128, 64)
    assert config.training.loss == "mse"
    assert config.task.is_regression


def test_the_error_of_a_penalized_network_leaves_the_penalty_out():
    config = regression_config((8, 4), l2=0.03)
    seeds = np.array([3, 8])
    data = make_task(config.task).rows(seeds)
    training = config.training.replace(num_steps=20, log_steps=())
    result = train_stack(config.model, training, seeds, data)
    for run in range(2):
        w = [weight[run] for weight in result.weights]
        hidden = np.maximum(data.x_test[run] @ w[0] + w[1], 0.0)
        answers = np.maximum(hidden @ w[2] + w[3], 0.0) @ w[4] + w[5]
        error = np.mean((answers - data.y_test[run]) ** 2)
        found = {name: curve[run, -1] for name, curve in result.curves.items()}
        # Sums in float32.
        assert found["test_squared_error"] == pytest.approx(error, rel=1e-4)
        # The penalty is far more than what is too little to matter.
        assert found["test_loss"] > error + 10 * TIE
