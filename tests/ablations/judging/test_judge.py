"""Predictions judged against tables whose every number was put there by hand."""

import json
import math
import re

import numpy as np
import pytest

from ablations.judging.case import Case
from ablations.judging.judge import judge
from ablations.protocol.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.protocol.kinds import (
    Agreement,
    Comparison,
    Equivalence,
    ExactCheck,
    Interaction,
    SuccessRate,
    TimeToTarget,
    Trend,
)
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.proportions import clopper_pearson

LOSS = ScoreConfig(quantity="value", words="final loss")
RATES = (0.01, 0.1, 1.0)
TREATMENT = drawn_arm("treatment", xor_arm(learning_rate=0.05))
CONTROL = drawn_arm("control", xor_arm(learning_rate=0.5))
PAIR = {"treatment": TREATMENT, "control": CONTROL}


def successes(k: int, n: int) -> np.ndarray:
    return np.arange(n) < k


def rate(bound: float, direction: str = "at_least", **changes) -> SuccessRate:
    fields = {"key": "r", "label": "the arm", "arm": TREATMENT, "score": solved()}
    return SuccessRate(**(fields | changes), bound=bound, direction=direction)


def comparison(direction: str = "greater", margin: float = 0.1, **changes):
    fields = {"key": "c", "label": "both", **PAIR, "score": solved()}
    fields |= {"margin": margin, "direction": direction}
    return Comparison(**(fields | changes))


@pytest.fixture
def judge_on(hand_made, make_claim):
    """Judge a prediction with n seeds per arm."""

    def run(prediction, num_seeds: int):
        claim = make_claim(prediction).claim
        return judge(prediction, hand_made.case(claim, num_seeds))

    return run


# Exact checks.


def check(**changes) -> ExactCheck:
    fields = {"key": "x", "label": "cost", "measurement": "made_up", "quantity": "cost"}
    return ExactCheck(**(fields | {"expected": 0.25} | changes))


@pytest.mark.parametrize(
    ("measured", "changes", "word"),
    [
        (0.25, {}, "holds"),
        (0.26, {}, "fails"),
        ([0.25, 0.25], {}, "holds"),
        ([0.25, 0.3, 0.25], {}, "fails"),
        (0.375, {"tolerance": 0.125}, "holds"),
        (0.376, {"tolerance": 0.125}, "fails"),
        (0.3, {"relation": "at_least"}, "holds"),
        (0.25, {"relation": "at_least"}, "holds"),
        (0.2, {"relation": "at_least"}, "fails"),
        (0.2, {"relation": "at_most"}, "holds"),
        (0.3, {"relation": "at_most"}, "fails"),
        (math.nan, {}, "fails"),
        ([0.25, math.nan], {}, "fails"),
        (math.inf, {"relation": "at_least"}, "fails"),
        ([], {}, "fails"),
    ],
)
def test_an_exact_check_holds_where_every_entry_agrees(
    hand_made, judge_on, measured, changes, word
):
    hand_made.measure("made_up", cost=measured)
    assert judge_on(check(**changes), 20).outcome == word


def test_an_exact_check_shows_the_entry_farthest_from_the_expected_one(
    hand_made, judge_on
):
    hand_made.measure("made_up", cost=[0.25, 0.5, 0.2])
    outcome = judge_on(check(), 20)
    assert (outcome.estimate, outcome.n) == (0.5, 3)
    assert "0.5 (the farthest of 3), where the statement implies 0.25" in outcome.text


def test_a_number_that_is_wrong_never_reads_like_the_expected_one(hand_made, judge_on):
    hand_made.measure("made_up", cost=0.25 + 1e-12)
    outcome = judge_on(check(), 20)
    assert outcome.outcome == "fails"
    assert "0.250000000001" in outcome.text


