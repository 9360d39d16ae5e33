"""Numbers that are measured once and compared with what is implied."""

import math

import numpy as np
import pytest

from ablations.evidence.versions import measurement_specification
from ablations.judging.kinds.exact import judge
from ablations.judging.outcome import Outcome
from ablations.protocol.kinds import ExactCheck


@pytest.fixture
def judge_measured(hand_made, make_claim):
    """Judge a check of `final_cost` in the measurement `made_up`."""

    def run(measured, **changes):
        fields = {"key": "x", "label": "it", "measurement": "made_up"}
        fields |= {"quantity": "final_cost", "expected": 0.25}
        check = ExactCheck(**(fields | changes))
        hand_made.measure("made_up", final_cost=measured)
        claim = make_claim(check).claim
        return check, judge(check, hand_made.case(claim, 20))

    return run


@pytest.mark.parametrize(
    ("relation", "measured", "word", "worst", "text"),
    [
        ("equal", [0.25], "holds", 0.25, "0.25, where the statement implies 0.25"),
        (
            "equal",
            [0.25, 0.5],
            "fails",
            0.5,
            "0.5 (the farthest of 2), where the statement implies 0.25",
        ),
        (
            "equal",
            [0.25, 0.0, 0.75, 0.125],
            "fails",
            0.75,
            "0.75 (the farthest of 4), where the statement implies 0.25",
        ),
        (
            "at_least",
            [0.5, 0.125, 9.0, 0.1875],
            "fails",
            0.125,
            "0.125 (the farthest of 4), where the statement implies at least 0.25",
        ),
        (
            "at_most",
            [0.125, 0.5, -9.0],
            "fails",
            0.5,
            "0.5 (the farthest of 3), where the statement implies at most 0.25",
        ),
        (
            "at_most",
            [[0.125, -0.5], [0.25, -9.0]],
            "holds",
            0.125,
            "0.125 (the farthest of 4), where the statement implies at most 0.25",
        ),
    ],
)
def test_an_exact_outcome_is_of_the_entry_that_agrees_least(
    judge_measured, relation, measured, word, worst, text
):
    check, outcome = judge_measured(measured, relation=relation)
    size = len(measured) * (2 if isinstance(measured[0], list) else 1)
    assert outcome == Outcome(
        key="x",
        label="it",
        kind="exact",
        outcome=word,
        text=f"it: {text}",
        rule=check.rule(),
        estimate=worst,
        low=worst,
        high=worst,
        unit="final cost",
        n=size,
        bound=0.25,
        direction=relation,
        details={"tolerance": 0.0},
    )


def test_the_tolerance_itself_agrees_and_is_kept(judge_measured):
    _, outcome = judge_measured([0.125, 0.375], tolerance=0.125)
    assert (outcome.outcome, outcome.details) == ("holds", {"tolerance": 0.125})


def test_an_entry_that_is_not_finite_is_the_worst_of_all(judge_measured):
    _, outcome = judge_measured([0.25, math.inf, 9.0], relation="at_least")
    assert (outcome.outcome, outcome.estimate) == ("fails", math.inf)
    _, outcome = judge_measured([0.25, -math.inf, 9.0], relation="at_most", label="b")
    # The store keeps what was measured first.
    assert (outcome.outcome, outcome.estimate) == ("fails", math.inf)


def test_nothing_measured_is_no_number(judge_measured):
    _, outcome = judge_measured([])
    assert outcome.outcome == "fails"
    assert math.isnan(outcome.estimate)
    assert outcome.n == 0
    assert outcome.text == "it: nan, where the statement implies 0.25"


@pytest.mark.parametrize(
    ("relation", "measured", "words"),
    [
        ("equal", 0.25 + 1e-12, "0.250000000001, where the statement implies 0.25"),
        (
            "at_least",
            0.25 - 1e-12,
            "0.249999999999, where the statement implies at least 0.25",
        ),
    ],
)
def test_digits_that_make_the_difference_are_shown(
    judge_measured, relation, measured, words
):
    _, outcome = judge_measured(measured, relation=relation)
    assert outcome.text == f"it: {words}"


def test_digits_that_make_none_are_not_shown(judge_measured):
    _, outcome = judge_measured(0.25 + 1e-12, tolerance=1e-9)
    assert outcome.text == "it: 0.25, where the statement implies 0.25"


def test_a_number_measured_in_single_precision_is_compared_as_it_is(
    hand_made, make_claim
):
    digest = hand_made.store.put_spec(measurement_specification("made_up"))
    single = {"final_cost": np.array([0.1], np.float32)}
    hand_made.store.insert(digest, [0], ["ok"], [-1], single, {"processor": "none"})
    fields = {"key": "x", "measurement": "made_up", "quantity": "final_cost"}
    check = ExactCheck(**fields, expected=0.1)
    outcome = judge(check, hand_made.case(make_claim(check).claim, 20))
    # The nearest single-precision number to 0.1 is 1.5e-9 above it.
    assert (outcome.outcome, outcome.estimate) == ("fails", float(np.float32(0.1)))
