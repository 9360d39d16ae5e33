"""Published results stand beside ours, and the agreement holds for what it was read."""

import re
from dataclasses import replace

import pytest

from ablations.claims.registry import all_claims, read_known
from ablations.judging.answers import WHOLE_CORE, fields_of
from ablations.judging.known import OPEN, known_beside
from ablations.judging.standing import published_verdicts, standings
from ablations.protocol.claim import RegisteredClaim
from ablations.protocol.known import KnownResult
from models.config import ConfigError
from tests.every import every

PUBLISHED = published_verdicts()
KNOWN = [(claim, result) for claim in all_claims().values() for result in claim.known]
every_known = every(
    {f"{claim.id}: {found.result}": (claim, found) for claim, found in KNOWN}
)


def beside(registered: RegisteredClaim, *known: KnownResult, **changes):
    """Return what stands beside the published verdict, with some of it changed."""
    verdict = replace(PUBLISHED[registered.id], **changes)
    return known_beside(replace(registered, known=known), verdict)


def test_most_claims_say_what_others_found():
    claims = {claim.id for claim, _ in KNOWN}
    looked_up = {claim.id for claim, result in KNOWN if not result.is_from_memory}
    assert len(claims) >= 80
    assert len(looked_up) >= 70
    chapters = {claim.chapter for claim, _ in KNOWN}
    assert chapters >= {"batch_norm", "depth", "dying_units", "optimizers", "xor"}


@every_known
def test_the_agreement_was_read_on_what_is_published(claim, result):
    (told,) = beside(claim, result)
    assert told.agreement == result.agreement
    assert not re.search("[{}]|not judged|unknown number|unbounded", told.ours)


@every_known
def test_our_numbers_are_those_that_the_agreement_presumes(claim, result):
    presumed = {token.lstrip("!?") for token in result.presumes.split()}
    free = {p.key for p in (*claim.claim.controls, *claim.claim.shown)}
    if WHOLE_CORE in presumed:
        presumed |= {p.key for p in claim.claim.core}
    assert {*fields_of(result.ours)} <= presumed | free
    assert presumed or claim.claim.untestable


def test_texts_are_clauses_without_a_full_stop():
    texts = [(r.result, r.conditions, r.ours, r.why) for _, r in KNOWN]
    assert not [text for row in texts for text in row if text.endswith(".")]


def test_an_agreement_is_open_where_outcomes_are_others():
    claim = all_claims()["relu_solves_vanishing_gradients"]
    turned = tuple(replace(o, outcome="fails") for o in PUBLISHED[claim.id].outcomes)
    (told,) = beside(claim, *claim.known, outcomes=turned)
    assert told.agreement == OPEN
    assert told.stands.startswith("open: ")


def test_nothing_is_quoted_of_what_was_not_judged():
    claim = all_claims()["relu_solves_vanishing_gradients"]
    (told,) = beside(claim, *claim.known, outcomes=())
    assert (told.ours, told.agreement) == ("not judged here", OPEN)


def test_known_results_are_no_part_of_the_rule():
    claim = all_claims()["relu_solves_vanishing_gradients"]
    assert claim.known
    assert replace(claim, known=()).digest == claim.digest


def test_the_json_of_a_verdict_has_both_results_and_the_agreement():
    claim = all_claims()["early_stopping_acts_as_a_regularizer"]
    (standing,) = standings([claim], [])
    (record,) = standing.record()["known"]
    assert "1.69" in record["result"]
    assert "0.95" in record["ours"]
    assert (record["agreement"], record["checked"]) == ("agrees", "abstract")


def test_a_file_that_names_no_source_or_no_result_is_refused(tmp_path):
    path = tmp_path / "known.toml"
    path.write_text('[[a_claim]]\nsource = "nobody"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"known.toml`, a_claim: `source` must be"):
        read_known(path, {"somebody": {"authors": "Some Body"}})
    path.write_text('[[a_claim]]\nsource = "somebody"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"a_claim: `result` is required"):
        read_known(path, {"somebody": {"authors": "S", "year": 1, "place": "P"}})
