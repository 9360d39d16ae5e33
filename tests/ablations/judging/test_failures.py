"""Runs that failed are judged twice: as the worst there is, and left out."""

import math

import numpy as np
import pytest

from ablations.judging.failures import judge_with_failures, worst_of
from ablations.judging.kind import kind_of
from ablations.judging.outcome import Outcome, UntestedError
from ablations.protocol.kinds import Comparison, League
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from models.config import ConfigError

LOSS = ScoreConfig(quantity="value", better="lower", words="final loss")
PAIR = {
    "treatment": drawn_arm("treatment", xor_arm(learning_rate=0.05)),
    "control": drawn_arm("control", xor_arm(learning_rate=0.5)),
}


def lower(score: ScoreConfig = LOSS, **changes) -> Comparison:
    fields = {"key": "c", "label": "loss", **PAIR, "score": score}
    fields |= {"margin": 0.5, "direction": "less"}
    return Comparison(**(fields | changes))


@pytest.fixture
def judge_losses(hand_made, make_claim):
    """Judge a prediction on two columns of losses; NaN is a run that diverged."""

    def run(prediction, treatment, control):
        for name, values in (("treatment", treatment), ("control", control)):
            status = ["ok" if math.isfinite(v) else "diverged" for v in values]
            hand_made.put(PAIR[name], values, metric="value", status=status)
        claim = make_claim(prediction).claim
        case = hand_made.case(claim, len(treatment))
        return kind_of(prediction).judge(prediction, case)

    return run


def test_both_ways_of_counting_are_kept(judge_losses):
    treatment = [1.0] * 30 + [math.nan]
    outcome = judge_losses(lower(), treatment, [3.0] * 31)
    both = outcome.details["sensitivity"]
    assert both["num_failed"] == 1
    assert both["as_worst"]["n"] == outcome.n == 31
    assert both["excluded"]["n"] == 30
    assert both["excluded"]["estimate"] == -2.0
    # The failed run counts as 3, the worst loss of either arm.
    assert both["as_worst"]["estimate"] == pytest.approx(-60 / 31)
    assert outcome.outcome == both["as_worst"]["outcome"] == "holds"


def test_words_that_differ_leave_it_undecided(judge_losses):
    treatment = [1.0] * 20 + [math.nan] * 10
    outcome = judge_losses(
        lower(LOSS.replace(failed_value=50.0)), treatment, [3.0] * 30
    )
    both = outcome.details["sensitivity"]
    words = both["as_worst"]["outcome"], both["excluded"]["outcome"]
    assert words == ("fails", "holds")
    assert outcome.outcome == "undecided"
    assert outcome.reason == (
        "loss: 10 runs failed; counted as worst it fails, without them it holds."
    )


def test_a_declared_penalty_counts_before_the_worst_seen():
    scores = [np.array([1.0, math.nan]), np.array([7.0, 2.0])]
    assert worst_of(scores, LOSS) == 7.0
    assert worst_of(scores, LOSS.replace(better="higher")) == 1.0
    assert worst_of(scores, LOSS.replace(failed_value=9.0)) == 9.0
    assert worst_of(scores, LOSS.replace(better=None, failed_value=9.0)) == 9.0
    with pytest.raises(UntestedError, match="1 of 4 runs failed and have no score"):
        worst_of(scores, LOSS.replace(better=None))


def test_an_arm_whose_runs_all_fail_is_not_left_out_in_silence(judge_losses):
    outcome = judge_losses(lower(), [math.nan] * 20, [3.0] * 20)
    assert outcome.outcome == "undecided"
    assert outcome.details["sensitivity"]["excluded"] == {"outcome": "untested"}
    assert "without them too few seeds are left" in outcome.reason


def test_scores_without_gaps_are_judged_once():
    seen = []

    def decide(scores):
        seen.append(scores)
        return Outcome("k", "l", "comparison", "holds", "t", "r")

    def never():
        raise AssertionError

    outcome = judge_with_failures([np.ones(20), np.ones(20)], never, decide)
    assert len(seen) == 1
    assert "sensitivity" not in outcome.details


def test_a_failed_run_ranks_last_in_a_league(judge_losses):
    prediction = League(
        key="l",
        label="league",
        ranked=tuple(PAIR.values()),
        best=PAIR["control"],
        score=LOSS,
    )
    # Where it did not fail the treatment is ahead, by less than half of the seeds.
    outcome = judge_losses(prediction, [1.0] * 10 + [math.nan] * 20, [3.0] * 30)
    both = outcome.details["sensitivity"]
    assert both["as_worst"]["outcome"] == "holds"
    assert both["excluded"]["outcome"] == "fails"
    assert outcome.outcome == "undecided"


def test_the_rule_says_what_a_failed_run_counts_as():
    assert "count as the worst score seen" in lower().rule()
    assert "count as 9 and" in lower(LOSS.replace(failed_value=9.0)).rule()
    assert "failed" not in lower(LOSS.replace(better=None)).rule()


@pytest.mark.parametrize("changes", [{"better": "lower"}, {"failed_value": 0.0}])
def test_a_success_score_needs_no_word_on_failures(changes):
    with pytest.raises(ConfigError, match="must be None for a success score"):
        ScoreConfig(quantity="loss", at_most=0.1, words="is small", **changes)


def test_words_that_differ_promise_no_number_of_seeds(judge_losses):
    treatment = [1.0] * 20 + [math.nan] * 10
    outcome = judge_losses(lower(LOSS.replace(failed_value=5.0)), treatment, [3.0] * 30)
    both = outcome.details["sensitivity"]
    words = both["as_worst"]["outcome"], both["excluded"]["outcome"]
    assert words == ("undecided", "holds")
    assert outcome.outcome == "undecided"
    assert "seeds_that_decide" not in outcome.details
