"""Counter-based random numbers that depend on nothing but their key.

Threefry-2x32 turns a key and a counter into two random words, so any number of a run
can be drawn anywhere, in any order and in any company, with the same result. The same
code runs on numpy and on `keras.ops`.

References:
    Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.
    https://www.thesalmons.org/john/random123/papers/random123sc11.pdf
"""

import functools
import zlib
from typing import Any

import numpy as np

from models.config import one_of, requirement

STREAMS = {"initial": 0, "order": 1, "dropout": 2, "noise": 3, "data": 4}

ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))
KEY_PARITY = 0x1BD11BDA
# Numbers worked on at a time, so that the words stay in the processor's cache.
BLOCK_SIZE = 1 << 14
WORD = 0xFFFFFFFF


def threefry2x32(
    xp: Any, key0: Any, key1: Any, counter0: Any, counter1: Any, rounds: int = 20
) -> tuple[Any, Any]:
    """Return two random words per counter.

    Keys and counters are uint32 arrays of shapes that broadcast together. 20 rounds
    have a margin of safety; 13 are the fewest known to pass the tests of BigCrush.

    Args:
        xp: `numpy` or `keras.ops`.
        key0: First word of the key.
        key1: Second word of the key.
        counter0: First word of the counter.
        counter1: Second word of the counter.
        rounds: Number of mixing rounds.

    Returns:
        Two uint32 arrays of the broadcast shape.
    """
    # Making a constant costs as much as using it while a graph is traced.
    word = functools.cache(lambda value: xp.array(value, dtype="uint32"))
    both = xp.bitwise_xor(key0, key1)
    keys = (key0, key1, xp.bitwise_xor(both, word(KEY_PARITY)))
    x0, x1 = xp.add(counter0, key0), xp.add(counter1, key1)
    for i in range(rounds):
        bits = ROTATIONS[i // 4 % 2][i % 4]
        left = xp.left_shift(x1, word(bits))
        right = xp.right_shift(x1, word(32 - bits))
        x0 = xp.add(x0, x1)
        x1 = xp.bitwise_xor(xp.bitwise_or(left, right), x0)
        if i % 4 == 3:
            injection = i // 4 + 1
            x0 = xp.add(x0, keys[injection % 3])
            tail = xp.add(keys[(injection + 1) % 3], word(injection))
            x1 = xp.add(x1, tail)
    return x0, x1


def name_index(name: str) -> int:
    """Return the index in a stream that belongs to a name, such as a weight's path.

    An index made from the name stays when other layers come or go, so that two arms
    draw the same numbers for what they share.
    """
    return zlib.crc32(name.encode())


def stream_key(
    seeds: np.ndarray, stream: str, index: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the key of one stream of every seed.

    Args:
        seeds: `[S]`, integers from 0 to 2^63 - 1.
        stream: One of `STREAMS`.
        index: Which of the streams of that name, from 0 to 2^32 - 1.

    Returns:
        Two uint32 arrays `[S]`.

    Raises:
        ConfigError: If a seed, the stream or the index is out of range.
    """
    one_of("stream", stream, STREAMS)
    if not 0 <= index <= WORD:
        raise requirement("index", "must be from 0 to 2^32 - 1", index)
    words = _seed_words(seeds)
    counter0 = np.uint32(STREAMS[stream])
    # Sums of words wrap around, which numpy reports for scalars only.
    with np.errstate(over="ignore"):
        return threefry2x32(np, *words, counter0, np.uint32(index))


def _seed_words(seeds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values = np.asarray(seeds)
    if values.ndim != 1:
        raise requirement("seeds", "must be one-dimensional", values.shape)
    if values.dtype.kind not in "iu" and values.size:
        raise requirement("seeds", "must be integers", seeds)
    if values.size and (values.min() < 0 or values.max() >= 2**63):
        raise requirement("seeds", "must be from 0 to 2^63 - 1", seeds)
    values = values.astype(np.uint64)
    low = (values & np.uint64(WORD)).astype(np.uint32)
    return low, (values >> np.uint64(32)).astype(np.uint32)


def unit_uniform(seeds: np.ndarray, stream: str, index: int, size: int) -> np.ndarray:
    """Draw uniform numbers strictly between 0 and 1.

    Number j of a seed is the midpoint of one of 2^52 equal cells, so neither end can
    occur and an inverse distribution function stays finite.

    Args:
        seeds: `[S]`, integers from 0 to 2^63 - 1.
        stream: One of `STREAMS`.
        index: Which of the streams of that name.
        size: Numbers per seed.

    Returns:
        float64 `[S, size]`.

    Raises:
        ConfigError: If a seed, the stream or the index is out of range.
    """
    key0, key1 = stream_key(seeds, stream, index)
    out = np.empty((len(key0), size))
    width = min(max(size, 1), BLOCK_SIZE)
    height = max(1, BLOCK_SIZE // width)
    zero = np.zeros((), np.uint32)
    for top in range(0, len(key0), height):
        keys = key0[top : top + height, None], key1[top : top + height, None]
        for left in range(0, size, width):
            counters = np.arange(left, min(left + width, size), dtype=np.uint32)
            high, low = threefry2x32(np, *keys, counters[None], zero)
            cell = (high >> np.uint32(6)) * 2.0**26 + (low >> np.uint32(6))
            out[top : top + height, left : left + width] = (cell + 0.5) * 2.0**-52
    return out


def layer_seed(seeds: np.ndarray, stream: str, index: int) -> np.ndarray:
    """Return the number that seeds one layer's `keras.random.SeedGenerator`.

    Args:
        seeds: `[S]`, integers from 0 to 2^63 - 1.
        stream: One of `STREAMS`.
        index: Which layer; see `name_index`.

    Returns:
        uint32 `[S]`, the first word of the generator's state.

    Raises:
        ConfigError: If a seed, the stream or the index is out of range.
    """
    return stream_key(seeds, stream, index)[0]
