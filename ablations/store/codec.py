"""Turn run specifications and arrays into bytes that can be checked, and back.

Nothing here is ever unpickled: specifications are JSON, arrays are little-endian
numbers described by a layout, and every row carries a checksum.
"""

import hashlib
import json
import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.config import ConfigError, requirement

STATUSES = ("ok", "diverged", "failed", "oom", "cancelled")
DTYPES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
CHECKSUM_BYTES = 16
UNICODE = "must be Unicode text"


class StoreError(ConfigError):
    """Report a store that is damaged or cannot be read or written."""


class Damage(Exception):
    """What is damaged; whoever knows the path makes a `StoreError` of it."""


def canonical_json(value: Any, field: str) -> str:
    """Write `value` as the one JSON text that all equal values share.

    Keys are sorted and floats are written so that they read back to the same bits.
    `1`, `1.0` and `True` are three different values; a tuple equals a list.

    Args:
        value: Dicts, lists, texts, numbers, booleans and None.
        field: What the value is called in an error.

    Raises:
        ConfigError: If something in `value` is not plain JSON: NaN, infinity, a key
            or value of another type, text that is not Unicode.
    """
    fault = _fault(value)
    if fault:
        path, must, received = fault
        place = f"{field}{path}"
        raise requirement(ascii(place) if must == UNICODE else place, must, received)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _fault(value: Any) -> tuple[str, str, Any] | None:
    """Return where in a value something is not plain, what it must be and what it is.

    None where all of it is plain; places are put into words only where it is not.
    """
    if isinstance(value, str):
        return None if _is_unicode(value) else ("", UNICODE, value)
    if isinstance(value, float):
        finite = math.isfinite(value)
        return None if finite else ("", "must be a finite number", value)
    if value is None or isinstance(value, int):
        return None
    if isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if fault := _fault(item):
                path, must, received = fault
                return f"[{index}]{path}", must, received
        return None
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                return "", "must have text as keys", key
            if fault := _fault(key):
                return fault
            if fault := _fault(item):
                path, must, received = fault
                return f".{key}{path}", must, received
        return None
    return "", "must be a dict, list, str, int, float, bool or None", value


