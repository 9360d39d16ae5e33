import math
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from ablations.store.codec import STATUSES, run_key
from ablations.store.store import Store, StoreError, spec_digest
from models.config import ConfigError

ROOT = Path(__file__).resolve().parents[3]
# Nightly runs may raise it; 15 kills bound the share of lost batches by 1/5 (3/N).
NUM_KILLS = 15


def insert(store, digest, seeds, status="ok", diverged_at=-1, **arrays):
    seeds = list(seeds)
    return store.insert(
        digest,
        seeds,
        [status] * len(seeds),
        [diverged_at] * len(seeds),
        arrays or {"score": np.array(seeds, np.float32)},
        {"keras": "3"},
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


def run_program(program, *arguments):
    """Run a program that imports from the repository and return what it printed."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-B", "-c", textwrap.dedent(program), *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_was_inserted_is_there_in_the_next_process(path):
    with Store.open(path) as store:
        digest = store.put_spec({"width": 2})
        assert insert(store, digest, [3, 1, 2]) == 3
    printed = run_program(
        """
        import sys
        from ablations.store.store import Store
        with Store.open(sys.argv[1], "read") as store:
            print(store.load(sys.argv[2]).arrays["score"].tolist())
        """,
        path,
        digest,
    )
    assert printed == "[1.0, 2.0, 3.0]\n"


def test_the_same_insert_twice_adds_and_changes_nothing(path):
    with Store.open(path) as store:
        digest = store.put_spec({"width": 2})
        assert insert(store, digest, range(4)) == 4
        assert insert(store, digest, range(4), status="failed") == 0
        zeros = np.zeros(6, np.float32)
        assert insert(store, digest, range(6), status="failed", score=zeros) == 2
        table = store.load(digest)
    assert table.status.tolist() == ["ok"] * 4 + ["failed"] * 2
    assert table.arrays["score"].tolist() == [0, 1, 2, 3, 0, 0]


def test_a_kill_loses_no_acknowledged_batch_and_duplicates_none(path, tmp_path):
    # Every child resumes where the store says, repeats one batch, and writes batches of
    # three until it is killed; what `insert` acknowledged goes to a synced side log.
    # On a busy machine some are killed before they write, so that more are needed.
    log = tmp_path / "acknowledged"
    num_kills = run_program(
        """
        import math, os, random, signal, sys, time
        import numpy as np
        from ablations.store.store import Store

        path, log, num_kills = sys.argv[1], sys.argv[2], int(sys.argv[3])

        def write_until_killed():
            descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with Store.open(path) as store:
                digest = store.put_spec({"width": 2})
                first = max(0, len(store.seeds_present(digest)) - 3)
                while True:
                    seeds = np.arange(first, first + 3)
                    curves = np.sin(seeds)[:, None] + np.arange(50)
                    store.insert(
                        digest, seeds, ["ok"] * 3, [-1] * 3, {"curve": curves}, {}
                    )
                    os.write(descriptor, b"%d\\n" % first)
                    os.fsync(descriptor)
                    first += 3

        def num_acknowledged():
            return len(set(open(log).read().split())) if os.path.exists(log) else 0

        rng, kills = random.Random(0), 0
        while kills < num_kills or num_acknowledged() <= num_kills:
            kills += 1
            child = os.fork()
            if child == 0:
                write_until_killed()
            time.sleep(math.exp(rng.uniform(math.log(0.001), math.log(0.2))))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        print(kills)
        """,
        path,
        log,
        NUM_KILLS,
    )
    acknowledged = {int(line) for line in log.read_text().split()}
    assert len(acknowledged) > NUM_KILLS
    with Store.open(path) as store:
        digest = spec_digest({"width": 2})
        table = store.load(digest)
        assert store.check() == []
    assert table.seeds.tolist() == list(range(len(table)))
    assert len(table) % 3 == 0
    assert max(acknowledged) + 3 <= len(table)
    # At most the batch in flight at each kill was stored without a word.
    assert len(table) // 3 <= len(acknowledged) + int(num_kills)
    expected = np.sin(table.seeds)[:, None] + np.arange(50)
    np.testing.assert_array_equal(table.arrays["curve"], expected)


@pytest.mark.parametrize("mode", ["read", "write"])
def test_arrays_come_back_bit_by_bit(path, mode):
    rng = np.random.default_rng(0)
    odd = [np.nan, -np.nan, np.inf, -np.inf, -0.0, 5e-324, 1.1]
    largest = [2**63 - 1, -(2**63)]
    payload_nan = np.array([0x7FF8DEADBEEF0001, 0xFFF0000000000001], "u8").view("f8")
    arrays = {
        "odd": np.array([odd, odd[::-1]]),
        "payload_nan": payload_nan,
        "half": np.array(odd * 2, np.float16).reshape(2, 7, 1),
        "int64": np.array(largest),
        "bytes": np.array([[0, 255], [1, 2]], np.uint8),
        "bool": np.array([[True, False, True], [False, False, True]]),
        "empty": np.empty((2, 0, 3), np.float32),
        "big_endian": np.array([1.5, np.nan], ">f4"),
        "strided": rng.normal(size=(4, 6)).astype(np.float32)[::2, ::3],
        "constant": np.full((2, 1000), 0.25),
        "noise": rng.normal(size=(2, 3, 4)).astype(np.float32),
    }
    with Store.open(path) as store:
        digest = store.put_spec({})
        insert(store, digest, [0, 1], **arrays)
        if mode == "write":
            loaded = store.load(digest).arrays
    if mode == "read":
        with Store.open(path, "read") as store:
            loaded = store.load(digest).arrays
    assert loaded.keys() == arrays.keys()
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype.newbyteorder("<"), name
        assert loaded[name].shape == array.shape, name
        assert loaded[name].tobytes() == array.astype(loaded[name].dtype).tobytes()
    loaded["noise"][0] = 0  # one's own copy


def test_runs_without_arrays_can_be_stored_alone(path):
    with Store.open(path) as store:
        digest = store.put_spec({})
        assert store.insert(digest, [5], ["oom"], [-1], {}, {}) == 1
        assert store.insert(digest, [], [], [], {}, {}) == 0
        table = store.load(digest)
    assert (table.seeds.tolist(), table.status.tolist()) == ([5], ["oom"])
    assert table.arrays == {}


def test_a_run_without_an_array_has_none_in_the_table(path):
    with Store.open(path) as store:
        digest = store.put_spec({})
        insert(store, digest, [0, 2], score=np.array([1.0, 2.0]), step=np.array([7, 8]))
        store.insert(digest, [1], ["failed"], [-1], {}, {})
        table = store.load(digest)
    np.testing.assert_array_equal(table.arrays["score"], [1.0, np.nan, 2.0])
    assert table.arrays["step"].tolist() == [7, -1, 8]
    ok = table.select(table.status == "ok")
    assert ok.seeds.tolist() == [0, 2]
    assert ok.arrays["step"].tolist() == [7, 8]


def test_load_orders_by_seed_and_leaves_out_what_was_not_run(path):
    with Store.open(path) as store:
        digest = store.put_spec({})
        insert(store, digest, [9, 4], a=np.array([9, 4]), b=np.array([90, 40]))
        insert(store, digest, [7, 0], a=np.array([7, 0]), b=np.array([70, 0]))
        assert store.seeds_present(digest).tolist() == [0, 4, 7, 9]
        table = store.load(digest, seeds=[9, 7, 5, 9], names=["b"])
        assert store.load(digest, seeds=[]).seeds.tolist() == []
        with pytest.raises(ConfigError, match=r"one of \('a', 'b'\).*'c'"):
            store.load(digest, names=["c"])
    assert table.seeds.tolist() == [7, 9]
    assert {name: list(array) for name, array in table.arrays.items()} == {
        "b": [70, 90]
    }


def test_an_unknown_spec_has_no_runs(path):
    with Store.open(path) as store:
        unknown = spec_digest({"never": "run"})
        assert len(store.load(unknown, names=["score"])) == 0
        assert store.seeds_present(unknown).dtype == np.int64
        with pytest.raises(ConfigError, match="put_spec"):
            insert(store, unknown, [0])
        with pytest.raises(ConfigError, match="stored spec"):
            store.spec(unknown)


def test_a_spec_comes_back_and_is_stored_once(path):
    spec = {"model": {"width": [2, 3], "slope": 0.1}, "note": "é", "none": None}
    with Store.open(path) as store:
        digest = store.put_spec(spec)
        assert store.put_spec(dict(reversed(spec.items()))) == digest
        assert digest == spec_digest(spec)
        assert store.spec(digest) == spec
        assert store.spec_digests() == [digest]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seeds": [0, 0]}, "`seeds` must be non-negative and different"),
        ({"seeds": [-1, 0]}, "`seeds` must be non-negative and different"),
        ({"seeds": [0.5, 1.5]}, "`seeds` must be a sequence of integers"),
        ({"seeds": np.array([2**63, 0], np.uint64)}, "below 2"),
        ({"seeds": [0]}, "one entry per seed, 1"),
        ({"status": ["ok", "good"]}, "`status` must be one of"),
        ({"status": "ok"}, "`status` must have one entry per seed"),
        ({"diverged_at": [1]}, "`diverged_at` must have one entry per seed, 2"),
        ({"arrays": {"a": np.zeros(3)}}, r"`arrays\['a'\]` must have one row per seed"),
        ({"arrays": {"a": 1.0}}, "must have one row per seed"),
        ({"arrays": {"seed": np.zeros(2)}}, "must not use names of other columns"),
        ({"arrays": {3: np.zeros(2)}}, "must have texts as names"),
        ({"arrays": {"a": np.array([None, 1])}}, "numbers or booleans"),
        ({"arrays": {"a": np.array(["x", "y"])}}, "numbers or booleans"),
        ({"arrays": {"a": np.zeros(2, complex)}}, "numbers or booleans"),
        ({"arrays": {"\ud800": np.zeros(2)}}, "must be Unicode"),
        ({"machine": {"when": math.nan}}, "`machine.when` must be a finite number"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_stored(path, changes, message):
    arguments = {
        "seeds": [0, 1],
        "status": ["ok", "ok"],
        "diverged_at": [-1, -1],
        "arrays": {"a": np.zeros(2)},
        "machine": {},
    }
    with Store.open(path) as store:
        digest = store.put_spec({})
        with pytest.raises(ConfigError, match=message):
            store.insert(digest, **(arguments | changes))
        assert store.seeds_present(digest).tolist() == []


def test_an_array_keeps_its_dtype_and_shape_within_a_spec(path):
    for _ in range(2):  # what was learned in this process, and what is read again
        with Store.open(path) as store:
            digest = store.put_spec({})
            insert(store, digest, [0], score=np.zeros((1, 3), np.float32))
            for other in (np.zeros((1, 4), np.float32), np.zeros((1, 3))):
                with pytest.raises(ConfigError, match="in earlier runs"):
                    insert(store, digest, [1], score=other)
            insert(store, store.put_spec({"a": 1}), [1], score=np.zeros(1))


def test_a_reader_is_never_blocked_and_sees_whole_batches(path):
    with Store.open(path) as store:
        digest = store.put_spec({})
        insert(store, digest, range(3))
        with Store.open(path, "read") as reader:
            other = sqlite3.connect(path, isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            other.execute("DELETE FROM runs")
            assert len(reader.load(digest)) == 3
            other.execute("ROLLBACK")
            other.close()
            insert(store, digest, range(3, 6))
            assert len(reader.load(digest)) == 6
    with Store.open(path, "read") as reader, Store.open(path) as store:
        insert(store, digest, range(6, 9))
        assert len(reader.load(digest)) == 9


def test_a_reader_cannot_write(path):
    Store.open(path).close()
    before = path.read_bytes()
    with Store.open(path, "read") as store:
        with pytest.raises(ConfigError, match="only for reading"):
            store.put_spec({})
        with pytest.raises(ConfigError, match="only for reading"):
            store.put_verdicts([])
    assert path.read_bytes() == before


@pytest.mark.parametrize("limit_pages", [0, 1, 3, 8, 20, 50, 120])
def test_a_full_disk_is_reported_and_costs_nothing(path, limit_pages):
    with Store.open(path) as store:
        digest = store.put_spec({})
        insert(store, digest, range(5), noise=np.random.default_rng(0).random((5, 500)))
    printed = run_program(
        """
        import resource, sys
        import numpy as np
        from ablations.store.store import Store, StoreError

        path, digest, size = sys.argv[1], sys.argv[2], int(sys.argv[3])
        unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
        rng = np.random.default_rng(1)
        acknowledged = 5

        def insert(store):
            global acknowledged
            seeds = acknowledged + np.arange(5)
            noise = {"noise": rng.random((5, 500))}
            store.insert(digest, seeds, ["ok"] * 5, [-1] * 5, noise, {})
            acknowledged += 5

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, unlimited[1]))
        try:
            with Store.open(path) as store:
                try:
                    for _ in range(100):
                        insert(store)
                except StoreError as error:
                    print(error)
                assert store.check() == []
                assert len(store.load(digest)) == acknowledged
                resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
                insert(store)
        except StoreError as error:
            print(error)
            resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
            with Store.open(path) as store:
                insert(store)
        print(acknowledged)
        """,
        path,
        digest,
        limit_pages * 4096,
    )
    message, acknowledged = printed.splitlines()
    assert repr(str(path)) in message
    assert "make room" in message
    with Store.open(path) as store:
        assert store.seeds_present(digest).tolist() == list(range(int(acknowledged)))
        assert store.check() == []


def test_an_interrupted_insert_stores_nothing(path):
    class Interrupting(dict):
        def items(self):
            raise KeyboardInterrupt

    with Store.open(path) as store:
        digest = store.put_spec({})
        with pytest.raises(KeyboardInterrupt):
            store.insert(digest, [0], ["ok"], [-1], Interrupting(), {})
        assert insert(store, digest, [0]) == 1


def test_a_closed_store_says_so_and_closes_twice(path):
    store = Store.open(path)
    store.close()
    store.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        store.spec_digests()
    Store.open(path).close()


def test_another_thread_is_refused_and_not_called_damage(path):
    caught = []

    def use(store):
        try:
            store.spec_digests()
        except sqlite3.ProgrammingError as error:
            caught.append(error)

    with Store.open(path) as store:
        thread = threading.Thread(target=use, args=(store,))
        thread.start()
        thread.join()
    assert len(caught) == 1


def test_verdicts_replace_earlier_ones_of_the_same_claim(path):
    first = {"id": "b", "digest": "1", "estimate": 0.1, "low": -math.inf, "rows": []}
    other = {"id": "a", "digest": "2", "statement": "'; drop table runs; --  <é>"}
    with Store.open(path) as store:
        store.put_verdicts([first, other])
        store.put_verdicts([{**first, "estimate": 0.2}])
    with Store.open(path, "read") as store:
        assert store.verdicts() == [other, {**first, "estimate": 0.2}]


@pytest.mark.parametrize(
    "wrong",
    [{"id": "x"}, {"id": "x", "digest": 3}, {"id": "x", "digest": "", "n": object()}],
)
def test_a_verdict_that_is_none_replaces_nothing(path, wrong):
    good = {"id": "a", "digest": "1"}
    with Store.open(path) as store:
        store.put_verdicts([good])
        with pytest.raises(ConfigError, match="verdict"):
            store.put_verdicts([{**good, "digest": "2"}, wrong])
        assert store.verdicts() == [good]


def test_info_counts_runs_by_status_and_machine(path):
    with Store.open(path) as store:
        digest = store.put_spec({})
        insert(store, digest, range(3))
        insert(store, digest, [3], status="diverged", diverged_at=12)
        store.insert(digest, [4], ["failed"], [-1], {}, {"keras": "4"})
        info = store.info()
        assert store.load(digest).machines == ({"keras": "3"}, {"keras": "4"})
        assert store.load(digest, seeds=[4]).machines == ({"keras": "4"},)
    assert info["path"] == str(path)
    assert info["bytes"] > 0
    assert (info["schema"], info["specs"], info["verdicts"]) == (1, 1, 0)
    counts = {"ok": 3, "diverged": 1, "failed": 1, "oom": 0, "cancelled": 0}
    assert info["runs"] == counts
    assert info["machines"] == [
        {"machine": {"keras": "3"}, "runs": 4},
        {"machine": {"keras": "4"}, "runs": 1},
    ]


def test_run_keys_differ_by_spec_and_seed():
    digests = [spec_digest({"a": value}) for value in (1, 2)]
    keys = {run_key(digest, seed) for digest in digests for seed in range(10)}
    assert len(keys) == 20
    assert run_key(digests[0], np.int64(3)) == run_key(digests[0], 3)


class StoreAgainstDict(RuleBasedStateMachine):
    """Whatever is done to a store, it answers like a dict that is never updated."""

    def __init__(self):
        super().__init__()
        self.number = 0
        self.expected = {}
        self.verdicts = {}
        self.store = Store.open(self.path)

    @property
    def path(self):
        return self.folder / f"runs-{self.number}.sqlite"

    @rule(
        width=st.integers(0, 2),
        seeds=st.lists(st.integers(0, 20), unique=True, max_size=6),
        status=st.sampled_from(STATUSES),
        scores=st.lists(st.floats(width=32), min_size=6, max_size=6),
        with_arrays=st.booleans(),
    )
    def insert(self, width, seeds, status, scores, with_arrays):
        digest = self.store.put_spec({"width": width})
        scores = np.array(scores[: len(seeds)], np.float32)
        arrays = {"score": scores} if with_arrays else {}
        num_inserted = self.store.insert(
            digest, seeds, [status] * len(seeds), seeds, arrays, {"width": width}
        )
        if not with_arrays:
            scores = np.full(len(seeds), np.nan, np.float32)
        new = [seed for seed in seeds if (digest, seed) not in self.expected]
        assert num_inserted == len(new)
        for seed, score in zip(seeds, scores, strict=True):
            self.expected.setdefault((digest, seed), (status, seed, score.tobytes()))

    @rule(claim=st.sampled_from("abc"), number=st.integers())
    def put_verdict(self, claim, number):
        self.verdicts[claim] = {"id": claim, "digest": "", "number": number}
        self.store.put_verdicts([self.verdicts[claim]])

    @rule()
    def reopen(self):
        self.store.close()
        self.store = Store.open(self.path)

    @rule()
    def crash(self):
        # The files as a kill leaves them: no checkpoint, no goodbye.
        old, self.number = self.path, self.number + 1
        for suffix in ("", "-wal"):
            shutil.copy(f"{old}{suffix}", f"{self.path}{suffix}")
        self.store.close()
        self.store = Store.open(self.path)

    @rule()
    def export(self):
        num_rows = self.store.export(self.folder / "runs.csv")
        assert num_rows == len(self.expected)

    @rule()
    def check(self):
        assert self.store.check() == []

    @invariant()
    def it_answers_like_the_dict(self):
        found = {}
        for digest in self.store.spec_digests():
            table = self.store.load(digest)
            assert np.array_equal(table.seeds, self.store.seeds_present(digest))
            absent = np.full(len(table), np.nan, np.float32)
            rows = zip(
                table.seeds.tolist(),
                table.status.tolist(),
                table.diverged_at.tolist(),
                table.arrays.get("score", absent),
                strict=True,
            )
            for seed, status, diverged_at, score in rows:
                found[digest, seed] = (status, diverged_at, score.tobytes())
        assert found == self.expected
        assert {record["id"]: record for record in self.store.verdicts()} == (
            self.verdicts
        )

    def teardown(self):
        self.store.close()


def test_a_store_answers_like_a_dict_that_is_never_updated(tmp_path_factory):
    class Machine(StoreAgainstDict):
        def __init__(self):
            self.folder = tmp_path_factory.mktemp("machine")
            super().__init__()

    run_state_machine_as_test(
        Machine,
        settings=hypothesis.settings(max_examples=15, stateful_step_count=15),
    )


def test_a_store_error_is_one_line_for_the_command_line():
    assert issubclass(StoreError, ConfigError)
