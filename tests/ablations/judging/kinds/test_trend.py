"""Scores along ordered levels, rising or falling."""

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.kinds.trend import judge, judge_levels
from ablations.judging.outcome import Outcome
from ablations.protocol.kinds import Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.trends import adjacent_steps, linear_trend

LOSS = ScoreConfig(quantity="loss", words="final loss")
NAMES = ("narrow", "middle", "wide")
ARMS = tuple(drawn_arm(name) for name in NAMES)


def trend(**changes) -> Trend:
    fields = {"key": "t", "label": "t", "along": ARMS, "scores": (LOSS,)}
    return Trend(**(fields | {"margin": 0.5} | changes))


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


def test_a_falling_trend_is_recorded_whole():
    base = np.arange(12.0)
    prediction = trend(direction="falls")
    found = judge_levels(prediction, CONFIDENCE, [base, base - 1, base - 4])
    assert found == Outcome(
        key="t",
        label="t",
        kind="trend",
        outcome="holds",
        text="t: 5.5 → 4.5 → 1.5, in all -4 [-4, -4] over 12 seeds, where the statement"
        " implies at most -0.5 without a rise",
        rule=prediction.rule(),
        estimate=-4.0,
        low=-4.0,
        high=-4.0,
        unit="difference",
        n=12,
        bound=-0.5,
        direction="at_most",
        # Two of 2^12 ways to flip the signs.
        p=2 / 2**12,
        confidence=0.95,
        details={
            "levels": list(NAMES),
            "means": [5.5, 4.5, 1.5],
            "steps": [[-1.0, -1.0, -1.0], [-3.0, -3.0, -3.0]],
            "slope": found.details["slope"],
        },
    )


def test_a_rise_that_may_hide_in_a_falling_trend_is_named():
    found = judge_levels(trend(direction="falls"), CONFIDENCE, levels(3, 3.45, 1))
    assert found.reason == (
        "t: a rise from narrow to middle cannot be excluded with 30 seeds."
    )


def test_steps_and_slope_cover_as_often_as_the_trend():
    scores = levels(3, 2, 1)
    details = judge_levels(trend(direction="falls"), 0.99, scores).details
    table = np.stack(scores, axis=1)
    rng = np.random.default_rng
    steps = adjacent_steps(table, rng=rng(0), confidence=0.99)
    assert details["steps"] == [[s.estimate, s.low, s.high] for s in steps]
    slope = linear_trend(table, [0, 1, 2], rng=rng(0), confidence=0.99)
    assert details["slope"] == [slope.estimate, slope.low, slope.high, slope.p_value]


def test_a_failed_run_of_a_trend_counts_as_the_worst_of_any_level(
    hand_made, make_claim
):
    arms = [
        drawn_arm(name, xor_arm(learning_rate=0.1 + i)) for i, name in enumerate(NAMES)
    ]
    columns = np.repeat([[5.0], [4.0], [1.0]], 21, axis=1)
    columns[2, 0] = np.nan
    for arm, values in zip(arms, columns, strict=True):
        hand_made.put(arm, values, metric="loss")
    score = LOSS.replace(better="lower")
    prediction = trend(direction="falls", along=arms, scores=(score,))
    claim = make_claim(prediction).claim
    found = judge(prediction, hand_made.case(claim, 21))
    both = found.details["sensitivity"]
    assert both["num_failed"] == 1
    # It counts as 5, so that its seed does not fall at all.
    assert both["as_worst"]["estimate"] == pytest.approx(-80 / 21)
    assert both["excluded"]["estimate"] == -4.0


def test_steps_of_shares_share_the_level_of_the_trend():
    scores = [1.0 * (np.arange(100) < k) for k in (20, 60, 90)]
    solved = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")
    found = judge_levels(trend(scores=(solved,), margin=0.05), 0.99, scores)
    step = paired_rate_difference(scores[1], scores[0], confidence=0.995)
    assert found.details["steps"][0] == [step.estimate, step.low, step.high]
