import sqlite3

import numpy as np
import pytest

from ablations.store.codec import run_key
from ablations.store.store import Store, StoreError
from models.config import ConfigError

PAGE = 4096
NUM_RUNS = 120


def make_store(path):
    """Fill a store and return, per spec digest, the bytes of its scores by seed."""
    rng = np.random.default_rng(0)
    expected = {}
    with Store.open(path) as store:
        for width in (1, 2):
            digest = store.put_spec({"width": width})
            scores = rng.random((NUM_RUNS, 8))
            store.insert(
                digest,
                np.arange(NUM_RUNS),
                ["ok"] * NUM_RUNS,
                [-1] * NUM_RUNS,
                {"score": scores},
                {"keras": "3"},
            )
            expected[digest] = dict(enumerate(row.tobytes() for row in scores))
        store.put_verdicts([{"id": "a", "digest": "1", "verdict": "supported"}])
    return expected


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


def read_all(path):
    """Return what a reader gets: scores by digest and seed, and verdicts."""
    found = {}
    with Store.open(path, "read") as store:
        for digest in store.spec_digests():
            table = store.load(digest)
            if len(table):
                scores = (row.tobytes() for row in table.arrays["score"])
                found[digest] = dict(zip(table.seeds.tolist(), scores, strict=True))
        return found, store.verdicts()


def damage(rng, good, kind):
    bad = bytearray(good)
    if kind == "flipped bit":
        bad[rng.integers(len(bad))] ^= 1 << rng.integers(8)
    else:
        first, second = rng.integers(len(bad) // PAGE, size=2) * PAGE
        page = bytes(PAGE) if kind == "zeroed page" else good[second : second + PAGE]
        if kind == "swapped pages":
            bad[second : second + PAGE] = good[first : first + PAGE]
        bad[first : first + PAGE] = page
    return bytes(bad)


@pytest.mark.parametrize(
    ("kind", "num_trials"),
    [("flipped bit", 150), ("zeroed page", 30), ("swapped pages", 30)],
)
def test_bit_rot_never_gives_a_wrong_result(path, kind, num_trials):
    expected = make_store(path)
    good = path.read_bytes()
    verdicts = [{"id": "a", "digest": "1", "verdict": "supported"}]
    rng = np.random.default_rng(1)
    refusals = []
    for _ in range(num_trials):
        bad = damage(rng, good, kind)
        path.write_bytes(bad)
        try:
            found, found_verdicts = read_all(path)
        except ConfigError as error:
            refusals.append(str(error))
            continue
        assert found_verdicts in (verdicts, [])
        for digest, scores in found.items():
            assert scores.items() <= expected[digest].items()
        if found != expected:
            with Store.open(path, "read") as store:
                assert store.check()
    assert refusals
    assert all(text.isprintable() for text in refusals)


def test_a_flipped_bit_in_a_result_is_refused_by_the_key_of_its_run(path):
    digest, scores = next(iter(make_store(path).items()))
    content = bytearray(path.read_bytes())
    content[content.find(scores[7]) + 20] ^= 4
    path.write_bytes(content)
    with Store.open(path, "read") as store:
        with pytest.raises(StoreError, match=run_key(digest, 7)) as caught:
            store.load(digest)
        assert repr(str(path)) in str(caught.value)
        assert len(store.load(digest, seeds=range(7))) == 7
        problems = store.check()
    assert len(problems) == 1
    assert "seed 7" in problems[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE runs SET status = 'failed' WHERE seed = 3",
        "UPDATE runs SET diverged_at = 5 WHERE seed = 3",
        "UPDATE runs SET seed = 1000 WHERE seed = 3",
        "UPDATE runs SET spec = 3 - spec, seed = seed + 1000 WHERE seed = 3",
        "UPDATE runs SET payload = x'00' WHERE seed = 3",
        "UPDATE runs SET payload = 'text' WHERE seed = 3",
        "UPDATE runs SET seed = 'text' WHERE seed = 3",
        "UPDATE layouts SET json = replace(json, 'f8', 'i8')",
        "UPDATE layouts SET json = '['",
        "UPDATE machines SET json = '{}'",
        "DELETE FROM layouts",
    ],
)
def test_a_row_that_was_changed_or_moved_does_not_verify(path, statement):
    expected = make_store(path)
    connection = sqlite3.connect(path)
    assert connection.execute(statement).rowcount > 0
    connection.commit()
    connection.close()
    with Store.open(path, "read") as store:
        refusals = []
        for digest in expected:
            try:
                store.load(digest)
            except StoreError as error:
                named = "names nothing in layouts", digest
                refusals.append(any(each in str(error) for each in named))
        assert refusals
        assert all(refusals)
        assert store.check()


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE specs SET json = '{}' WHERE id = 1", "Spec"),
        ('UPDATE verdicts SET json = \'{"id": "a"}\'', "Verdict on 'a'"),
        ("UPDATE verdicts SET json = x'ff'", "Verdict on 'a'"),
        ("DELETE FROM specs WHERE id = 1", "specification that is gone"),
    ],
)
def test_a_record_that_was_changed_does_not_verify(path, statement, what):
    expected = make_store(path)
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with Store.open(path, "read") as store:
        assert any(what in problem for problem in store.check())
        with pytest.raises(ConfigError):
            store.verdicts() if "verdicts" in statement else [
                store.spec(digest) for digest in expected
            ]


