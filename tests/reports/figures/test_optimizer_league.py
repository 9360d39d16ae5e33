import numpy as np
import pytest

from ablations.rigs.rate_search import arm
from reports.figures import optimizer_league
from reports.figures.optimizer_league import SHOWN, Standings, stand

NOISE = np.random.default_rng(5).normal(0.0, 0.01, 12)
OPTIMIZERS = ("Adam", "SGD", "momentum")


@pytest.fixture
def full(own_runs):
    """Return runs in which SGD takes ten times the updates, but not with 16 rates."""
    for task in ("clusters", "digits"):
        for name, late in zip(OPTIMIZERS, ((1, 1), (2, 1), (2, 2)), strict=True):
            found = arm(name, task)
            curves = {
                f"log10_updates_after_{k}": late[at] for at, k in enumerate(SHOWN)
            }
            own_runs.add(found.levels, found.config, curves)
    return own_runs


def test_who_is_within_noise_of_the_first_is_first_as_well():
    late = np.array([2.0, 2.0, 2.3])[:, None] + np.stack([NOISE, NOISE[::-1], NOISE])
    found = stand(1, late[:, None])
    np.testing.assert_allclose(found.updates[:, 0], 10 ** late.mean(axis=1))
    assert found.first.ravel().tolist() == [True, True, False]


def test_numbers_stand_by_optimizer_and_task(full):
    found = optimizer_league.read(full.source())
    assert (found.optimizers, found.tasks) == (OPTIMIZERS, ("clusters", "digits"))
    one, many = found.by_trials
    np.testing.assert_allclose(one.updates, [[10, 10], [100, 100], [100, 100]])
    np.testing.assert_allclose(many.updates, [[10, 10], [10, 10], [100, 100]])


def test_the_picture_says_who_is_first(texts):
    first = [np.array([[1, 1], [0, 0]], bool), np.array([[1, 0], [1, 1]], bool)]
    updates = np.array([[10.0, 20.0], [30.0, 20.0]])
    told = [
        optimizer_league.Standing(trials, updates, who)
        for trials, who in zip(SHOWN, first, strict=True)
    ]
    data = Standings(("Adam", "SGD"), ("clusters", "digits"), tuple(told), 16)
    picture = optimizer_league.draw(data)
    assert {"with one random rate", "with the best of 16"} <= set(texts(picture.svg))
    assert picture.title == (
        "First, or within noise of it: Adam on 2 of 2 tasks, with one random rate; SGD"
        " on 2 of 2 tasks, with the best of 16"
    )
    told = "digits: Adam 20 (first or within noise), SGD 20."
    assert told in picture.alternative


def test_other_runs_make_no_such_figure(own_runs, source, empty_source):
    lone = arm("Adam", "clusters")
    own_runs.add(lone.levels, lone.config, {f"log10_updates_after_{SHOWN[0]}": 1})
    assert optimizer_league.read(own_runs.source()) is None
    assert optimizer_league.read(source) is None
    assert optimizer_league.read(empty_source) is None