def test_what_was_not_measured_is_untested(hand_made, judge_on):
    outcome = judge_on(check(), 20)
    assert outcome.outcome == "untested"
    assert outcome.reason == "The measurement made_up was not made."
    hand_made.measure("made_up", something_else=1.0)
    assert judge_on(check(), 20).reason == "made_up gives no cost."


# Shares of runs.


@pytest.mark.parametrize(
    ("k", "prediction", "word"),
    [
        (100, rate(0.95), "holds"),
        (90, rate(0.95), "undecided"),
        (80, rate(0.95), "fails"),
        (0, rate(0.05, "at_most"), "holds"),
        (3, rate(0.05, "at_most"), "undecided"),
        (20, rate(0.05, "at_most"), "fails"),
    ],
)
def test_a_share_is_judged_by_its_clopper_pearson_interval(
    hand_made, judge_on, k, prediction, word
):
    hand_made.put(TREATMENT, successes(k, 100))
    outcome = judge_on(prediction, 100)
    expected = clopper_pearson(k, 100)
    assert outcome.outcome == word
    assert (outcome.estimate, outcome.low, outcome.high, outcome.n) == (
        k / 100,
        expected.low,
        expected.high,
        100,
    )


@pytest.mark.parametrize(
    ("direction", "end"), [("at_least", "low"), ("at_most", "high")]
)
def test_the_bound_itself_still_holds(hand_made, judge_on, direction, end):
    hand_made.put(TREATMENT, successes(30, 50))
    bound = getattr(clopper_pearson(30, 50), end)
    assert judge_on(rate(bound, direction), 50).outcome == "holds"
    beyond = np.nextafter(bound, 1.0 if direction == "at_least" else 0.0)
    outcome = judge_on(rate(float(beyond), direction), 50)
    assert outcome.outcome == "undecided"


@pytest.mark.parametrize(
    ("direction", "end"), [("at_least", "high"), ("at_most", "low")]
)
def test_it_fails_only_if_even_the_bound_is_excluded(
    hand_made, judge_on, direction, end
):
    hand_made.put(TREATMENT, successes(30, 50))
    bound = getattr(clopper_pearson(30, 50), end)
    assert judge_on(rate(bound, direction), 50).outcome == "undecided"
    beyond = np.nextafter(bound, 1.0 if direction == "at_least" else 0.0)
    assert judge_on(rate(float(beyond), direction), 50).outcome == "fails"


def test_nine_runs_are_too_few_and_ten_are_not(hand_made, judge_on):
    hand_made.put(TREATMENT, successes(0, 10))
    outcome = judge_on(rate(0.95), 9)
    assert outcome.outcome == "untested"
    assert outcome.reason == "9 seeds are too few; it takes 10."
    assert outcome.details == {"seeds_that_decide": 10}
    assert judge_on(rate(0.95), 10).outcome == "fails"


def test_a_missing_run_leaves_it_untested(hand_made, judge_on):
    hand_made.put(TREATMENT, successes(19, 19))
    outcome = judge_on(rate(0.5), 20)
    assert outcome.outcome == "untested"
    assert outcome.reason == "Only 19 of 20 runs of treatment are there."


def test_runs_that_diverged_failed_or_have_nan_are_no_success_and_stay(
    hand_made, judge_on
):
    status = ["ok"] * 17 + ["diverged", "failed", "oom"]
    values = [1.0] * 16 + [math.nan] + [1.0] * 3
    hand_made.put(TREATMENT, values, status=status)
    outcome = judge_on(rate(0.5), 20)
    assert (outcome.details["successes"], outcome.n) == (16, 20)


def test_a_number_below_a_success_bound_counts_only_if_the_run_is_ok(
    hand_made, judge_on
):
    small = ScoreConfig(quantity="value", at_most=0.1, words="end small")
    hand_made.put(
        TREATMENT,
        [0.1] * 5 + [0.05] * 5 + [0.0] * 10,
        metric="value",
        status=["ok"] * 10 + ["diverged"] * 10,
    )
    assert judge_on(rate(0.5, score=small), 20).details["successes"] == 10


