"""The share of runs that succeed, among all or among some."""

import numpy as np
import pytest
from scipy import stats

from ablations.judging.kinds.success_rate import judge
from ablations.judging.outcome import Outcome, UntestedError
from ablations.protocol.kinds import SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.stats.proportions import clopper_pearson

LATE = ScoreConfig(quantity="solved", at_least=0.5, at=500, words="end solved")
EARLY = ScoreConfig(quantity="solved", at_least=0.5, at=100, words="start solved")


@pytest.fixture
def judge_share(hand_made, make_claim, two_arms):
    """Judge a share of runs whose early and late successes are given."""

    def run(early, late, **changes):
        values = np.stack([early, late], axis=1).astype(float)
        hand_made.put(two_arms["treatment"], values, steps=(100, 500))
        fields = {"key": "s", "label": "it", "score": LATE}
        rate = SuccessRate(arm=two_arms["treatment"], **(fields | changes))
        claim = make_claim(rate).claim
        return rate, judge(rate, hand_made.case(claim, len(late)))

    return run


def first(k, n):
    return np.arange(n) < k


def expected(rate, k, n, **changes):
    exact = clopper_pearson(k, n)
    # Twice the smaller tail of the binomial distribution at the bound.
    count = stats.binom(n, rate.bound)
    tail = min(count.cdf(k), count.sf(k - 1))
    fields = {
        "key": "s",
        "label": "it",
        "kind": rate.kind,
        "rule": rate.rule(),
        "estimate": k / n,
        "low": exact.low,
        "high": exact.high,
        "unit": "share of runs",
        "n": n,
        "bound": rate.bound,
        "confidence": 0.95,
        "details": {
            "successes": k,
            "p_bound": pytest.approx(2 * tail, rel=1e-9),
        },
    }
    return Outcome(**(fields | changes))


def test_a_share_that_holds_is_recorded_whole(judge_share):
    rate, outcome = judge_share(first(0, 40), first(38, 40), bound=0.7)
    # The interval of 38 of 40 is 83.1 to 99.4 percent.
    assert outcome == expected(
        rate,
        38,
        40,
        outcome="holds",
        text="it: 95.0 % [83.1 %, 99.39 %] of 40 runs end solved, where the statement"
        " implies at least 70.0 %",
        direction="at_least",
    )


def test_a_share_that_is_too_large_fails(judge_share):
    rate, outcome = judge_share(
        first(0, 40), first(38, 40), bound=0.7, direction="at_most"
    )
    assert outcome == expected(
        rate,
        38,
        40,
        outcome="fails",
        text="it: 95.0 % [83.1 %, 99.39 %] of 40 runs end solved, where the statement"
        " implies at most 70.0 %",
        direction="at_most",
    )


def test_a_share_among_some_runs_says_among_which(judge_share):
    # Of 20 that start solved 12 end solved; the 10 others do not count.
    early = first(20, 30)
    late = first(12, 30) | (np.arange(30) >= 25)
    rate, outcome = judge_share(early, late, bound=0.1, among=EARLY)
    assert outcome == expected(
        rate,
        12,
        20,
        outcome="holds",
        text="it: 60.0 % [36.1 %, 80.9 %] of 20 runs that start solved end solved,"
        " where the statement implies at least 10.0 %",
        direction="at_least",
    )


def test_ten_runs_are_enough_to_count_among_and_nine_are_not(judge_share):
    _, outcome = judge_share(first(10, 30), first(10, 30), bound=0.1, among=EARLY)
    assert outcome.n == 10


def test_too_few_runs_to_count_among_are_named(judge_share):
    with pytest.raises(UntestedError) as refusal:
        judge_share(first(9, 30), first(9, 30), bound=0.1, among=EARLY)
    assert str(refusal.value) == "Only 9 runs start solved; it takes 10."


def test_an_undecided_share_is_told_how_many_would_do(judge_share):
    _, outcome = judge_share(first(0, 40), first(30, 40), bound=0.7)
    needed = next(
        m for m in range(41, 10_000) if clopper_pearson(round(0.75 * m), m).low >= 0.7
    )
    assert outcome.outcome == "undecided"
    told = outcome.reason.removeprefix(
        "it: 40 seeds do not decide; if the numbers stay as they are, about "
    ).removesuffix(" would.")
    # The search doubles and halves, and rounding successes makes the limit saw-tooth.
    assert needed <= int(told.replace(",", "")) <= 1.05 * needed


def test_a_share_that_reads_like_its_bound_gets_more_decimals(judge_share):
    # The lower limit of 38 of 40 is 83.0803 percent.
    _, outcome = judge_share(first(0, 40), first(38, 40), bound=0.8308)
    assert outcome.outcome == "holds"
    assert "[83.0803 %, 99.39 %]" in outcome.text
