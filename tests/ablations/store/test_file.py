import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import numpy as np
import pytest

from ablations.store.store import Store, StoreError
from models.config import ConfigError

ROOT = Path(__file__).resolve().parents[3]
HOLDER = """
import sys
from ablations.store.store import Store
with Store.open(sys.argv[1]) as store:
    digest = store.put_spec({})
    store.insert(digest, [0], ["ok"], [-1], {}, {})
    print(digest, flush=True)
    sys.stdin.read()
"""


def start(program, *arguments):
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-B", "-c", textwrap.dedent(program), *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def fill(path, num_runs=3):
    with Store.open(path) as store:
        digest = store.put_spec({})
        seeds = list(range(num_runs))
        scores = {"score": np.array(seeds, float)}
        store.insert(digest, seeds, ["ok"] * num_runs, [-1] * num_runs, scores, {})
    return digest


def read_folder(folder):
    return {item.name: item.read_bytes() for item in folder.iterdir()}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "runs.sqlite"


def test_a_second_writer_is_told_who_is_writing_until_that_one_dies(path):
    holder = start(HOLDER, path)
    try:
        digest = holder.stdout.readline().strip()
        # A paused process still holds the store.
        for pause in (signal.SIGCONT, signal.SIGSTOP):
            os.kill(holder.pid, pause)
            with pytest.raises(ConfigError, match=f"process {holder.pid}") as caught:
                Store.open(path)
            assert str(path) in str(caught.value)
            assert "\n" not in str(caught.value)
        with Store.open(path, "read") as reader:
            assert reader.seeds_present(digest).tolist() == [0]
    finally:
        holder.kill()
        holder.communicate()
    with Store.open(path) as store:
        assert store.seeds_present(digest).tolist() == [0]


def test_a_second_writer_in_the_same_process_is_refused_too(path):
    with Store.open(path) as store:
        link = path.with_name("link.sqlite")
        link.symlink_to(path)
        for other in (path, link):
            with pytest.raises(ConfigError, match=f"process {os.getpid()}"):
                Store.open(other)
        # The refusals did not let go of the lock.
        other = start(HOLDER, path)
        _, errors = other.communicate(timeout=60)
        assert f"ConfigError: Store '{path}' is being written by" in errors
        store.put_spec({})
    Store.open(path).close()


def test_of_writers_that_start_at_once_on_an_empty_folder_all_who_got_in_count(path):
    # Each tries for a while, so several get in one after the other.
    program = """
        import os, sys, time
        from ablations.store.store import Store
        from models.config import ConfigError

        gate_read, gate_write = os.pipe()
        for seed in range(6):
            if os.fork() == 0:
                os.close(gate_write)
                os.read(gate_read, 1)
                for _ in range(3):
                    try:
                        with Store.open(sys.argv[1]) as store:
                            digest = store.put_spec({})
                            store.insert(digest, [seed], ["ok"], [-1], {}, {})
                            time.sleep(0.02)
                    except ConfigError as error:
                        assert "is being written by process" in str(error), error
                        time.sleep(0.01)
                    else:
                        os.write(1, b"%d %s\\n" % (seed, digest.encode()))
                        break
                os._exit(0)
        os.close(gate_write)
        failures = [os.wait()[1] for _ in range(6)]
        assert not any(failures), failures
    """
    process = start(program, path)
    printed, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    winners = sorted(line.split() for line in printed.splitlines())
    assert winners
    with Store.open(path) as store:
        assert store.seeds_present(winners[0][1]).tolist() == [
            int(seed) for seed, _ in winners
        ]
        assert store.check() == []


@pytest.mark.parametrize("mode", ["read", "write"])
@pytest.mark.parametrize("what", ["text", "directory", "pipe", "database", "header"])
def test_what_is_no_store_is_refused_and_left_alone(path, mode, what):
    if what == "directory":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    elif what == "database":
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE runs (id)")
        connection.close()
    else:
        path.write_bytes(b"hello" if what == "text" else b"SQLite format 3\0")
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(ConfigError) as caught:
        Store.open(path, mode)
    assert repr(str(path)) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert os.listdir(path.parent) == [path.name]
    assert (path.read_bytes() if path.is_file() else None) == before


def test_an_empty_file_is_a_new_store_for_a_writer_and_nothing_to_read(path):
    path.touch()
    with pytest.raises(ConfigError, match="does not exist or is empty"):
        Store.open(path, "read")
    digest = fill(path)
    with Store.open(path, "read") as store:
        assert len(store.load(digest)) == 3


