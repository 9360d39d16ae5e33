"""Rare features: what the rules do to rates, read where it is known."""

import numpy as np
import pytest

from ablations.measures.landscapes import rarity


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(rarity, "UPDATES", 120)
    monkeypatch.setattr(rarity, "NUM_UNITS", 40)


def test_plain_descent_has_one_rate_for_every_weight(short):
    found = rarity.learn("sgd", np.array([0.05, 0.2]), seed=9)
    np.testing.assert_allclose(found["step"], [[0.05] * 3, [0.2] * 3])


def test_a_weight_that_no_row_shows_stays_where_it_is(short, monkeypatch):
    monkeypatch.setattr(rarity, "SHARES", np.array([0.6, 0.4, 0.0]))
    found = rarity.learn("adagrad", np.array([0.3]), seed=9)
    assert found["error"][0, 2] == 1.0
    assert found["error"][0, 0] < 0.5


def test_the_rate_of_adagrad_is_over_the_root_of_its_squares(short):
    found = rarity.learn("adagrad", np.array([0.1]), seed=9)
    rates = found["step"][0]
    # A first gradient of about one gives a rate of about its own.
    assert rates[0] < rates[1] < rates[2] < 1.0
