"""Parts of the work that machines do on their own, put together again."""

import io
from dataclasses import replace

import pytest

from ablations.claims.registry import all_claims
from ablations.evidence.evidence import NoRuns
from ablations.protocol.arm import TuneConfig
from ablations.protocol.kinds import Comparison
from ablations.rigs.xor import solved, xor_arm
from ablations.running.plan import make_plan
from ablations.running.shards import Shard, divide, program_of
from ablations.selfcheck.synthetic import drawn_arm
from ablations.session import bring_up_to_date, train_shard
from ablations.store.store import Store
from models.config import ConfigError

CLAIMS = list(all_claims().values())
LEAD = {"key": "lead", "score": solved(100), "margin": 0.1, "direction": "greater"}


@pytest.mark.parametrize("count", [1, 3, 8])
def test_parts_are_the_whole_and_nothing_is_in_two(count):
    plan = make_plan(CLAIMS, "quick", NoRuns(0))
    parts = divide(CLAIMS, "quick", count)
    shards = [
        Shard(number, count).of_plan(plan, parts) for number in range(1, count + 1)
    ]
    for what in ("stacks", "measurements"):
        found = [id(one) for shard in shards for one in getattr(shard, what)]
        assert sorted(found) == sorted(map(id, getattr(plan, what)))
    programs = [
        {stack.members[0].config.program() for stack in shard.stacks}
        for shard in shards
    ]
    assert sum(map(len, programs)) == len(set().union(*programs))
    assert all(programs)


def test_arms_that_are_tuned_together_are_in_one_part():
    parts = divide(CLAIMS, "quick", 5)
    groups = 0
    for registered in CLAIMS:
        claim = registered.claim.under("quick")
        for arm in claim.arms.values():
            together = {parts[program_of(a.config)] for a in claim.rivals(arm)}
            assert len(together) <= 1
            groups += len({a.config.program() for a in claim.rivals(arm)}) > 1
    assert groups


def test_no_part_has_far_more_than_its_share_where_there_is_much_to_divide():
    some = CLAIMS[::4]
    plan = make_plan(some, "standard", NoRuns(0))
    parts = divide(some, "standard", 2)
    first, second = (Shard(k, 2).of_plan(plan, parts).seconds for k in (1, 2))
    assert 0.5 < first / second < 2.0


def test_merged_parts_are_judged_as_what_was_trained_in_one_place(tmp_path, make_claim):
    tune = TuneConfig(learning_rates=(0.01, 0.1, 1.0), score=solved(100), seeds=2)
    arms = [
        drawn_arm("tuned", xor_arm(hidden_units=(2,), num_steps=100), tune),
        drawn_arm("plain", xor_arm(hidden_units=(3,), num_steps=100)),
        drawn_arm("third", xor_arm(hidden_units=(4,), num_steps=100)),
    ]
    claims = [
        make_claim(Comparison(label="lead", treatment=arm, control=arms[0], **LEAD))
        for arm in arms[1:]
    ]
    claims = [replace(c, id=f"claim_{k}") for k, c in enumerate(claims)]
    rest = ("quick", 20, "cpu")

    def lines() -> io.StringIO:
        return io.StringIO()

    paths = [tmp_path / f"{number}.sqlite" for number in (1, 2)]
    for number, path in enumerate(paths, 1):
        train_shard(claims, *rest, path, lines(), Shard(number, 2))
    merged, whole = tmp_path / "merged.sqlite", tmp_path / "whole.sqlite"
    with Store.open(merged) as store:
        for path in paths:
            with Store.open(path, mode="read") as part:
                assert store.merge(part).num_new
    printed = lines()
    found = bring_up_to_date(claims, *rest, merged, printed)
    assert " 0 trained" in printed.getvalue()
    assert found == bring_up_to_date(claims, *rest, whole, lines())


@pytest.mark.parametrize("text", ["0/3", "4/3", "3", "1/0", "a/b", "-1/2", "1/3/5"])
def test_what_names_no_part_is_refused(text):
    with pytest.raises(ConfigError, match=r"`shard` must name one of several parts"):
        Shard.parse(text)


def test_a_part_is_named_as_it_is_read():
    assert str(Shard.parse("2/3")) == "2/3"
