"""Updates to a target, with runs that never get there."""

import math

import numpy as np
import pytest

from ablations.evidence.scores import first_updates
from ablations.judging.case import CONFIDENCE
from ablations.judging.judge import judge
from ablations.judging.kinds.time_to_target import counted, judge_times
from ablations.judging.outcome import UntestedError
from ablations.protocol.kinds import TimeToTarget
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.power import seeds_for_mean
from ablations.stats.signflip import flip_ratio
from ablations.stats.survival import kaplan_meier
from models.config import ConfigError

LOW_LOSS = ScoreConfig(quantity="loss", at_most=0.1, words="get below 0.1")
ARMS = {name: drawn_arm(name) for name in ("treatment", "control")}


def faster(**changes) -> TimeToTarget:
    fields = {"key": "u", "label": "time", **ARMS, "score": LOW_LOSS}
    return TimeToTarget(**(fields | {"budget": 500, "margin": 0.1} | changes))


# Times.


def test_the_time_is_the_first_recorded_update_at_the_target(hand_made):
    arm = xor_arm()
    curves = [[1, 0.1, 0.05], [0.05, 1, 1], [1, 1, 0.05], [1, 1, 1]]
    hand_made.put(arm, curves, metric="loss", steps=(10, 100, 500))
    table = hand_made.evidence().runs(arm, 4)
    assert first_updates(table, LOW_LOSS, 500).tolist() == [100, 10, 500, math.inf]
    assert first_updates(table, LOW_LOSS, 100).tolist() == [100, 10] + [math.inf] * 2


def test_a_run_that_diverges_has_an_infinite_time_wherever_it_was(hand_made):
    arm = xor_arm()
    hand_made.put(
        arm,
        [[0.05, math.nan], [0.05, 0.05], [math.nan, math.nan]],
        metric="loss",
        steps=(10, 500),
        status=["diverged", "ok", "failed"],
    )
    table = hand_made.evidence().runs(arm, 3)
    assert first_updates(table, LOW_LOSS, 500).tolist() == [math.inf, 10, math.inf]


def test_a_budget_beyond_the_last_update_is_refused(hand_made):
    arm = xor_arm()
    hand_made.put(arm, [[1, 1]], metric="loss", steps=(10, 500))
    table = hand_made.evidence().runs(arm, 1)
    with pytest.raises(ConfigError, match=r"`budget` must be at most .* 500. Received"):
        first_updates(table, LOW_LOSS, 501)


def test_counted_times_are_enough_for_kaplan_meier():
    times = np.array([10.0, 20, 20, 50, math.inf, math.inf])
    stored = counted(times)
    assert stored == {"updates": [10, 20, 50], "runs": [1, 2, 1], "missed": 2}
    rebuilt = [*np.repeat(stored["updates"], stored["runs"]), *[math.inf] * 2]
    one, other = kaplan_meier(times), kaplan_meier(rebuilt)
    np.testing.assert_array_equal(one.survival, other.survival)


# The judge.


def test_a_ratio_is_that_of_the_restricted_means():
    rng = np.random.default_rng(0)
    one, other = rng.integers(1, 60, (2, 30)) * 10.0
    outcome = judge_times(faster(), CONFIDENCE, one, other)
    capped = np.minimum([one, other], 500)
    expected = flip_ratio(*capped, np.random.default_rng(0))
    # It may be the inverse of the inverse, which differs in the last bit.
    ratio = capped[0].mean() / capped[1].mean()
    assert outcome.estimate == pytest.approx(ratio, rel=1e-12)
    assert outcome.estimate == expected.center
    assert (outcome.low, outcome.high) == expected.interval(0.95)
    assert outcome.p == expected.p_value(1.0)


def test_the_p_value_of_a_ratio_is_that_of_flipped_signs():
    rng = np.random.default_rng(0)
    one, other = rng.integers(1, 60, (2, 14)) * 10.0
    outcome = judge_times(faster(), CONFIDENCE, one, other)
    flips = 1 - 2 * (np.arange(2**14)[:, None] >> np.arange(14) & 1)
    one, other = np.minimum([one, other], 500)
    for p, ratio in ((outcome.p, 1), (outcome.details["p_bound"], 1 / 1.1)):
        excess = one - ratio * other
        # A sum that rounding makes smaller is as large.
        as_large = np.abs(flips @ excess) >= abs(excess.sum()) - 1e-8
        assert p == as_large.mean()


@pytest.mark.parametrize("measure", ["ratio", "difference"])
@pytest.mark.parametrize(
    ("factor", "direction", "word"),
    [
        (0.5, "less", "holds"),
        (1.0, "less", "fails"),
        (2.0, "less", "fails"),
        (2.0, "greater", "holds"),
        (1.0, "no_greater", "holds"),
        (1.0, "no_less", "holds"),
        (2.0, "no_greater", "fails"),
    ],
)
def test_the_direction_says_which_arm_is_predicted_to_be_faster(
    measure, factor, direction, word
):
    base = 10.0 * np.arange(5, 25)
    margin = {"ratio": 0.3, "difference": 20.0}[measure]
    prediction = faster(measure=measure, direction=direction, margin=margin)
    assert judge_times(prediction, CONFIDENCE, factor * base, base).outcome == word


def test_one_and_a_half_times_as_fast_is_a_ratio_of_two_thirds():
    prediction = faster(margin=0.5)
    assert prediction.bound == pytest.approx(2 / 3)
    assert prediction.replace(direction="greater").bound == 1.5
    assert "is at most 0.6667 throughout" in prediction.rule()
    assert faster(measure="difference", margin=20).bound == -20


