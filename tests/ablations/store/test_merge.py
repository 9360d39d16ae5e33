"""Shards of a store become one again, and no number is chosen silently."""

import sqlite3

import numpy as np
import pytest

from ablations.store.store import Store, StoreError
from models.config import ConfigError

SPECS = [{"width": width} for width in range(3)]
MACHINES = [{"cores": 2}, {"cores": 8}]


def fill(path, places, machine=MACHINES[0], shift=0.0, first_seed=0):
    """Store five runs of some specifications."""
    with Store.open(path) as store:
        store.begin_at(first_seed)
        for place in places:
            digest = store.put_spec(SPECS[place])
            score = place + np.arange(5.0) + shift
            store.insert(digest, range(5), ["ok"] * 5, [-1] * 5, {"s": score}, machine)
    return path


def merge(into, *others):
    with Store.open(into) as target:
        found = []
        for other in others:
            with Store.open(other, mode="read") as source:
                found.append(target.merge(source))
    return found


def contents(path):
    """Return every run with its machine, and whatever is wrong with the file."""
    found = {}
    with Store.open(path, mode="read") as store:
        assert store.check() == []
        for digest in store.spec_digests():
            for seed in store.seeds_present(digest):
                table = store.load(digest, [int(seed)])
                found[digest, int(seed)] = table.arrays["s"].tolist(), table.machines
    return found


def test_shards_make_the_store_that_was_never_divided(tmp_path):
    shards = [
        fill(tmp_path / "0.sqlite", [0, 1], MACHINES[0]),
        fill(tmp_path / "1.sqlite", [1, 2], MACHINES[1]),
    ]
    merged = merge(tmp_path / "all.sqlite", *shards)
    assert [(m.num_new, m.num_same, m.differing) for m in merged] == [
        (10, 0, []),
        (5, 5, []),
    ]
    found = contents(tmp_path / "all.sqlite")
    assert found == contents(shards[1]) | contents(shards[0])
    assert [m.num_new for m in merge(tmp_path / "all.sqlite", *shards)] == [0, 0]


def test_runs_of_one_key_with_other_numbers_are_named_and_stay(tmp_path):
    ours = fill(tmp_path / "ours.sqlite", [0, 1])
    before = contents(ours)
    (merged,) = merge(ours, fill(tmp_path / "theirs.sqlite", [1], shift=1e-12))
    assert len(merged.differing) == 5
    assert {seed for _, seed in merged.differing} == set(range(5))
    assert contents(ours) == before


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE runs SET seed = 9 WHERE id = 10",
        # No UTF-8, which SQLite itself complains of.
        "UPDATE layouts SET json = CAST(x'6fff' AS TEXT)",
    ],
)
def test_a_damaged_store_is_named_and_nothing_is_taken_over(tmp_path, harm):
    ours = fill(tmp_path / "ours.sqlite", [0])
    theirs = fill(tmp_path / "theirs.sqlite", [1, 2])
    with sqlite3.connect(theirs) as connection:
        connection.execute(harm)
    connection.close()
    before = contents(ours)
    with pytest.raises(StoreError, match=r"theirs\.sqlite.*is damaged"):
        merge(ours, theirs)
    assert contents(ours) == before


def test_stores_that_judge_other_seeds_are_not_mixed(tmp_path):
    ours = fill(tmp_path / "ours.sqlite", [0])
    theirs = fill(tmp_path / "theirs.sqlite", [1], first_seed=100)
    with pytest.raises(ConfigError, match="must have begun at seed 0"):
        merge(ours, theirs)
    merge(tmp_path / "new.sqlite", theirs)
    with Store.open(tmp_path / "new.sqlite", mode="read") as store:
        assert store.first_seed == 100


def test_the_command_says_what_differs_and_exits_with_1(run_command, tmp_path):
    ours = fill(tmp_path / "ours.sqlite", [0])
    theirs = fill(tmp_path / "theirs.sqlite", [0, 1], shift=1.0)
    done = run_command("store", "merge", ours, theirs)
    assert done.returncode == 1, done.stderr
    assert "5 runs taken over, 0 there already." in done.stdout
    assert done.stdout.count("Not taken: spec ") == 5
