"""Walks of optimizers are those of the printed rules, and are told as they went."""

import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest

from ablations.judging.answers import (
    MOST_NUMBERS,
    MOST_WORDS,
    count_numbers,
    count_words,
)
from reports.explorers import make_paths
from reports.explorers.declared import address_of
from reports.explorers.landscapes import FRAME, LANDSCAPES, UPDATES, walk
from reports.explorers.optimizers import PATHS as DECLARED
from reports.explorers.paths import Paths

OPTIMIZERS, _ = DECLARED
MOST_BYTES = 30_000


@pytest.fixture(scope="module", params=DECLARED, ids=lambda config: config.id)
def config(request):
    return request.param


@pytest.fixture(scope="module")
def paths(config):
    return Paths(config)


@pytest.fixture(scope="module")
def explorer(config):
    return make_paths(config, "a rule")


def test_a_walk_of_sgd_is_that_of_the_closed_form():
    found = walk("ravine", "sgd", 0.03)
    factors = 1.0 - 0.03 * np.array([1.0, 20.0])
    powers = factors ** np.arange(UPDATES + 1)[:, None]
    np.testing.assert_allclose(found.places, powers * [-1.4, 0.8], atol=0.005001)
    losses = 0.5 * (np.array([1.0, 20.0]) * (powers * [-1.4, 0.8]) ** 2).sum(axis=1)
    assert found.updates == np.argmax(losses <= 0.01 * losses[0])


@pytest.mark.parametrize("name", LANDSCAPES)
def test_a_gradient_is_the_slope_of_its_loss(name):
    landscape, step = LANDSCAPES[name], 1e-6
    w = np.random.default_rng(0).uniform(-1.0, 1.0, (20, 2))
    slopes = [
        (landscape.loss(w + step * e) - landscape.loss(w - step * e)) / (2.0 * step)
        for e in np.eye(2)
    ]
    np.testing.assert_allclose(landscape.gradient(w), np.transpose(slopes), atol=1e-8)


def test_a_rate_of_two_over_the_curvature_swings_and_a_higher_one_is_thrown_out():
    assert walk("ravine", "sgd", 0.1).case == "swings"
    thrown = walk("ravine", "sgd", 0.1001 * 3.0)
    assert (thrown.case, thrown.updates) == ("thrown", None)
    assert np.abs(thrown.places[-1] / FRAME).max() == pytest.approx(1.0, abs=0.01)


def test_noise_is_the_same_in_every_walk_and_a_coefficient_of_zero_is_sgd():
    settings = {"landscape": "two valleys", "rate": 0.03, "noise": 0.5}
    plain = walk(optimizer="sgd", **settings)
    ball = walk(optimizer="momentum", gamma=0.0, **settings)
    np.testing.assert_array_equal(plain.places, ball.places)
    noise = np.random.default_rng(0).standard_normal((UPDATES, 2))
    w = np.array(LANDSCAPES["two valleys"].start)
    for update in noise:
        w = w - 0.03 * (LANDSCAPES["two valleys"].gradient(w) + 0.5 * update)
    np.testing.assert_allclose(ball.places[-1], w, atol=0.005001)


def test_who_arrives_and_leaves_again_has_not_arrived():
    found = Paths(OPTIMIZERS).walks["plateau/0.1/momentum"]
    loss = LANDSCAPES["plateau"].loss(found.places)
    assert loss.min() < LANDSCAPES["plateau"].goal
    assert (found.case, found.updates) == ("short", None)


def test_sentences_are_short_and_each_that_is_written_is_told(config, paths):
    told = {}
    for options in config.states():
        sentence = paths.sentence(options)
        assert count_words(sentence) <= MOST_WORDS, sentence
        assert count_numbers(sentence) <= MOST_NUMBERS, sentence
        assert re.fullmatch(r"[A-Z].*\.", sentence)
        found = paths.walks[address_of(options)]
        words = f"after {found.updates} updates"
        assert (words in sentence) == (found.case == "there")
        told[f"{options[0].words} {found.case}"] = sentence
    assert set(config.says) <= set(told)


def test_what_is_published_is_small_and_holds_every_place(explorer, paths):
    assert len(explorer.published) <= MOST_BYTES
    states = json.loads(explorer.published)["states"]
    assert [s["address"] for s in states] == [row.address for row in explorer.rows]
    for state in states:
        places = np.cumsum(np.reshape(state["hundredths"], (-1, 2)), axis=0) / 100.0
        assert len(places) <= UPDATES + 1
        np.testing.assert_allclose(places, paths.walks[state["address"]].places)


def test_every_walk_is_drawn_and_those_of_one_panel_are_shown(config, explorer):
    root = ElementTree.fromstring(explorer.chart)  # noqa: S314
    marks = {g.get("data-at"): g for g in root.iter("g") if "data-at" in g.keys()}
    assert set(marks) == {row.address for row in explorer.rows}
    looks = {at: g.get("class").split() for at, g in marks.items()}
    first = address_of(config.named(config.first))
    assert [at for at, words in looks.items() if "here" in words] == [first]
    panel = marks[first].get("data-panel")
    shown = {at for at, words in looks.items() if "away" not in words}
    assert shown == {f"{panel}/{o.address}" for o in config.controls[-1].options}
    assert not re.search(r"style=|https?:|<script|NaN|nan|inf", explorer.chart)