def _is_unicode(text: str) -> bool:
    """Lone surrogates cannot be written as UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def spec_digest(spec: Mapping[str, Any]) -> str:
    """Name a run specification by the SHA-256 of its canonical JSON, in hex.

    Raises:
        ConfigError: If the specification is not plain JSON.
    """
    return digest_of(canonical_json(spec, "spec"))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def run_key(digest: str, seed: int) -> str:
    """Name one run by the SHA-256 of `specification digest:seed`, in hex."""
    return digest_of(f"{digest}:{int(seed)}")


@dataclass(frozen=True)
class Layout:
    """Names, dtypes and shapes of the arrays of one run, in the order of their bytes.

    Attributes:
        fields: `(name, little-endian dtype, shape)` of every array, sorted by name.
    """

    fields: tuple[tuple[str, str, tuple[int, ...]], ...]

    @classmethod
    def of(cls, arrays: Mapping[str, np.ndarray]) -> "Layout":
        """Describe arrays [S, ...] without their first axis.

        Raises:
            ConfigError: If an array holds anything but booleans and numbers of at
                most eight bytes.
        """
        fields = []
        for name, array in sorted(arrays.items()):
            if array.dtype.str[1:] not in DTYPES:
                raise requirement(
                    f"arrays[{name!r}]",
                    f"must have a dtype of numbers or booleans, one of {DTYPES}",
                    array.dtype,
                )
            dtype = array.dtype.newbyteorder("<").str
            fields.append((name, dtype, tuple(array.shape[1:])))
        return cls(tuple(fields))

    @classmethod
    def parse(cls, text: str) -> "Layout":
        """Read what `to_json` wrote.

        Raises:
            Damage: If the text is no layout.
        """
        try:
            fields = tuple(
                (str(name), str(dtype), tuple(int(size) for size in shape))
                for name, dtype, shape in json.loads(text)
            )
        except (TypeError, ValueError):
            fields = (("", "", ()),)
        for _, dtype, shape in fields:
            if dtype[1:] not in DTYPES or any(size < 0 for size in shape):
                raise Damage(f"This is no layout: {text!r:.200}.")
        return cls(fields)

    def by_name(self) -> dict[str, tuple[str, tuple[int, ...]]]:
        """Return dtype and shape of every array."""
        return {name: (dtype, shape) for name, dtype, shape in self.fields}

    def to_json(self) -> str:
        """Write the layout as canonical JSON."""
        return canonical_json(self.fields, "layout")

    def _slices(self) -> dict[str, tuple[slice, str, tuple[int, ...]]]:
        slices, start = {}, 0
        for name, dtype, shape in self.fields:
            stop = start + np.dtype(dtype).itemsize * math.prod(shape)
            slices[name] = (slice(start, stop), dtype, shape)
            start = stop
        return slices

    @property
    def num_bytes(self) -> int:
        """Bytes of one run before compression."""
        return max((cut.stop for cut, _, _ in self._slices().values()), default=0)

    def pack(self, arrays: Mapping[str, np.ndarray], num_runs: int) -> list[bytes]:
        """Write arrays [S, ...] as S compressed payloads."""
        table = np.empty((num_runs, self.num_bytes), np.uint8)
        for name, (cut, dtype, _) in self._slices().items():
            rows = np.ascontiguousarray(arrays[name], dtype)
            table[:, cut] = np.frombuffer(rows.tobytes(), np.uint8).reshape(
                num_runs, cut.stop - cut.start
            )
        return [_compress(row.tobytes()) for row in table]

    def unpack(
        self, payloads: Sequence[bytes], names: Sequence[str] | None = None
    ) -> dict[str, np.ndarray]:
        """Read S payloads as arrays [S, ...], all of them or those in `names`.

        Raises:
            Damage: If a payload does not fit the layout.
        """
        num_bytes = self.num_bytes
        raw = b"".join([_decompress(payload, num_bytes) for payload in payloads])
        table = np.frombuffer(raw, np.uint8).reshape(len(payloads), num_bytes)
        arrays = {}
        for name, (cut, dtype, shape) in self._slices().items():
            if names is None or name in names:
                flat = np.frombuffer(bytearray(table[:, cut].tobytes()), dtype)
                arrays[name] = flat.reshape(len(payloads), *shape)
        return arrays


def _compress(raw: bytes) -> bytes:
    packed = zlib.compress(raw, 1)
    # Noise does not shrink; a payload of full length is therefore not compressed.
    return packed if len(packed) < len(raw) else raw


def _decompress(payload: bytes, num_bytes: int) -> bytes:
    if len(payload) == num_bytes:
        return payload
    stream = zlib.decompressobj()
    try:
        # One byte more than there should be, so that nothing is left unread.
        raw = stream.decompress(payload, num_bytes + 1)
    except zlib.error as error:
        raise Damage(f"A payload cannot be decompressed: {error}.") from error
    if len(raw) != num_bytes or not stream.eof:
        raise Damage(f"A payload does not have the {num_bytes} bytes of its layout.")
    return raw


class RowChecksum:
    """Checksum of rows that share specification, layout and machine.

    Those three are hashed by content, so that a row which points at the wrong one
    does not verify either.
    """

    def __init__(self, digest: str, layout: str, machine: str) -> None:
        """Start from the specification digest and the JSON of layout and machine."""
        parts = [text.encode() for text in (digest, layout, machine)]
        lengths = struct.pack("<3q", *map(len, parts))
        self._start = hashlib.blake2b(lengths, digest_size=CHECKSUM_BYTES)
        for part in parts:
            self._start.update(part)

    def __call__(
        self, seed: int, status: str, diverged_at: int, payload: bytes
    ) -> bytes:
        """Return the checksum of one row [16 bytes]."""
        row = self._start.copy()
        row.update(struct.pack("<2q", seed, diverged_at))
        row.update(status.encode() + b"\0")
        row.update(payload)
        return row.digest()


class RowVerifier:
    """Tell intact rows of one specification from damaged ones."""

    def __init__(
        self, digest: str, layouts: Mapping[int, str], machines: Mapping[int, str]
    ) -> None:
        """Use the specification digest and the JSON of layouts and machines by id."""
        self._digest, self._layouts, self._machines = digest, layouts, machines
        self._checksums: dict[tuple[int, int], RowChecksum] = {}

    def __call__(self, row: Sequence[Any]) -> bool:
        """Verify `(layout, machine, seed, status, diverged_at, payload, checksum)`."""
        layout, machine, *content, checksum = row
        try:
            if (layout, machine) not in self._checksums:
                self._checksums[layout, machine] = RowChecksum(
                    self._digest, self._layouts[layout], self._machines[machine]
                )
            return self._checksums[layout, machine](*content) == checksum
        except (AttributeError, KeyError, TypeError, struct.error):
            # A flipped bit may also have changed the type of a column.
            return False


def text_checksum(*texts: str) -> bytes:
    """Return a checksum of several texts [16 bytes]."""
    joined = json.dumps(texts).encode()
    return hashlib.blake2b(joined, digest_size=CHECKSUM_BYTES).digest()
