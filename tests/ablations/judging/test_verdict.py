"""The object that a verdict is, and its JSON."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ablations.evidence.versions import evidence_version
from ablations.experiments.classical import ClassicalConfig
from ablations.judging.judgement import give_verdict
from ablations.judging.rule_text import how_it_combines, rule_of
from ablations.judging.verdict import (
    FORMAT,
    INCOMPLETE,
    VERDICTS,
    Coverage,
    Verdict,
    not_run,
)
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import PRINTED_FIT, single_neuron, solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.tasks import TaskConfig
from models.config import ConfigError

ARM = drawn_arm("arm", xor_arm())


def share(key: str = "p", bound: float = 0.5, **changes) -> SuccessRate:
    fields = {"key": key, "label": f"share {key}", "arm": ARM, "score": solved()}
    return SuccessRate(**(fields | changes), bound=bound)


@pytest.fixture
def verdict(hand_made, make_claim) -> Verdict:
    hand_made.put(ARM, np.arange(20) < 19)
    claim = make_claim(
        share("p", at=("width", 4)),
        beside=(share("b", 1.0),),
        controls=(share("c"),),
        shown=(share("s", headline=False),),
    )
    return give_verdict(claim, hand_made.evidence(), "quick")


def test_a_verdict_survives_a_round_trip_through_json(verdict):
    lock = {"digest": "0", "versions": "0"}
    looked = replace(verdict, looks=({"look": 1},), locked=lock)
    for each in (verdict, looked):
        text = json.dumps(each.record(), allow_nan=False)
        assert Verdict.from_record(json.loads(text)) == each


def test_a_brief_record_lacks_only_what_the_claim_and_the_outcomes_say(verdict):
    outcomes = tuple(replace(each, rule="") for each in verdict.outcomes)
    ruleless = replace(verdict, rule="", outcomes=outcomes)
    same = {"digest": verdict.digest, "versions": verdict.evidence_version}
    locks = [lock | {"relocked": 1} for lock in (same, same | {"digest": "0"})]
    changes = [{"finding": "Another one."}, *({"locked": lock} for lock in locks)]
    for each in (ruleless, *(replace(ruleless, **change) for change in changes)):
        brief = json.loads(json.dumps(each.brief_record()))
        assert Verdict.from_record(brief) == each
    assert len(json.dumps(brief)) < 0.7 * len(json.dumps(verdict.record()))


def test_a_verdict_on_nothing_survives_a_round_trip_too(make_claim):
    for claim in (make_claim(share()), make_claim(untestable="It is history.")):
        never = not_run(claim)
        assert Verdict.from_record(json.loads(json.dumps(never.record()))) == never


@pytest.mark.parametrize("written", [None, FORMAT - 1, FORMAT + 1, str(FORMAT)])
def test_a_record_of_another_format_is_refused(verdict, written):
    record = verdict.record() | {"format": written}
    with pytest.raises(ConfigError, match=f"`format` must be {FORMAT};"):
        Verdict.from_record(record)


def test_a_record_repeats_the_numbers_that_stand_for_the_claim(verdict):
    record, head = verdict.record(), verdict.head
    assert record["format"] == FORMAT
    assert {k: record[k] for k in ("estimate", "low", "high", "unit", "n")} == {
        "estimate": 0.95,
        "low": head.low,
        "high": head.high,
        "unit": "share of runs",
        "n": 20,
    }


def test_a_verdict_is_frozen(verdict):
    with pytest.raises(AttributeError):
        verdict.verdict = "refuted"


def test_incomplete_is_no_verdict():
    assert INCOMPLETE not in VERDICTS


@pytest.mark.parametrize(
    ("coverage", "whole", "words"),
    [
        (Coverage(3, 3), True, "3 of 3 conditions and controls"),
        (Coverage(2, 3), False, "2 of 3 conditions and controls"),
        (
            Coverage(3, 3, 1),
            True,
            "3 of 3 conditions and controls; 1 left no room for an effect",
        ),
    ],
)
def test_coverage_says_how_much_of_the_rule_was_judged(coverage, whole, words):
    assert coverage.is_whole is whole
    assert coverage.describe() == words


# The rule in words.


def test_the_rule_names_every_prediction_by_its_role(make_claim):
    claim = make_claim(
        share("one"),
        share("two", 0.6),
        beside=(share("more"),),
        controls=(share("known", 0.7),),
    ).claim
    rule = rule_of(claim)
    for start in (
        "share one: holds if",
        "share two: holds if",
        "Beside, share more: holds if",
        "Control, share known: holds if",
    ):
        assert start in rule
    assert "What stands beside never changes the word." in rule


@pytest.mark.parametrize(
    ("strength", "words"),
    [
        ("can", "supported if it holds under at least one condition"),
        ("usually", "conditional if it holds at some levels of depth and fails at"),
        ("always", "refuted by one under which it fails"),
    ],
)
def test_the_rule_says_how_words_combine_by_strength(make_claim, strength, words):
    two = share("one"), share("two")
    claim = make_claim(*two, strength=strength, axis="depth").claim
    assert words in how_it_combines(claim)
    assert "only by Holm's procedure" in how_it_combines(claim)
    alone = make_claim(two[0], strength=strength).claim
    assert how_it_combines(alone).startswith("Supported if it holds, refuted if")


# What stands with it.


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (xor_arm(), ["2-2-1", "leaky_relu", "adam 0.05", "mse", "500 updates on xor"]),
        (single_neuron("sigmoid"), ["2-1", "no hidden layer"]),
        (PRINTED_FIT, ["keras.Model.fit", "100 updates"]),
    ],
)
def test_a_summary_names_what_an_arm_is(config, words):
    for word in words:
        assert word in config.summary()


def test_the_versions_of_drawn_tasks_and_experiments_stand_with_the_verdict(
    make_claim,
):
    wine = TaskConfig(name="wine")
    forest = ClassicalConfig(task=wine, model="random_forest", trials=1)
    network = xor_arm().replace(task=wine)
    versions = [
        evidence_version(make_claim(share(arm=drawn_arm("arm", config))).claim)
        for config in (xor_arm(), network, forest)
    ]
    assert versions == ["1.1", "1.1, tasks 1", "1.1, classical 1, tasks 1"]
