"""Factors that change each other's effects, judged from arrays made by hand."""

import math

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.kinds.interaction import interact
from ablations.protocol.kinds import Interaction
from ablations.protocol.score import ScoreConfig
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired import paired_mean_difference

LOSS = ScoreConfig(quantity="loss", words="final loss")
SOLVED = ScoreConfig(quantity="solved", at_least=1.0, words="solve it")
NAMES = {"neither": "0", "first": "a", "second": "b", "both": "ab"}
ARMS = {role: drawn_arm(name) for role, name in NAMES.items()}


def crossed(**changes) -> Interaction:
    fields = {"key": "i", "label": "i", **ARMS, "score": LOSS, "margin": 0.5}
    return Interaction(**(fields | changes))


def test_an_interaction_is_the_contrast_of_four_arms():
    rng = np.random.default_rng(7)
    means = np.array([0, 1, 1, 4])
    neither, first, second, both = rng.normal(size=(4, 30)) + means[:, None]
    outcome = interact(crossed(), CONFIDENCE, neither, first, second, both)
    contrast = both - first - second + neither
    expected = paired_mean_difference(contrast, rng=np.random.default_rng(0))
    assert outcome.outcome == "holds"
    # Sums are taken in another order.
    assert outcome.estimate == pytest.approx(expected.estimate)
    assert outcome.low == pytest.approx(expected.low)
    assert outcome.p == expected.p_value
    assert outcome.details["arms"] == ["0", "a", "b", "ab"]


def test_factors_that_add_up_do_not_interact():
    rng = np.random.default_rng(8)
    base = rng.normal(size=20)
    noise = rng.normal(0, 0.1, (4, 20))
    scores = np.stack([base, base + 3, base + 2, base + 5]) + noise
    assert interact(crossed(), CONFIDENCE, *scores).outcome == "fails"
    below = interact(crossed(direction="no_greater"), CONFIDENCE, *scores)
    assert below.outcome == "holds"


def test_swapping_the_two_factors_changes_no_interaction():
    scores = np.random.default_rng(9).normal(size=(4, 20))
    one = interact(crossed(), CONFIDENCE, *scores)
    other = interact(crossed(), CONFIDENCE, *scores[[0, 2, 1, 3]])
    assert one.outcome == other.outcome
    # (d - c) - (b - a) and (d - b) - (c - a) differ in rounding.
    assert one.low == pytest.approx(other.low, rel=1e-12)


def test_an_interaction_of_shares_is_told_in_points():
    n = 100
    scores = [np.arange(n) < k for k in (10, 20, 20, 90)]
    outcome = interact(
        crossed(score=SOLVED, margin=0.2), CONFIDENCE, *(s * 1.0 for s in scores)
    )
    assert outcome.outcome == "holds"
    assert outcome.estimate == pytest.approx(0.6)
    assert "+60.0 points" in outcome.text


@pytest.mark.parametrize("n", [10, 30])
def test_noise_alone_seldom_interacts(n):
    rng = np.random.default_rng(10)
    num_draws = 400 if n == 10 else 150
    wrong = sum(
        interact(crossed(margin=0.0), CONFIDENCE, *rng.lognormal(size=(4, n))).outcome
        != "undecided"
        for _ in range(num_draws)
    )
    assert wrong / num_draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / num_draws)
