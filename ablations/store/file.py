"""Open the one file a store lives in: who may write it, and what can be wrong.

The file is SQLite with a write-ahead log, so readers never wait for the writer. A
kernel lock on a file beside it admits one writer and vanishes with its process.
"""

import errno
import fcntl
import os
import sqlite3
import stat
import struct
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ablations.store.codec import STATUSES, Damage, StoreError
from models.config import ConfigError

SCHEMA_VERSION = 1
APPLICATION_ID = int.from_bytes(b"ABLS", "big")
BUSY_SECONDS = 30.0

# Digests and JSON are unique, which gives SQLite a second copy of them in an index.
SCHEMA = f"""
CREATE TABLE specs (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, json TEXT NOT NULL
);
CREATE TABLE layouts (id INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);
CREATE TABLE machines (id INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    spec INTEGER NOT NULL REFERENCES specs,
    seed INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN {STATUSES}),
    diverged_at INTEGER NOT NULL,
    layout INTEGER NOT NULL REFERENCES layouts,
    machine INTEGER NOT NULL REFERENCES machines,
    payload BLOB NOT NULL,
    checksum BLOB NOT NULL,
    UNIQUE (spec, seed)
);
CREATE TABLE verdicts (
    claim TEXT PRIMARY KEY,
    digest TEXT NOT NULL,
    json TEXT NOT NULL,
    checksum BLOB NOT NULL
);
PRAGMA application_id = {APPLICATION_ID};
PRAGMA user_version = {SCHEMA_VERSION};
"""

# SQLite error codes; the low byte of an extended code.
BUSY, READONLY, IO_ERROR, CORRUPT, FULL, CANNOT_OPEN = 5, 8, 10, 11, 13, 14
CANNOT_SHARE = (READONLY, CANNOT_OPEN, IO_ERROR, FULL)
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
MAKE_ROOM = (
    " Runs stored before are kept; make room on the disk and give the same command"
    " again."
)
CHECK = (
    "`ablations store check` says where, `ablations store salvage` takes over what is"
    " whole."
)
OTHER_STORE = "another file with `--store`"
LOCK_ATTEMPTS = 20
LOCK_PAUSE_SECONDS = 0.01

