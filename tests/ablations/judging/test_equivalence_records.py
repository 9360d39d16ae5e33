"""What is recorded of two arms that are predicted to be alike."""

import math

import numpy as np
import pytest

from ablations.judging.kinds import equivalence as equivalences
from ablations.judging.outcome import Outcome, UntestedError
from ablations.judging.seeds import seeds_for_difference
from ablations.protocol.kinds import Equivalence
from ablations.protocol.score import ScoreConfig
from ablations.stats.paired import paired_mean_difference, sign_flip_p_value
from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.power import seeds_for_mean

SOLVED = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")
LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")


def first(k, n):
    return np.arange(n) < k


def signs():
    return np.random.default_rng(0)


@pytest.fixture
def judge_pair(hand_made, make_claim, two_arms):
    """Judge how alike two arms are whose values are given."""

    def run(treatment, control, score=LOSS, **changes):
        for name, values in {"treatment": treatment, "control": control}.items():
            hand_made.put(two_arms[name], values, metric=score.quantity)
        fields = {"key": "e", "label": "it", **two_arms, "score": score}
        prediction = Equivalence(**(fields | changes))
        case = hand_made.case(make_claim(prediction).claim, len(control))
        return prediction, equivalences.judge(prediction, case)

    return run


@pytest.mark.parametrize("sign", [1, -1])
def test_an_equivalence_of_numbers_is_recorded_whole(judge_pair, sign):
    control = np.arange(20.0)
    differences = sign * np.tile([0.0, 0.5], 10)
    prediction, outcome = judge_pair(control + differences, control, margin=0.5)
    inner = paired_mean_difference(differences, rng=signs(), confidence=0.9)
    # The larger p-value of two one-sided tests.
    p_bound = max(
        sign_flip_p_value(differences, rng=signs(), null=null, alternative=side)
        for null, side in ((-0.5, "greater"), (0.5, "less"))
    )
    mean = 9.5 + sign * 0.25
    assert outcome == Outcome(
        key="e",
        label="it",
        kind="equivalence",
        outcome="holds",
        text=f"it: {sign * 0.25:+g} [{inner.low:+.4g}, {inner.high:+.4g}] ({mean:g}"
        " against 9.5) over 20 seeds, where the statement implies less than 0.5 either"
        " way",
        rule=prediction.rule(),
        estimate=sign * 0.25,
        low=inner.low,
        high=inner.high,
        unit="final loss",
        n=20,
        bound=0.5,
        direction="within",
        p=sign_flip_p_value(differences, rng=signs()),
        confidence=pytest.approx(0.9),
        reason="",
        details={
            "treatment_mean": mean,
            "control_mean": 9.5,
            # 2 / 2^5 is less than one in ten.
            "p_bound": p_bound,
        },
    )


def test_an_equivalence_of_shares_is_recorded_whole(judge_pair):
    treatment, control = first(150, 200), first(149, 200)
    prediction, outcome = judge_pair(treatment, control, SOLVED, margin=0.05)
    whole = paired_rate_difference(treatment, control)
    ends = f"{100 * whole.low:+.1f}, {100 * whole.high:+.1f}"
    p_bound = outcome.details["p_bound"]
    assert outcome == Outcome(
        key="e",
        label="it",
        kind="equivalence",
        outcome="holds",
        text=f"it: +0.50 points [{ends}] (75.0 % against 74.5 %) over 200 seeds, where"
        " the statement implies less than 5.0 points either way",
        rule=prediction.rule(),
        estimate=pytest.approx(0.005),
        low=whole.low,
        high=whole.high,
        unit="difference in share of runs",
        n=200,
        bound=0.05,
        direction="within",
        p=whole.p_value,
        confidence=0.95,
        reason="",
        details={
            "treatment_mean": 0.75,
            "control_mean": 0.745,
            "p_bound": p_bound,
        },
    )
    # The nearer margin is the last that the interval takes in.
    widest = paired_rate_difference(treatment, control, confidence=1 - p_bound)
    assert max(widest.high, -widest.low) == pytest.approx(0.05, abs=1e-8)


@pytest.mark.parametrize("sign", [1, -1])
def test_arms_that_surely_differ_are_tested_at_the_margin_they_passed(judge_pair, sign):
    differences = sign * np.tile([0.5, 1.5], 6)
    _, outcome = judge_pair(differences, np.zeros(12), margin=0.25)
    assert outcome.outcome == "fails"
    at_margin = paired_mean_difference(differences, rng=signs(), null=sign * 0.25)
    assert outcome.details["p_bound"] == at_margin.p_value
    assert outcome.reason == ""


