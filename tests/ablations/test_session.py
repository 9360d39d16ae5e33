"""Looking again at what is open, on runs that are trained as they are needed."""

import io
import json

import pytest

from ablations.judging.interim_looks import schedule
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.session import bring_up_to_date
from ablations.store.store import Store

ARM = xor_arm(num_steps=100)


@pytest.fixture
def bring(tmp_path):
    """Bring claims up to date in a store of their own; return records and output."""

    def run(*claims, seeds: int = 12, until_decided: bool = True):
        stream = io.StringIO()
        path = tmp_path / "store.sqlite"
        records = bring_up_to_date(
            claims, "quick", seeds, "cpu", path, stream, until_decided=until_decided
        )
        return records, stream.getvalue()

    return run


def share(bound: float, label: str = "share") -> SuccessRate:
    return SuccessRate(label=label, arm="arm", score=solved(100), bound=bound)


def test_open_claims_are_looked_at_again_and_decided_ones_are_not(
    bring, make_claim, tmp_path
):
    # The printed program solves XOR in about 42 % of its runs by then.
    open_one = make_claim(share(0.42), arms={"arm": ARM})
    settled = make_claim(share(0.01), arms={"arm": ARM})
    settled = type(settled)("settled", "xor", "Why.", settled.claim)
    (record, other), printed = bring(open_one, settled)
    laid_down = schedule(open_one.claim, "quick", 12)
    assert record["verdict"] == "inconclusive"
    assert [look["seeds"] for look in record["looks"]] == [12, 24, 48, 96]
    for look, planned in zip(record["looks"], laid_down, strict=True):
        assert look["confidence"] == planned.confidence
    assert record["n"] == 96
    assert record["confidence"] == pytest.approx(0.975)
    assert record["seeds_that_decide"] is None or record["seeds_that_decide"] > 96
    assert other["verdict"] == "supported"
    assert [look["seeds"] for look in other["looks"]] == [12]
    assert "Claims still open: 1; look 2." in printed
    assert json.loads(json.dumps(record, allow_nan=False)) == record
    assert record["command"] == (
        "ablations run a_claim --preset quick --seeds 12 --until-decided"
    )
    with Store.open(tmp_path / "store.sqlite", mode="read") as store:
        stored = {entry["id"]: entry for entry in store.verdicts()}
    assert stored["a_claim"] == record


def test_without_it_there_is_one_look_at_95_percent(bring, make_claim):
    (record,), _ = bring(
        make_claim(share(0.42), arms={"arm": ARM}), until_decided=False
    )
    assert (record["looks"], record["confidence"], record["n"]) == ([], 0.95, 12)
    assert record["command"].endswith("--seeds 12")
