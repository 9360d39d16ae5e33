import numpy as np
import pytest

from ablations.judging.kinds import comparison as comparisons
from ablations.judging.kinds import trend as trends
from ablations.judging.outcome import Outcome, UntestedError
from ablations.judging.seeds import seeds_for_difference
from ablations.protocol.kinds import Comparison, Trend
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired import paired_mean_difference
from ablations.stats.paired_proportions import paired_rate_difference
from ablations.stats.power import seeds_for_mean

SOLVED = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")
LOSS = ScoreConfig(quantity="loss", words="final loss")


def first(k, n):
    return np.arange(n) < k


@pytest.fixture
def judge_pair(hand_made, make_claim, two_arms):
    """Judge a comparison of two arms whose values are given."""

    def run(treatment, control, score=SOLVED, **changes):
        for name, values in {"treatment": treatment, "control": control}.items():
            hand_made.put(two_arms[name], values, metric=score.quantity)
        fields = {"key": "c", "label": "it", **two_arms, "score": score}
        comparison = Comparison(**(fields | changes))
        case = hand_made.case(make_claim(comparison).claim, len(control))
        return comparison, comparisons.judge(comparison, case)

    return run


@pytest.mark.parametrize(
    ("direction", "word", "relation", "bound", "p_bound"),
    [
        ("greater", "holds", "at_least", 0.1, 3.7177e-8),
        ("less", "fails", "at_most", -0.1, 1e-12),
        ("no_less", "holds", "at_least", -0.1, 1e-12),
        ("no_greater", "fails", "at_most", 0.1, 3.7177e-8),
    ],
)
def test_a_comparison_of_shares_is_recorded_whole(
    judge_pair, direction, word, relation, bound, p_bound
):
    treatment, control = first(90, 100), first(50, 100)
    comparison, outcome = judge_pair(
        treatment, control, margin=0.1, direction=direction
    )
    estimate = paired_rate_difference(treatment, control)
    # Newcombe's interval for 50, 40, 0 and 10 pairs is 29.8 to 49.3 points.
    # At -0.1 the p-value is the smallest that is computed.
    assert outcome == Outcome(
        key="c",
        label="it",
        kind="comparison",
        outcome=word,
        text="it: +40.0 points [+29.8, +49.3] (90.0 % against 50.0 %) over 100 seeds,"
        f" where the statement implies {relation.replace('_', ' ')}"
        f" {100 * bound:+.1f} points",
        rule=comparison.rule(),
        estimate=0.4,
        low=estimate.low,
        high=estimate.high,
        unit="difference in share of runs",
        n=100,
        bound=bound,
        direction=relation,
        p=estimate.p_value,
        confidence=0.95,
        reason="",
        details={
            "treatment_mean": 0.9,
            "control_mean": 0.5,
            "p_bound": pytest.approx(p_bound, rel=1e-5, abs=0),
        },
    )


@pytest.mark.parametrize("margin", [0.1, 0.3])
def test_the_interval_at_the_level_of_its_p_value_ends_at_the_bound(judge_pair, margin):
    treatment, control = first(90, 100), first(50, 100)
    _, outcome = judge_pair(treatment, control, margin=margin)
    confidence = 1 - outcome.details["p_bound"]
    limit = paired_rate_difference(treatment, control, confidence=confidence).low
    assert limit == pytest.approx(margin, abs=1e-8)


def test_a_comparison_of_numbers_is_recorded_whole(judge_pair):
    control = np.arange(20.0)
    treatment = control + np.tile([1.0, 3.0], 10)
    comparison, outcome = judge_pair(treatment, control, LOSS, margin=0.5)
    estimate = paired_mean_difference(treatment - control, rng=np.random.default_rng(0))
    assert outcome == Outcome(
        key="c",
        label="it",
        kind="comparison",
        outcome="holds",
        text=f"it: +2 [{estimate.low:+.4g}, {estimate.high:+.4g}] (11.5 against 9.5)"
        " over 20 seeds, where the statement implies at least +0.5",
        rule=comparison.rule(),
        estimate=2.0,
        low=estimate.low,
        high=estimate.high,
        unit="final loss",
        n=20,
        bound=0.5,
        direction="at_least",
        p=estimate.p_value,
        confidence=0.95,
        reason="",
        details={
            "treatment_mean": 11.5,
            "control_mean": 9.5,
            # All differences lie above the margin: no drawn signs are as extreme.
            "p_bound": pytest.approx(1 / 100_001),
        },
    )


