"""Rankings, with every seed as one race."""

import math

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.kinds.league import judge, judge_ranks, lead
from ablations.judging.outcome import Outcome, UntestedError
from ablations.protocol.kinds import League
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.stats.league import league
from models.config import ConfigError

LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")
NAMES = ("adam", "sgd", "rmsprop")
ARMS = tuple(drawn_arm(name) for name in NAMES)


def best(name: str | None, **changes) -> League:
    fields = {"key": "l", "label": "league", "ranked": ARMS, "score": LOSS}
    fields |= {"best": None if name is None else drawn_arm(name)}
    return League(**(fields | changes))


def races(*means: float, n: int = 20, spread: float = 0.3) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return list(rng.normal(0, spread, (len(means), n)) + np.array(means)[:, None])


@pytest.mark.parametrize(
    ("name", "means", "word"),
    [
        ("adam", (1, 2, 3), "holds"),
        ("adam", (3, 2, 1), "fails"),
        ("adam", (2, 1, 3), "fails"),
        ("adam", (1, 1, 3), "undecided"),
        (None, (1, 2, 3), "holds"),
        (None, (1, 3, 2), "fails"),
        (None, (1, 2, 2), "undecided"),
    ],
)
def test_a_best_arm_or_a_whole_ranking_can_be_predicted(name, means, word):
    outcome = judge_ranks(best(name), CONFIDENCE, races(*means))
    assert outcome.outcome == word
    assert (outcome.outcome == "undecided") == bool(outcome.reason)


def test_the_numbers_are_those_of_the_league():
    scores = races(1, 1.2, 3)
    outcome = judge_ranks(best("adam"), CONFIDENCE, scores)
    expected = league(np.stack(scores, axis=1), higher_is_better=False)
    assert outcome.details["mean_ranks"] == expected.mean_ranks.tolist()
    assert outcome.details["order"] == [NAMES[i] for i in expected.order]
    assert outcome.p == max(expected.p_values[0, 1:])
    assert outcome.estimate == expected.mean_ranks[0]


def test_higher_scores_win_where_they_are_better():
    score = ScoreConfig(quantity="accuracy", better="higher", words="accuracy")
    scores = [-s for s in races(1, 2, 3)]
    assert judge_ranks(best("adam", score=score), CONFIDENCE, scores).outcome == "holds"


def test_the_order_in_which_arms_are_named_changes_no_best_arm():
    scores = races(1, 2, 1.1)
    one = judge_ranks(best("adam"), CONFIDENCE, scores)
    turned = best("adam", ranked=ARMS[::-1])
    other = judge_ranks(turned, CONFIDENCE, scores[::-1])
    assert (one.outcome, one.p, one.estimate) == (
        other.outcome,
        other.p,
        other.estimate,
    )


def test_a_diverged_run_is_behind_every_other_and_level_with_its_like():
    inf = math.inf
    assert lead(np.array([1.0, -inf]), np.array([-inf, -inf])) > 0
    assert lead(np.array([-inf, -inf]), np.array([-inf, -inf])) == 0


def test_arms_that_are_equal_are_seldom_ranked():
    rng = np.random.default_rng(1)
    num_draws = 300
    wrong = sum(
        judge_ranks(best("adam"), CONFIDENCE, rng.normal(size=(3, 12))).outcome
        != "undecided"
        for _ in range(num_draws)
    )
    assert wrong / num_draws <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / num_draws)


def test_the_rule_names_who_is_to_beat_whom():
    assert "adam beats each of sgd, rmsprop" in best("adam").rule()
    assert "each of adam, sgd, rmsprop beats the next" in best(None).rule()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ranked": ARMS[:1]}, "at least two different"),
        ({"ranked": ARMS[:1] * 2}, "at least two different"),
        ({"best": drawn_arm("lion")}, "`best` must be one of"),
        ({"score": ScoreConfig(quantity="loss", words="loss")}, "`better` must be"),
    ],
)
def test_a_league_that_cannot_be_ranked_is_refused(changes, words):
    with pytest.raises(ConfigError, match=words):
        best("adam").replace(**changes)


ACCURACY = ScoreConfig(quantity="accuracy", better="higher", words="accuracy")
RISING = [np.arange(10) / 100 + step for step in range(3)]
"""Losses of three arms that rank alike on every one of ten seeds."""


