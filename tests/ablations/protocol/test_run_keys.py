"""The keys of published runs, written down: to change one is to throw its runs away."""

import json
from pathlib import Path

from ablations.claims.registry import all_claims
from ablations.judging.lock import asked_runs
from tests.every import every

KEYS = json.loads((Path(__file__).parent / "run_keys.json").read_text("utf-8"))


@every({claim: (claim,) for claim in KEYS})
def test_a_claim_still_asks_for_the_runs_that_are_published(claim):
    assert set(KEYS[claim]) <= set(asked_runs(all_claims()[claim]))


def test_the_keys_are_of_runs_and_measurements_of_every_chapter():
    assert sum(map(len, KEYS.values())) >= 100
    chapters = {all_claims()[claim].chapter for claim in KEYS}
    assert chapters == {claim.chapter for claim in all_claims().values()}
    measuring = [claim for claim in KEYS if all_claims()[claim].claim.measurements()]
    assert 0 < len(measuring) < len(KEYS)