def test_an_undecided_mean_is_planned_with_the_spread_of_its_pairs(judge_pair):
    # What the arms share does not spread their differences.
    control = np.arange(20.0)
    differences = np.tile([-1.0, 2.0], 10)
    _, outcome = judge_pair(control + differences, control, LOSS, margin=0.25)
    # Half a unit on average, a quarter from the margin.
    needed = seeds_for_mean(0.25, differences.std(ddof=1))
    assert outcome.outcome == "undecided"
    assert outcome.reason == (
        "it: 20 seeds do not decide; if the numbers stay as they are, about"
        f" {needed:,} would."
    )


def test_a_mean_at_its_margin_is_never_promised_a_decision(judge_pair):
    treatment = np.tile([-1.0, 2.0], 10)
    _, outcome = judge_pair(treatment, np.zeros(20), LOSS, margin=0.5)
    assert outcome.reason == (
        "it: 20 seeds do not decide; it would take more than 100,000."
    )


def test_a_difference_of_shares_at_its_margin_is_never_promised_a_decision(judge_pair):
    _, outcome = judge_pair(first(25, 50), first(20, 50), margin=0.1)
    assert outcome.reason == (
        "it: 50 seeds do not decide; it would take more than 1,000,000."
    )


def test_a_difference_that_reads_like_its_bound_gets_more_decimals(judge_pair):
    _, outcome = judge_pair(first(90, 100), first(50, 100), margin=0.2976)
    # The lower limit is 29.759 points.
    assert "+40.0 points [+29.759, +49.3]" in outcome.text
    assert "at least +29.8 points" in outcome.text


def test_what_cannot_be_compared_is_refused_in_words(judge_pair):
    with pytest.raises(UntestedError) as refusal:
        judge_pair(np.zeros(20), np.zeros(20), margin=0.1)
    message = "No run of any arm succeeds, so nothing is compared."
    assert str(refusal.value) == message


def test_runs_without_a_score_are_counted_over_both_arms(judge_pair):
    treatment = np.where(first(3, 20), np.nan, 1.0)
    control = np.where(first(1, 20), np.inf, 1.0)
    with pytest.raises(UntestedError) as refusal:
        judge_pair(treatment, control, LOSS, margin=0.1)
    assert str(refusal.value) == "4 of 40 runs failed and have no score."


def test_means_of_zero_are_means_and_no_failures(judge_pair):
    _, outcome = judge_pair(np.zeros(20), np.zeros(20), LOSS, margin=0.1)
    assert outcome.outcome == "fails"


@pytest.fixture
def judge_levels(hand_made, make_claim):
    """Judge a trend along arms whose values are given, level by level."""

    def run(*levels, score=SOLVED, margin=0.05):
        along = []
        for i, values in enumerate(levels):
            along.append(drawn_arm(f"level {i}", xor_arm(learning_rate=0.1 + i)))
            hand_made.put(along[i], values, metric=score.quantity)
        fields = {"key": "t", "label": "it", "along": tuple(along)}
        trend = Trend(**fields, scores=(score,), margin=margin)
        case = hand_made.case(make_claim(trend).claim, len(levels[0]))
        return trend, trends.judge(trend, case)

    return run


def test_a_trend_of_shares_is_recorded_whole(judge_levels):
    levels = [first(k, 100) for k in (20, 60, 90)]
    trend, outcome = judge_levels(*levels)
    whole = paired_rate_difference(levels[2], levels[0])
    # Two steps share the level.
    steps = [
        paired_rate_difference(levels[i + 1], levels[i], confidence=0.975)
        for i in range(2)
    ]
    ends = f"{100 * whole.low:+.1f}, {100 * whole.high:+.1f}"
    assert outcome == Outcome(
        key="t",
        label="it",
        kind="trend",
        outcome="holds",
        text=f"it: 20.0 % → 60.0 % → 90.0 %, in all +70.0 points [{ends}] over 100"
        " seeds, where the statement implies at least +5.0 points without a fall",
        rule=trend.rule(),
        estimate=0.7,
        low=whole.low,
        high=whole.high,
        unit="difference in share of runs",
        n=100,
        bound=0.05,
        direction="at_least",
        p=whole.p_value,
        confidence=0.95,
        reason="",
        details={
            "levels": ["level 0", "level 1", "level 2"],
            "means": [0.2, 0.6, 0.9],
            "steps": [[step.estimate, step.low, step.high] for step in steps],
        },
    )


