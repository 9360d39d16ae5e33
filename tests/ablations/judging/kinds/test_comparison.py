"""Differences of two arms, judged from arrays made by hand."""

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.kinds.comparison import compare
from ablations.protocol.kinds import Comparison
from ablations.protocol.score import ScoreConfig
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired import paired_mean_difference

LOSS = ScoreConfig(quantity="loss", words="final loss")
SOLVED = ScoreConfig(quantity="solved", at_least=1.0, words="solve it")
ARMS = {"treatment": drawn_arm("a"), "control": drawn_arm("b")}


def comparison(**changes) -> Comparison:
    fields = {"key": "c", "label": "c", **ARMS, "score": LOSS, "margin": 0.1}
    return Comparison(**(fields | changes))


def test_p_at_the_bound_is_that_of_the_sign_flip_test_there():
    rng = np.random.default_rng(0)
    one, other = rng.normal(0.3, 1.0, 14), rng.normal(size=14)
    outcome = compare(comparison(), CONFIDENCE, one, other)
    at_bound = paired_mean_difference(
        one - other, rng=np.random.default_rng(0), null=0.1
    )
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


def test_a_negative_difference_is_told_from_its_negative_bound():
    prediction = comparison(margin=0.5, direction="less")
    outcome = compare(prediction, CONFIDENCE, np.full(12, -0.50001), np.zeros(12))
    assert outcome.text.startswith("c: -0.50001 [-0.50001, -0.50001]")
