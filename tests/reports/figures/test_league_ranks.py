from dataclasses import replace

import numpy as np
import pytest

from ablations.claims.registry import all_claims
from reports.figures import league_ranks
from reports.figures.source import Source

CLAIM = all_claims()["relu_is_best_for_hidden_layers"].claim
LEAGUES = [p for p in CLAIM.beside if p.kind == "league"]
FIRST, LAST = "ReLU", "sigmoid"


def outcome_of(prediction, outcome, shift):
    """Return a league with ReLU first in six layers, `shift` worse on boxes.

    In two layers the order is the other way round.
    """
    arms = [arm.levels["activation"] for arm in prediction.ranked]
    ranks = np.arange(1.0, len(arms) + 1.0)
    if prediction.best.levels["depth"] == 2:
        ranks = ranks[::-1]
    elif prediction.best.levels["task"] == "boxes":
        ranks = ranks + np.eye(len(arms))[0] * shift
    return replace(
        outcome(prediction.label, kind="league", n=20, role="beside"),
        key=prediction.key,
        details={"mean_ranks": ranks.tolist()},
    )


@pytest.fixture
def ranked(verdict, outcome, empty_evidence):
    """Return a function to the ranks of the league, given the shift on one task."""

    def make(shift=0.0, leagues=LEAGUES):
        outcomes = tuple(outcome_of(p, outcome, shift) for p in leagues)
        judged = verdict(outcomes=outcomes)
        return league_ranks.read(Source(judged, CLAIM, empty_evidence))

    return make


def test_tasks_are_the_unit_and_the_deepest_networks_are_drawn(ranked):
    found = ranked(shift=0.6)
    assert len(found.tasks) == 6
    assert found.arms[0] == found.star == FIRST
    assert found.arms[-1] == LAST
    assert found.means[0] == pytest.approx(1.1)
    # One of six tasks apart by d has a standard deviation of d / sqrt(6).
    assert found.halves[0] == pytest.approx(2.5706 * 0.6 / 6, rel=1e-4)
    assert found.where == "networks of 6 layers"


def test_the_title_names_what_is_surely_told_from_the_star(ranked):
    found = ranked()
    assert found.told(1.0) == ["tanh", "sigmoid"]
    assert "first of 6" in league_ranks.title(found)
    assert league_ranks.title(found).endswith("only tanh and sigmoid are surely behind")
    ahead = replace(found, star=LAST)
    assert "sixth of 6" in league_ranks.title(ahead)
    assert league_ranks.title(ahead).endswith("ReLU and leaky ReLU are surely ahead")


def test_the_words_say_every_mean_rank(ranked):
    picture = league_ranks.draw(ranked(shift=0.6))
    assert "ReLU 1.10 ± 0.26, leaky ReLU 2.00 ± 0.00" in picture.alternative
    assert "Critical difference 3.08" in picture.alternative


def test_one_task_is_not_enough(ranked):
    assert ranked(leagues=LEAGUES[:1]) is None
