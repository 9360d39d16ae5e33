"""Judging on another block of seeds: kept by its store, and disjoint from the first."""

import io
from dataclasses import replace

import numpy as np
import pytest

from ablations.compare import compare_stores
from ablations.evidence.evidence import NoRuns
from ablations.protocol.claim import SeedPlan
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.running.plan import make_plan
from ablations.running.stored import plan_for
from ablations.selfcheck.synthetic import drawn_arm
from ablations.session import bring_up_to_date
from ablations.store.codec import spec_digest
from ablations.store.store import Store
from models.config import ConfigError
from reports.trust import evidence_strip

ARM = drawn_arm("arm", xor_arm(num_steps=100))
FIRST = 100_000


@pytest.fixture
def claim(make_claim):
    fields = {"key": "s", "label": "share", "score": solved(100), "bound": 0.01}
    return make_claim(SuccessRate(**fields, arm=ARM))


def bring(claim, path, first_seed=None):
    (verdict,) = bring_up_to_date(
        [claim], "quick", 12, "cpu", path, io.StringIO(), first_seed=first_seed
    )
    return verdict


def test_a_block_of_seeds_is_trained_judged_and_remembered(claim, tmp_path):
    path = tmp_path / "store.sqlite"
    verdict = bring(claim, path, FIRST)
    assert (verdict.verdict, verdict.head.n) == ("supported", 12)
    assert verdict.command.endswith("--seeds 12 --first-seed 100000")
    with Store.open(path, mode="read") as store:
        seeds = store.seeds_present(spec_digest(ARM.config.specification()))
        assert store.check() == []
    assert np.array_equal(seeds, np.arange(FIRST, FIRST + 12))
    # Without the option, the store's.
    again = bring(claim, path)
    assert again.head.estimate == verdict.head.estimate
    assert plan_for([claim], "quick", path, 12).num_missing == 0


def test_two_blocks_share_no_run_and_may_be_compared(claim, tmp_path):
    paths = [tmp_path / "a.sqlite", tmp_path / "b.sqlite"]
    for path, first in zip(paths, (0, FIRST), strict=True):
        bring(claim, path, first)
    found = compare_stores([claim], *paths)
    assert found["claims"][0]["agreement"] == "same"
    assert found["shared_runs"]["runs"] == 0
    assert [found["stores"][s]["first_seed"] for s in "ab"] == [0, FIRST]


def test_a_store_keeps_the_block_it_has_begun_with(claim, tmp_path):
    path = tmp_path / "store.sqlite"
    bring(claim, path)
    with pytest.raises(
        ConfigError, match=r"`first_seed` must be 0, .*Received: 100000"
    ):
        bring(claim, path, FIRST)
    with pytest.raises(ConfigError, match="`first_seed` must be 0"):
        plan_for([claim], "quick", path, 12, FIRST)
    bring(claim, path, 0)


def test_a_rule_that_was_revised_is_judged_on_its_own_fresh_seeds(claim, tmp_path):
    path = tmp_path / "store.sqlite"
    seen = bring(claim, path)
    revised = claim.claim.replace(seeds=SeedPlan(first=50))
    verdict = bring(replace(claim, claim=revised), path)
    with Store.open(path, mode="read") as store:
        seeds = store.seeds_present(spec_digest(ARM.config.specification()))
    assert seeds.tolist() == [*range(12), *range(50, 62)]
    assert verdict.head.n == 12
    assert verdict.command == seen.command
    assert verdict.digest != seen.digest
    strip = dict(evidence_strip(verdict, revised))
    assert strip["Rule revised after outcomes"].startswith("and judged on fresh seeds")


def test_a_block_must_end_before_the_seeds_that_tune(claim):
    with pytest.raises(ConfigError, match="at most 5 after 999,995"):
        make_plan([claim], "quick", NoRuns(999_995), 6)
    assert make_plan([claim], "quick", NoRuns(999_995), 5).num_missing == 5
