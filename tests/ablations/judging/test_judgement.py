"""A claim judged from hand-made runs: the word, the answer and all that is kept."""

import json
import math

import numpy as np
import pytest

from ablations.evidence.evidence import Evidence, NoRuns
from ablations.evidence.versions import evidence_version
from ablations.judging.judge import judge
from ablations.judging.judgement import give_verdict
from ablations.judging.lock import Lock
from ablations.judging.verdict import (
    INCOMPLETE,
    Coverage,
    Verdict,
    description,
    not_run,
)
from ablations.protocol.arm import TUNING_SEEDS_START, TuneConfig
from ablations.protocol.kinds import Comparison, ExactCheck, SuccessRate
from ablations.protocol.score import ScoreConfig
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm

MACHINE = {"processor": "none", "keras": "0"}
COUNTS = {"all": 20, "none": 0, "half": 10, "most": 19}
ARMS = {
    name: drawn_arm(name, xor_arm(learning_rate=0.1 + i))
    for i, name in enumerate(COUNTS)
}


def share(key: str, arm: str = "all", bound: float = 0.5, **changes) -> SuccessRate:
    fields = {"key": key, "label": f"share {key}", "arm": ARMS.get(arm, arm)}
    return SuccessRate(**(fields | changes), score=solved(), bound=bound)


def missing(key: str) -> ExactCheck:
    fields = {"measurement": "none", "quantity": "q", "expected": 1.0}
    return ExactCheck(key=key, label=f"check {key}", **fields)


@pytest.fixture
def give(hand_made, make_claim):
    """Give the verdict on predictions of arms with known numbers of successes."""
    for name, k in COUNTS.items():
        hand_made.put(ARMS[name], np.arange(20) < k)

    def run(*core, preset="quick", num_seeds=None, **changes) -> Verdict:
        claim = make_claim(*core, **changes)
        return give_verdict(claim, hand_made.evidence(), preset, num_seeds)

    return run


def texts(verdict: Verdict) -> dict[str, str]:
    return {o.key: o.text for o in verdict.outcomes}


# What a verdict keeps.


def test_a_verdict_repeats_the_claim_and_all_its_outcomes(hand_made, make_claim, give):
    core = share("p1"), share("p2", "most")
    beside, control = share("b", "none"), share("c", "all", 0.6, headline=True)
    parts = {
        "beside": (beside,),
        "controls": (control,),
        "shown": (share("s", "half"),),
    }
    claim = make_claim(*core, **parts)
    found = give(*core, **parts)
    case = hand_made.case(claim.claim, 20)
    outcomes = tuple(judge(p, case) for p in claim.claim.everything)
    runs = {"runs": 20, "ok": 20, "diverged": 0, "failed": 0, "machines": [MACHINE]}
    assert found == Verdict(
        **description(claim),
        verdict="supported",
        answer="Yes: it holds in all 2 settings tried.",
        how="",
        finding=f"Holds: {outcomes[0].text}; {outcomes[1].text}.",
        coverage=Coverage(judged=3, of=3),
        outcomes=outcomes,
        headline="c",
        command="ablations run a_claim --preset quick",
        preset="quick",
        confidence=0.95,
        arms=tuple(
            {
                "name": name,
                "levels": {"arm": name},
                "summary": ARMS[name].config.summary(),
                **runs,
            }
            for name in ("all", "most", "none", "half")
        ),
    )
    roles = [o.role for o in found.outcomes]
    assert roles == ["core", "core", "beside", "control", "shown"]
    assert [o.key for o in (*found.core, *found.beside)] == ["p1", "p2", "b"]
    assert [o.key for o in (*found.controls, *found.shown)] == ["c", "s"]
    assert (found.head.key, found.head.estimate) == ("c", 1.0)


