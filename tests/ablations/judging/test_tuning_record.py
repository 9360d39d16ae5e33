"""What a record says of how a rate was chosen."""

import math
import warnings

import numpy as np
import pytest

from ablations.judging.tuning_record import tuning_record
from ablations.protocol.arm import TUNING_SEEDS_START, TuneConfig
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm

RATES = (0.01, 0.1, 1.0)
PLAIN = drawn_arm("arm", xor_arm())
SHARE = SuccessRate(key="s", label="s", arm=PLAIN, score=solved(), bound=0.5)


@pytest.fixture
def make_case(hand_made, make_claim):
    def make(show_default: bool, judged: bool = True):
        tune = TuneConfig(
            learning_rates=RATES, score=solved(), seeds=10, show_default=show_default
        )
        arm = drawn_arm("arm", xor_arm(learning_rate=0.05), tune)
        seeds = TUNING_SEEDS_START + np.arange(10)
        for rate, k in zip((*RATES, 10.0), (0, 4, 9, 2), strict=True):
            values = np.arange(10) < k
            hand_made.put(arm.with_learning_rate(rate), values, seeds=seeds)
        if judged:
            hand_made.put(arm.with_learning_rate(1.0), np.arange(20) < 16)
            hand_made.put(arm.config, np.arange(20) < 5)
        share = SHARE.replace(arm=arm)
        return hand_made.case(make_claim(share).claim, 20), arm

    return make


def test_a_record_shows_the_rates_tried_and_the_default_beside_the_tuned(make_case):
    assert tuning_record(*make_case(show_default=True)) == {
        "learning_rate": 1.0,
        "tried": {"0.01": 0.0, "0.1": 0.4, "1": 0.9, "10": 0.2},
        "num_trials": 4,
        "num_widened": 1,
        "at_edge": False,
        "tuned": 0.8,
        "default": {"learning_rate": 0.05, "score": 0.25},
    }


def test_the_default_is_shown_only_where_it_was_asked_for(make_case):
    assert "default" not in tuning_record(*make_case(show_default=False))


def test_an_arm_without_tuning_has_no_such_record(hand_made, make_claim):
    claim = make_claim(SHARE).claim
    assert tuning_record(hand_made.case(claim, 20), PLAIN) == {}


def test_a_rate_without_runs_that_judge_has_no_score_and_raises_no_warning(make_case):
    case, arm = make_case(show_default=True, judged=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        record = tuning_record(case, arm)
    assert record["tried"] == {"0.01": 0.0, "0.1": 0.4, "1": 0.9, "10": 0.2}
    assert math.isnan(record["tuned"])
    assert math.isnan(record["default"]["score"])
