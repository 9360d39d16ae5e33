"""The verdict rule, branch by branch, with numbers worked out by hand."""

import itertools
import math

import pytest

from ablations.judging.combine import combine, differs_along, excess, pooled
from ablations.judging.outcome import Outcome
from ablations.judging.verdict import VERDICTS

STRENGTHS = ("can", "usually", "always")


def outcome(word: str, place: int = 0, **changes) -> Outcome:
    fields = {
        "key": f"c{place}",
        "label": f"condition {place}",
        "kind": "comparison",
        "outcome": word,
        "text": "",
        "rule": "",
        "estimate": 1.0,
        "unit": "loss",
        "bound": 0.5,
        "direction": "at_least",
        "factor": "depth",
        "value": place,
        "role": "core",
    }
    return Outcome(**(fields | changes))


def core_of(*words: str, **changes) -> list[Outcome]:
    return [outcome(word, place, **changes) for place, word in enumerate(words)]


def verdict(strength: str, words, *, axis: str = "", together=None, **changes) -> str:
    """Combine words; `together` are those of the whole core, the same if not given."""
    core = core_of(*words, **changes)
    again = core if together is None else core_of(*together, **changes)
    return combine(strength, axis, core, lambda: again).verdict


def unasked():
    raise AssertionError


@pytest.mark.parametrize("strength", STRENGTHS)
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("holds",), "supported"),
        (("fails",), "refuted"),
        (("undecided",), "inconclusive"),
        (("untested",), "not tested"),
        ((), "not tested"),
        (("holds", "holds"), "supported"),
        (("fails", "fails"), "refuted"),
        (("undecided", "untested"), "not tested"),
    ],
)
def test_words_of_one_mind_mean_the_same_whatever_the_strength(
    strength, words, expected
):
    for order in itertools.permutations(words):
        core = core_of(*order)
        assert combine(strength, "depth", core, unasked).verdict == expected
    assert expected in VERDICTS


@pytest.mark.parametrize(
    ("strength", "words", "expected"),
    [
        ("can", ("holds", "fails"), "supported"),
        ("can", ("holds", "undecided"), "supported"),
        ("can", ("holds", "untested"), "supported"),
        ("can", ("holds", "fails", "undecided", "untested"), "supported"),
        ("can", ("fails", "undecided"), "inconclusive"),
        ("can", ("fails", "untested"), "not tested"),
        ("always", ("holds", "fails"), "refuted"),
        ("always", ("fails", "undecided"), "refuted"),
        ("always", ("fails", "untested"), "refuted"),
        ("always", ("holds", "undecided"), "inconclusive"),
        ("always", ("holds", "untested"), "not tested"),
        ("usually", ("holds", "fails"), "conditional"),
        ("usually", ("holds", "fails", "undecided", "untested"), "conditional"),
        ("usually", ("holds", "undecided"), "inconclusive"),
        ("usually", ("fails", "undecided"), "inconclusive"),
        ("usually", ("holds", "untested"), "not tested"),
        ("usually", ("holds", "undecided", "untested"), "not tested"),
    ],
)
def test_outcomes_combine_by_strength_in_any_order(strength, words, expected):
    for order in itertools.permutations(words):
        assert verdict(strength, order, axis="depth") == expected
    assert expected in VERDICTS


@pytest.mark.parametrize(
    ("strength", "words"),
    [("can", ("holds", "fails")), ("always", ("holds", "fails"))],
)
def test_a_condition_that_does_not_stand_among_all_decides_nothing(strength, words):
    core = core_of(*words)
    again = core_of("undecided", "undecided")
    decision = combine(strength, "", core, lambda: again)
    word = {"can": "holds", "always": "fails"}[strength]
    assert decision.verdict == "inconclusive"
    assert decision.reason == (
        f"It {word} under 1 of 2 conditions, and among so many that may be chance."
    )


def test_conditional_takes_a_level_that_surely_holds_and_one_that_surely_fails():
    words = ("holds", "fails", "holds")
    usually = {"strength": "usually", "words": words, "axis": "depth"}
    assert verdict(**usually) == "conditional"
    for together in (
        ("holds", "undecided", "holds"),
        ("undecided", "fails", "undecided"),
        ("undecided",) * 3,
    ):
        assert verdict(**usually, together=together) != "conditional"


def test_a_conditional_verdict_names_its_boundary():
    core = core_of("fails", "fails", "holds")
    decision = combine("usually", "depth", core, lambda: core)
    assert decision.boundary == "holds from depth 2 on, fails up to 1"
    assert decision.reason == ""


def test_without_an_axis_nothing_is_conditional():
    # Excesses of 0.5 each: the mean over conditions holds whatever single ones say.
    assert verdict("usually", ("holds", "fails", "holds")) == "supported"


def test_levels_of_two_minds_bound_nothing():
    core = [
        *core_of("holds", "fails"),
        outcome("fails", 2, value=0),
        outcome("holds", 3, value=1),
    ]
    assert not differs_along("depth", core, unasked)