# A process that closes any descriptor of a file loses its POSIX locks on it, and asks
# in vain whether it holds one itself. So it has to remember.
_written_here: set[Path] = set()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn errors of SQLite and of the file system into one line naming `path`.

    Raises:
        StoreError: If the block raised `sqlite3.Error`, `OSError` or `Damage`.
    """
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # A closed store or the wrong thread: nothing is wrong with the file.
    except Damage as error:
        raise StoreError(f"Store {str(path)!r} is damaged. {error} {CHECK}") from error
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # Damaged text makes SQLite's own messages undecodable.
        raise StoreError(f"Store {str(path)!r} {_explain(error)}") from error
    except OSError as error:
        reason = error.strerror or str(error)
        advice = MAKE_ROOM if error.errno in NO_ROOM else ""
        message = f"Store {str(path)!r} cannot be used: {reason}.{advice}"
        raise StoreError(message) from error


def _explain(error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", CORRUPT) & 0xFF
    if code in (FULL, IO_ERROR):
        return f"could not be read or written to the end: {error}.{MAKE_ROOM}"
    if code == BUSY:
        return f"is locked by another program for {BUSY_SECONDS:.0f} s: {error}."
    if code in (READONLY, CANNOT_OPEN):
        return f"cannot be opened or is not writable: {error}."
    # The text may quote the damage: line breaks, control characters.
    return f"is damaged. SQLite says {str(error)!a}. {CHECK}"


class WriterLock:
    """Be the only writer of a store until `release` or the end of the process."""

    def __init__(self, path: Path, name: str = "", other: str = OTHER_STORE) -> None:
        """Take the lock.

        Args:
            path: The file that is written.
            name: What messages call it; a store unless said.
            other: What else a user could choose, for messages.

        Raises:
            ConfigError: If a process holds it; names its id.
            StoreError: If the lock file cannot be written.
        """
        self._path = path
        name = name or f"Store {str(path)!r}"
        if path in _written_here:
            raise _held(name, other, os.getpid())
        with explained(path):
            lock_path = path.with_name(path.name + "-lock")
            self._descriptor = os.open(
                lock_path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666
            )
        try:
            with explained(path):
                holder = self._acquire()
            if holder is not None:
                raise _held(name, other, holder)
        except BaseException:
            os.close(self._descriptor)
            raise
        _written_here.add(path)

    def _acquire(self) -> int | None:
        """Return the id of the process that holds the lock, None when we do."""
        holder = 0
        for _ in range(LOCK_ATTEMPTS):
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                text = os.pread(self._descriptor, 32, 0).strip()
                holder = int(text) if text.isdigit() else 0
                if is_alive(holder):
                    return holder
                # Its id is on the way: the holder has the lock but has not written yet.
                time.sleep(LOCK_PAUSE_SECONDS)
            else:
                os.ftruncate(self._descriptor, 0)
                os.pwrite(self._descriptor, f"{os.getpid()}\n".encode(), 0)
                return None
        return holder

    def release(self) -> None:
        """Let the next writer in; the lock file stays, empty."""
        _written_here.discard(self._path)
        with suppress(OSError):
            os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def is_alive(process: int) -> bool:
    """Say whether there is a process of this number."""
    if process <= 0:
        return False
    try:
        os.kill(process, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True


def _held(name: str, other: str, process: int) -> ConfigError:
    return ConfigError(
        f"{name} is being written by process {process or 'unknown'}. "
        f"Wait until it is done, or choose {other}."
    )


def is_new(path: Path) -> bool:
    """Say whether a store has to be made at `path`; refuse what is no store.

    Only the first bytes are read, so a file that is refused stays as it is. An empty
    file counts as new.

    Raises:
        ConfigError: If there is something else: a directory, a pipe, another format,
            a store of a later version, or the log of a store that is gone.
        StoreError: If the file cannot be read.
    """
    shown = f"Store {str(path)!r}"
    with explained(path):
        try:
            status = path.stat()
        except FileNotFoundError:
            size = 0
        else:
            if not stat.S_ISREG(status.st_mode):
                raise ConfigError(f"{shown} must be a file. It is something else.")
            size = status.st_size
        if size == 0:
            log = wal_path(path)
            if log.exists() and log.stat().st_size:
                raise ConfigError(
                    f"{shown} is missing or empty, but its log {str(log)!r} is not. "
                    "Bring the file back, or move the log away to start anew."
                )
            return True
        with path.open("rb") as file:
            header = file.read(100)
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        raise ConfigError(f"{shown} is not a store but another kind of file.")
    version, application = struct.unpack(">i4xi", header[60:72])
    if application != APPLICATION_ID:
        raise ConfigError(f"{shown} is not a store but another SQLite database.")
    require_version(path, version)
    return False


def require_version(path: Path, version: int) -> None:
    """Refuse a store that another version of the suite wrote.

    Raises:
        ConfigError: If `version` is not the one this code reads and writes.
    """
    if version > SCHEMA_VERSION:
        raise ConfigError(
            f"Store {str(path)!r} has version {version}, this program reads up to "
            f"{SCHEMA_VERSION}. Update the program, or choose another file."
        )
    if version < 1:
        raise ConfigError(f"Store {str(path)!r} has no valid version: {version}.")


def wal_path(path: Path) -> Path:
    """Return the write-ahead log beside a store."""
    return path.with_name(path.name + "-wal")


def create(path: Path) -> None:
    """Put an empty store at `path`, whole or not at all."""
    unfinished = path.with_name(path.name + "-new")
    with explained(path):
        for leftover in (unfinished, wal_path(unfinished)):
            leftover.unlink(missing_ok=True)
        connection = connect(unfinished, "rwc")
        try:
            connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
            connection.execute("PRAGMA journal_mode = WAL")
        finally:
            connection.close()
        for leftover in (wal_path(path), path.with_name(path.name + "-shm")):
            leftover.unlink(missing_ok=True)
        os.replace(unfinished, path)
        directory = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def open_to_write(path: Path) -> tuple[sqlite3.Connection, Callable[[], None]]:
    """Open a store, making it if need be, as its only writer.

    Returns:
        The connection, and what to call after it was closed.

    Raises:
        ConfigError: If `path` is no store, or if a process is writing to it.
        StoreError: If it cannot be written.
    """
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    is_new(path)  # Refuses before a lock file appears beside what is no store.
    lock = WriterLock(path)
    try:
        if is_new(path):
            create(path)
        with explained(path):
            return _connect_to_write(path), lock.release
    except BaseException:
        lock.release()
        raise


def _connect_to_write(path: Path) -> sqlite3.Connection:
    connection = connect(path, "rw")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # A commit survives a power cut.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        require_version(path, version)
        _refuse_programs(path, connection)
        # Fails here, before any training, where the file is read-only. To begin alone
        # would not: SQLite then quietly reads.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.execute("ROLLBACK")
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path) -> tuple[sqlite3.Connection, Callable[[], None]]:
    """Open an existing store for reading, also where nothing may be written.

    Returns:
        The connection, and what to call after it was closed.

    Raises:
        ConfigError: If there is no store at `path`.
        StoreError: If it cannot be read.
    """
    if is_new(path):
        raise ConfigError(
            f"Store {str(path)!r} does not exist or is empty. "
            "Run `ablations run` first, or name another file."
        )
    with explained(path):
        try:
            return connect(path, "ro", probe=True), _nothing
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in CANNOT_SHARE:
                raise
        # A read-only directory or a full disk: SQLite cannot make the files that it
        # shares with a writer.
        if not wal_path(path).exists() or wal_path(path).stat().st_size == 0:
            return connect(path, "ro", immutable=True, probe=True), _nothing
        # A writer died and left its log: read a copy, where the log can be replayed.
        directory = tempfile.TemporaryDirectory(prefix="store-")
        try:
            copy = Path(directory.name) / "copy"
            copy.write_bytes(path.read_bytes())
            wal_path(copy).write_bytes(wal_path(path).read_bytes())
            return connect(copy, "ro", probe=True), directory.cleanup
        except BaseException:
            directory.cleanup()
            raise


def _nothing() -> None:
    """Leave nothing behind."""


def _refuse_programs(path: Path, connection: sqlite3.Connection) -> None:
    """Refuse a store that acts by itself: what is inserted might not stay.

    Raises:
        StoreError: If it has a trigger or a view.
    """
    query = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    for kind, name in connection.execute(query):
        raise StoreError(
            f"Store {str(path)!r} has a {kind} {name!a}, which no store of this program"
            " has. `ablations store salvage` takes its runs over into a new store."
        )


def connect(
    path: Path, mode: str, immutable: bool = False, probe: bool = False
) -> sqlite3.Connection:
    """Open a SQLite file.

    Args:
        path: The file.
        mode: "ro", "rw" or "rwc".
        immutable: Whether to believe that nobody writes to it.
        probe: Whether to read of it, and to refuse what no store has.
    """
    # Quoted, a name with `?`, `#`, a line break or bytes that are no text is safe.
    quoted = urllib.parse.quote(os.fsencode(path))
    connection: Any = sqlite3.connect(
        f"file:{quoted}?mode={mode}" + "&immutable=1" * immutable,
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
    )
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        if probe:
            _refuse_programs(path, connection)
    except BaseException:
        connection.close()
        raise
    return connection