def test_a_verdict_on_nothing_has_the_same_fields(hand_made, make_claim):
    claim = make_claim(share("p"))
    judged = give_verdict(claim, hand_made.evidence(), "quick")
    never = not_run(claim)
    for each in (judged, never):
        assert set(each.record()) == set(judged.record())
        assert each.verdict == "not tested"
        assert each.reason
        assert each.record()["estimate"] is None
    assert "Only 0 of 20 runs of all are there" in judged.finding
    assert "`ablations run a_claim` runs it" in never.finding
    assert (judged.is_judged, never.is_judged) == (True, False)


def test_an_untestable_claim_says_why_and_names_no_command(hand_made, make_claim):
    answers = {"": "Not tested: it is history."}
    claim = make_claim(untestable="It is history.", answers=answers)
    verdict = give_verdict(claim, hand_made.evidence(), "quick")
    assert verdict.verdict == "not tested"
    assert verdict.finding == verdict.reason == "It is history."
    assert verdict.answer == "Not tested: it is history."
    assert verdict.command == ""
    assert not_run(claim) == verdict


def test_diverged_and_failed_runs_are_counted_by_arm(hand_made, make_claim):
    status = ["ok"] * 15 + ["diverged"] * 3 + ["failed", "oom"]
    hand_made.put(ARMS["all"], np.ones(20), status=status)
    claim = make_claim(share("p"))
    (arm,) = give_verdict(claim, hand_made.evidence(), "quick").arms
    assert (arm["runs"], arm["ok"], arm["diverged"], arm["failed"]) == (20, 15, 3, 2)


def test_a_tuned_arm_says_what_was_tried_and_chosen(hand_made, make_claim):
    score = ScoreConfig(quantity="solved", at_least=0.5, words="end solved")
    tune = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=score, seeds=10)
    arm = drawn_arm("arm", xor_arm(), tune)
    claim = make_claim(share("p", arm))
    (before,) = give_verdict(claim, hand_made.evidence(), "quick").arms
    known = {"name": "arm", "levels": {"arm": "arm"}}
    none = dict.fromkeys(("runs", "ok", "diverged", "failed"), 0)
    assert before == {**known, "summary": arm.config.summary(), **none}
    seeds = np.arange(TUNING_SEEDS_START, TUNING_SEEDS_START + 10)
    for rate, k in {0.01: 2, 0.1: 8, 1.0: 3}.items():
        hand_made.put(arm.with_learning_rate(rate), np.arange(10) < k, seeds=seeds)
    chosen = arm.with_learning_rate(0.1)
    status = ["ok"] * 14 + ["diverged"] * 4 + ["failed", "oom"]
    hand_made.put(chosen, np.ones(20), status=status)
    (after,) = give_verdict(claim, hand_made.evidence(), "quick").arms
    assert after.pop("tried") == {"0.01": 0.2, "0.1": 0.8, "1": 0.3}
    assert after == {
        **known,
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


def test_an_arm_that_is_not_tuned_yet_does_not_hide_the_next(hand_made, make_claim):
    tune = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=solved(), seeds=10)
    tuned = drawn_arm("tuned", xor_arm(hidden_units=(3,)), tune)
    hand_made.put(ARMS["all"], np.ones(20))
    claim = make_claim(share("p", tuned), share("q"))
    arms = give_verdict(claim, hand_made.evidence(), "quick").arms
    assert [(arm["name"], arm["runs"]) for arm in arms] == [("tuned", 0), ("all", 20)]


def test_numbers_that_json_lacks_are_none_in_a_record(hand_made, make_claim):
    hand_made.measure("none", q=math.nan)
    verdict = give_verdict(make_claim(missing("p")), hand_made.evidence(), "quick")
    assert verdict.verdict == "refuted"
    record = verdict.record()
    assert record["estimate"] is record["low"] is record["high"] is None
    assert json.loads(json.dumps(record, allow_nan=False)) == record


# What a preset judges.


def test_the_quick_preset_judges_only_what_is_quick(give):
    core = share("plain"), share("other", "most", quick=False)
    keys = {
        preset: [o.key for o in give(*core, preset=preset).core]
        for preset in ("quick", "standard")
    }
    assert keys == {"quick": ["plain"], "standard": ["plain", "other"]}


