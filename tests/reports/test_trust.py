from dataclasses import replace

from ablations.claims.registry import all_claims
from ablations.judging.pooling import AcrossTasks
from ablations.protocol.claim import Claim
from ablations.rigs.xor import solved
from ablations.stats.pooled import PooledEffect
from reports.trust import (
    PLAIN_TASKS,
    certainty,
    evidence_strip,
    on_one_more_task,
    reach,
)
from tests.every import every_claim


def test_certainty_is_high_where_all_is_decided_and_enough_was_run(verdict, outcome):
    both = (outcome("a"), outcome("b"))
    assert certainty(verdict(outcomes=both)) == (
        "Certainty: high",
        "both conditions are decided",
    )
    (arm,) = verdict().arms
    few = verdict(outcomes=both, arms=({**arm, "runs": 19},))
    assert certainty(few)[0] == "Certainty: moderate"
    part = verdict(outcomes=(outcome("a"), outcome("b", outcome="undecided")))
    assert certainty(part) == ("Certainty: moderate", "1 of 2 conditions decided")
    unclear = verdict(outcomes=both, verdict="inconclusive")
    assert certainty(unclear)[0] == "Certainty: low"
    assert certainty(verdict(arms=())) == (
        "Certainty: high",
        "its one condition is decided",
    )


def test_the_strip_counts_runs_and_checks_and_names_the_rule(
    verdict, outcome, claim_from
):
    claim = claim_from(
        [], solved(), core=all_claims()["two_relu_units_learn_xor"].claim.core
    )
    (arm,) = verdict().arms
    checked = (outcome("a"), outcome("c", role="control"))
    given = verdict(outcomes=checked, arms=(arm, {**arm, "name": "b"}))
    strip = dict(evidence_strip(replace(given, locked={"digest": "0" * 64}), claim))
    assert strip["96 runs"] == "48 random starts of each of 2 networks"
    assert strip["The check held"] == "as it must"
    assert strip["Reach:"] == "1 hidden layer of 2 units, the four rows of XOR"
    assert strip["Rule fixed first"].endswith("its fingerprint is 00000000")
    failed = (outcome("a"), outcome("c", role="control", outcome="fails"))
    strip = dict(evidence_strip(verdict(outcomes=failed, arms=()), claim))
    assert "0 of 1 check held" in strip
    assert strip["Computed"] == "exactly; chance plays no part"
    timed = (outcome("a", kind="exact", details={"timed": True}),)
    strip = dict(evidence_strip(verdict(outcomes=timed, arms=()), claim))
    assert strip["Timed"].startswith("on one machine")
    assert evidence_strip(verdict(preset=""), claim) == []


@every_claim
def test_the_reach_of_every_claim_is_told_without_names_of_the_code(claim):
    told = reach(claim.claim)
    assert told is None or "_" not in told[1]


def test_every_task_of_a_claim_has_a_plain_name():
    tasks = {
        task.name
        for registered in all_claims().values()
        for arm in registered.claim.arms.values()
        if (task := arm.config.get_task()) is not None
    }
    assert tasks <= set(PLAIN_TASKS)
    assert (
        reach(Claim(statement="S", rows=("T-1",), source="N", untestable="No.")) is None
    )


def test_what_one_more_task_would_show_is_told_in_percent_or_points():
    effect = PooledEffect(-0.0458, -0.06, -0.03, -0.125, 0.0414, 0.03, 7)
    unit = "log10 of the test error"
    logs = AcrossTasks("wrong labels", unit, "L2 less none", effect)
    assert on_one_more_task(logs) == (
        "\N{MINUS SIGN}10 % over 7 tasks, wrong labels",
        "on average, in test error (L2 less none); on one more such task with 95 %"
        " probability \N{MINUS SIGN}25 to +10 %",
    )
    points = AcrossTasks("", "test accuracy", "", effect)
    assert on_one_more_task(points)[0] == "\N{MINUS SIGN}4.6 points over 7 tasks"
