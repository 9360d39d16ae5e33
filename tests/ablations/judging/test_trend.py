"""Scores along ordered levels, rising or falling."""

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.trend import judge_levels
from ablations.prediction import ScoreConfig, Trend
from ablations.stats.trends import adjacent_steps, linear_trend

LOSS = ScoreConfig(quantity="loss", words="final loss")
ARMS = ("narrow", "middle", "wide")


def trend(**changes) -> Trend:
    fields = {"label": "t", "arms": ARMS, "scores": (LOSS,), "margin": 0.5}
    return Trend(**(fields | changes))


def levels(*means: float, n: int = 30) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return list(rng.normal(0, 0.2, (len(means), n)) + np.array(means)[:, None])


@pytest.mark.parametrize(
    ("means", "direction", "word"),
    [
        ((3, 2, 1), "falls", "holds"),
        ((3, 2, 1), "rises", "fails"),
        ((1, 2, 3), "falls", "fails"),
        ((1, 2, 3), "rises", "holds"),
        ((3, 4, 1), "falls", "fails"),
        ((3, 3.45, 1), "falls", "undecided"),
    ],
)
def test_a_trend_may_be_predicted_to_rise_or_to_fall(means, direction, word):
    outcome = judge_levels(trend(direction=direction), CONFIDENCE, levels(*means))
    assert outcome.outcome == word


def test_a_turn_is_named_in_the_direction_it_goes():
    outcome = judge_levels(trend(direction="falls"), CONFIDENCE, levels(3, 4, 1))
    assert outcome.reason == "t: it rises from narrow to middle."


def test_a_mirrored_score_gives_the_mirrored_trend():
    scores = levels(3, 2.6, 1)
    down = judge_levels(trend(direction="falls"), CONFIDENCE, scores)
    up = judge_levels(trend(), CONFIDENCE, [-s for s in scores])
    assert down.outcome == up.outcome
    assert (down.low, down.high) == (-up.high, -up.low)


def test_steps_and_slope_of_means_are_those_of_the_statistics():
    scores = levels(3, 2, 1)
    details = judge_levels(trend(direction="falls"), CONFIDENCE, scores).details
    table = np.stack(scores, axis=1)
    steps = adjacent_steps(table, rng=np.random.default_rng(0))
    assert details["steps"] == [[s.estimate, s.low, s.high] for s in steps]
    slope = linear_trend(table, [0, 1, 2], rng=np.random.default_rng(0))
    assert details["slope"] == [slope.estimate, slope.low, slope.high, slope.p_value]
