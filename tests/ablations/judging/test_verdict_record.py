"""The whole record of a verdict, field by field, and what a finding says by default."""

import math

import numpy as np
import pytest

from ablations.judging.judge import judge
from ablations.judging.record import description
from ablations.judging.verdict import give_verdict
from ablations.protocol.arm import TUNING_SEEDS_START, Arm, TuneConfig
from ablations.protocol.kinds import ExactCheck, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import xor_arm

SOLVED = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")
MACHINE = {"processor": "none", "keras": "0"}


def share(label: str, arm: str, bound: float = 0.5) -> SuccessRate:
    return SuccessRate(label=label, arm=arm, score=SOLVED, bound=bound)


@pytest.fixture
def four_arms(hand_made):
    """Put 20 runs of arms that succeed always, never, in half and in most runs."""
    arms = {}
    for i, (name, k) in enumerate(
        {"all": 20, "none": 0, "half": 10, "most": 19}.items()
    ):
        arms[name] = xor_arm(learning_rate=0.1 + i)
        hand_made.put(arms[name], np.arange(20) < k)
    return arms


@pytest.fixture
def give(hand_made, make_claim, four_arms):
    """Give the verdict on predictions of some of the four arms."""

    def run(*predictions, num_seeds=None, **changes):
        told = (*predictions, *changes.get("controls", ()), *changes.get("shown", ()))
        arms = {p.arm: four_arms[p.arm] for p in told}
        claim = make_claim(*predictions, arms=arms, **changes)
        return claim, give_verdict(claim, hand_made.evidence(), "quick", num_seeds)

    return run


def outcome_of(hand_made, registered, prediction):
    return judge(prediction, hand_made.case(registered.claim, 20))


def test_a_record_repeats_the_claim_and_all_its_outcomes(hand_made, give, four_arms):
    predictions = share("p1", "all"), share("p2", "most")
    control, shown = share("c", "all", 0.6), share("s", "half")
    claim, record = give(
        *predictions, controls=(control,), shown=(shown,), headline="c"
    )
    head = outcome_of(hand_made, claim, control)
    one, two = (outcome_of(hand_made, claim, p) for p in predictions)
    runs = {"runs": 20, "ok": 20, "diverged": 0, "failed": 0, "machines": [MACHINE]}
    assert record == {
        **description(claim),
        "verdict": "supported",
        "finding": f"{one.text}; {two.text}.",
        "estimate": 1.0,
        "low": head.low,
        "high": 1.0,
        "unit": "share of runs",
        "n": 20,
        "reason": "",
        "command": "ablations run a_claim --preset quick",
        "preset": "quick",
        "confidence": 0.95,
        "looks": [],
        "seeds_that_decide": None,
        "locked": None,
        "mixture": "",
        "conditions": [one.record(), two.record()],
        "controls": [head.record()],
        "shown": [outcome_of(hand_made, claim, shown).record()],
        "arms": [
            {"name": name, "summary": four_arms[name].summary(), **runs}
            for name in ("all", "most", "half")
        ],
    }


def test_a_finding_of_the_claim_is_told_with_its_numbers(give):
    template = (
        "Of {0.n} runs {0.brief}, controls {controls[0].brief}, {shown[0].brief}."
    )
    _, record = give(
        share("p", "most"),
        controls=(share("c", "all"),),
        shown=(share("s", "half"),),
        findings={"supported": template},
    )
    assert record["finding"] == "Of 20 runs 95.0 %, controls 100 %, 50.0 %."


def test_a_finding_of_another_verdict_is_not_told(hand_made, give):
    claim, record = give(share("p", "none"), findings={"supported": "{0.brief}."})
    text = outcome_of(hand_made, claim, claim.claim.predictions[0]).text
    assert (record["verdict"], record["finding"]) == ("refuted", f"{text}.")


def test_a_conditional_finding_lists_what_holds_fails_and_is_open(hand_made, give):
    predictions = [
        share("open", "half"),
        share("no", "none"),
        share("yes", "all"),
        share("too", "most"),
    ]
    claim, record = give(*predictions)
    is_open, no, yes, too = (
        outcome_of(hand_made, claim, p).text for p in claim.claim.predictions
    )
    assert record["verdict"] == "conditional"
    assert record["finding"] == (
        f"Holds for {yes}; {too}. Fails for {no}. Open: {is_open}."
    )
    assert record["reason"].startswith("open: 20 seeds do not decide")
    _, closed = give(*predictions[1:])
    assert closed["finding"] == f"Holds for {yes}; {too}. Fails for {no}."


def test_an_inconclusive_finding_begins_with_what_is_undecided(hand_made, give):
    claim, record = give(share("yes", "all"), share("open", "half"))
    yes, is_open = (
        outcome_of(hand_made, claim, p).text for p in claim.claim.predictions
    )
    assert record["verdict"] == "inconclusive"
    assert record["finding"] == f"Undecided: {is_open}. {yes}."
    _, alone = give(share("open", "half"))
    assert alone["finding"] == f"Undecided: {is_open}."


