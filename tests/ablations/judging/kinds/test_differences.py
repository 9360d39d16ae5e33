"""Large, small and interacting differences, judged from arrays made by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from ablations.judging.case import CONFIDENCE
from ablations.judging.contrast import of_shares
from ablations.judging.kinds.comparison import compare
from ablations.judging.kinds.equivalence import equate, within
from ablations.judging.kinds.interaction import interact
from ablations.judging.seeds import seeds_for_difference
from ablations.protocol.kinds import Comparison, Equivalence, Interaction
from ablations.protocol.score import ScoreConfig
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired import paired_mean_difference
from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.signflip import flip_mean

LOSS = ScoreConfig(quantity="loss", words="final loss")
SOLVED = ScoreConfig(quantity="solved", at_least=1.0, words="solve it")
PAIR = {"treatment": drawn_arm("a"), "control": drawn_arm("b")}
FOUR = {
    role: drawn_arm(name)
    for role, name in (
        ("neither", "0"),
        ("first", "a"),
        ("second", "b"),
        ("both", "ab"),
    )
}


def comparison(**changes) -> Comparison:
    fields = {"key": "c", "label": "c", **PAIR, "score": LOSS}
    return Comparison(**(fields | {"margin": 0.1} | changes))


def alike(**changes) -> Equivalence:
    fields = {"key": "e", "label": "e", **PAIR, "score": LOSS}
    return Equivalence(**(fields | {"margin": 0.5} | changes))


def crossed(**changes) -> Interaction:
    fields = {"key": "i", "label": "i", **FOUR, "score": LOSS, "margin": 0.5}
    return Interaction(**(fields | changes))


def signs() -> np.random.Generator:
    return np.random.default_rng(0)


# Comparison.


def test_p_at_the_bound_is_that_of_the_sign_flip_test_there():
    rng = np.random.default_rng(0)
    one, other = rng.normal(0.3, 1.0, 14), rng.normal(size=14)
    outcome = compare(comparison(), CONFIDENCE, one, other)
    at_bound = paired_mean_difference(one - other, rng=signs(), null=0.1)
    assert outcome.details["p_bound"] == at_bound.p_value
    assert (outcome.low, outcome.high) == (at_bound.low, at_bound.high)


@pytest.mark.parametrize("success", [False, True])
def test_the_word_is_given_exactly_where_p_at_the_bound_allows_it(success):
    rng = np.random.default_rng(1)
    words = []
    for _ in range(60):
        shift = rng.uniform(-1, 1)
        if success:
            one = (rng.random(30) < 0.5 + 0.4 * shift).astype(float)
            other = (rng.random(30) < 0.5).astype(float)
        else:
            one, other = rng.normal(shift, 1, 14), rng.normal(size=14)
        prediction = comparison(score=SOLVED if success else LOSS)
        outcome = compare(prediction, CONFIDENCE, one, other)
        decided = outcome.outcome in ("holds", "fails")
        assert decided == (outcome.details["p_bound"] <= 1 - CONFIDENCE)
        words.append(decided)
    assert 10 < sum(words) < 50


def test_a_higher_confidence_widens_the_interval_and_is_recorded():
    rng = np.random.default_rng(2)
    for score, draw in (
        (LOSS, rng.normal(size=(2, 30))),
        (SOLVED, rng.integers(0, 2, (2, 30))),
    ):
        usual = compare(comparison(score=score), 0.95, *draw.astype(float))
        wider = compare(comparison(score=score), 0.99, *draw.astype(float))
        assert wider.low < usual.low < usual.high < wider.high
        assert (usual.confidence, wider.confidence) == (0.95, 0.99)


@pytest.mark.parametrize("direction", ["greater", "less", "no_less", "no_greater"])
@pytest.mark.parametrize("success", [False, True])
def test_no_number_of_seeds_tells_an_arm_from_itself(direction, success):
    values = np.random.default_rng(3).integers(0, 2, 40).astype(float)
    prediction = comparison(
        score=SOLVED if success else LOSS, margin=0.0, direction=direction
    )
    outcome = compare(prediction, CONFIDENCE, values, values)
    assert (outcome.outcome, outcome.p) == ("undecided", 1.0)


def test_an_interval_that_ends_at_zero_for_the_tests_sake_decides_nothing():
    # Five pairs against none: McNemar's p is 1/16, and Newcombe's interval excludes 0.
    one, other = (np.arange(14) < 5).astype(float), np.zeros(14)
    outcome = compare(comparison(score=SOLVED, margin=0.0), CONFIDENCE, one, other)
    assert (outcome.low, outcome.p) == (0.0, 0.0625)
    assert outcome.outcome == "undecided"


# Equivalence.


def test_equivalence_agrees_with_the_two_one_sided_tests():
    rng = np.random.default_rng(3)
    words = []
    for _ in range(60):
        differences = rng.normal(rng.uniform(-0.8, 0.8), 0.5, 14)
        outcome = equate(alike(), CONFIDENCE, differences, np.zeros(14))
        flips = flip_mean(differences, signs())
        p_value = max(flips.p_value(-0.5, "greater"), flips.p_value(0.5, "less"))
        assert (outcome.low, outcome.high) == flips.interval(2 * CONFIDENCE - 1)
        assert outcome.confidence == pytest.approx(0.9)
        assert (outcome.outcome == "holds") == (p_value <= 0.05)
        if outcome.outcome == "holds":
            assert outcome.details["p_bound"] == p_value
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
    held = usual = 0
    for _ in range(num_draws):
        shares = [both, only_one, 1 - both - only_one - neither, neither]
        pairs = np.repeat(np.arange(4), rng.multinomial(20, shares))
        one, other = np.isin(pairs, (0, 1)) * 1.0, np.isin(pairs, (0, 2)) * 1.0
        held += equate(prediction, CONFIDENCE, one, other).outcome == "holds"
        wide = paired_rate_difference(one, other, confidence=0.9)
        usual += within(wide.low, wide.high, 0.3) == "holds"
    # Four standard errors above 5 %; the usual 90 % interval is seen to fail.
    assert held / num_draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / num_draws)
    assert usual > 1.3 * held


def test_swapped_arms_are_as_equivalent():
    one, other = np.random.default_rng(6).normal(size=(2, 30))
    there = equate(alike(), CONFIDENCE, one, other)
    back = equate(alike(), CONFIDENCE, other, one)
    assert there.outcome == back.outcome
    assert (there.low, there.high) == (-back.high, -back.low)


# Interaction.


def test_an_interaction_is_the_contrast_of_four_arms():
    rng = np.random.default_rng(7)
    means = np.array([0, 1, 1, 4])
    neither, first, second, both = rng.normal(size=(4, 30)) + means[:, None]
    outcome = interact(crossed(), CONFIDENCE, neither, first, second, both)
    # The effect of the second factor beside the first, minus its effect alone.
    effects = (both - first) - (second - neither)
    expected = paired_mean_difference(effects, rng=signs())
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


def test_a_negative_difference_is_told_from_its_negative_bound():
    prediction = comparison(margin=0.5, direction="less")
    outcome = compare(prediction, CONFIDENCE, np.full(12, -0.50001), np.zeros(12))
    assert outcome.text.startswith("c: -0.50001 [-0.50001, -0.50001]")


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
