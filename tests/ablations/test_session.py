"""Looking again at what is open, on runs that are trained as they are needed."""

import io
import json

import pytest

from ablations.judging.interim_looks import schedule
from ablations.judging.verdict import INCOMPLETE, Coverage, Verdict
from ablations.protocol.kinds import SuccessRate
from ablations.rigs.xor import solved, xor_arm
from ablations.selfcheck.synthetic import drawn_arm
from ablations.session import bring_up_to_date
from ablations.store.store import Store

ARM = drawn_arm("arm", xor_arm(num_steps=100))


@pytest.fixture
def bring(tmp_path):
    """Bring claims up to date in a store of their own; return verdicts and output."""

    def run(
        *claims, seeds: int = 12, preset: str = "quick", until_decided: bool = True
    ):
        stream = io.StringIO()
        path = tmp_path / "store.sqlite"
        verdicts = bring_up_to_date(
            claims, preset, seeds, "cpu", path, stream, until_decided=until_decided
        )
        return verdicts, stream.getvalue()

    return run


def share(bound: float, key: str = "share", **changes) -> SuccessRate:
    fields = {"key": key, "label": key, "arm": ARM, "score": solved(100)}
    return SuccessRate(**(fields | changes), bound=bound)


@pytest.fixture
def stored(tmp_path):
    """Read the verdicts that the store holds, by claim."""

    def read():
        with Store.open(tmp_path / "store.sqlite", mode="read") as store:
            return {r["id"]: Verdict.from_record(r) for r in store.verdicts()}

    return read


def test_open_claims_are_looked_at_again_and_decided_ones_are_not(
    bring, make_claim, stored
):
    # The printed program solves XOR in about 42 % of its runs by then.
    open_one = make_claim(share(0.42))
    settled = make_claim(share(0.01))
    settled = type(settled)("settled", "xor", "Why.", settled.claim)
    (verdict, other), printed = bring(open_one, settled)
    laid_down = schedule(open_one.claim, "quick", 12)
    assert verdict.verdict == "inconclusive"
    assert [look["seeds"] for look in verdict.looks] == [12, 24, 48, 96]
    for look, planned in zip(verdict.looks, laid_down, strict=True):
        assert look["confidence"] == planned.confidence
    assert verdict.head.n == 96
    assert verdict.confidence == pytest.approx(0.975)
    assert verdict.seeds_that_decide is None or verdict.seeds_that_decide > 96
    assert other.verdict == "supported"
    assert [look["seeds"] for look in other.looks] == [12]
    assert "Claims still open: 1; look 2." in printed
    text = json.dumps(verdict.record(), allow_nan=False)
    assert Verdict.from_record(json.loads(text)) == verdict
    assert verdict.command == (
        "ablations run a_claim --preset quick --seeds 12 --until-decided"
    )
    assert stored()["a_claim"] == verdict


def test_without_it_there_is_one_look_at_95_percent(bring, make_claim):
    (verdict,), _ = bring(make_claim(share(0.42)), until_decided=False)
    assert (verdict.looks, verdict.confidence, verdict.head.n) == ((), 0.95, 12)
    assert verdict.command.endswith("--seeds 12")


def test_a_verdict_on_a_part_never_replaces_one_on_the_whole(bring, make_claim, stored):
    claim = make_claim(share(0.01), share(0.02, "more", quick=False))
    bring(claim, until_decided=False)
    assert stored()["a_claim"].verdict == INCOMPLETE
    (whole,), _ = bring(claim, preset="standard", until_decided=False)
    assert whole.coverage == Coverage(judged=2, of=2)
    assert stored()["a_claim"] == whole
    (part,), _ = bring(claim, until_decided=False)
    assert part.verdict == INCOMPLETE
    assert stored()["a_claim"] == whole
    # Of another rule the whole no longer counts.
    changed = make_claim(share(0.03), share(0.02, "more", quick=False))
    (part,), _ = bring(changed, until_decided=False)
    assert stored()["a_claim"] == part


def test_what_judges_nothing_is_not_stored(bring, make_claim, stored):
    (verdict,), _ = bring(make_claim(share(0.01), standard_only=True))
    assert verdict.verdict == "not tested"
    assert stored() == {}
