"""Differences too small to matter, judged from arrays made by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from ablations.judging.case import CONFIDENCE
from ablations.judging.contrast import of_shares
from ablations.judging.kinds.equivalence import equate, within
from ablations.judging.seeds import seeds_for_difference
from ablations.protocol.kinds import Equivalence
from ablations.protocol.score import ScoreConfig
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired import paired_mean_difference
from ablations.stats.paired_proportions import paired_rate_difference

LOSS = ScoreConfig(quantity="loss", words="final loss")
SOLVED = ScoreConfig(quantity="solved", at_least=1.0, words="solve it")
ARMS = {"treatment": drawn_arm("a"), "control": drawn_arm("b")}
FLIPS = 1 - 2 * (np.arange(2**14)[:, None] >> np.arange(14) & 1)
"""All signs that 14 differences can have."""


def alike(**changes) -> Equivalence:
    fields = {"key": "e", "label": "e", **ARMS, "score": LOSS, "margin": 0.5}
    return Equivalence(**(fields | changes))


def chance_of_more(values: np.ndarray) -> float:
    """Return the share of signs that make the sum at least as large, to rounding."""
    return float(np.mean(FLIPS @ values >= values.sum() - 1e-10))


def test_equivalence_agrees_with_the_two_one_sided_tests():
    rng = np.random.default_rng(3)
    words = []
    for _ in range(60):
        differences = rng.normal(rng.uniform(-0.8, 0.8), 0.5, 14)
        outcome = equate(alike(), CONFIDENCE, differences, np.zeros(14))
        expected = paired_mean_difference(
            differences, rng=np.random.default_rng(0), confidence=0.9
        )
        p = max(chance_of_more(0.5 + differences), chance_of_more(0.5 - differences))
        assert (outcome.low, outcome.high) == (expected.low, expected.high)
        assert outcome.confidence == pytest.approx(0.9)
        assert (outcome.outcome == "holds") == (p <= 0.05)
        if outcome.outcome == "holds":
            assert outcome.details["p_bound"] == p
        words.append(outcome.outcome)
    assert {"holds", "fails", "undecided"} == set(words)


def test_equivalence_is_close_to_schuirmanns_tests_for_normal_differences():
    differences = np.random.default_rng(4).normal(0.1, 0.6, 40)
    outcome = equate(alike(), CONFIDENCE, differences, np.zeros(40))
    spread = stats.sem(differences)
    half = stats.t.ppf(0.95, 39) * spread
    # Signs are flipped instead of a t distribution assumed: alike to a twentieth.
    assert outcome.low == pytest.approx(differences.mean() - half, abs=spread / 20)
    assert outcome.high == pytest.approx(differences.mean() + half, abs=spread / 20)


def test_shares_are_equivalent_by_the_interval_of_their_difference():
    one = np.arange(200) < 150
    other = np.arange(200) < 149
    outcome = equate(
        alike(score=SOLVED, margin=0.05), CONFIDENCE, one * 1.0, other * 1.0
    )
    expected = paired_rate_difference(one, other)
    assert outcome.outcome == "holds"
    assert (outcome.low, outcome.high) == (expected.low, expected.high)
    assert outcome.confidence == 0.95
    assert "less than 5.0 points either way" in outcome.text


@pytest.mark.parametrize(
    ("ends", "word"),
    [
        ((-0.4, 0.4), "holds"),
        ((-0.5, 0.4), "undecided"),
        ((-0.4, 0.5), "undecided"),
        ((0.5, 0.9), "fails"),
        ((-0.9, -0.5), "fails"),
        ((0.4, 0.9), "undecided"),
        ((-math.inf, math.inf), "undecided"),
    ],
)
def test_a_difference_of_the_margin_itself_matters(ends, word):
    assert within(*ends, 0.5) == word


def test_a_difference_at_the_margin_passes_for_none_as_rarely_as_promised():
    rng = np.random.default_rng(5)
    num_draws = 400
    found = [
        equate(alike(), CONFIDENCE, rng.normal(0.5, 1.0, 12), np.zeros(12)).outcome
        for _ in range(num_draws)
    ]
    # Four standard errors above 5 %.
    allowed = 0.05 + 4 * math.sqrt(0.05 * 0.95 / num_draws)
    assert found.count("holds") / num_draws <= allowed
    assert found.count("fails") / num_draws <= allowed
    assert "undecided" in found


def test_shares_at_the_margin_pass_for_equal_as_rarely_as_promised():
    # The worst case found: 70 % against 40 %, strongly paired, 20 seeds.
    rng = np.random.default_rng(6)
    num_draws = 1500
    prediction = alike(score=SOLVED, margin=0.3)
    both, only_one, neither = 0.388, 0.312, 0.288
    shares = [both, only_one, 1 - both - only_one - neither, neither]
    drawn = rng.multinomial(20, shares, size=num_draws)
    held = usual = 0
    tables, times = np.unique(drawn, axis=0, return_counts=True)
    # Draws with the same counts are judged once.
    for counts, times_drawn in zip(tables, times, strict=True):
        pairs = np.repeat(np.arange(4), counts)
        one, other = np.isin(pairs, (0, 1)) * 1.0, np.isin(pairs, (0, 2)) * 1.0
        outcome = equate(prediction, CONFIDENCE, one, other).outcome
        held += times_drawn * (outcome == "holds")
        wide = paired_rate_difference(one, other, confidence=0.9)
        usual += times_drawn * (within(wide.low, wide.high, 0.3) == "holds")
    # Four standard errors above 5 %; the usual 90 % interval is seen to fail.
    assert held / num_draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / num_draws)
    assert usual > 1.3 * held


def test_swapped_arms_are_as_equivalent():
    one, other = np.random.default_rng(6).normal(size=(2, 30))
    there = equate(alike(), CONFIDENCE, one, other)
    back = equate(alike(), CONFIDENCE, other, one)
    assert there.outcome == back.outcome
    assert (there.low, there.high) == (-back.high, -back.low)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_p_value_of_equal_shares_is_that_of_the_nearer_margin(sign):
    n = 60
    treatment, control = np.arange(n) < 31, np.arange(n) >= 31
    if sign < 0:
        treatment, control = control, treatment
    found = of_shares(treatment * 1.0, control * 1.0)
    prediction = alike(score=SOLVED)
    outcome = equate(prediction, CONFIDENCE, treatment * 1.0, control * 1.0)
    assert outcome.details["p_bound"] == found.p_value(sign * 0.5)
    assert outcome.details["p_bound"] > found.p_value(-sign * 0.5)


def test_exactly_equal_shares_are_planned_at_the_upper_margin():
    # 12 pairs succeed twice, 7 either way and 5 never; counts are rounded in order.
    treatment = np.r_[np.ones(19), np.zeros(12)]
    control = np.r_[np.ones(12), np.zeros(7), np.ones(7), np.zeros(5)]
    outcome = equate(alike(score=SOLVED, margin=0.2), CONFIDENCE, treatment, control)
    needed = seeds_for_difference(treatment, control, 0.2, CONFIDENCE)
    assert (outcome.outcome, outcome.estimate) == ("undecided", 0.0)
    assert outcome.details["seeds_that_decide"] == needed
    assert needed != seeds_for_difference(treatment, control, -0.2, CONFIDENCE)
