import itertools
import json

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence, NoRuns
from ablations.evidence.versions import evidence_version
from ablations.judging.judge import Outcome
from ablations.judging.lock import Lock
from ablations.judging.verdict import VERDICTS, combine, current_verdicts, give_verdict
from ablations.protocol.arm import Arm
from ablations.protocol.kinds import Comparison, ExactCheck, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm

RECORD_KEYS = {
    "id",
    "chapter",
    "rows",
    "statement",
    "source",
    "reference",
    "verdict",
    "finding",
    "estimate",
    "low",
    "high",
    "unit",
    "n",
    "reason",
    "mechanism",
    "rule",
    "caveats",
    "figure",
    "command",
    "preset",
    "digest",
    "conditions",
    "controls",
    "shown",
    "arms",
}
ARM = xor_arm()


def outcomes(*words: str) -> list[Outcome]:
    return [
        Outcome(f"{i}", "exact", word, "text", "rule") for i, word in enumerate(words)
    ]


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
        (("holds", "fails"), "conditional"),
        (("holds", "undecided"), "inconclusive"),
        (("fails", "undecided"), "inconclusive"),
        (("holds", "untested"), "not tested"),
        (("fails", "untested"), "not tested"),
        (("undecided", "untested"), "not tested"),
        (("holds", "fails", "undecided"), "conditional"),
        (("holds", "fails", "untested"), "conditional"),
        (("holds", "undecided", "untested"), "not tested"),
        (("fails", "undecided", "untested"), "not tested"),
        (("holds", "fails", "undecided", "untested"), "conditional"),
    ],
)
def test_outcomes_combine_to_a_verdict_in_any_order(words, expected):
    for order in itertools.permutations(words):
        assert combine(outcomes(*order)) == expected
    assert expected in VERDICTS


def share(bound: float, label: str = "share", arm: str = "arm") -> SuccessRate:
    return SuccessRate(label=label, arm=arm, score=solved(), bound=bound)


def give(hand_made, claim, num_seeds=None):
    return give_verdict(claim, hand_made.evidence(), "quick", num_seeds)


def test_a_record_is_json_with_all_that_a_report_reads(hand_made, make_claim):
    hand_made.put(ARM, np.arange(20) < 19)
    claim = make_claim(share(0.5), arms={"arm": ARM}, shown=(share(0.0, "shown"),))
    record = give(hand_made, claim)
    assert set(record) >= RECORD_KEYS
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["verdict"] == "supported"
    assert (record["estimate"], record["n"]) == (0.95, 20)
    assert record["conditions"][0]["low"] == record["low"]
    assert record["shown"][0]["label"] == "shown"
    (arm,) = record["arms"]
    assert {k: arm[k] for k in ("name", "runs", "ok", "diverged", "failed")} == {
        "name": "arm",
        "runs": 20,
        "ok": 20,
        "diverged": 0,
        "failed": 0,
    }


def test_an_untested_claim_has_the_same_keys(hand_made, make_claim):
    claim = make_claim(share(0.5), arms={"arm": ARM})
    record = give(hand_made, claim)
    (never,) = current_verdicts([claim], [])
    assert set(record) == set(never) >= RECORD_KEYS
    assert json.loads(json.dumps(never, allow_nan=False)) == never
    for each in (record, never):
        assert each["verdict"] == "not tested"
        assert each["reason"]
        assert each["estimate"] is None
    assert "Only 0 of 20 runs of arm are there" in record["finding"]
    assert "`ablations run a_claim` runs it" in never["finding"]


def test_an_untestable_claim_says_why_and_names_no_command(hand_made, make_claim):
    claim = make_claim(predictions=(), arms={}, untestable="It is history.")
    record = give(hand_made, claim)
    assert set(record) >= RECORD_KEYS
    assert record["verdict"] == "not tested"
    assert record["finding"] == record["reason"] == "It is history."
    assert record["command"] == ""
    assert current_verdicts([claim], [])[0] == record


def test_the_quick_preset_judges_only_what_is_not_beyond_it(hand_made, make_claim):
    arms = {"plain": Arm(config=ARM), "other": Arm(config=xor_arm(num_steps=100))}
    both = tuple(
        SuccessRate(label=name, arm=name, score=solved(), bound=0.5) for name in arms
    )
    claim = make_claim(*both, arms=arms, beyond_quick=("other",))
    labels = {
        preset: [
            c["label"]
            for c in give_verdict(claim, hand_made.evidence(), preset)["conditions"]
        ]
        for preset in ("quick", "standard")
    }
    assert labels == {"quick": ["plain"], "standard": ["plain", "other"]}