def test_a_share_among_some_runs_counts_only_those(hand_made, judge_on):
    early, late = solved(100), solved(500)
    values = [[1, 1]] * 12 + [[1, 0]] * 3 + [[0, 1]] * 5
    hand_made.put(TREATMENT, values, steps=(100, 500))
    outcome = judge_on(rate(0.5, score=late, among=early), 20)
    assert (outcome.details["successes"], outcome.n) == (12, 15)


def test_fewer_than_ten_runs_to_count_leave_it_untested(hand_made, judge_on):
    values = [[1, 1]] * 9 + [[0, 1]] * 11
    hand_made.put(TREATMENT, values, steps=(100, 500))
    outcome = judge_on(rate(0.5, score=solved(500), among=solved(100)), 20)
    assert outcome.outcome == "untested"
    assert "Only 9 runs" in outcome.reason


def test_an_undecided_share_names_a_number_of_seeds_that_decides(hand_made, judge_on):
    hand_made.put(TREATMENT, successes(45, 50))
    outcome = judge_on(rate(0.95), 50)
    assert outcome.outcome == "undecided"
    (needed,) = map(int, re.findall(r"about ([\d,]+) would", outcome.reason))
    assert needed > 50
    assert clopper_pearson(round(0.9 * needed), needed).high < 0.95
    assert clopper_pearson(round(0.9 * (needed - 10)), needed - 10).high > 0.94


def test_a_share_on_its_bound_is_never_promised_a_decision(hand_made, judge_on):
    hand_made.put(TREATMENT, successes(25, 50))
    outcome = judge_on(rate(0.5), 50)
    assert "it would take more than 1,000,000." in outcome.reason


def test_two_arms_agree_on_the_seeds_they_share(hand_made, judge_on):
    few = CONTROL.replace(max_seeds=40)
    alike = Agreement(
        key="a", label="alike", arm=TREATMENT, other=few, score=solved(), bound=0.8
    )
    values = successes(30, 200)
    other = values[:40].copy()
    other[:2] = False
    hand_made.put(TREATMENT, values)
    hand_made.put(CONTROL, other)
    outcome = judge_on(alike, 200)
    assert (outcome.details["successes"], outcome.n) == (38, 40)
    assert outcome.outcome == "holds"


# Differences.


def put_both(hand_made, treatment, control, *, arms=PAIR, **options) -> None:
    hand_made.put(arms["treatment"], treatment, **options)
    hand_made.put(arms["control"], control, **options)


@pytest.mark.parametrize(
    ("direction", "k", "word"),
    [
        ("greater", 90, "holds"),
        ("greater", 62, "undecided"),
        ("greater", 50, "fails"),
        ("less", 10, "holds"),
        ("less", 50, "fails"),
        ("no_less", 50, "holds"),
        ("no_less", 10, "fails"),
        ("no_greater", 50, "holds"),
        ("no_greater", 90, "fails"),
    ],
)
def test_a_comparison_of_shares_is_judged_against_its_margin(
    hand_made, judge_on, direction, k, word
):
    put_both(hand_made, successes(k, 100), successes(50, 100))
    outcome = judge_on(comparison(direction), 100)
    expected = paired_rate_difference(successes(k, 100), successes(50, 100))
    assert outcome.outcome == word
    assert outcome.estimate == pytest.approx(k / 100 - 0.5)
    assert (outcome.low, outcome.high, outcome.p) == (
        expected.low,
        expected.high,
        expected.p_value,
    )


def test_arms_are_paired_by_seed_and_not_by_position(hand_made, judge_on):
    # Written in two orders of seeds: run for run, the control does one worse.
    rng = np.random.default_rng(0)
    noise = rng.normal(size=20)
    shuffled = rng.permutation(20)
    hand_made.put(TREATMENT, noise + 1.0, metric="value")
    hand_made.put(CONTROL, noise[shuffled], seeds=shuffled, metric="value")
    outcome = judge_on(comparison(score=LOSS, margin=0.5), 20)
    assert outcome.outcome == "holds"
    # Every difference is 1 up to float32, so the interval is a point.
    assert outcome.low == pytest.approx(1.0, abs=1e-6)
    assert outcome.high == pytest.approx(1.0, abs=1e-6)