def test_conditions_off_the_axis_bound_nothing():
    core = [outcome("holds", 0), outcome("fails", 1, factor="", value=None)]
    assert not differs_along("depth", core, lambda: core)


@pytest.mark.parametrize("changes", [{"kind": "equivalence"}, {"unit": "accuracy"}])
def test_conditions_that_measure_other_things_bound_nothing(changes):
    core = [outcome("holds", 0), outcome("fails", 1, **changes)]
    assert not differs_along("depth", core, lambda: core)


@pytest.mark.parametrize("kind", ["league", "trend"])
def test_kinds_that_fail_in_several_ways_can_bound_but_have_no_mean(kind):
    core = core_of("holds", "fails", kind=kind)
    assert differs_along("depth", core, lambda: core)
    assert pooled(core) is None


def test_shares_and_differences_of_shares_have_one_scale():
    core = [
        outcome("holds", 0, kind="comparison", unit="difference in share of runs"),
        outcome("fails", 1, kind="success_rate", unit="share of runs"),
    ]
    assert differs_along("depth", core, lambda: core)


def test_exact_checks_are_sure_of_themselves():
    core = core_of("holds", "fails", kind="exact")
    assert differs_along("depth", core, lambda: core)


# Conditions without room.


@pytest.mark.parametrize("strength", STRENGTHS)
def test_a_condition_without_room_says_nothing(strength):
    aside = outcome("untested", 9, details={"no_room": True}, reason="No room: full.")
    for word, expected in (("holds", "supported"), ("fails", "refuted")):
        core = [outcome(word), aside]
        assert combine(strength, "", core, unasked).verdict == expected
    alone = combine(strength, "", [aside], unasked)
    assert (alone.verdict, alone.reason) == ("not tested", "No room: full.")


# The mean over conditions.


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 0.5),
        ({"direction": "at_most"}, -0.5),
        ({"direction": "within", "estimate": -0.2}, 0.3),
        ({"direction": "within", "estimate": 0.8}, -0.3),
        ({"unit": "ratio of mean updates", "estimate": 2.0}, math.log(4.0)),
        (
            {"unit": "ratio of mean updates", "direction": "at_most", "estimate": 2.0},
            -math.log(4.0),
        ),
    ],
)
def test_the_excess_is_the_distance_from_the_bound_towards_what_is_predicted(
    changes, expected
):
    assert excess(outcome("holds", **changes)) == pytest.approx(expected)


def test_the_mean_over_conditions_has_the_t_interval_of_their_spread():
    core = [outcome("holds", i, estimate=e) for i, e in enumerate((0.6, 0.8, 1.0))]
    # Excesses 0.1, 0.3 and 0.5: mean 0.3, deviation 0.2, t of 2 degrees 4.30265.
    low, high = pooled(core)
    reach = 4.30265 * 0.2 / math.sqrt(3)
    assert (low, high) == pytest.approx((0.3 - reach, 0.3 + reach), abs=1e-5)


@pytest.mark.parametrize(
    ("estimates", "expected"),
    [
        ((1.0, 1.1, 0.9, 1.0, 0.45), "supported"),
        ((0.0, 0.1, -0.1, 0.0, 0.55), "refuted"),
        ((1.0, 0.0, 1.0, 0.0), "inconclusive"),
    ],
)
def test_where_no_factor_bounds_it_the_mean_decides_if_it_can(estimates, expected):
    core = [
        outcome("holds" if e >= 0.5 else "fails", i, estimate=e)
        for i, e in enumerate(estimates)
    ]
    decision = combine("usually", "", core, unasked)
    assert decision.verdict == expected
    if expected == "inconclusive":
        assert decision.reason == (
            "Mixed: it holds under 2 and fails under 2 of 4 conditions; no factor named"
            " in advance tells them apart, and their mean does not decide."
        )


@pytest.mark.parametrize(
    "core",
    [
        [outcome("holds")],
        [outcome("holds"), outcome("untested", 1, estimate=None)],
        [outcome("holds"), outcome("fails", 1, unit="accuracy")],
        core_of("holds", "fails", kind="exact"),
        core_of("holds", "fails", kind="league"),
    ],
    ids=["one", "untested", "units", "exact", "league"],
)
def test_what_cannot_be_averaged_has_no_mean(core):
    assert pooled(core) is None


# What is open.


def test_what_is_untested_is_told_before_what_is_undecided():
    core = [
        outcome("undecided", 0, reason="More seeds."),
        outcome("untested", 1, reason="Not made."),
        outcome("untested", 2, reason="Not made."),
    ]
    decision = combine("usually", "", core, unasked)
    assert (decision.verdict, decision.reason) == ("not tested", "Not made.")
    decision = combine("usually", "", core[:1], unasked)
    assert (decision.verdict, decision.reason) == ("inconclusive", "More seeds.")


def test_an_outcome_without_a_reason_is_said_to_be_open():
    decision = combine("always", "", [outcome("undecided")], unasked)
    assert decision.reason == "condition 0 is open."
