"""Predictions refuse what cannot be judged and say their rule in words."""

import pytest
from pydantic import TypeAdapter

from ablations.judging.judge import JUDGES
from ablations.protocol.claim import arms_of
from ablations.protocol.kinds import (
    Agreement,
    Comparison,
    Equivalence,
    ExactCheck,
    Interaction,
    League,
    SuccessRate,
    TimeToTarget,
    Trend,
)
from ablations.protocol.prediction import Prediction, reads
from ablations.protocol.score import ScoreConfig
from models.config import ConfigError

SOLVED = ScoreConfig(quantity="solved", at_least=1.0, words="solve it")
EARLY = ScoreConfig(quantity="solved", at=10, at_least=1.0, words="solve it early")


def exact(**changes) -> ExactCheck:
    settings = {
        "label": "slope",
        "measurement": "line",
        "quantity": "slope_of_line",
        "expected": 0.25,
    }
    return ExactCheck(**(settings | changes))


def comparison(**changes) -> Comparison:
    settings = {
        "label": "c",
        "treatment": "new",
        "control": "old",
        "score": SOLVED,
        "margin": 0.02,
    }
    return Comparison(**(settings | changes))


def trend(**changes) -> Trend:
    settings = {
        "label": "t",
        "arms": ("one", "two"),
        "scores": (SOLVED,),
        "margin": 0.1,
    }
    return Trend(**(settings | changes))


def test_a_score_with_a_bound_is_a_success_and_one_without_a_number():
    plain = ScoreConfig(quantity="loss", words="loss")
    assert not plain.is_success
    assert plain.replace(at_most=0.1).is_success
    assert plain.replace(at_least=0.0).is_success


@pytest.mark.parametrize(
    ("relation", "tolerance", "words"),
    [
        ("equal", 0.0, "equals 0.25, fails"),
        ("equal", 1e-3, "equals 0.25 within 0.001, fails"),
        ("at_least", 0.0, "is at least 0.25, fails"),
        ("at_most", 0.0, "is at most 0.25, fails"),
    ],
)
def test_an_exact_check_says_its_relation_and_tolerance(relation, tolerance, words):
    rule = exact(relation=relation, tolerance=tolerance).rule()
    assert words in rule
    assert "slope of line" in rule


@pytest.mark.parametrize("tolerance", [-1e-9, float("nan"), float("inf")])
def test_a_tolerance_is_a_finite_number_of_at_least_zero(tolerance):
    with pytest.raises(ConfigError, match="`tolerance`"):
        exact(tolerance=tolerance)


@pytest.mark.parametrize("bound", [-0.01, 1.01])
@pytest.mark.parametrize("kind", [SuccessRate, Agreement])
def test_a_share_lies_between_0_and_1(kind, bound):
    others = {"other": "b"} if kind is Agreement else {}
    with pytest.raises(ConfigError, match="`bound`"):
        kind(label="r", arm="a", score=SOLVED, bound=bound, **others)


def test_a_success_rate_says_bound_direction_and_among_which_runs():
    rate = SuccessRate(label="r", arm="a", score=SOLVED, bound=0.95)
    assert "share of runs that solve it is at least 0.95" in rate.rule()
    assert "fails if all of it is below" in rate.rule()
    rate = rate.replace(direction="at_most", among=EARLY)
    assert "runs that solve it early that solve it is at most 0.95" in rate.rule()
    assert "fails if all of it is above" in rate.rule()


def test_an_agreement_names_both_arms():
    rule = Agreement(label="a", arm="x", other="y", score=SOLVED, bound=0.9).rule()
    assert "both or neither of x and y solve it" in rule
    assert "at least 0.9" in rule


@pytest.mark.parametrize(
    ("direction", "bound", "upwards"),
    [
        ("greater", 0.02, True),
        ("no_less", -0.02, True),
        ("less", -0.02, False),
        ("no_greater", 0.02, False),
    ],
)
def test_the_margin_lies_on_the_side_that_the_direction_says(direction, bound, upwards):
    made = comparison(direction=direction)
    assert made.bound == bound
    assert made.upwards is upwards
    words = "at least" if upwards else "at most"
    assert f"{words} {bound:+g} throughout" in made.rule()


def test_a_comparison_of_one_arm_with_itself_earlier_says_so():
    rule = comparison(control="new", control_score=EARLY).rule()
    assert "new (solve it) minus new (solve it early)" in rule


def test_a_negative_margin_is_refused():
    with pytest.raises(ConfigError, match="`margin` must be a non-negative number"):
        comparison(margin=-0.1)


def test_a_trend_has_a_level_per_arm_or_per_score():
    by_arm = trend(arms=("one", "two", "three"))
    assert by_arm.levels() == [("one", SOLVED), ("two", SOLVED), ("three", SOLVED)]
    by_score = trend(arms=("one",), scores=(EARLY, SOLVED))
    assert by_score.levels() == [("one", EARLY), ("one", SOLVED)]
    both = trend(arms=("one", "two"), scores=(EARLY, SOLVED))
    assert both.levels() == [("one", EARLY), ("two", SOLVED)]


@pytest.mark.parametrize(
    ("arms", "scores"),
    [(("one",), (SOLVED,)), (("a", "b", "c"), (SOLVED, EARLY)), ((), (SOLVED,))],
)
def test_a_trend_without_levels_that_line_up_is_refused(arms, scores):
    with pytest.raises(ConfigError, match=r"`arms` and `scores` must have equal"):
        trend(arms=arms, scores=scores)


# Every kind.

LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")
ALL_KINDS = [
    exact(),
    SuccessRate(label="r", arm="a", score=SOLVED, bound=0.95, among=EARLY),
    Agreement(label="a", arm="x", other="y", score=SOLVED, bound=0.9),
    comparison(control_score=EARLY, at=("width", 4)),
    Equivalence(label="e", treatment="x", control="y", score=LOSS, margin=0.1),
    TimeToTarget(
        label="u", treatment="x", control="y", score=SOLVED, budget=500, margin=0.5
    ),
    Interaction(
        label="i",
        neither="w",
        first="x",
        second="y",
        both="z",
        score=LOSS.replace(failed_value=9.0),
        margin=0.1,
        at=("optimizer", "adam"),
    ),
    League(label="l", arms=("x", "y"), best="y", score=LOSS),
    trend(direction="falls", differs_in=("budget",)),
]
each_kind = pytest.mark.parametrize("made", ALL_KINDS, ids=lambda made: made.kind)


def test_every_kind_of_prediction_is_tried_here():
    kinds = {made.kind for made in ALL_KINDS}
    assert kinds == set(JUDGES)
    assert len(kinds) == len(ALL_KINDS)


@each_kind
def test_a_prediction_survives_a_round_trip_through_json(made):
    again = TypeAdapter(Prediction).validate_json(made.model_dump_json())
    assert again == made
    assert type(again) is type(made)


@each_kind
def test_a_rule_is_one_clause_that_says_when_it_holds_and_fails(made):
    rule = made.rule()
    assert rule.startswith("holds if")
    assert "fails" in rule
    assert "\n" not in rule
    assert not rule.endswith(".")


@each_kind
def test_a_prediction_reads_the_arms_that_it_names(made):
    named = set(arms_of(made))
    assert named == {arm for arm, _ in reads(made)}
    for arm in named:
        assert arm in made.rule() or made.kind in ("trend", "success_rate")