@pytest.mark.parametrize(
    ("name", "implied", "rank"),
    [
        ("adam", "adam before all others", 1.0),
        ("sgd", "sgd before all others", 2.0),
        (None, "adam before sgd before rmsprop", 1.0),
    ],
)
def test_the_whole_outcome_of_a_league_is_as_counted_by_hand(name, implied, rank):
    prediction = best(name)
    # All signs agree on ten seeds, and Holm's factor is that of three pairs.
    p = 3 * 2 / 2**10
    assert judge_ranks(prediction, CONFIDENCE, RISING) == Outcome(
        key="l",
        label="league",
        kind="league",
        outcome="fails" if name == "sgd" else "holds",
        text=(
            "league: mean ranks adam 1, sgd 2, rmsprop 3 over 10 seeds, adam"
            f" distinguished from all others, where the statement implies {implied}"
        ),
        rule=prediction.rule(),
        estimate=rank,
        unit="mean rank",
        n=10,
        p=p,
        confidence=CONFIDENCE,
        reason="",
        details={
            "arms": ["adam", "sgd", "rmsprop"],
            "mean_ranks": [1.0, 2.0, 3.0],
            "order": ["adam", "sgd", "rmsprop"],
            "top": ["adam"],
            "p_values": [[1.0, p, p], [p, 1.0, p], [p, p, 1.0]],
        },
    )


def test_arms_that_few_seeds_do_not_tell_apart_are_listed():
    outcome = judge_ranks(best(None), CONFIDENCE, [arm[:4] for arm in RISING])
    assert outcome.text == (
        "league: mean ranks adam 1, sgd 2, rmsprop 3 over 4 seeds, adam not"
        " distinguished from sgd, rmsprop, where the statement implies adam before sgd"
        " before rmsprop"
    )
    assert outcome.reason == "league: 4 seeds do not tell adam from sgd."
    assert outcome.details["top"] == ["adam", "sgd", "rmsprop"]


def test_a_stricter_confidence_tells_fewer_arms_from_the_best():
    outcome = judge_ranks(best("adam"), 0.999, RISING)
    assert (outcome.outcome, outcome.confidence) == ("undecided", 0.999)
    assert outcome.details["top"] == ["adam", "sgd", "rmsprop"]


def test_a_p_value_at_the_level_tells_two_arms_apart():
    two = best("adam", ranked=ARMS[:2])
    scores = [arm[:6] for arm in RISING[:2]]
    level = 2 / 2**6
    assert judge_ranks(two, 1 - level, scores).outcome == "holds"
    assert judge_ranks(two, 1 - level + 1e-9, scores).outcome == "undecided"


def test_where_higher_is_better_the_highest_score_has_rank_one():
    outcome = judge_ranks(best("rmsprop", score=ACCURACY), CONFIDENCE, RISING)
    assert outcome.outcome == "holds"
    assert outcome.details["mean_ranks"] == [3.0, 2.0, 1.0]
    assert outcome.details["order"] == ["rmsprop", "sgd", "adam"]


def test_successes_are_ranked_only_where_some_arm_has_one():
    prediction = best("adam", score=solved())
    never = np.zeros(10)
    with pytest.raises(UntestedError, match="No run of any arm succeeds"):
        judge_ranks(prediction, CONFIDENCE, [never] * 3)
    outcome = judge_ranks(prediction, CONFIDENCE, [np.ones(10), never, never])
    assert outcome.outcome == "holds"
    assert outcome.details["mean_ranks"] == [1.0, 2.5, 2.5]
    # Losses that are all zero are no failure to learn.
    assert judge_ranks(best("adam"), CONFIDENCE, [never] * 3).outcome == "undecided"


@pytest.mark.parametrize("better", ["lower", "higher"])
def test_a_failed_run_ranks_last_whichever_end_is_best(better, hand_made, make_claim):
    score = ScoreConfig(quantity="loss", better=better, words="loss")
    arms = [
        drawn_arm(name, xor_arm(hidden_units=(i + 1,))) for i, name in enumerate(NAMES)
    ]
    prediction = best(None, ranked=arms, best=arms[0], score=score)
    sign = 1 if better == "lower" else -1
    for arm, values in zip(arms, RISING, strict=True):
        status = ["diverged" if arm.name == "adam" else "ok"] * 2 + ["ok"] * 8
        hand_made.put(arm, sign * values, metric="loss", status=status)
    case = hand_made.case(make_claim(prediction).claim, 10)
    # Ranks (8 x 1 + 2 x 3) / 10, (8 x 2 + 2 x 1) / 10 and (8 x 3 + 2 x 2) / 10.
    outcome = judge(prediction, case)
    assert outcome.details["mean_ranks"] == [1.4, 1.8, 2.8]
    assert outcome.details["sensitivity"]["as_worst"]["estimate"] == 1.4


def test_a_lead_is_twice_the_sum_of_signed_average_ranks():
    # Sizes 1, 2, 3, 0, 1 have average ranks 2.5, 4, 5, 1 and 2.5.
    differences = np.array([1.0, -2.0, 3.0, 0.0, 1.0])
    assert lead(differences, np.zeros(5)) == 2 * (2.5 - 4 + 5 + 2.5)
    assert lead(np.zeros(5), differences) == -12.0


def test_one_large_difference_outweighs_two_small_ones_no_further_than_its_rank():
    one = np.array([-1.0, -2.0, 100.0])
    assert lead(one, np.zeros(3)) == 0.0
    assert lead(np.append(one, -3.0), np.zeros(4)) == 2 * (4 - 1 - 2 - 3)
