"""What is recorded of two factors that are predicted to interact."""

import math

import numpy as np
import pytest

from ablations.judging.kinds import interaction as interactions
from ablations.judging.outcome import Outcome, UntestedError
from ablations.protocol.kinds import Interaction
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.paired import paired_mean_difference
from ablations.stats.power import seeds_for_mean

SOLVED = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")
LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")
NAMES = {"neither": "plain", "first": "wide", "second": "long", "both": "wide and long"}
ARMS = {
    role: drawn_arm(name, xor_arm(learning_rate=0.1 + i))
    for i, (role, name) in enumerate(NAMES.items())
}


def first(k, n):
    return np.arange(n) < k


def flips(values, **options):
    return paired_mean_difference(values, rng=np.random.default_rng(0), **options)


@pytest.fixture
def judge_four(hand_made, make_claim):
    """Judge an interaction of four arms whose values are given."""

    def run(*columns, score=LOSS, **changes):
        for arm, values in zip(ARMS.values(), columns, strict=True):
            hand_made.put(arm, values, metric=score.quantity)
        fields = {"key": "i", "label": "it", "score": score, **ARMS}
        prediction = Interaction(**(fields | changes))
        claim = make_claim(prediction).claim
        return prediction, interactions.judge(
            prediction, hand_made.case(claim, len(columns[0]))
        )

    return run


@pytest.mark.parametrize(
    ("direction", "word", "relation", "bound"),
    [
        ("greater", "holds", "at_least", 0.5),
        ("less", "fails", "at_most", -0.5),
        ("no_less", "holds", "at_least", -0.5),
        ("no_greater", "fails", "at_most", 0.5),
    ],
)
def test_an_interaction_of_numbers_is_recorded_whole(
    judge_four, direction, word, relation, bound
):
    base = np.arange(20.0)
    noise = np.tile([-1.0, 1.0], 10)
    columns = base, base + 1, base + 3, base + 8 + noise
    prediction, outcome = judge_four(*columns, margin=0.5, direction=direction)
    # (8 - 3) - (1 - 0)
    found = flips(4.0 + noise)
    assert outcome == Outcome(
        key="i",
        label="it",
        kind="interaction",
        outcome=word,
        text=f"it: +4 [{found.low:+.4g}, {found.high:+.4g}] (9.5 without either, 10.5"
        " with wide, 12.5 with long, 17.5 with both) over 20 seeds, where the"
        f" statement implies {relation.replace('_', ' ')} {bound:+g}",
        rule=prediction.rule(),
        estimate=4.0,
        low=found.low,
        high=found.high,
        unit="final loss",
        n=20,
        bound=bound,
        direction=relation,
        p=found.p_value,
        confidence=0.95,
        reason="",
        details={
            "means": [9.5, 10.5, 12.5, 17.5],
            "arms": ["plain", "wide", "long", "wide and long"],
            "p_bound": flips(4.0 + noise, null=bound).p_value,
        },
    )


def test_an_interaction_of_shares_is_recorded_in_points(judge_four):
    columns = [first(k, 100) for k in (10, 20, 25, 90)]
    _, outcome = judge_four(*columns, score=SOLVED, margin=0.2)
    neither, one, other, both = (1.0 * column for column in columns)
    found = flips((both - other) - (one - neither))
    ends = f"{100 * found.low:+.1f}, {100 * found.high:+.1f}"
    assert outcome.text == (
        f"it: +55.0 points [{ends}] (10.0 % without either, 20.0 % with wide, 25.0 %"
        " with long, 90.0 % with both) over 100 seeds, where the statement implies at"
        " least +20.0 points"
    )
    assert outcome.unit == "difference in share of runs"
    assert (outcome.low, outcome.high) == (found.low, found.high)
    assert outcome.details["means"] == [0.1, 0.2, 0.25, 0.9]


@pytest.mark.parametrize("score", [LOSS, SOLVED])
def test_an_undecided_interaction_is_planned_with_the_spread_of_its_seeds(
    judge_four, score
):
    columns = first(4, 20), first(6, 20), first(8, 20), np.arange(20) >= 6
    _, outcome = judge_four(*columns, score=score, margin=0.125)
    neither, one, other, both = (1.0 * column for column in columns)
    values = (both - other) - (one - neither)
    needed = seeds_for_mean(abs(values.mean() - 0.125), values.std(ddof=1))
    assert outcome.outcome == "undecided"
    assert outcome.details["seeds_that_decide"] == max(needed, 21)
    assert outcome.reason == (
        "it: 20 seeds do not decide; if the numbers stay as they are, about"
        f" {max(needed, 21):,} would."
    )


def test_a_failed_run_counts_as_the_worst_of_all_four_arms(judge_four):
    base = np.zeros(21)
    broken = np.where(first(1, 21), math.nan, 2.0)
    _, outcome = judge_four(base, base, base + 1, broken, margin=0.5)
    both = outcome.details["sensitivity"]
    # The failed run counts as 2, the others gain 2 - 1.
    assert outcome.outcome == "holds"
    assert both["num_failed"] == 1
    assert both["as_worst"]["estimate"] == both["excluded"]["estimate"] == 1.0
    assert (both["as_worst"]["n"], both["excluded"]["n"]) == (21, 20)


@pytest.mark.parametrize("place", range(4))
def test_the_worst_is_looked_for_in_every_arm(judge_four, place):
    columns = [np.ones(21) for _ in range(4)]
    columns[place][20] = 9.0
    columns[3][0] = math.nan
    _, outcome = judge_four(*columns, margin=0.5)
    effect = 8.0 * (1, -1, -1, 1)[place]
    assert outcome.estimate == pytest.approx((8.0 + effect) / 21)


def test_factors_under_which_nothing_succeeds_are_not_said_to_interact(judge_four):
    with pytest.raises(UntestedError) as refusal:
        judge_four(*(np.zeros(20) for _ in range(4)), score=SOLVED, margin=0.1)
    message = "No run of any arm succeeds, so nothing is compared."
    assert str(refusal.value) == message


def test_an_interaction_that_reads_like_its_margin_gets_more_decimals(judge_four):
    columns = [first(k, 100) for k in (10, 20, 25, 90)]
    neither, one, other, both = (1.0 * column for column in columns)
    low = flips((both - other) - (one - neither)).low
    _, outcome = judge_four(*columns, score=SOLVED, margin=low - 1e-5)
    assert outcome.outcome == "holds"
    assert f"[{100 * low:+.1f}," not in outcome.text
