"""Published examples against Adam: their parts, worked out by hand."""

import numpy as np
import pytest

from ablations.measures.landscapes import failures
from ablations.measures.landscapes.descent import sgd


def test_a_first_round_of_plain_descent_is_as_worked_out_by_hand():
    places = failures.play(sgd, steep=4.0, updates=4)
    rate = failures.REDDI_RATE
    steps = [-4.0, 1.0 / np.sqrt(2), 1.0 / np.sqrt(3), -4.0 / np.sqrt(4)]
    np.testing.assert_allclose(places, rate * np.cumsum(steps))


def test_places_never_leave_the_interval():
    places = failures.play(lambda memory, g, rate: (g, memory), steep=5.0, updates=30)
    assert np.abs(places).max() == 1.0


def test_the_worst_place_has_two_thirds_of_regret_and_the_best_none():
    assert failures.regret(np.ones(9)) == pytest.approx(2 / 3)
    assert failures.regret(-np.ones(9)) == 0.0


def test_amsgrad_never_forgets_the_largest_square():
    memory = {}
    for g in (3.0, 0.0, 0.0, 0.1):
        _, memory = failures.amsgrad(memory, np.array([g]), 1.0, 0.5)
    assert memory["v_max"][0] == 4.5
    assert memory["v"][0] < 1.0


def test_rows_have_their_label_two_ones_and_inputs_of_their_own():
    x, y = failures.wilson_rows(np.random.default_rng(5), 0.7)
    assert (y > 0).sum() == 35
    assert set(x[y > 0].sum(axis=1)) == {4.0}
    assert set(x[y < 0].sum(axis=1)) == {6.0}
    assert (x[:, 3:].sum(axis=0) <= 1.0).all()


def test_errors_count_new_rows_by_the_first_three_weights():
    x, y = failures.wilson_rows(np.random.default_rng(5), 0.7)
    w = np.zeros(x.shape[1])
    w[:3] = 1.0, 0.0, 0.0
    assert failures.errors(w, x, y, 0.7) == (0.0, 0.0)
    w[:3] = 1.0, 1.0, 1.0
    # Negative rows come out as -1 + 1 + 1.
    assert failures.errors(w, x, y, 0.7)[1] == pytest.approx(0.3)