def test_an_arm_with_fewer_runs_decides_how_many_pairs_there_are(hand_made, judge_on):
    few = CONTROL.replace(max_seeds=30)
    hand_made.put(TREATMENT, successes(15, 100))
    hand_made.put(CONTROL, successes(15, 30))
    outcome = judge_on(comparison("no_less", control=few), 100)
    assert (outcome.n, outcome.estimate) == (30, 0.0)


def test_where_no_run_of_either_arm_succeeds_nothing_is_compared(hand_made, judge_on):
    put_both(hand_made, np.zeros(50), np.zeros(50))
    for direction in ("greater", "no_less"):
        outcome = judge_on(comparison(direction), 50)
        assert outcome.outcome == "untested"
        assert "No run of any arm succeeds" in outcome.reason


def test_a_diverged_run_counts_against_its_arm(hand_made, judge_on):
    status = ["ok"] * 60 + ["diverged"] * 40
    hand_made.put(TREATMENT, np.ones(100), status=status)
    hand_made.put(CONTROL, np.ones(100))
    outcome = judge_on(comparison("no_less"), 100)
    assert outcome.outcome == "fails"
    assert (outcome.estimate, outcome.n) == (-0.4, 100)


@pytest.mark.parametrize("lost", [math.nan, math.inf])
def test_a_run_without_a_score_leaves_means_untested_and_is_not_dropped(
    hand_made, judge_on, lost
):
    hand_made.put(TREATMENT, [5.0] * 19 + [lost], metric="value")
    hand_made.put(CONTROL, np.linspace(1.0, 1.1, 20), metric="value")
    outcome = judge_on(comparison(score=LOSS), 20)
    assert outcome.outcome == "untested"
    assert outcome.reason == "1 of 40 runs failed and have no score."


@pytest.mark.parametrize("metric", ["solved", "value"])
def test_swapped_arms_give_the_mirrored_outcome(hand_made, judge_on, metric):
    rng = np.random.default_rng(1)
    draw = {"solved": rng.integers(0, 2, (2, 60)), "value": rng.normal(size=(2, 60))}
    score = {"solved": solved(), "value": LOSS}[metric]
    put_both(hand_made, *draw[metric], metric=metric)
    swapped = {"treatment": CONTROL, "control": TREATMENT}
    there = judge_on(comparison(score=score), 60)
    back = judge_on(comparison("less", score=score, **swapped), 60)
    assert there.outcome == back.outcome
    assert (there.estimate, there.p) == (-back.estimate, back.p)
    # Newcombe's terms are added in another order, which may cost a last bit.
    assert there.low == pytest.approx(-back.high, rel=1e-12)
    assert there.high == pytest.approx(-back.low, rel=1e-12)


def test_a_comparison_scales_with_the_unit_and_ignores_the_order_of_seeds(
    hand_made, judge_on
):
    # More than 16 pairs, so that the signs of the test are drawn.
    values = np.random.default_rng(2).normal(size=(2, 40))
    put_both(hand_made, *values, metric="value")
    others = {
        "treatment": drawn_arm("treatment", xor_arm(learning_rate=0.06)),
        "control": drawn_arm("control", xor_arm(learning_rate=0.6)),
    }
    reversed_seeds = range(39, -1, -1)
    # A power of two scales floats exactly.
    options = {"metric": "value", "seeds": reversed_seeds}
    put_both(hand_made, *(8 * values), arms=others, **options)
    one = judge_on(comparison(score=LOSS, margin=0.01), 40)
    eight = judge_on(comparison(score=LOSS, margin=0.08, **others), 40)
    assert one.outcome == eight.outcome
    assert (8 * one.low, 8 * one.high, one.p) == (eight.low, eight.high, eight.p)