@pytest.mark.parametrize("part", ["core", "controls"])
def test_a_part_of_a_rule_never_gets_a_word(give, part):
    more = {
        "core": (share("p"), share("q", quick=False)),
        "controls": (share("q", quick=False),),
    }
    core = more["core"] if part == "core" else (share("p"),)
    controls = more["controls"] if part == "controls" else ()
    verdict = give(*core, controls=controls, answers={"p": "Yes."}, how="By runs.")
    assert verdict.verdict == INCOMPLETE
    assert verdict.coverage == Coverage(judged=1, of=2)
    assert (
        verdict.answer == f"So far: 1 of 1 conditions hold, of {len(core)} in the rule."
    )
    assert verdict.how == ""


def test_what_stands_beside_may_be_left_out_without_loss(give):
    beside = (share("b", "none", quick=False),)
    assert give(share("p"), beside=beside).verdict == "supported"


def test_a_claim_left_to_the_standard_preset_names_it(hand_made, make_claim):
    claim = make_claim(share("p"), standard_only=True)
    hand_made.put(ARMS["all"], np.ones(40))
    quick = give_verdict(claim, hand_made.evidence(), "quick")
    assert (quick.verdict, quick.arms) == ("not tested", ())
    assert "`ablations run a_claim --preset standard` runs it" in quick.finding
    # A report made after a quick run says the same.
    assert not_run(claim).finding == quick.finding
    standard = give_verdict(claim, hand_made.evidence(), "standard")
    assert standard.verdict == "supported"


def test_no_verdict_depends_on_what_the_quick_preset_leaves_out_whole(make_claim):
    digests = {
        make_claim(share("p"), standard_only=alone).digest for alone in (False, True)
    }
    assert len(digests) == 1


# Controls and what stands beside.


@pytest.mark.parametrize(
    ("control", "expected"),
    [("all", "supported"), ("none", "not tested"), ("half", "not tested")],
)
def test_a_control_that_does_not_hold_withdraws_the_verdict(give, control, expected):
    verdict = give(share("p", "most"), controls=(share("c", control, 0.7),))
    assert verdict.verdict == expected
    if expected == "not tested":
        assert verdict.reason.startswith("A control does not hold: share c")
        assert verdict.answer == "Not tested: a control does not hold."
        # What was found is still said.
        assert "95.0 %" in verdict.finding


def test_the_first_control_that_does_not_hold_is_named(give):
    controls = share("good"), share("bad", "none"), share("worse", "half")
    verdict = give(share("p"), controls=controls)
    assert verdict.reason == f"A control does not hold: {texts(verdict)['bad']}."


def test_a_missing_control_withdraws_the_verdict(give):
    assert give(share("p"), controls=(missing("c"),)).verdict == "not tested"


@pytest.mark.parametrize("arm", ["all", "none", "half"])
def test_what_stands_beside_never_changes_the_word(give, arm):
    verdict = give(share("p"), share("q", "most"), beside=(share("b", arm),))
    assert verdict.verdict == "supported"
    assert "share b" not in verdict.finding


# What is told.


def test_an_answer_is_told_where_its_outcomes_are_there(give):
    answers = {"!p": "No: {p} learn.", "p b": "Yes: {p} learn, {b.missed} do not."}
    beside = (share("b", "most"),)
    told = give(share("p"), beside=beside, answers=answers, how="Of {p.n} runs.")
    assert told.answer == "Yes: 20 of 20 learn, 1 of 20 do not."
    assert told.how == "Of 20 runs."
    no = give(share("p", "none"), beside=beside, answers=answers)
    assert no.answer == "No: 0 of 20 learn."
    neutral = give(share("p"), beside=(share("b", "none"),), answers=answers)
    assert neutral.answer == "Yes: it holds in the one setting tried."


