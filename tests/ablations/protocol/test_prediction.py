"""Predictions refuse what cannot be judged and say their rule in words."""

import pytest

from ablations.judging.kind import all_kinds, kind_of
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
from ablations.protocol.score import ScoreConfig
from ablations.selfcheck.synthetic import drawn_arm
from models.config import ConfigError

SOLVED = ScoreConfig(quantity="solved", at_least=1.0, words="solve it")
LOSS = ScoreConfig(quantity="loss", better="lower", words="final loss")
EARLY = ScoreConfig(quantity="solved", at=10, at_least=1.0, words="solve it early")
ARMS = {name: drawn_arm(name) for name in ("new", "old", "one", "two", *"abcwxyz")}
A, B, W, X, Y, Z = (ARMS[name] for name in "abwxyz")


def exact(**changes) -> ExactCheck:
    settings = {
        "key": "slope",
        "label": "slope",
        "measurement": "line",
        "quantity": "slope_of_line",
        "expected": 0.25,
    }
    return ExactCheck(**(settings | changes))


def comparison(**changes) -> Comparison:
    settings = {
        "key": "c",
        "label": "c",
        "treatment": ARMS["new"],
        "control": ARMS["old"],
        "score": SOLVED,
        "margin": 0.02,
    }
    return Comparison(**(settings | changes))


def trend(**changes) -> Trend:
    settings = {
        "key": "t",
        "label": "t",
        "along": (ARMS["one"], ARMS["two"]),
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
    others = {"other": B} if kind is Agreement else {}
    with pytest.raises(ConfigError, match="`bound`"):
        kind(key="r", label="r", arm=A, score=SOLVED, bound=bound, **others)


def test_a_success_rate_says_bound_direction_and_among_which_runs():
    rate = SuccessRate(key="r", label="r", arm=A, score=SOLVED, bound=0.95)
    assert "share of runs that solve it is at least 0.95" in rate.rule()
    assert "fails if all of it is below" in rate.rule()
    rate = rate.replace(direction="at_most", among=EARLY)
    assert "runs that solve it early that solve it is at most 0.95" in rate.rule()
    assert "fails if all of it is above" in rate.rule()


def test_an_agreement_names_both_arms():
    fields = {"key": "a", "label": "a", "score": SOLVED, "bound": 0.9}
    rule = Agreement(**fields, arm=X, other=Y).rule()
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
    rule = comparison(control=ARMS["new"], control_score=EARLY).rule()
    assert "new (solve it) minus new (solve it early)" in rule


def test_a_negative_margin_is_refused():
    with pytest.raises(ConfigError, match="`margin` must be a non-negative number"):
        comparison(margin=-0.1)


def test_a_trend_has_a_level_per_arm_or_per_score():
    by_arm = trend(along=(X, Y, Z))
    assert by_arm.reads() == [(X, SOLVED), (Y, SOLVED), (Z, SOLVED)]
    by_score = trend(along=(X,), scores=(EARLY, SOLVED))
    assert by_score.reads() == [(X, EARLY), (X, SOLVED)]
    both = trend(along=(X, Y), scores=(EARLY, SOLVED))
    assert both.reads() == [(X, EARLY), (Y, SOLVED)]


@pytest.mark.parametrize(
    ("along", "scores"),
    [((X,), (SOLVED,)), ((X, Y, Z), (SOLVED, EARLY)), ((), (SOLVED,))],
)
def test_a_trend_without_levels_that_line_up_is_refused(along, scores):
    with pytest.raises(ConfigError, match=r"`along` and `scores` must have equal"):
        trend(along=along, scores=scores)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ranked": (X,)}, "`ranked` must be at least two different arms"),
        ({"ranked": (X, X)}, "`ranked` must be at least two different arms"),
        ({"best": Z}, "`best` must be one of"),
        ({"score": LOSS.replace(better=None)}, "`better` must be given"),
    ],
)
def test_a_league_has_something_to_rank_and_an_end_that_is_best(changes, words):
    fields = {"key": "l", "label": "l", "ranked": (X, Y), "best": X, "score": LOSS}
    with pytest.raises(ConfigError, match=words):
        League(**(fields | changes))


@pytest.mark.parametrize("key", ["", "2nd", "Sgd", "s g d", "s.control", "_x"])
def test_a_key_is_short_words_in_lower_case(key):
    with pytest.raises(ConfigError, match="`key` must be lower case letters"):
        exact(key=key)


def test_a_kind_without_a_p_value_at_its_bound_is_in_no_family():
    with pytest.raises(ConfigError, match="`family` must be False for 'trend'"):
        trend(family=True)
    assert comparison(family=True).family


# Every kind.

ALL_KINDS = [
    exact(),
    SuccessRate(key="r", label="r", arm=A, score=SOLVED, bound=0.95, among=EARLY),
    Agreement(key="a", label="a", arm=X, other=Y, score=SOLVED, bound=0.9),
    comparison(control_score=EARLY, at=("width", 4)),
    Equivalence(key="e", label="e", treatment=X, control=Y, score=LOSS, margin=0.1),
    TimeToTarget(
        key="u",
        label="u",
        treatment=X,
        control=Y,
        score=SOLVED,
        budget=500,
        margin=0.5,
    ),
    Interaction(
        key="i",
        label="i",
        neither=W,
        first=X,
        second=Y,
        both=Z,
        score=LOSS.replace(failed_value=9.0),
        margin=0.1,
        at=("optimizer", "adam"),
    ),
    League(key="l", label="l", ranked=(X, Y), best=Y, score=LOSS),
    trend(direction="falls", differs_in=("budget",)),
]
each_kind = pytest.mark.parametrize("made", ALL_KINDS, ids=lambda made: made.kind)


def test_every_kind_of_prediction_is_tried_here():
    kinds = {made.kind for made in ALL_KINDS}
    assert kinds == set(all_kinds())
    assert len(kinds) == len(ALL_KINDS)


@each_kind
def test_a_kind_is_judged_by_the_module_of_its_name(made):
    module = kind_of(made)
    assert module.__name__ == f"ablations.judging.kinds.{made.kind}"
    for name in ("judge", "fewest_seeds", "detectable"):
        assert callable(getattr(module, name))


@each_kind
def test_a_prediction_is_dumped_with_the_runs_of_its_arms_and_not_their_names(made):
    dumped = made.model_dump_json()
    for arm in made.arms():
        assert arm.digest in dumped
        assert "levels" not in dumped


@each_kind
def test_a_rule_is_one_clause_that_says_when_it_holds_and_fails(made):
    rule = made.rule()
    assert rule.startswith("holds if")
    assert "fails" in rule
    assert "\n" not in rule
    assert not rule.endswith(".")


def test_a_rule_tells_two_numbers_of_the_same_runs_apart():
    own = {"words": "test error", "better": "lower"}
    first, second = (ScoreConfig(quantity=q, **own) for q in ("of_one", "of_five"))
    rule = comparison(treatment=A, control=A, score=first, control_score=second).rule()
    assert f"{A.name} (of_one) minus {A.name} (of_five)" in rule
    rule = comparison(score=first, control_score=second).rule()
    assert "new (test error) minus old (test error)" in rule


@each_kind
def test_a_prediction_reads_the_arms_that_it_names(made):
    assert {arm.name for arm in made.arms()} == {arm.name for arm, _ in made.reads()}
    for arm in made.arms():
        assert arm.name in made.rule() or made.kind in ("trend", "success_rate")