def test_an_undecided_comparison_names_a_number_of_seeds_that_decides(
    hand_made, judge_on
):
    treatment, control = successes(34, 50), successes(25, 50)
    put_both(hand_made, treatment, control)
    outcome = judge_on(comparison(), 50)
    assert outcome.outcome == "undecided"
    (needed,) = re.findall(r"about ([\d,]+) would", outcome.reason)
    times = -(-int(needed.replace(",", "")) // 50)
    repeated = paired_rate_difference(
        np.tile(treatment, times), np.tile(control, times)
    )
    assert repeated.low >= 0.1


def test_a_comparison_may_read_one_arm_at_two_numbers_of_updates(hand_made, judge_on):
    values = np.stack([successes(10, 100), successes(90, 100)], axis=1)
    hand_made.put(TREATMENT, values, steps=(100, 500))
    later = comparison(control=TREATMENT, score=solved(500), control_score=solved(100))
    outcome = judge_on(later, 100)
    assert outcome.outcome == "holds"
    assert outcome.estimate == pytest.approx(0.8)


# Tuned arms.


def tuned(config, widen: int = 3) -> Arm:
    tune = TuneConfig(learning_rates=RATES, score=solved(), seeds=10, widen=widen)
    return drawn_arm("treatment", config, tune)


def put_tuning(hand_made, arm: Arm, shares: dict[float, int]) -> None:
    seeds = np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + 10)
    for rate_, k in shares.items():
        hand_made.put(arm.with_learning_rate(rate_), successes(k, 10), seeds=seeds)


def test_a_tuned_arm_is_judged_at_its_best_rate_on_other_seeds(hand_made, judge_on):
    arm = tuned(xor_arm())
    put_tuning(hand_made, arm, {0.01: 2, 0.1: 8, 1.0: 3})
    outcome = judge_on(rate(0.5, arm=arm), 20)
    assert outcome.reason == "Only 0 of 20 runs of treatment are there."
    hand_made.put(arm.with_learning_rate(0.1), successes(19, 20))
    assert judge_on(rate(0.5, arm=arm), 20).details["successes"] == 19


def test_a_best_rate_at_the_edge_leaves_it_untested(hand_made, judge_on):
    arm = tuned(xor_arm(), widen=0)
    put_tuning(hand_made, arm, {0.01: 2, 0.1: 5, 1.0: 9})
    hand_made.put(arm.with_learning_rate(1.0), successes(19, 20))
    outcome = judge_on(rate(0.5, arm=arm), 20)
    assert outcome.outcome == "untested"
    assert "best learning rate of treatment, 1, lies at the edge" in outcome.reason


def test_a_grid_that_has_grown_enough_says_so(hand_made, judge_on):
    arm = tuned(xor_arm(), widen=1)
    put_tuning(hand_made, arm, {0.01: 2, 0.1: 5, 1.0: 7, 10.0: 9})
    outcome = judge_on(rate(0.5, arm=arm), 20)
    assert outcome.reason == (
        "The best learning rate of treatment, 10, lies at the edge of its grid, wider"
        " by 1 rate already."
    )


def test_missing_tuning_runs_leave_it_untested(hand_made, judge_on):
    arm = tuned(xor_arm())
    put_tuning(hand_made, arm, {0.01: 2, 0.1: 8})
    outcome = judge_on(rate(0.5, arm=arm), 20)
    assert outcome.reason == "Tuning runs of treatment are missing."


# Trends.


LEVELS = [drawn_arm(f"level {i}", xor_arm(learning_rate=0.1 + i)) for i in range(3)]


def trend(*along: Arm, margin: float = 0.05) -> Trend:
    fields = {"key": "t", "label": "rises", "scores": (solved(),), "margin": margin}
    return Trend(along=along, **fields)


