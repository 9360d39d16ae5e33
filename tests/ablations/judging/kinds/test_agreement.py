"""The share of seeds on which two arms end alike."""

import numpy as np
import pytest
from scipy import stats

from ablations.judging.kinds.agreement import judge
from ablations.judging.outcome import Outcome
from ablations.protocol.kinds import Agreement
from ablations.protocol.score import ScoreConfig
from ablations.stats.proportions import clopper_pearson

SOLVED = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")


def test_seeds_that_end_alike_are_counted_and_recorded(hand_made, make_claim, two_arms):
    hand_made.put(two_arms["treatment"], np.arange(40) < 12)
    hand_made.put(two_arms["control"], np.arange(40) < 15)
    one, other = two_arms.values()
    alike = Agreement(
        key="a", label="it", arm=one, other=other, score=SOLVED, bound=0.99
    )
    exact = clopper_pearson(37, 40)
    # Twice the smaller tail of the binomial distribution at the bound.
    p = 2 * stats.binom(40, 0.99).cdf(37)
    assert judge(alike, hand_made.case(make_claim(alike).claim, 40)) == Outcome(
        key="a",
        label="it",
        kind="agreement",
        outcome="fails",
        text="it: 92.5 % [79.6 %, 98.4 %] of 40 seeds end alike, where the statement"
        " implies at least 99.0 %",
        rule=alike.rule(),
        estimate=37 / 40,
        low=exact.low,
        high=exact.high,
        unit="share of runs",
        n=40,
        bound=0.99,
        direction="at_least",
        confidence=0.95,
        details={"successes": 37, "p_bound": pytest.approx(p, rel=1e-9)},
    )