def flip_digest(path, place):
    """Flip a bit of the first digest: in the table of specifications, or its index."""
    with Store.open(path, "read") as store:
        digest = store.spec_digests()[0].encode()
    content = bytearray(path.read_bytes())
    found = [i for i in range(len(content)) if content.startswith(digest, i)]
    json_follows = [content[i + len(digest)] == ord("{") for i in found]
    content[found[json_follows.index(place == "table")] + 5] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("place", ["table", "index"])
@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_flipped_bit_in_a_digest_does_not_hide_its_runs(path, tmp_path, place, mode):
    expected = make_store(path)
    flip_digest(path, place)
    reads = (
        lambda store: store.export(tmp_path / "runs.csv"),
        lambda store: store.spec_digests(),
        lambda store: [store.seeds_present(digest) for digest in expected],
        lambda store: [store.load(digest) for digest in expected],
    )
    with Store.open(path, mode) as store:
        for read in reads:
            with pytest.raises(StoreError, match="is damaged"):
                read(store)
        assert store.check()


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM specs WHERE id = 1", "UPDATE runs SET spec = 77 WHERE id = 3"],
)
def test_no_run_is_left_out_of_a_table_silently(path, tmp_path, statement):
    make_store(path)
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with Store.open(path, "read") as store:
        with pytest.raises(StoreError, match="of runs names nothing in specs"):
            store.export(tmp_path / "runs.csv")
    assert not (tmp_path / "runs.csv").exists()


def test_a_run_whose_status_is_none_is_not_left_out_of_a_count(path):
    make_store(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("UPDATE runs SET status = 'nk' WHERE id = 3")
    connection.commit()
    connection.close()
    with Store.open(path, "read") as store:
        with pytest.raises(StoreError, match="a status that there is not: 'nk'"):
            store.info()


@pytest.mark.parametrize("one", ["runs", "sqlite_autoindex_runs_1", "machines"])
@pytest.mark.parametrize("other", ["specs", "verdicts", "layouts"])
def test_pages_that_were_swapped_are_noticed_by_all_that_read(
    path, tmp_path, one, other
):
    expected = make_store(path)
    connection = sqlite3.connect(path)
    page_of = dict(connection.execute("SELECT name, rootpage FROM sqlite_master"))
    connection.close()
    content = bytearray(path.read_bytes())
    first, second = (
        slice((page_of[name] - 1) * 4096, page_of[name] * 4096) for name in (one, other)
    )
    content[first], content[second] = content[second], content[first]
    path.write_bytes(content)
    digest = next(iter(expected))
    reads = (
        lambda store: store.info(),
        lambda store: store.seeds_present(digest),
        lambda store: store.spec(digest),
        lambda store: store.verdicts(),
        lambda store: new.merge(store),
    )
    with Store.open(tmp_path / "new.sqlite") as new:
        for read in reads:
            with Store.open(path, "read") as store:
                with pytest.raises(StoreError, match=r"runs.sqlite' is damaged"):
                    read(store)
        assert not new.spec_digests()


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END",
        "CREATE TRIGGER t BEFORE INSERT ON runs BEGIN SELECT raise(IGNORE); END",
        "CREATE VIEW t AS SELECT * FROM runs",
    ],
)
@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_store_that_acts_by_itself_is_refused(path, statement, mode):
    make_store(path)
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.close()
    with pytest.raises(StoreError, match=r"has a (trigger|view) 't', which no store"):
        Store.open(path, mode)


def test_a_sound_store_has_no_problems(path):
    make_store(path)
    for mode in ("read", "write"):
        with Store.open(path, mode) as store:
            assert store.check() == []


def test_damage_that_is_no_text_is_reported_in_printable_text(path):
    make_store(path)
    content = path.read_bytes()
    path.write_bytes(
        content.replace(b"digest TEXT NOT NULL,", b"digest \xdf\x1b[31m\n ,")
    )
    for mode in ("read", "write"):
        with pytest.raises(StoreError, match="is damaged") as caught:
            Store.open(path, mode)
        assert str(caught.value).isprintable()


def test_seeds_that_are_no_integers_are_damage(path):
    digest = next(iter(make_store(path)))
    connection = sqlite3.connect(path)
    connection.execute("UPDATE runs SET seed = 'x' WHERE seed = 3")
    connection.commit()
    connection.close()
    with (
        Store.open(path, "read") as store,
        pytest.raises(StoreError, match="no integers"),
    ):
        store.seeds_present(digest)


def test_a_run_that_is_there_twice_is_not_counted_twice(path):
    digest = next(iter(make_store(path)))
    connection = sqlite3.connect(path)
    connection.executescript(
        """
        CREATE TABLE copy AS SELECT * FROM runs UNION ALL SELECT * FROM runs;
        DROP TABLE runs;
        ALTER TABLE copy RENAME TO runs;
        """
    )
    connection.close()
    with Store.open(path, "read") as store, pytest.raises(StoreError, match="seed 0"):
        store.load(digest)