def test_a_claim_left_to_the_standard_preset_names_it(hand_made, make_claim):
    arms = {"arm": Arm(config=ARM)}
    claim = make_claim(share(0.5), arms=arms, standard_only=True)
    hand_made.put(ARM, np.ones(40))
    quick = give_verdict(claim, hand_made.evidence(), "quick")
    assert set(quick) >= RECORD_KEYS
    assert (quick["verdict"], quick["arms"]) == ("not tested", [])
    assert "`ablations run a_claim --preset standard` runs it" in quick["finding"]
    # A report made after a quick run says the same.
    assert current_verdicts([claim], [])[0]["finding"] == quick["finding"]
    standard = give_verdict(claim, hand_made.evidence(), "standard")
    assert standard["verdict"] == "supported"


def test_no_verdict_depends_on_what_the_quick_preset_leaves_out_whole(make_claim):
    arms = {"arm": Arm(config=ARM)}
    digests = {
        make_claim(share(0.5), arms=arms, standard_only=alone).digest
        for alone in (False, True)
    }
    assert len(digests) == 1


def test_diverged_and_failed_runs_are_counted_by_arm(hand_made, make_claim):
    status = ["ok"] * 15 + ["diverged"] * 3 + ["failed", "oom"]
    hand_made.put(ARM, np.ones(20), status=status)
    (arm,) = give(hand_made, make_claim(share(0.5), arms={"arm": ARM}))["arms"]
    assert (arm["runs"], arm["ok"], arm["diverged"], arm["failed"]) == (20, 15, 3, 2)


@pytest.mark.parametrize(
    ("successes", "expected"),
    [(20, "supported"), (5, "not tested"), (14, "not tested")],
)
def test_a_control_that_does_not_hold_withdraws_the_verdict(
    hand_made, make_claim, successes, expected
):
    control = xor_arm(learning_rate=0.5)
    hand_made.put(ARM, np.ones(20))
    hand_made.put(control, np.arange(20) < successes)
    claim = make_claim(
        share(0.5),
        arms={"arm": ARM, "known": control},
        controls=(share(0.7, "known effect", "known"),),
    )
    record = give(hand_made, claim)
    assert record["verdict"] == expected
    if expected == "not tested":
        assert record["reason"].startswith("A control does not hold: known effect")
        assert record["finding"].startswith(record["reason"])
        # What was found is still said.
        assert "100 %" in record["finding"]


def test_a_missing_control_withdraws_the_verdict(hand_made, make_claim):
    hand_made.put(ARM, np.ones(20))
    claim = make_claim(
        share(0.5),
        arms={"arm": ARM},
        controls=(ExactCheck(label="c", measurement="m", quantity="q", expected=0.0),),
    )
    assert give(hand_made, claim)["verdict"] == "not tested"


def test_a_conditional_finding_says_what_holds_and_what_fails(hand_made, make_claim):
    other = xor_arm(learning_rate=0.5)
    hand_made.put(ARM, np.ones(20))
    hand_made.put(other, np.zeros(20))
    claim = make_claim(
        share(0.5, "here"),
        share(0.5, "there", "other"),
        arms={"arm": ARM, "other": other},
    )
    record = give(hand_made, claim)
    assert record["verdict"] == "conditional"
    assert record["finding"].startswith("Holds for here: 100 %")
    assert "Fails for there: 0 %" in record["finding"]
    assert record["estimate"] == 1.0


def test_the_headline_gives_the_numbers(hand_made, make_claim):
    other = xor_arm(learning_rate=0.5)
    hand_made.put(ARM, np.ones(20))
    hand_made.put(other, np.zeros(20))
    claim = make_claim(
        share(0.5, "here"),
        share(0.5, "there", "other"),
        arms={"arm": ARM, "other": other},
        headline="there",
    )
    assert give(hand_made, claim)["estimate"] == 0.0


def test_an_inconclusive_finding_never_says_that_there_is_no_difference(
    hand_made, make_claim, two_arms
):
    hand_made.put(two_arms["treatment"], np.arange(20) < 10)
    hand_made.put(two_arms["control"], np.arange(20) >= 10)
    claim = make_claim(
        Comparison(
            label="both",
            treatment="treatment",
            control="control",
            score=solved(),
            margin=0.1,
            direction="no_less",
        ),
        arms=two_arms,
    )
    record = give(hand_made, claim)
    assert record["verdict"] == "inconclusive"
    assert "no difference" not in record["finding"].lower()
    assert record["finding"].startswith("Undecided: ")
    assert "seeds do not decide" in record["reason"]


def test_findings_end_with_one_full_stop(hand_made, make_claim):
    claims = [make_claim(share(bound), arms={"arm": ARM}) for bound in (0.5, 0.9, 1.0)]
    findings = [give(hand_made, claim)["finding"] for claim in claims]
    hand_made.put(ARM, np.arange(20) < 19)
    findings += [give(hand_made, claim)["finding"] for claim in claims]
    for finding in findings:
        assert finding.endswith(".")
        assert ".." not in finding