def test_swapped_arms_invert_the_ratio_and_keep_the_word():
    one, other = np.random.default_rng(1).integers(1, 50, (2, 30)) * 10.0
    there = judge_times(faster(), CONFIDENCE, one, other)
    back = judge_times(faster(direction="greater"), CONFIDENCE, other, one)
    assert there.outcome == back.outcome
    # 1 / (1 / x) may differ in the last bit.
    assert there.low == pytest.approx(1 / back.high, rel=1e-12)


def test_runs_that_miss_or_diverge_count_with_the_whole_budget():
    times = np.full(20, 100.0)
    lost = times.copy()
    lost[:10] = math.inf
    outcome = judge_times(faster(direction="no_greater"), CONFIDENCE, lost, times)
    assert outcome.details["treatment_mean"] == 300
    assert outcome.details["treatment_times"]["missed"] == 10
    assert outcome.outcome == "fails"
    assert "10 and 0 runs never get there within 500" in outcome.text


def test_dropping_runs_that_miss_would_have_hidden_the_difference():
    rng = np.random.default_rng(2)
    base = np.ceil(rng.exponential(300, 200) / 10) * 10
    slow = np.ceil(1.5 * rng.exponential(300, 200) / 10) * 10
    one, other = (np.where(t > 500, math.inf, t) for t in (base, slow))
    kept = judge_times(faster(), CONFIDENCE, one, other)
    both = np.isfinite(one) & np.isfinite(other)
    dropped = judge_times(faster(), CONFIDENCE, one[both], other[both])
    assert kept.estimate < dropped.estimate
    assert kept.n == 200


def test_a_target_that_nobody_reaches_tests_nothing():
    never = np.full(20, math.inf)
    with pytest.raises(UntestedError, match="No run of either arm reaches"):
        judge_times(faster(), CONFIDENCE, never, never)


def test_a_run_there_before_its_first_update_takes_one_in_a_ratio():
    one, other = np.zeros(20), np.full(20, 2.0)
    assert judge_times(faster(), CONFIDENCE, one, other).estimate == 0.5
    by_difference = faster(measure="difference", margin=1.0)
    assert judge_times(by_difference, CONFIDENCE, one, other).estimate == -2.0


def test_equal_arms_are_seldom_told_apart():
    rng = np.random.default_rng(3)
    num_draws = 300
    wrong = 0
    for _ in range(num_draws):
        times = np.ceil(rng.exponential(400, (2, 12)) / 50) * 50
        times[times > 500] = math.inf
        outcome = judge_times(faster(margin=0.0), CONFIDENCE, *times)
        wrong += outcome.outcome != "undecided"
    assert wrong / num_draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / num_draws)


def test_arms_recorded_at_other_updates_cannot_be_compared(
    hand_made, make_claim, two_arms
):
    hand_made.put(
        two_arms["treatment"], np.ones((20, 2)), metric="loss", steps=(10, 500)
    )
    hand_made.put(two_arms["control"], np.ones((20, 2)), metric="loss", steps=(20, 500))
    prediction = faster(**two_arms)
    outcome = judge(prediction, hand_made.case(make_claim(prediction).claim, 20))
    assert outcome.outcome == "untested"
    assert "not recorded at the same updates" in outcome.reason


def test_the_judge_reads_times_from_curves(hand_made, make_claim, two_arms):
    steps = (10, 100, 500)
    # The first losses differ, or the seeds would count as ignored.
    starts = 1 + np.arange(20) / 100
    fast, slow = ([[start, at_100, 0.05] for start in starts] for at_100 in (0.05, 1))
    hand_made.put(two_arms["treatment"], fast, metric="loss", steps=steps)
    hand_made.put(two_arms["control"], slow, metric="loss", steps=steps)
    prediction = faster(**two_arms)
    outcome = judge(prediction, hand_made.case(make_claim(prediction).claim, 20))
    assert (outcome.outcome, outcome.estimate) == ("holds", 0.2)
    assert "ratio 0.2 [0.2, 0.2] (100 against 500 updates" in outcome.text


@pytest.mark.parametrize("changes", [{"at": 100}, {"at_most": None}])
def test_a_target_is_a_bound_without_a_time(changes):
    with pytest.raises(ConfigError, match="`score` must have a bound and no `at`"):
        faster(score=LOW_LOSS.replace(**changes))


def test_a_ratio_of_times_never_reads_like_its_bound():
    # 100 / 110.001 and 1 / 1.1 agree in four digits.
    one, other = np.full(12, 100.0), np.full(12, 110.001)
    outcome = judge_times(faster(), CONFIDENCE, one, other)
    assert "ratio 0.90908 [0.90908, 0.90908]" in outcome.text


def test_the_seeds_that_decide_a_ratio_do_not_hang_on_the_unit_of_time():
    rng = np.random.default_rng(4)
    one, other = rng.uniform(20, 40, (2, 20))
    wanted = [
        judge_times(
            faster(budget=budget, margin=0.0), CONFIDENCE, scale * one, scale * other
        ).details["seeds_that_decide"]
        for budget, scale in ((500, 1), (5000, 10))
    ]
    assert wanted[0] == wanted[1]
    # By logarithms, which to first order spread as the ratio does.
    logs = np.log(one / other)
    assert wanted[0] == pytest.approx(
        seeds_for_mean(abs(logs.mean()), logs.std(ddof=1)), rel=0.3
    )
