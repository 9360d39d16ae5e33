"""What a verdict keeps of a comparison of times, field by field and word by word."""

import math
import re

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.kinds.time_to_target import judge_times
from ablations.judging.outcome import UntestedError
from ablations.protocol.kinds import TimeToTarget
from ablations.protocol.score import ScoreConfig
from ablations.selfcheck.synthetic import drawn_arm

SLOW = np.array([200.0, 210, 190, 200, 220, 180, 200, 210, 190, math.inf, 200, 200])
FAST = np.array([100.0, 105, 95, 100, 110, 90, 100, 105, 95, 250, 100, 100])
BUDGET = 500


def predicted(**changes) -> TimeToTarget:
    score = ScoreConfig(quantity="loss", at_most=0.1, words="get below 0.1")
    arms = {"treatment": drawn_arm("new"), "control": drawn_arm("old")}
    fields = {"key": "u", "label": "speed", **arms, "score": score}
    return TimeToTarget(**(fields | {"budget": BUDGET, "margin": 0.1} | changes))


def restricted(times: np.ndarray) -> float:
    return float(np.minimum(times, BUDGET).mean())


def test_a_ratio_of_times_is_recorded_whole():
    outcome = judge_times(predicted(), CONFIDENCE, FAST, SLOW)
    means = restricted(FAST), restricted(SLOW)
    assert (outcome.label, outcome.kind, outcome.outcome) == (
        "speed",
        "time_to_target",
        "holds",
    )
    assert outcome.rule == predicted().rule()
    assert (outcome.unit, outcome.n) == ("ratio of mean updates", len(FAST))
    assert outcome.estimate == pytest.approx(means[0] / means[1])
    assert outcome.low <= outcome.estimate <= outcome.high
    assert outcome.bound == pytest.approx(1 / 1.1)
    assert outcome.direction == "at_most"
    assert outcome.confidence == CONFIDENCE
    assert outcome.p < 0.05
    details = outcome.details
    assert (details["treatment_mean"], details["control_mean"]) == means
    assert details["budget"] == BUDGET
    assert details["control_times"]["missed"] == 1
    assert details["treatment_times"]["missed"] == 0
    assert details["p_bound"] < 0.05


def test_a_ratio_of_times_is_told_whole():
    outcome = judge_times(predicted(), CONFIDENCE, FAST, SLOW)
    words = (
        r"speed: ratio 0\.\d+ \[0\.\d+, 0\.\d+\] \(112\.5 against 225 updates; 0 and 1"
        r" runs never get there within 500\) over 12 seeds, where the"
        r" statement implies at most 0\.90\d*"
    )
    assert re.fullmatch(words, outcome.text)


def test_a_difference_of_times_is_recorded_and_told_whole():
    prediction = predicted(measure="difference", margin=20, direction="greater")
    outcome = judge_times(prediction, CONFIDENCE, SLOW, FAST)
    assert outcome.outcome == "holds"
    assert outcome.unit == "updates"
    assert outcome.estimate == pytest.approx(restricted(SLOW) - restricted(FAST))
    assert (outcome.bound, outcome.direction) == (20.0, "at_least")
    assert "speed: +112.5 [" in outcome.text
    assert "ratio" not in outcome.text
    assert outcome.text.endswith("where the statement implies at least +20")


def test_the_p_value_of_a_ratio_asks_whether_it_is_one():
    alike = judge_times(predicted(), CONFIDENCE, SLOW, SLOW[::-1].copy())
    assert alike.estimate == pytest.approx(1.0)
    assert alike.p == 1.0


def test_the_p_value_of_a_difference_asks_whether_it_is_zero():
    prediction = predicted(measure="difference", margin=20)
    assert judge_times(prediction, CONFIDENCE, SLOW, SLOW).p == 1.0


def test_a_time_of_zero_counts_as_one_in_a_ratio_and_as_zero_in_a_difference():
    at_once, later = np.zeros(12), np.full(12, 2.0)
    ratio = judge_times(predicted(), CONFIDENCE, at_once, later)
    assert ratio.estimate == pytest.approx(0.5)
    swapped = judge_times(predicted(), CONFIDENCE, later, at_once)
    assert swapped.estimate == pytest.approx(2.0)
    prediction = predicted(measure="difference", margin=1)
    assert judge_times(prediction, CONFIDENCE, at_once, later).estimate == -2.0


@pytest.mark.parametrize("arms", [(FAST, np.full(12, math.inf)), (SLOW, FAST)])
def test_one_arm_that_gets_there_is_enough_to_judge(arms):
    for one, other in (arms, arms[::-1]):
        assert judge_times(predicted(), CONFIDENCE, one, other).n == 12


def test_nothing_is_judged_where_no_run_gets_there():
    never = np.full(12, math.inf)
    words = "^No run of either arm reaches the target within 500 updates.$"
    with pytest.raises(UntestedError, match=words):
        judge_times(predicted(), CONFIDENCE, never, never)