def test_the_command_repeats_the_verdict(hand_made, make_claim):
    claim = make_claim(share(0.5), arms={"arm": ARM})
    command = "ablations run a_claim --preset quick"
    assert give(hand_made, claim)["command"] == command
    assert give(hand_made, claim, 15)["command"] == f"{command} --seeds 15"


# What withdraws a verdict, and what is still open.


def locked(claim, **changes) -> Lock:
    fields = {
        "claim": claim.id,
        "digest": claim.digest,
        "versions": evidence_version(claim.claim),
        "sequence": 0,
        "relocked": 0,
        "runs_before": 0,
        "asked": (),
    }
    return Lock(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"digest": "0" * 64}, "The claim's rule has changed since it was locked."),
        (
            {"versions": "0.0"},
            "The claim's training or measuring has changed since it was locked.",
        ),
    ],
)
def test_a_verdict_counts_while_its_lock_is_of_the_claim(
    hand_made, make_claim, changes, reason
):
    hand_made.put(ARM, np.ones(20))
    claim = make_claim(share(0.5), arms={"arm": ARM})
    lock = locked(claim, **changes)
    record = give_verdict(claim, hand_made.evidence(), "quick", None, lock)
    assert record["verdict"] == ("not tested" if reason else "supported")
    assert record["reason"] == reason
    assert record["finding"].startswith(reason)
    assert "20 runs" in record["finding"]
    assert record["locked"] == lock.record()


def test_an_unmet_precondition_leaves_a_prediction_untested(hand_made, make_claim):
    short = xor_arm(num_steps=100)
    hand_made.put(ARM, np.linspace(0, 1, 20), metric="loss")
    hand_made.put(short, np.linspace(1, 2, 20), metric="loss", steps=(100,))
    loss = ScoreConfig(quantity="loss", words="final loss")
    unequal = Comparison(
        label="unequal", treatment="arm", control="short", score=loss, margin=0.1
    )
    claim = make_claim(unequal, arms={"arm": ARM, "short": short})
    record = give(hand_made, claim)
    (condition,) = record["conditions"]
    assert (condition["label"], condition["outcome"]) == ("unequal", "untested")
    assert condition["reason"].startswith("The budgets differ: arm is read after 500")
    assert record["reason"] == condition["reason"]


def test_the_confidence_asked_for_is_that_of_every_interval(hand_made, make_claim):
    hand_made.put(ARM, np.arange(20) < 15)
    claim = make_claim(share(0.5), arms={"arm": ARM})
    widths = []
    for confidence in (0.95, 0.99):
        record = give_verdict(
            claim, hand_made.evidence(), "quick", None, None, confidence
        )
        (condition,) = record["conditions"]
        assert record["confidence"] == condition["confidence"] == confidence
        widths.append(condition["high"] - condition["low"])
    assert widths[1] > widths[0]


def test_what_is_open_names_the_seeds_that_would_decide_all_of_it(
    hand_made, make_claim
):
    near, nearer = ARM, xor_arm(learning_rate=0.5)
    hand_made.put(near, np.arange(20) < 14)
    hand_made.put(nearer, np.arange(20) < 12)
    shares = (
        SuccessRate(label=name, arm=name, score=solved(), bound=0.5)
        for name in ("near", "nearer")
    )
    claim = make_claim(*shares, arms={"near": near, "nearer": nearer})
    record = give(hand_made, claim)
    wanted = [c["details"]["seeds_that_decide"] for c in record["conditions"]]
    assert [c["outcome"] for c in record["conditions"]] == ["undecided"] * 2
    assert wanted[0] < wanted[1] == record["seeds_that_decide"]


def test_nothing_open_and_nothing_known_name_no_seeds(hand_made, make_claim):
    hand_made.put(ARM, np.ones(20))
    sure = give(hand_made, make_claim(share(0.5), arms={"arm": ARM}))
    assert sure["seeds_that_decide"] is None
    missing = give(
        hand_made,
        make_claim(share(0.5), share(0.5, "b"), arms={"arm": xor_arm(num_steps=7)}),
    )
    assert missing["seeds_that_decide"] is None


def test_the_command_names_the_seed_that_judging_begins_at(hand_made, make_claim):
    claim = make_claim(share(0.5), arms={"arm": ARM})
    evidence = Evidence(NoRuns(first_seed=900))
    assert give_verdict(claim, evidence, "quick")["command"] == (
        "ablations run a_claim --preset quick --first-seed 900"
    )


def test_seeds_that_decide_are_not_named_where_one_prediction_has_none(
    hand_made, make_claim
):
    hand_made.put(ARM, np.arange(20) < 14)
    claim = make_claim(
        share(0.5, "near"),
        share(0.5, "missing", "other"),
        arms={"arm": ARM, "other": xor_arm(learning_rate=0.5)},
    )
    record = give(hand_made, claim)
    assert [c["outcome"] for c in record["conditions"]] == ["undecided", "untested"]
    assert record["conditions"][0]["details"]["seeds_that_decide"] > 20
    assert record["seeds_that_decide"] is None
