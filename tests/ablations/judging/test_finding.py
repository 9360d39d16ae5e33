import re

import pytest

from ablations.claims.registry import all_claims
from ablations.judging.finding import tell
from ablations.judging.outcome import Outcome
from ablations.judging.record import VERDICTS


def outcome(kind="success_rate", unit="share of runs", **changes):
    values = {
        "label": "some arm",
        "kind": kind,
        "outcome": "holds",
        "text": "",
        "rule": "",
        "estimate": 0.419,
        "low": 0.404,
        "high": 0.434,
        "unit": unit,
        "n": 4000,
        "bound": 0.95,
        "details": {
            "treatment_mean": 0.643,
            "control_mean": 0.419,
            "means": [0.0, 0.185, 1.0],
        },
    }
    return Outcome(**(values | changes))


@pytest.mark.parametrize(
    ("template", "changes", "told"),
    [
        ("{0} of {0.n}", {}, "41.9 % [40.4 %, 43.4 %] of 4,000"),
        ("{0.brief}", {}, "41.9 %"),
        (
            "{0}",
            {
                "kind": "comparison",
                "unit": "difference in share of runs",
                "estimate": 0.224,
                "low": 0.211,
                "high": 0.237,
                "bound": 0.02,
            },
            "+22.4 points [+21.1, +23.7]",
        ),
        ("{0.treatment} against {0.control}", {}, "64.3 % against 41.9 %"),
        ("{0.means}", {}, "0 %, 18.5 %, 100 %"),
        ("{0}", {"kind": "exact", "estimate": 0.25, "low": 0.25}, "0.25"),
        ("{0}", {"estimate": None}, "an unknown number"),
        (
            "{0}: {0.treatment} against {0.control}, {0.means}",
            {"unit": "final loss", "kind": "comparison"},
            "+0.419 [+0.404, +0.434]: 0.643 against 0.419, 0, 0.185, 1",
        ),
        (
            "{0}",
            {"unit": "ratio of mean updates", "kind": "time_to_target"},
            "0.419 [0.404, 0.434]",
        ),
        (
            "{0}",
            {"unit": "mean rank", "kind": "league", "low": None, "estimate": 1.25},
            "1.25",
        ),
    ],
)
def test_a_sentence_quotes_the_stored_numbers(template, changes, told):
    assert tell(template, [outcome(**changes)]) == told


def test_controls_and_what_is_shown_can_be_quoted():
    told = tell(
        "{controls[0].brief}, {shown[0].brief}",
        [outcome()],
        [outcome(estimate=1.0)],
        [outcome(estimate=0.4)],
    )
    assert told == "100 %, 40.0 %"


def test_the_boundary_of_ordered_conditions_can_be_quoted():
    two = [
        outcome(factor="width", value=1.0, outcome="fails"),
        outcome(factor="width", value=2.0),
    ]
    assert tell("It {boundary}.", two) == "It holds from width 2 on, fails up to 1."


@pytest.mark.parametrize("name", all_claims())
def test_every_claim_tells_findings_only_of_verdicts_and_of_outcomes_it_has(name):
    claim = all_claims()[name].claim
    assert set(claim.findings) <= set(VERDICTS)
    for template in claim.findings.values():
        told = tell(
            template,
            [outcome() for _ in claim.predictions],
            [outcome() for _ in claim.controls],
            [outcome() for _ in claim.shown],
        )
        assert "{" not in told
        assert re.search(r"\{(\d|controls|shown)", template), "it quotes no number"