def test_a_finding_lists_what_holds_fails_and_is_open(give):
    core = share("open", "half"), share("no", "none"), share("yes"), missing("never")
    verdict = give(*core, share("too", "most"), strength="can")
    told = texts(verdict)
    assert verdict.finding == (
        f"Holds: {told['yes']}; {told['too']}. Fails: {told['no']}."
        f" Undecided: {told['open']}. Not tested: {told['never']}."
    )
    assert verdict.verdict == "supported"


def test_an_inconclusive_verdict_never_says_that_there_is_no_difference(
    hand_made, make_claim, two_arms
):
    hand_made.put(two_arms["treatment"], np.arange(20) < 10)
    hand_made.put(two_arms["control"], np.arange(20) >= 10)
    fields = {"key": "c", "label": "both", "score": solved(), "margin": 0.1}
    claim = make_claim(Comparison(**fields, **two_arms, direction="no_less"))
    verdict = give_verdict(claim, hand_made.evidence(), "quick")
    assert verdict.verdict == "inconclusive"
    assert "no difference" not in (verdict.finding + verdict.answer).lower()
    assert verdict.finding.startswith("Undecided: ")
    assert "seeds do not decide" in verdict.reason


def test_findings_end_with_one_full_stop(hand_made, make_claim):
    claims = [make_claim(share("p", "all", bound)) for bound in (0.5, 0.9, 1.0)]
    evidence = hand_made.evidence()
    findings = [give_verdict(claim, evidence, "quick").finding for claim in claims]
    hand_made.put(ARMS["all"], np.arange(20) < 19)
    evidence = hand_made.evidence()
    findings += [give_verdict(claim, evidence, "quick").finding for claim in claims]
    for finding in findings:
        assert finding.endswith(".")
        assert ".." not in finding


def test_reasons_are_joined_in_the_order_of_predictions(give):
    verdict = give(share("a", "half"), share("b"), share("c", "half", 0.6))
    first, _, last = verdict.core
    assert first.reason
    assert last.reason
    assert verdict.reason == f"{first.reason} {last.reason}"


# One condition of several.


@pytest.fixture
def give_many(hand_made, make_claim):
    """Give the verdict on 24 conditions of which one is decided by itself alone."""

    def run(strength: str, successes: int):
        core = []
        for i in range(24):
            arm = drawn_arm(f"arm {i}", xor_arm(learning_rate=0.1 * (i + 1)))
            hand_made.put(arm, np.arange(20) < (successes if i == 5 else 10))
            core.append(share(f"p{i}", arm))
        claim = make_claim(*core, strength=strength)
        return give_verdict(claim, hand_made.evidence(), "quick")

    return run


@pytest.mark.parametrize(
    ("strength", "successes", "expected"),
    [
        ("can", 15, "inconclusive"),
        ("can", 20, "supported"),
        ("always", 5, "inconclusive"),
        ("always", 0, "refuted"),
    ],
)
def test_one_condition_of_many_must_stand_among_all(
    give_many, strength, successes, expected
):
    # 15 or 5 of 20 leave one half out at 95 %, and not at 1 - 0.05 / 24.
    verdict = give_many(strength, successes)
    assert sum(o.is_decided for o in verdict.core) == 1
    assert verdict.verdict == expected
    if expected == "inconclusive":
        assert "under 1 of 24 conditions" in verdict.reason


# The command, the lock and what is open.


def test_the_command_repeats_the_verdict(hand_made, make_claim, give):
    command = "ablations run a_claim --preset quick"
    assert give(share("p")).command == command
    fewer = give(share("p"), num_seeds=15)
    assert fewer.command == f"{command} --seeds 15"
    assert fewer.head.n == fewer.arms[0]["runs"] == 15
    evidence = Evidence(NoRuns(first_seed=900))
    later = give_verdict(make_claim(share("p")), evidence, "quick")
    assert later.command == f"{command} --first-seed 900"


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
    hand_made.put(ARMS["all"], np.ones(20))
    claim = make_claim(share("p"))
    lock = locked(claim, **changes)
    verdict = give_verdict(claim, hand_made.evidence(), "quick", None, lock)
    assert verdict.verdict == ("not tested" if reason else "supported")
    assert verdict.reason == reason
    assert "20 runs" in verdict.finding
    assert verdict.locked == lock.record()


