import sqlite3

import numpy as np
import pytest

from ablations.store.pages import rows_of
from ablations.store.salvage import salvage
from ablations.store.store import Store

PAGE = 4096
NUM_RUNS = 150


def make_store(path):
    """Fill a store with short and long runs, and return the bytes of all by key."""
    rng = np.random.default_rng(0)
    with Store.open(path) as store:
        store.begin_at(1000)
        for width in range(1, 4):
            digest = store.put_spec({"width": width})
            scores = {"score": rng.random((NUM_RUNS, 10 if width > 1 else 700))}
            ok, never = ["ok"] * NUM_RUNS, [-1] * NUM_RUNS
            store.insert(digest, np.arange(NUM_RUNS), ok, never, scores, {"w": width})
    return read_all(path)


def read_all(path):
    """Return the bytes of the score of every run, by digest and seed."""
    with Store.open(path, "read") as store:
        tables = {digest: store.load(digest) for digest in store.spec_digests()}
    return {
        (digest, int(seed)): score.tobytes()
        for digest, table in tables.items()
        for seed, score in zip(table.seeds, table.arrays.get("score", ()), strict=True)
    }


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Return a sound store and what is in it."""
    path = tmp_path_factory.mktemp("good") / "runs.sqlite"
    return path, make_store(path)


def salvage_of(path, folder):
    """Return what came of it, and the runs of the new store."""
    into = folder / "new.sqlite"
    into.unlink(missing_ok=True)
    found = salvage(path, into)
    with Store.open(into) as store:
        assert store.check() == []
        first_seed = store.first_seed
    assert first_seed == 1000 or not found.knows_first_seed
    return found, read_all(into)


def test_rows_are_those_that_sqlite_reads(good):
    connection = sqlite3.connect(f"file:{good[0]}?mode=ro", uri=True)
    for query in ("SELECT * FROM specs", "SELECT * FROM runs"):
        stored = connection.execute(query).fetchall()
        mine = {
            (number, *columns[1:])
            for number, columns in rows_of(good[0])
            if len(columns) == len(stored[0])
        }
        assert set(stored) <= mine
    connection.close()


def test_of_a_sound_store_all_is_taken_over(good, tmp_path):
    found, runs = salvage_of(good[0], tmp_path)
    assert (found.num_runs, found.num_lost) == (3 * NUM_RUNS, 0)
    assert found.knows_first_seed
    assert runs == good[1]


def test_what_only_the_log_has_is_taken_over(tmp_path):
    path, copy = tmp_path / "runs.sqlite", tmp_path / "copy"
    with Store.open(path) as store:
        digest = store.put_spec({})
        scores = {"score": np.arange(4000.0).reshape(5, 800)}
        store.insert(digest, range(5), ["ok"] * 5, [-1] * 5, scores, {})
        copy.write_bytes(path.read_bytes())
        log = path.with_name(path.name + "-wal")
        copy.with_name("copy-wal").write_bytes(log.read_bytes())
    assert salvage(copy, tmp_path / "new").num_runs == 5


@pytest.mark.parametrize("kind", ["flipped bit", "zeroed page", "no index", "cut"])
def test_only_what_was_damaged_is_lost_and_nothing_is_wrong(good, tmp_path, kind):
    path, expected = good
    content = path.read_bytes()
    rng = np.random.default_rng(2)
    bad = tmp_path / "bad.sqlite"
    for _ in range(1 if kind == "no index" else 4):
        damaged = bytearray(content)
        if kind == "flipped bit":
            damaged[rng.integers(len(damaged))] ^= 1 << rng.integers(8)
        elif kind == "zeroed page":
            start = rng.integers(len(damaged) // PAGE) * PAGE
            damaged[start : start + PAGE] = bytes(PAGE)
        elif kind == "no index":
            # Pages that lead to others: nothing but leaves of tables is left.
            for start in range(PAGE, len(damaged), PAGE):
                if damaged[start] in (2, 5, 10):
                    damaged[start : start + PAGE] = bytes(PAGE)
        else:
            damaged = damaged[: int(rng.integers(len(damaged) // 2, len(damaged)))]
        bad.write_bytes(damaged)
        found, runs = salvage_of(bad, tmp_path)
        assert runs.items() <= expected.items()
        assert len(runs) == found.num_runs
        if kind == "flipped bit":
            assert found.num_lost <= 1
        if kind == "no index":
            assert runs == expected
        if kind != "cut" and found.num_runs:
            assert found.num_lost == len(expected) - len(runs)


def test_a_column_of_a_kind_that_is_none_costs_its_run_alone(good, tmp_path):
    content = good[0].read_bytes()
    # The kinds of columns: no number of its own, specification, seed 0, "ok", -1.
    kinds = bytes([0, 1, 8, 17, 1])
    damaged = content.replace(kinds, bytes([0, 1, 11, 17, 1]), 1)
    (tmp_path / "bad.sqlite").write_bytes(damaged)
    found, runs = salvage_of(tmp_path / "bad.sqlite", tmp_path)
    assert (len(runs), found.num_lost) == (len(good[1]) - 1, 1)


def test_layouts_are_read_of_their_index_and_pages_wherever_they_are(good, tmp_path):
    content = bytearray(good[0].read_bytes())
    for start in range(PAGE, len(content), PAGE):
        page = content[start : start + PAGE]
        if page[0] == 13 and b'[["score"' in page:
            content[start : start + PAGE] = bytes(PAGE)
    content[:PAGE], content[-PAGE:] = content[-PAGE:], content[:PAGE]
    (tmp_path / "bad.sqlite").write_bytes(content)
    assert salvage_of(tmp_path / "bad.sqlite", tmp_path)[1] == good[1]


def test_the_command_says_what_is_lost(good, tmp_path, run_command):
    content = bytearray(good[0].read_bytes())
    content[content.find(good[1][min(good[1])]) + 3] ^= 1
    (tmp_path / "bad.sqlite").write_bytes(content)
    done = run_command("store", "salvage", "bad.sqlite", "new.sqlite")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == f"{3 * NUM_RUNS - 1} runs taken over, 1 lost.\n"
    again = run_command("store", "salvage", "bad.sqlite", "new.sqlite")
    assert again.returncode == 2
    assert "`into` must be a new store" in again.stderr


@pytest.mark.parametrize("place", [b"TABLE runs", b"TABLE specs", b"TABLE layouts"])
def test_names_that_are_no_text_cost_no_run(good, tmp_path, place):
    path = tmp_path / "bad.sqlite"
    content = bytearray(good[0].read_bytes())
    content[content.index(place) + len(place) - 1] = 0xD5
    path.write_bytes(content)
    found, salvaged = salvage_of(path, tmp_path)
    assert (salvaged, found.num_lost) == (good[1], 0)
