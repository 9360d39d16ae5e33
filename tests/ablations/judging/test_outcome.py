import math

import pytest

from ablations.judging.outcome import Outcome, plain, side, untested
from ablations.protocol.kinds import ExactCheck


@pytest.mark.parametrize(
    ("low", "high", "upwards", "word"),
    [
        (0.5, 0.9, True, "holds"),
        (0.6, 0.9, True, "holds"),
        (0.4, 0.5, True, "undecided"),
        (0.4, 0.6, True, "undecided"),
        (0.1, 0.4, True, "fails"),
        (0.1, 0.5, False, "holds"),
        (0.1, 0.4, False, "holds"),
        (0.5, 0.9, False, "undecided"),
        (0.4, 0.6, False, "undecided"),
        (0.6, 0.9, False, "fails"),
        (-math.inf, math.inf, True, "undecided"),
        (-math.inf, math.inf, False, "undecided"),
    ],
)
def test_an_interval_lies_on_one_side_or_is_undecided(low, high, upwards, word):
    assert side(low, high, 0.5, upwards=upwards) == word


def test_nested_numbers_that_json_lacks_become_none():
    nested = {"a": [1.5, math.nan, (math.inf, 2)], "b": {"c": -math.inf, "d": "inf"}}
    assert plain(nested) == {"a": [1.5, None, [None, 2]], "b": {"c": None, "d": "inf"}}


def test_an_untested_outcome_says_why_and_claims_no_number():
    check = ExactCheck(
        key="x", label="cost", measurement="m", quantity="q", expected=0.25
    )
    assert untested(check, "It was not made.") == Outcome(
        key="x",
        label="cost",
        kind="exact",
        outcome="untested",
        text="cost: not tested, It was not made",
        rule=check.rule(),
        reason="It was not made.",
    )
    assert untested(check, "").record() == {
        "key": "x",
        "label": "cost",
        "kind": "exact",
        "outcome": "untested",
        "text": "cost: not tested, ",
        "rule": check.rule(),
        "estimate": None,
        "low": None,
        "high": None,
        "unit": "",
        "n": 0,
        "bound": None,
        "direction": "",
        "p": None,
        "confidence": None,
        "reason": "",
        "details": {},
        "factor": "",
        "value": None,
        "role": "",
    }


def test_an_untested_outcome_keeps_its_condition_and_the_seeds_it_takes():
    check = ExactCheck(
        key="x",
        label="cost",
        measurement="m",
        quantity="q",
        expected=0.25,
        at=("width", 4),
    )
    record = untested(check, "It takes more.", 12).record()
    assert (record["factor"], record["value"]) == ("width", 4)
    assert record["details"] == {"seeds_that_decide": 12}
