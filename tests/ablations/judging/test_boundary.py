"""The sentence that names where a claim stops holding."""

import itertools

import numpy as np
import pytest

from ablations.judging.boundary import boundary
from ablations.judging.judgement import give_verdict
from ablations.judging.outcome import Outcome
from ablations.protocol.arm import Arm
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved, xor_arm

WORDS = {"h": "holds", "f": "fails", "u": "undecided", "t": "untested"}


def outcomes(factor: str, values, words: str) -> list[Outcome]:
    return [
        Outcome("k", f"{v}", "comparison", WORDS[w], "", "", factor=factor, value=v)
        for v, w in zip(values, words, strict=True)
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ffhh", "holds from width 4 on, fails up to 2"),
        ("hhhf", "holds up to width 4, fails from 8 on"),
        ("fuhh", "holds from width 4 on, fails up to 1, is open at 2"),
        ("futh", "holds from width 8 on, fails up to 1, is open at 2 and 4"),
        ("hfhh", "holds at width 1, 4 and 8, fails at 2"),
        ("fhhf", "holds at width 2 and 4, fails at 1 and 8"),
        ("hhhh", "holds at every width"),
        ("ffff", "fails at every width"),
        ("uuff", "fails from width 4 on, is open at 1 and 2"),
    ],
)
def test_the_boundary_is_named_where_there_is_one(words, sentence):
    made = outcomes("width", (1.0, 2.0, 4.0, 8.0), words)
    for order in itertools.permutations(made):
        assert boundary(order) == sentence


def test_conditions_without_an_order_have_no_boundary():
    assert boundary([Outcome("a", "a", "exact", "holds", "", "")]) == ""
    assert boundary(outcomes("width", (1.0,), "h")) == ""
    assert boundary([]) == ""


def test_values_that_are_words_are_listed():
    made = outcomes("optimizer", ("sgd", "adam", "lion"), "hfh")
    assert boundary(made) == "holds for optimizer sgd and lion, fails for adam"


def test_conditions_that_share_a_value_count_as_one():
    one = outcomes("width", (1.0, 2.0, 4.0), "ffh")
    other = outcomes("width", (1.0, 2.0, 4.0), "fhh")
    assert boundary(one + other) == (
        "holds from width 4 on, fails up to 1, holds for some and fails for others at 2"
    )
    half = outcomes("width", (1.0, 2.0, 4.0), "fuh")
    assert boundary(one + half).endswith("is open at 2")


def test_every_factor_has_a_clause_of_its_own():
    made = outcomes("width", (1.0, 2.0), "fh") + outcomes(
        "learning_rate", (0.1, 10), "hf"
    )
    assert boundary(made) == (
        "holds from width 2 on, fails up to 1;"
        " holds up to learning rate 0.1, fails from 10 on"
    )


def test_a_conditional_verdict_names_the_boundary_and_keeps_the_values(
    hand_made, make_claim
):
    shares = [
        SuccessRate(
            key=f"width{w}",
            label=f"{w} units",
            arm=Arm(levels={"width": w}, config=xor_arm(hidden_units=(w,))),
            score=solved(),
            bound=0.5,
        )
        for w in (1, 2, 4)
    ]
    for share, k in zip(shares, (0, 2, 20), strict=True):
        hand_made.put(share.arm, np.arange(20) < k)
    claim = make_claim(*shares, axis="width")
    verdict = give_verdict(claim, hand_made.evidence(), "quick", 20)
    assert verdict.verdict == "conditional"
    assert verdict.boundary == "holds from width 4 on, fails up to 2"
    assert [(o.factor, o.value) for o in verdict.core] == [
        ("width", 1),
        ("width", 2),
        ("width", 4),
    ]