def test_a_difference_that_is_the_margin_is_tested_on_both_sides(judge_pair):
    differences = np.tile([0.25, 0.75], 6)
    _, outcome = judge_pair(differences, np.zeros(12), margin=0.5)
    assert outcome.outcome == "undecided"
    assert outcome.details["p_bound"] == 1.0


def test_half_the_level_on_each_side_is_what_refutes(judge_pair):
    differences = np.tile([0.5, 1.0, 1.5, 2.0], 3)
    narrow, wide = (
        paired_mean_difference(differences, rng=signs(), confidence=level).low
        for level in (0.9, 0.95)
    )
    assert wide < narrow
    # Two one-sided tests at 5 % alone would refute it.
    _, between = judge_pair(differences, np.zeros(12), margin=(narrow + wide) / 2)
    assert between.outcome == "undecided"
    assert between.low == pytest.approx(narrow)


def test_a_wider_margin_is_not_refuted_and_a_narrower_one_is(judge_pair):
    differences = np.tile([0.5, 1.0, 1.5, 2.0], 3)
    wide = paired_mean_difference(differences, rng=signs()).low
    _, outcome = judge_pair(differences, np.zeros(12), margin=wide - 1e-3)
    assert outcome.outcome == "fails"


@pytest.mark.parametrize("sign", [1, -1])
def test_undecided_means_are_planned_from_the_nearer_margin(judge_pair, sign):
    differences = sign * np.tile([-1.0, 2.0], 10)
    _, outcome = judge_pair(differences, np.zeros(20), margin=0.75)
    # A quarter from the margin, by an interval that covers 90 %.
    needed = seeds_for_mean(0.25, differences.std(ddof=1), confidence=0.9)
    assert outcome.outcome == "undecided"
    assert outcome.details["seeds_that_decide"] == needed
    assert outcome.reason == (
        "it: 20 seeds do not decide; if the numbers stay as they are, about"
        f" {needed:,} would."
    )


def test_undecided_shares_are_planned_by_their_kinds_of_pairs(judge_pair):
    treatment, control = first(30, 50), first(26, 50)
    _, outcome = judge_pair(treatment, control, SOLVED, margin=0.1)
    needed = seeds_for_difference(1.0 * treatment, 1.0 * control, 0.1, 0.95)
    assert outcome.outcome == "undecided"
    assert outcome.details["seeds_that_decide"] == needed


def test_a_failed_run_counts_as_the_worst_of_both_arms(judge_pair):
    treatment = np.where(first(1, 21), math.nan, 2.0)
    control = np.where(first(2, 21), 4.0, 2.0)
    _, outcome = judge_pair(treatment, control, margin=0.5)
    both = outcome.details["sensitivity"]
    assert both["num_failed"] == 1
    # 4 - 4 and 2 - 4, then nineteen zeros.
    assert both["as_worst"]["estimate"] == outcome.estimate == pytest.approx(-2 / 21)
    assert both["excluded"]["estimate"] == pytest.approx(-2 / 20)
    assert (both["as_worst"]["n"], both["excluded"]["n"]) == (21, 20)
    assert outcome.details["treatment_mean"] == pytest.approx((4 + 20 * 2) / 21)


def test_arms_that_never_succeed_are_not_called_alike(judge_pair):
    with pytest.raises(UntestedError) as refusal:
        judge_pair(np.zeros(20), np.zeros(20), SOLVED, margin=0.1)
    message = "No run of any arm succeeds, so nothing is compared."
    assert str(refusal.value) == message


def test_means_of_zero_are_alike(judge_pair):
    _, outcome = judge_pair(np.zeros(20), np.zeros(20), margin=0.1)
    assert outcome.outcome == "holds"


def test_an_equivalence_that_reads_like_its_margin_gets_more_decimals(judge_pair):
    treatment, control = first(150, 200), first(149, 200)
    high = paired_rate_difference(treatment, control).high
    margin = high + 1e-5
    _, outcome = judge_pair(treatment, control, SOLVED, margin=margin)
    assert outcome.outcome == "holds"
    assert f"{100 * high:+.1f}] (" not in outcome.text