def test_a_trend_of_numbers_is_recorded_whole(judge_levels):
    base = np.arange(12.0)
    levels = [base, base + 1.0, base + 4.0]
    _, outcome = judge_levels(*levels, score=LOSS, margin=0.5)
    assert outcome.outcome == "holds"
    assert outcome.unit == "difference"
    assert outcome.text == (
        "it: 5.5 → 6.5 → 9.5, in all +4 [+4, +4] over 12 seeds, where the statement"
        " implies at least +0.5 without a fall"
    )
    assert outcome.details["steps"] == [[1.0, 1.0, 1.0], [3.0, 3.0, 3.0]]


def test_the_steps_of_a_trend_of_numbers_share_the_level(judge_levels):
    # As multiples of 1/64 the scores are the same in the store's single precision.
    noise = np.round(64 * np.random.default_rng(3).normal(size=(3, 14))) / 64
    levels = [noise[0], noise[1] + 4, noise[2] + 9]
    _, outcome = judge_levels(*levels, score=LOSS)
    steps = [
        paired_mean_difference(
            levels[i + 1] - levels[i], rng=np.random.default_rng(0), confidence=0.975
        )
        for i in range(2)
    ]
    told = [[step.estimate, step.low, step.high] for step in steps]
    assert outcome.details["steps"] == told


def test_a_fall_of_just_the_margin_is_none(judge_levels):
    base = np.arange(12.0)
    _, outcome = judge_levels(base, base - 0.5, base + 4, score=LOSS, margin=0.5)
    assert outcome.outcome == "holds"


def test_a_rise_that_may_hide_a_fall_is_undecided_and_says_where(judge_levels):
    levels = [first(k, 400) for k in (80, 360, 344)]
    _, outcome = judge_levels(*levels)
    assert outcome.outcome == "undecided"
    assert outcome.reason == (
        "it: a fall from level 1 to level 2 cannot be excluded with 400 seeds."
    )


def test_a_fall_fails_whatever_the_whole_rise(judge_levels):
    _, outcome = judge_levels(*(first(k, 100) for k in (60, 20, 90)))
    assert outcome.outcome == "fails"
    assert outcome.reason == "it: it falls from level 0 to level 1."


def test_an_undecided_trend_is_told_how_many_seeds_would_do(judge_levels):
    _, outcome = judge_levels(*(first(k, 50) for k in (20, 22, 25)))
    assert outcome.outcome == "undecided"
    needed = seeds_for_difference(1.0 * first(25, 50), 1.0 * first(20, 50), 0.05, 0.95)
    assert outcome.reason == (
        "it: 50 seeds do not decide; if the numbers stay as they are, about"
        f" {needed:,} would."
    )


def test_an_undecided_share_is_planned_by_its_kinds_of_pairs(judge_pair):
    treatment, control = first(30, 50), first(20, 50)
    _, outcome = judge_pair(treatment, control, margin=0.1)
    needed = seeds_for_difference(1.0 * treatment, 1.0 * control, 0.1, 0.95)
    assert f"about {needed:,} would." in outcome.reason


def test_an_undecided_trend_of_numbers_is_planned_with_the_spread(judge_levels):
    values = np.tile([-1.0, 2.0], 10)
    levels = np.zeros(20), values / 2, values
    _, outcome = judge_levels(*levels, score=LOSS, margin=0.25)
    needed = seeds_for_mean(0.25, values.std(ddof=1))
    assert outcome.reason == (
        "it: 20 seeds do not decide; if the numbers stay as they are, about"
        f" {needed:,} would."
    )


def test_levels_of_one_arm_are_numbered(hand_made, make_claim):
    arm = drawn_arm("arm", xor_arm())
    values = np.stack([first(k, 100) for k in (20, 90, 40)], axis=1)
    hand_made.put(arm, values, steps=(100, 300, 500))
    scores = tuple(SOLVED.replace(at=at) for at in (100, 300, 500))
    trend = Trend(key="t", label="it", along=(arm,), scores=scores, margin=0.05)
    claim = make_claim(trend).claim
    outcome = trends.judge(trend, hand_made.case(claim, 100))
    assert outcome.reason == "it: it falls from level 2 to level 3."


def test_a_trend_that_reads_like_its_margin_gets_more_decimals(judge_levels):
    levels = [first(k, 100) for k in (20, 60, 90)]
    low = paired_rate_difference(levels[2], levels[0]).low
    _, outcome = judge_levels(*levels, margin=float(np.round(low, 4)))
    plain = f"[{100 * low:+.1f},"
    assert plain not in outcome.text
    assert f"[{100 * low:+.3f}"[:6] in outcome.text


def test_a_trend_without_any_success_is_refused(judge_levels):
    with pytest.raises(UntestedError, match="No run of any arm succeeds"):
        judge_levels(*(first(0, 20) for _ in range(3)))