@pytest.mark.parametrize(
    ("shares", "word"),
    [
        ((0.2, 0.5, 0.9), "holds"),
        ((0.2, 0.2, 0.9), "holds"),
        ((0.5, 0.5, 0.5), "fails"),
        ((0.9, 0.5, 0.2), "fails"),
        ((0.2, 0.9, 0.5), "fails"),
        ((0.5, 0.5, 0.57), "undecided"),
        ((0.2, 0.9, 0.86), "undecided"),
        ((0.0, 0.0, 0.0), "untested"),
    ],
)
def test_a_trend_holds_if_it_rises_in_all_and_never_falls(
    hand_made, judge_on, shares, word
):
    # Independent draws would blur the levels; the first seeds succeed at all of them.
    for arm, share in zip(LEVELS, shares, strict=True):
        hand_made.put(arm, successes(round(400 * share), 400))
    outcome = judge_on(trend(*LEVELS), 400)
    assert outcome.outcome == word
    if word != "untested":
        assert outcome.details["means"] == pytest.approx(shares, abs=1e-9)


def test_a_trend_that_falls_says_where(hand_made, judge_on):
    for arm, k in zip(LEVELS, (20, 90, 40), strict=True):
        hand_made.put(arm, successes(k, 100))
    outcome = judge_on(trend(*LEVELS), 100)
    assert outcome.reason == "rises: it falls from level 1 to level 2."


# What a report reads.


def numbers_in(text: str) -> list[float]:
    return [float(found) for found in re.findall(r"[-+]?\d+(?:\.\d+)?", text)]


def test_the_numbers_in_the_text_are_those_of_the_record(hand_made, judge_on):
    put_both(hand_made, successes(71, 97), successes(40, 97))
    share = judge_on(rate(0.5, label="s"), 97)
    record = share.record()
    shown = numbers_in(share.text)
    ends = [100 * record[k] for k in ("estimate", "low", "high")]
    # One decimal is shown.
    assert shown[:3] == pytest.approx(ends, abs=0.05)
    assert (shown[3], shown[-1]) == (record["n"], 100 * record["bound"])
    difference = judge_on(comparison(label="d"), 97)
    record = difference.record()
    details = record["details"]
    expected = [record[k] for k in ("estimate", "low", "high")]
    expected += [details["treatment_mean"], details["control_mean"]]
    shown = numbers_in(difference.text)
    assert shown[:5] == pytest.approx([100 * e for e in expected], abs=0.05)
    assert (shown[5], shown[-1]) == (record["n"], 100 * record["bound"])


def test_every_record_is_plain_json(hand_made, judge_on):
    put_both(hand_made, successes(71, 97), successes(40, 97))
    hand_made.measure("made_up", cost=[math.nan])
    outcomes = [
        judge_on(check(), 97),
        judge_on(check(measurement="not_made"), 97),
        judge_on(rate(0.5), 97),
        judge_on(comparison(), 97),
        judge_on(trend(TREATMENT, CONTROL), 97),
    ]
    for outcome in outcomes:
        record = outcome.record()
        assert json.loads(json.dumps(record, allow_nan=False)) == record
        assert not outcome.text.endswith(".")


# Too few seeds.


ODD = np.linspace(-1.0, 1.0, 11), 1e-3 * np.linspace(-1.0, 1.0, 11) ** 2
"""Numbers of which the first are about zero, and the second nearly are."""


def test_seeds_that_cannot_decide_are_said_to_be_too_few(hand_made, judge_on):
    put_both(hand_made, *ODD, metric="value")
    claim_of = comparison(score=LOSS, margin=0.0)
    case = judge_on(claim_of, 11)
    assert case.outcome == "undecided"


