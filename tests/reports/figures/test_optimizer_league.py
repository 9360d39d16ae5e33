import numpy as np
import pytest

from ablations.rigs.rate_search import arm
from reports.figures import optimizer_league
from reports.figures.optimizer_league import SHOWN, Standing, Standings, stand

NOISE = np.random.default_rng(5).normal(0.0, 0.01, 12)
OPTIMIZERS = ("SGD", "momentum", "Adam")


@pytest.fixture
def full(own_runs):
    """Return runs in which SGD takes ten times the updates, but not with 16 rates."""
    for task in ("clusters", "digits"):
        for name, late in zip(OPTIMIZERS, ((2, 1), (2, 2), (1, 1)), strict=True):
            found = arm(name, task)
            curves = {
                f"log10_updates_after_{k}": late[at] for at, k in enumerate(SHOWN)
            }
            own_runs.add(found.levels, found.config, curves)
    return own_runs


def test_one_is_first_and_others_are_within_noise_of_it_or_not():
    late = np.array([2.0, 2.0, 2.3])[:, None] + np.stack([NOISE, NOISE[::-1], NOISE])
    found = stand(1, late[:, None], 3)
    np.testing.assert_allclose(found.updates[:, 0], 10 ** late.mean(axis=1))
    assert found.first.sum() == 1
    assert found.near.ravel().tolist() == [True, True, False]


def test_context_is_marked_as_if_it_had_joined_and_moves_nobody():
    late = np.array([2.0, 2.3, 1.7, 2.2])[:, None] + np.tile(NOISE, (4, 1))
    found = stand(1, late[:, None], 2)
    assert found.first.ravel().tolist() == [True, False, True, False]
    assert found.near.ravel().tolist() == [True, False, True, False]


def test_numbers_stand_by_optimizer_and_task(full):
    found = optimizer_league.read(full.source())
    assert (found.optimizers, found.tasks) == (OPTIMIZERS, ("clusters", "digits"))
    one, many = found.by_trials
    np.testing.assert_allclose(one.updates, [[100, 100], [100, 100], [10, 10]])
    np.testing.assert_allclose(many.updates, [[10, 10], [100, 100], [10, 10]])


def test_context_comes_last_and_only_with_all_tasks(full):
    curves = {f"log10_updates_after_{k}": 1 for k in SHOWN}
    for task, names in (("clusters", OPTIMIZERS), ("digits", (*OPTIMIZERS, "Muon"))):
        muon = arm("Muon", task)
        full.add(muon.levels, muon.config, curves)
        found = optimizer_league.read(full.source())
        assert (found.optimizers, found.num_ranked) == (names, 3)


def test_the_picture_says_who_is_first(texts):
    near = [[[1, 1], [0, 0], [1, 1]], [[1, 0], [1, 1], [1, 1]]]
    first = np.array([[1, 1], [0, 0], [0, 0]], bool)
    updates = np.array([[10.0, 20.0], [30.0, 20.0], [10.0, 20.0]])
    told = [
        Standing(trials, updates, first, np.array(who, bool))
        for trials, who in zip(SHOWN, near, strict=True)
    ]
    names, tasks = ("Adam", "SGD", "Muon"), ("clusters", "digits")
    picture = optimizer_league.draw(Standings(names, 2, tasks, tuple(told), 16))
    assert {
        "updates to the target, one random rate",
        "updates to the target, the best of 16",
        "not of the notes, for comparison",
    } <= set(texts(picture.svg))
    assert picture.title == (
        "First, or within noise of it: Adam on 2 of 2 tasks, with one random rate; SGD"
        " on 2 of 2 tasks, with the best of 16"
    )
    told = "digits: Adam 20 (first), SGD 20, Muon 20 (would be within noise"
    assert told in picture.alternative


def test_other_runs_make_no_such_figure(own_runs, source, empty_source):
    lone = arm("Adam", "clusters")
    own_runs.add(lone.levels, lone.config, {f"log10_updates_after_{SHOWN[0]}": 1})
    assert optimizer_league.read(own_runs.source()) is None
    assert optimizer_league.read(source) is None
    assert optimizer_league.read(empty_source) is None