def test_reading_makes_nothing_where_there_is_nothing(tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        Store.open(tmp_path / "missing" / "runs.sqlite", "read")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("empty", [False, True])
def test_the_log_of_a_store_that_is_gone_is_not_replayed_into_a_new_one(path, empty):
    with Store.open(path) as store:
        store.put_spec({})
        log = Path(f"{path}-wal").read_bytes()
    path.unlink()
    Path(f"{path}-wal").write_bytes(log)
    if empty:
        path.touch()
    with pytest.raises(ConfigError, match="log"):
        Store.open(path)
    assert Path(f"{path}-wal").read_bytes() == log


def test_a_half_made_store_is_made_again(path):
    path.with_name("runs.sqlite-new").write_bytes(b"SQLite form")
    path.with_name("runs.sqlite-new-wal").write_bytes(b"x")
    fill(path)
    assert not list(path.parent.glob("*-new*"))


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_store_of_a_later_version_is_refused_and_stays_as_it_is(path, mode):
    fill(path)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for suffix in ("-wal", "-shm", "-lock"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    before = read_folder(path.parent)
    with pytest.raises(ConfigError, match=r"version 99.*Update the program"):
        Store.open(path, mode)
    assert read_folder(path.parent) == before


def test_a_column_that_a_later_version_added_does_no_harm(path):
    digest = fill(path)
    connection = sqlite3.connect(path)
    connection.execute("ALTER TABLE runs ADD COLUMN note TEXT DEFAULT 'x'")
    connection.close()
    with Store.open(path) as store:
        store.insert(digest, [9], ["ok"], [-1], {"score": np.ones(1)}, {})
        assert len(store.load(digest)) == 4
        assert store.check() == []


@pytest.mark.parametrize(
    "name",
    ["with space", "a\nb", "a?mode=ro", "a#b", "100%41", "ünï.sqlite", "'; --", "a'b"],
)
def test_a_store_may_have_any_name(tmp_path, name):
    path = tmp_path / "new folder" / name
    digest = fill(path)
    assert path.is_file()
    with Store.open(path, "read") as store:
        assert len(store.load(digest)) == 3
    path.write_bytes(b"text")
    with pytest.raises(ConfigError) as caught:
        Store.open(path)
    assert "\n" not in str(caught.value)


def test_a_name_that_is_no_text_is_possible(tmp_path):
    try:
        digest = fill(Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.sqlite")))
    except StoreError:
        pytest.skip("This file system takes only names that are text.")
    assert len(digest) == 64


@pytest.mark.parametrize("name", ["x" * 255, "x" * 300, "nul\0", "file/runs.sqlite"])
@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_place_that_cannot_be_is_an_error_in_one_line(tmp_path, name, mode):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError) as caught:
        Store.open(tmp_path / name, mode)
    assert "\n" not in str(caught.value)


def test_a_link_in_a_loop_is_an_error_in_one_line(path):
    path.symlink_to(path)
    with pytest.raises(ConfigError):
        Store.open(path)


def test_a_lock_file_that_is_a_link_is_not_followed(path, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("keep")
    Path(f"{path}-lock").symlink_to(precious)
    with pytest.raises(StoreError):
        Store.open(path)
    assert precious.read_text() == "keep"


def test_an_unknown_mode_is_refused(path):
    with pytest.raises(ConfigError, match=r"`mode` must be one of.*'read'\?"):
        Store.open(path, "reed")


@pytest.mark.parametrize("state", ["closed", "log left", "log and index left"])
def test_a_store_nobody_may_write_can_be_read(state):
    # Not below `tmp_path`, which only its owner may enter.
    folder = Path(tempfile.mkdtemp(prefix="read only "))
    try:
        digest = fill(folder / "first")
        store = folder / "runs.sqlite"
        with Store.open(folder / "first") as open_store:
            open_store.insert(digest, [3], ["ok"], [-1], {"score": np.ones(1)}, {})
            if state != "closed":
                shutil.copy(folder / "first", store)
                shutil.copy(folder / "first-wal", f"{store}-wal")
            if state == "log and index left":
                shutil.copy(folder / "first-shm", f"{store}-shm")
        if state == "closed":
            shutil.copy(folder / "first", store)
        for item in folder.iterdir():
            item.chmod(0o444)
        folder.chmod(0o555)
        before = read_folder(folder)
        process = start(
            """
            import os, sys
            from ablations.store.store import Store
            from models.config import ConfigError

            if os.geteuid() == 0:  # root may write anywhere
                os.setuid(65534)
            with Store.open(sys.argv[1], "read") as store:
                print(store.seeds_present(sys.argv[2]).tolist())
            try:
                Store.open(sys.argv[1])
            except ConfigError as error:
                print(error)
            """,
            store,
            digest,
        )
        printed, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        seeds, refusal = printed.splitlines()
        assert seeds == "[0, 1, 2, 3]"
        assert repr(str(store)) in refusal
        assert read_folder(folder) == before
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_full_disk_does_not_stop_reading(path):
    digest = fill(path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
    try:
        with Store.open(path, "read") as store:
            assert store.seeds_present(digest).tolist() == [0, 1, 2]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_file_nobody_may_write_is_refused_before_any_run(tmp_path):
    folder = Path(tempfile.mkdtemp(prefix="read-only-file-"))
    try:
        fill(folder / "runs.sqlite")
        (folder / "runs.sqlite").chmod(0o444)
        (folder / "runs.sqlite-lock").chmod(0o666)
        folder.chmod(0o777)
        process = start(
            """
            import os, sys
            from ablations.store.store import Store, StoreError

            if os.geteuid() == 0:
                os.setuid(65534)
            try:
                Store.open(sys.argv[1])
            except StoreError as error:
                print(error)
            """,
            folder / "runs.sqlite",
        )
        printed, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
        assert "not writable" in printed
    finally:
        shutil.rmtree(folder)


def test_a_torn_log_gives_whole_batches_and_can_be_continued(path, tmp_path):
    with Store.open(path) as store:
        digest = store.put_spec({})
        for first in range(0, 15, 5):
            seeds = list(range(first, first + 5))
            scores = {"score": np.array(seeds, float)}
            store.insert(digest, seeds, ["ok"] * 5, [-1] * 5, scores, {})
        file, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    counts = set()
    rng = np.random.default_rng(0)
    for length in [0, 1, 31, 32, *rng.integers(0, len(log), 40).tolist(), len(log)]:
        torn = tmp_path / f"torn-{length}"
        torn.write_bytes(file)
        Path(f"{torn}-wal").write_bytes(log[:length])
        with Store.open(torn) as store:
            counts.add(len(store.load(digest)))
            assert store.put_spec({}) == digest
            store.insert(digest, [99], ["ok"], [-1], {"score": np.ones(1)}, {})
        with Store.open(torn, "read") as store:
            assert 99 in store.seeds_present(digest)
            assert store.check() == []
    assert counts == {0, 5, 10, 15}