def test_a_broken_control_is_told_before_what_was_found(hand_made, give):
    controls = share("good", "all"), share("bad", "none"), share("worse", "half")
    claim, record = give(share("p", "all"), controls=controls)
    found = outcome_of(hand_made, claim, claim.claim.predictions[0]).text
    bad = outcome_of(hand_made, claim, controls[1]).text
    assert record["verdict"] == "not tested"
    assert record["reason"] == f"A control does not hold: {bad}."
    assert record["finding"] == f"A control does not hold: {bad}. {found}."


def test_reasons_are_joined_in_the_order_of_predictions(give, hand_made):
    claim, record = give(share("a", "half"), share("b", "all"), share("c", "half", 0.6))
    reasons = [outcome_of(hand_made, claim, p).reason for p in claim.claim.predictions]
    assert reasons[0]
    assert reasons[2]
    assert record["reason"] == f"{reasons[0]} {reasons[2]}"


def test_fewer_seeds_are_named_in_the_command_and_judge(give):
    _, record = give(share("p", "all"), num_seeds=15)
    assert record["command"] == "ablations run a_claim --preset quick --seeds 15"
    assert record["n"] == record["arms"][0]["runs"] == 15


def test_a_tuned_arm_says_what_was_tried_and_chosen(hand_made, make_claim):
    tune = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=SOLVED, seeds=10)
    arm = Arm(config=xor_arm(), tune=tune)
    claim = make_claim(share("p", "arm"), arms={"arm": arm})
    (before,) = give_verdict(claim, hand_made.evidence(), "quick")["arms"]
    assert before == {
        "name": "arm",
        "summary": arm.config.summary(),
        "runs": 0,
        "ok": 0,
        "diverged": 0,
        "failed": 0,
    }
    seeds = np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + 10)
    for rate, k in {0.01: 2, 0.1: 8, 1.0: 3}.items():
        hand_made.put(arm.with_learning_rate(rate), np.arange(10) < k, seeds=seeds)
    chosen = arm.with_learning_rate(0.1)
    status = ["ok"] * 14 + ["diverged"] * 4 + ["failed", "oom"]
    hand_made.put(chosen, np.ones(20), status=status)
    (after,) = give_verdict(claim, hand_made.evidence(), "quick")["arms"]
    assert after.pop("tried") == {"0.01": 0.2, "0.1": 0.8, "1": 0.3}
    assert after == {
        "name": "arm",
        "summary": chosen.summary(),
        "runs": 20,
        "ok": 14,
        "diverged": 4,
        "failed": 2,
        "machines": [MACHINE],
        "learning_rate": 0.1,
        "num_trials": 3,
        "num_widened": 0,
        "at_edge": False,
        # The 14 runs that are ok succeed, of 20.
        "tuned": 0.7,
    }


def test_numbers_that_json_lacks_are_none_in_a_record(hand_made, make_claim):
    hand_made.measure("made_up", cost=math.nan)
    check = ExactCheck(label="p", measurement="made_up", quantity="cost", expected=1.0)
    record = give_verdict(make_claim(check), hand_made.evidence(), "quick")
    assert record["verdict"] == "refuted"
    assert record["estimate"] is record["low"] is record["high"] is None


def missing(label: str) -> ExactCheck:
    return ExactCheck(label=label, measurement="none", quantity="q", expected=1.0)


@pytest.fixture
def give_with_missing(hand_made, make_claim, four_arms):
    """Give the verdict on an unmade measurement besides predictions of arms."""

    def run(*predictions):
        arms = {p.arm: four_arms[p.arm] for p in predictions}
        claim = make_claim(*predictions, missing("never"), arms=arms)
        record = give_verdict(claim, hand_made.evidence(), "quick")
        return record, [
            outcome_of(hand_made, claim, p).text for p in claim.claim.predictions
        ]

    return run


def test_what_is_untested_stays_open_in_a_conditional_finding(give_with_missing):
    record, (yes, no, never) = give_with_missing(
        share("yes", "all"), share("no", "none")
    )
    assert record["verdict"] == "conditional"
    assert record["finding"] == f"Holds for {yes}. Fails for {no}. Open: {never}."


def test_what_is_untested_comes_first_where_nothing_is_settled(give_with_missing):
    record, (yes, is_open, never) = give_with_missing(
        share("yes", "all"), share("open", "half")
    )
    assert record["verdict"] == "not tested"
    assert record["finding"] == f"{never}; {is_open}; {yes}."


def test_an_inconclusive_finding_tells_what_fails(hand_made, give):
    claim, record = give(share("no", "none"), share("open", "half"))
    no, is_open = (
        outcome_of(hand_made, claim, p).text for p in claim.claim.predictions
    )
    assert record["verdict"] == "inconclusive"
    assert record["finding"] == f"Undecided: {is_open}. {no}."


def test_an_arm_that_is_not_tuned_yet_does_not_hide_the_next(hand_made, make_claim):
    tune = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=SOLVED, seeds=10)
    arms = {"tuned": Arm(config=xor_arm(), tune=tune), "plain": xor_arm()}
    hand_made.put(arms["plain"], np.ones(20))
    claim = make_claim(share("p", "tuned"), share("q", "plain"), arms=arms)
    records = give_verdict(claim, hand_made.evidence(), "quick")["arms"]
    assert [(arm["name"], arm["runs"]) for arm in records] == [
        ("tuned", 0),
        ("plain", 20),
    ]
