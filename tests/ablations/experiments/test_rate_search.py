"""A search for a rate: what k trials find, and what its runs are."""

from itertools import combinations

import numpy as np
import pytest

from ablations.experiments.rate_search import (
    RateSearchConfig,
    after_trials,
    first_below,
)
from ablations.tasks import TaskConfig, make_task

SEEDS = np.array([900_003, 900_001])
TASK = TaskConfig(name="spirals", num_train=48, num_val=16, num_test=16)


def search(**changes) -> RateSearchConfig:
    fields = {"task": TASK, "rule": "sgd", "width": 3, "depth": 1, "batch_size": 16}
    return RateSearchConfig(**(fields | {"num_steps": 9, "num_trials": 16} | changes))


@pytest.mark.parametrize("k", [1, 2, 4])
def test_the_best_of_k_trials_is_the_mean_over_all_ways_to_draw_them(k):
    rng = np.random.default_rng(0)
    by, value = rng.random((2, 3, 6))
    for row in range(3):
        drawn = [min(c, key=lambda i: by[row, i]) for c in combinations(range(6), k)]
        expected = np.mean([value[row, i] for i in drawn])
        assert after_trials(by, value, k)[row] == pytest.approx(expected)


def test_the_first_update_below_a_bound_is_found_and_may_be_infinite():
    curve = np.array([[[3.0, 1.0, 2.0], [3.0, 2.0, 2.5], [0.5, 9.0, 9.0]]])
    found = first_below(curve, np.array([5, 10, 20]), 1.0)
    np.testing.assert_array_equal(found, [[10, np.inf, 5]])


def test_rules_search_at_the_same_places_of_four_decades():
    plain, adam = (search(rule=rule).rates(SEEDS) for rule in ("sgd", "adam"))
    np.testing.assert_allclose(plain, 100.0 * adam)
    assert plain.min() >= 1e-3
    assert plain.max() <= 10.0
    assert not np.array_equal(plain[0], plain[1])


def test_orders_by_class_are_sorted_and_those_drawn_anew_repeat_rows():
    data = make_task(TASK).rows(SEEDS)
    by_class = search(order="by_class").orders(SEEDS, data)
    for y, order in zip(data.y, by_class[:, 0], strict=True):
        labels = y.argmax(axis=-1)[order]
        assert (np.diff(labels) >= 0).all()
        assert sorted(order) == list(range(48))
    replaced = search(order="replaced").orders(SEEDS, data)
    assert replaced.shape == (2, 3, 48)
    assert len(set(replaced[0, 0])) < 48
    once = search(order="once").orders(SEEDS, data)
    assert sorted(once[1, 0]) == list(range(48))
    assert search().orders(SEEDS, data) is None


def test_a_seed_searches_the_same_alone_and_a_trial_that_diverges_guesses():
    config = search(order="once")
    found = config.run(SEEDS)
    alone = config.run(SEEDS[1:])
    for name, array in alone.items():
        np.testing.assert_allclose(found[name][1:], array, rtol=1e-5, err_msg=name)
    loss = np.stack([found[f"curve.log10_loss_after_{k}"] for k in (1, 4, 16)])
    assert (np.diff(loss, axis=0) <= 0).all()
    assert loss.max() <= np.log10(np.log(2)) + 1e-6
