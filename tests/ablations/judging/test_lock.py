import numpy as np
import pytest

from ablations.evidence import versions
from ablations.judging.judgement import give_verdict
from ablations.judging.lock import current_locks, lock_rules, stored_lock
from ablations.judging.standing import standings
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm

ARM = drawn_arm("arm", xor_arm())


@pytest.fixture
def claim_with(make_claim):
    def make(bound: float, **changes):
        fields = {"key": "s", "label": "share", "arm": ARM, "score": solved()}
        return make_claim(SuccessRate(**fields, bound=bound), **changes)

    return make


def lock_of(claim, hand_made):
    return lock_rules([claim], hand_made.store)[claim.id]


def give(claim, hand_made, lock):
    return give_verdict(claim, hand_made.evidence(), "quick", None, lock)


def test_a_rule_is_locked_once_and_stays(hand_made, claim_with):
    claim = claim_with(0.5)
    first = lock_of(claim, hand_made)
    specs = hand_made.store.spec_digests()
    hand_made.put(ARM, np.ones(20))
    assert lock_of(claim, hand_made) == first
    assert len(hand_made.store.spec_digests()) == len(specs) + 1
    assert (first.relocked, first.runs_before, first.sequence) == (0, 0, 0)
    assert first.is_of(claim)
    assert hand_made.store.check() == []


def test_a_verdict_shows_the_lock(hand_made, claim_with):
    claim = claim_with(0.5)
    lock = lock_of(claim, hand_made)
    hand_made.put(ARM, np.ones(20))
    verdict = give(claim, hand_made, lock)
    assert verdict.verdict == "supported"
    assert verdict.locked == lock.record()
    assert verdict.locked["digest"] == claim.digest


def test_a_rule_that_changed_since_is_not_tested_until_it_is_run(hand_made, claim_with):
    claim, moved = claim_with(0.97), claim_with(0.5)
    lock = lock_of(claim, hand_made)
    hand_made.put(ARM, np.arange(20) < 18)
    assert give(claim, hand_made, lock).verdict != "supported"
    verdict = give(moved, hand_made, lock)
    assert verdict.verdict == "not tested"
    assert verdict.reason == "The claim's rule has changed since it was locked."
    stored = [give(claim, hand_made, lock).record()]
    (shown,) = standings([moved], stored, published={})
    assert shown.verdict.verdict == "not tested"


def test_a_change_after_runs_is_counted_for_good(hand_made, claim_with):
    lock_of(claim_with(0.97), hand_made)
    hand_made.put(ARM, np.arange(20) < 18)
    moved = lock_of(claim_with(0.5), hand_made)
    assert (moved.relocked, moved.runs_before) == (1, 20)
    back = lock_of(claim_with(0.97), hand_made)
    assert back.relocked == 2
    assert back.sequence > moved.sequence
    verdict = give(claim_with(0.97), hand_made, back)
    assert verdict.locked["relocked"] == 2
    assert "changed 2 times after runs of it were there" in back.describe()


def test_a_change_before_any_run_counts_for_nothing(hand_made, claim_with):
    lock_of(claim_with(0.97), hand_made)
    moved = lock_of(claim_with(0.5), hand_made)
    assert (moved.relocked, moved.runs_before) == (0, 0)
    assert "before any of its runs" in moved.describe()


def test_what_only_explains_is_not_locked(hand_made, claim_with):
    first = lock_of(claim_with(0.5), hand_made)
    assert lock_of(claim_with(0.5, caveats="Only here."), hand_made) == first


def test_another_engine_locks_again_without_counting_a_change(
    hand_made, claim_with, monkeypatch
):
    claim = claim_with(0.5)
    first = lock_of(claim, hand_made)
    hand_made.put(ARM, np.ones(20))
    monkeypatch.setattr(versions, "EVIDENCE_VERSION", "another")
    assert not first.is_of(claim)
    verdict = give(claim, hand_made, first)
    assert verdict.verdict == "not tested"
    assert "training or measuring has changed" in verdict.reason
    second = lock_of(claim, hand_made)
    assert (second.versions, second.relocked) == ("another", 0)


def test_a_lock_is_read_back_from_the_file(hand_made, claim_with, tmp_path):
    claim = claim_with(0.5)
    lock = lock_of(claim, hand_made)
    assert current_locks(hand_made.store) == {claim.id: lock}
    assert stored_lock(hand_made.store.path, claim.id) == lock
    assert stored_lock(tmp_path / "none.sqlite", claim.id) is None


def test_runs_on_unlike_machines_are_named_in_the_record(hand_made, claim_with):
    claim = claim_with(0.5)
    hand_made.put(ARM, np.ones(10))
    digest = hand_made.store.put_spec(ARM.config.specification())
    arrays = {
        "curve.solved": np.ones((10, 1), np.float32),
        "steps": np.full((10, 1), 500),
    }
    machine = {"processor": "none", "keras": "1"}
    seeds = np.arange(10, 20)
    hand_made.store.insert(digest, seeds, ["ok"] * 10, [-1] * 10, arrays, machine)
    verdict = give(claim, hand_made, None)
    assert verdict.mixture == "The runs come from unlike machines: keras 0 and 1."
    assert verdict.locked is None
