"""Read the rows in the pages of a SQLite file, whatever became of the tree above them.

SQLite finds a row by way of other pages, and gives up where one of those is damaged.
Here every page is looked at for itself, so that what is lost is what is damaged.

References:
    "Database File Format", sections 1.6, 2.1 and 4, https://www.sqlite.org/fileformat2.html
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from ablations.store.file import wal_path

Value = None | int | float | str | bytes
Row = tuple[Value, tuple[Value, ...]]
"""Number of a row in its table, and its columns."""

TABLE_LEAF, INDEX_LEAF = 13, 10
MAGIC = b"SQLite format 3\0"
FILE_HEADER, LEAF_HEADER = 100, 8
LOG_HEADER, FRAME_HEADER = 32, 24
USUAL_PAGE = 4096
INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}
"""Bytes of an integer, by the number that stands for its kind."""


def rows_of(path: Path) -> Iterator[Row]:
    """Yield every row that a page of a file or of its log holds, some perhaps twice.

    A page of an index gives its columns, of which the last is the number of the row.

    Args:
        path: A SQLite file with a write-ahead log or without.
    """
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            size = _page_size(content)
            logged = _pages_of_log(wal_path(path), size)

            def page(number: int) -> bytes:
                start = (number - 1) * size
                return logged.get(number) or content[start : start + size]

            last = max(-(-len(content) // size), *logged, 1)
            for number in range(1, last + 1):
                yield from _rows_of_page(page, page(number), size)


def _page_size(content: mmap.mmap) -> int:
    (size,) = struct.unpack(">H", content[16:18].ljust(2, b"\0"))
    size = 65536 if size == 1 else size
    is_header = content[:16] == MAGIC and size >= 512 and size & (size - 1) == 0
    return size if is_header else USUAL_PAGE


def _pages_of_log(path: Path, size: int) -> dict[int, bytes]:
    """Return the pages that a log has in place of those of the file."""
    pages: dict[int, bytes] = {}
    with suppress(OSError):
        log = path.read_bytes()
        salts = log[16:24]
        step = FRAME_HEADER + size
        for start in range(LOG_HEADER, len(log) - step + 1, step):
            if log[start + 8 : start + 16] == salts:
                (number,) = struct.unpack(">I", log[start : start + 4])
                pages[number] = log[start + FRAME_HEADER : start + step]
    return pages


def _rows_of_page(
    page: Callable[[int], bytes], content: bytes, size: int
) -> Iterator[Row]:
    header = FILE_HEADER if content.startswith(MAGIC) else 0
    if len(content) < size or content[header] not in (TABLE_LEAF, INDEX_LEAF):
        return
    (num_cells,) = struct.unpack(">H", content[header + 3 : header + 5])
    first = header + LEAF_HEADER
    num_cells = min(num_cells, (size - first) // 2)
    for (cell,) in struct.iter_unpack(">H", content[first : first + 2 * num_cells]):
        # A damaged cell says nothing of the others.
        with suppress(ValueError, LookupError, struct.error):
            if content[header] == TABLE_LEAF:
                number, place = _varint(content, _varint(content, cell)[1])
                record = _record(page, content, (cell, place), size, size - 35)
                yield number, _columns(record)
            else:
                place = _varint(content, cell)[1]
                most = (size - 12) * 64 // 255 - 23
                record = _record(page, content, (cell, place), size, most)
                columns = _columns(record)
                yield columns[-1], columns


def _record(
    page: Callable[[int], bytes],
    content: bytes,
    cell: tuple[int, int],
    size: int,
    most: int,
) -> bytes:
    """Return the columns of a cell as they are stored.

    Args:
        page: Returns a page by its number.
        content: The page of the cell.
        cell: Where the cell begins, and where its columns do.
        size: Bytes of a page.
        most: Bytes of a cell that stand on its page, at most.

    Raises:
        ValueError, LookupError, struct.error: If it is damaged.
    """
    length, _ = _varint(content, cell[0])
    place, least = cell[1], (size - 12) * 32 // 255 - 23
    inside = length
    if length > most:
        inside = least + (length - least) % (size - 4)
        inside = inside if inside <= most else least
    record = content[place : place + inside]
    if length > most:
        following = content[place + inside : place + inside + 4]
        parts, left = [record], length - inside
        while left > 0:
            (next_page,) = struct.unpack(">I", following)
            more = page(next_page) if next_page else b""
            if len(more) < size:
                raise ValueError("A page is missing.")
            following = more[:4]
            parts.append(more[4 : 4 + left])
            left -= size - 4
        record = b"".join(parts)
    if len(record) != length:
        raise ValueError("A row is cut.")
    return record


def _columns(record: bytes) -> tuple[Value, ...]:
    end, place = _varint(record, 0)
    kinds = []
    while place < end:
        kind, place = _varint(record, place)
        kinds.append(kind)
    columns = []
    for kind in kinds:
        value, place = _value(record, kind, place)
        columns.append(value)
    if place != len(record):
        raise ValueError("A row has more than its columns.")
    return tuple(columns)


def _value(record: bytes, kind: int, place: int) -> tuple[Value, int]:
    """Return a column and where the next begins."""
    if kind in INTEGERS:
        end = place + INTEGERS[kind]
        return int.from_bytes(record[place:end], "big", signed=True), end
    if kind == 7:
        return struct.unpack(">d", record[place : place + 8])[0], place + 8
    if kind >= 12:
        end = place + (kind - 12) // 2
        part = record[place:end]
        return (part.decode() if kind % 2 else part), end
    return {0: None, 8: 0, 9: 1}[kind], place


def _varint(content: bytes, place: int) -> tuple[int, int]:
    """Return a number of one to nine bytes and where the next begins."""
    number = 0
    for count in range(8):
        byte = content[place + count]
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            return number, place + count + 1
    return number << 8 | content[place + 8], place + 9
