import numpy as np
import pytest

from ablations.evidence.versions import evidence_version
from ablations.experiments.classical import ClassicalConfig
from ablations.judging import record as record_module
from ablations.judging.record import current_verdicts
from ablations.judging.verdict import give_verdict
from ablations.protocol.claim import rule_of
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import PRINTED_FIT, single_neuron, solved, xor_arm
from ablations.tasks import TaskConfig

ARM = xor_arm()


def share(bound: float, label: str = "share") -> SuccessRate:
    return SuccessRate(label=label, arm="arm", score=solved(), bound=bound)


def give(hand_made, claim):
    return give_verdict(claim, hand_made.evidence(), "quick")


def test_a_stored_verdict_counts_while_claim_and_engine_are_the_same(
    hand_made, make_claim, monkeypatch
):
    hand_made.put(ARM, np.ones(20))
    claim = make_claim(share(0.5), arms={"arm": ARM})
    record = give(hand_made, claim)
    assert current_verdicts([claim], [record]) == [record]
    moved = make_claim(share(0.6), arms={"arm": ARM})
    (changed,) = current_verdicts([moved], [record])
    assert changed["verdict"] == "not tested"
    assert changed["reason"] == "The claim has changed since it was judged."
    monkeypatch.setattr(record_module, "EVIDENCE_VERSION", "another")
    (older,) = current_verdicts([claim], [record])
    assert older["verdict"] == "not tested"
    assert older["reason"].startswith("Training or measuring has changed")


def test_verdicts_of_claims_that_are_gone_are_not_shown(hand_made, make_claim):
    record = give(hand_made, make_claim(share(0.5), arms={"arm": ARM}))
    assert current_verdicts([], [record]) == []


def test_a_claim_may_be_explained_better_without_a_new_run(hand_made, make_claim):
    hand_made.put(ARM, np.ones(20))
    record = give(hand_made, make_claim(share(0.5), arms={"arm": ARM}))
    explained = make_claim(share(0.5), arms={"arm": ARM}, caveats="Only here.")
    (current,) = current_verdicts([explained], [record])
    assert current == {**record, "caveats": "Only here."}


def test_the_rule_names_every_prediction_and_control(make_claim):
    known = share(0.7, "known effect")
    claim = make_claim(share(0.5, "one"), share(0.6, "two"), arms={"arm": ARM})
    rule = rule_of(claim.claim.replace(controls=(known,)))
    for label in ("one: holds if", "two: holds if", "Control, known effect: holds if"):
        assert label in rule


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
    network = ARM.replace(task=wine)
    versions = [
        evidence_version(make_claim(share(0.5), arms={"arm": config}).claim)
        for config in (ARM, network, forest)
    ]
    assert versions == ["1.1", "1.1, tasks 1", "1.1, classical 1, tasks 1"]