def test_an_unmet_precondition_leaves_a_prediction_untested(hand_made, make_claim):
    short = drawn_arm("short", xor_arm(num_steps=100))
    hand_made.put(ARMS["all"], np.linspace(0, 1, 20), metric="loss")
    hand_made.put(short, np.linspace(1, 2, 20), metric="loss", steps=(100,))
    loss = ScoreConfig(quantity="loss", words="final loss")
    arms = {"treatment": ARMS["all"], "control": short}
    unequal = Comparison(key="u", label="unequal", **arms, score=loss, margin=0.1)
    verdict = give_verdict(make_claim(unequal), hand_made.evidence(), "quick")
    (condition,) = verdict.core
    assert (condition.label, condition.outcome) == ("unequal", "untested")
    assert condition.reason.startswith("The budgets differ: all is read after 500")
    assert verdict.reason == condition.reason


def test_the_confidence_asked_for_is_that_of_every_interval(hand_made, make_claim):
    hand_made.put(ARMS["all"], np.arange(20) < 15)
    claim = make_claim(share("p"))
    widths = []
    for confidence in (0.95, 0.99):
        verdict = give_verdict(
            claim, hand_made.evidence(), "quick", None, None, confidence
        )
        (condition,) = verdict.core
        assert verdict.confidence == condition.confidence == confidence
        widths.append(condition.high - condition.low)
    assert widths[1] > widths[0]


def test_what_is_open_names_the_seeds_that_would_decide_all_of_it(
    hand_made, make_claim
):
    hand_made.put(ARMS["all"], np.arange(20) < 14)
    hand_made.put(ARMS["most"], np.arange(20) < 12)
    claim = make_claim(share("near"), share("nearer", "most"))
    verdict = give_verdict(claim, hand_made.evidence(), "quick")
    wanted = [o.details["seeds_that_decide"] for o in verdict.core]
    assert [o.outcome for o in verdict.core] == ["undecided"] * 2
    assert wanted[0] < wanted[1] == verdict.seeds_that_decide


def test_nothing_open_and_nothing_known_name_no_seeds(give):
    assert give(share("p")).seeds_that_decide is None
    never = drawn_arm("never", xor_arm(num_steps=7))
    assert give(share("p", never), share("b", never)).seeds_that_decide is None


def test_seeds_that_decide_are_not_named_where_one_prediction_has_none(
    hand_made, make_claim
):
    hand_made.put(ARMS["all"], np.arange(20) < 14)
    claim = make_claim(share("near"), share("missing", "most"))
    verdict = give_verdict(claim, hand_made.evidence(), "quick")
    assert [o.outcome for o in verdict.core] == ["undecided", "untested"]
    assert verdict.core[0].details["seeds_that_decide"] > 20
    assert verdict.seeds_that_decide is None


# Head-room.


def improves(arm: str, margin: float) -> Comparison:
    arms = {"treatment": ARMS["all"], "control": ARMS[arm]}
    fields = {"key": f"over_{arm}", "label": arm, "score": solved(), "margin": margin}
    return Comparison(**fields, **arms)


def test_a_condition_without_room_for_twice_its_margin_is_set_aside(give):
    # The control is at 95 %: 5 points are left where 20 would have to fit.
    verdict = give(improves("most", 0.1), improves("none", 0.1))
    aside, told = verdict.core
    assert (aside.outcome, aside.details) == ("untested", {"no_room": True})
    assert aside.reason == (
        "No room: most is at 95.0 %, which leaves 5.0 points where twice 10.0 would"
        " have to fit."
    )
    assert told.outcome == "holds"
    assert verdict.verdict == "supported"
    assert verdict.coverage == Coverage(judged=2, of=2, no_room=1)
    assert verdict.coverage.describe() == (
        "2 of 2 conditions and controls; 1 left no room for an effect"
    )
    alone = give(improves("most", 0.1))
    assert alone.verdict == "not tested"
