"""Rankings, with every seed as one race."""

import math

import numpy as np
import pytest

from ablations.judging.case import CONFIDENCE
from ablations.judging.league import judge_ranks, lead
from ablations.prediction import League, ScoreConfig
from ablations.stats.league import league
from models.config import ConfigError

LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")
ARMS = ("adam", "sgd", "rmsprop")


def best(name: str | None, **changes) -> League:
    fields = {"label": "league", "arms": ARMS, "best": name, "score": LOSS}
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
    assert outcome.details["order"] == [ARMS[i] for i in expected.order]
    assert outcome.p == max(expected.p_values[0, 1:])
    assert outcome.estimate == expected.mean_ranks[0]


def test_higher_scores_win_where_they_are_better():
    score = ScoreConfig(quantity="accuracy", better="higher", words="accuracy")
    scores = [-s for s in races(1, 2, 3)]
    assert judge_ranks(best("adam", score=score), CONFIDENCE, scores).outcome == "holds"


def test_the_order_in_which_arms_are_named_changes_no_best_arm():
    scores = races(1, 2, 1.1)
    one = judge_ranks(best("adam"), CONFIDENCE, scores)
    turned = best("adam", arms=ARMS[::-1])
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
        ({"arms": ("adam",)}, "at least two different"),
        ({"arms": ("adam", "adam")}, "at least two different"),
        ({"best": "lion"}, "`best` must be one of"),
        ({"score": ScoreConfig(quantity="loss", words="loss")}, "`better` must be"),
    ],
)
def test_a_league_that_cannot_be_ranked_is_refused(changes, words):
    with pytest.raises(ConfigError, match=words):
        best("adam").replace(**changes)