def test_a_stricter_look_says_how_many_seeds_it_takes(hand_made, make_claim):
    put_both(hand_made, *ODD, metric="value")
    prediction = comparison(score=LOSS, margin=0.0)
    claim = make_claim(prediction).claim
    case = Case(claim, hand_made.evidence(), "quick", 11, confidence=0.9999)
    outcome = judge(prediction, case)
    assert outcome.outcome == "untested"
    # 2 / 2^14 > 0.0001 >= 2 / 2^15.
    words = "11 seeds cannot decide, whatever they show; it takes 15."
    assert outcome.reason == words


def test_what_is_unmet_by_a_member_of_a_family_leaves_that_member_untested(
    hand_made, make_claim
):
    rng = np.random.default_rng(0)
    baseline = drawn_arm("baseline", xor_arm())
    fair_arm = drawn_arm("fair", xor_arm(learning_rate=0.5))
    short = drawn_arm("shorter", xor_arm(num_steps=100))
    for arm in (baseline, fair_arm, short):
        steps = (100,) if arm is short else (500,)
        values = rng.normal(0.1, 0.01, 20)
        hand_made.put(arm, values, metric="value", steps=steps)
    fields = {"score": LOSS, "control": baseline, "family": True}
    predictions = [
        comparison(key=arm.name, label=arm.name, treatment=arm, **fields)
        for arm in (fair_arm, short)
    ]
    claim = make_claim(*predictions).claim
    case = hand_made.case(claim, 20)
    fair, unfair = (judge(prediction, case) for prediction in predictions)
    assert fair.outcome != "untested"
    assert (unfair.label, unfair.outcome) == ("shorter", "untested")
    assert unfair.reason.startswith("The budgets differ: shorter is read after 100")


def strictly(hand_made, make_claim, prediction, n, confidence=1 - 1e-6):
    """Judge at a confidence that the drawn signs cannot show."""
    claim = make_claim(prediction).claim
    case = Case(claim, hand_made.evidence(), "quick", n, confidence=confidence)
    return judge(prediction, case)


NEVER = "20 seeds cannot decide, whatever they show; no number would."


@pytest.mark.parametrize(
    "prediction",
    [
        comparison(score=LOSS),
        Equivalence(key="e", label="e", **PAIR, score=LOSS, margin=1e-9),
        Interaction(
            key="i",
            label="i",
            neither=TREATMENT,
            first=CONTROL,
            second=CONTROL,
            both=TREATMENT,
            score=LOSS,
            margin=0.1,
        ),
        Trend(
            key="t",
            label="t",
            along=(CONTROL, TREATMENT),
            scores=(LOSS,),
            margin=0.1,
        ),
        TimeToTarget(
            key="s",
            label="s",
            **PAIR,
            score=ScoreConfig(quantity="value", at_most=9.0, words="get low"),
            budget=500,
            margin=0.1,
        ),
    ],
    ids=lambda made: made.kind,
)
def test_a_confidence_beyond_the_drawn_signs_leaves_means_untested(
    hand_made, make_claim, prediction
):
    rng = np.random.default_rng(0)
    put_both(hand_made, *rng.normal(0.1, 0.01, (2, 20)), metric="value")
    outcome = strictly(hand_made, make_claim, prediction, 20)
    assert (outcome.outcome, outcome.reason) == ("untested", NEVER)
    assert "seeds_that_decide" not in outcome.details


def test_a_confidence_beyond_the_drawn_signs_still_decides_shares(
    hand_made, make_claim
):
    put_both(hand_made, np.ones(100), successes(5, 100))
    outcome = strictly(hand_made, make_claim, comparison(), 100)
    assert outcome.outcome == "holds"


def test_a_share_is_not_asked_for_the_pairs_of_a_mean(hand_made, make_claim):
    # Means would take 15 pairs at this confidence; none of 10 runs refutes 95 %.
    hand_made.put(TREATMENT, successes(11, 12))
    outcome = strictly(hand_made, make_claim, rate(0.95), 12, 0.9999)
    assert outcome.outcome == "undecided"
