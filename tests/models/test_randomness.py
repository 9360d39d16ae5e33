import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from models.config import ConfigError
from models.randomness import (
    STREAMS,
    layer_seed,
    name_index,
    stream_key,
    threefry2x32,
    unit_uniform,
)

# Random123, tests/kat_vectors: key, counter, words after 13 and after 20 rounds.
KNOWN_ANSWERS = [
    (
        (0, 0),
        (0, 0),
        (0x9D1C5EC6, 0x8BD50731),
        (0x6B200159, 0x99BA4EFE),
    ),
    (
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0xFFFFFFFF, 0xFFFFFFFF),
        (0xFD36D048, 0x2D17272C),
        (0x1CB996FC, 0xBB002BE7),
    ),
    (
        (0x13198A2E, 0x03707344),
        (0x243F6A88, 0x85A308D3),
        (0xBA3E4725, 0xF27D669E),
        (0xC4923A9C, 0x483DF7A0),
    ),
]
EVERYTHING = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("xp", [np, keras.ops], ids=["numpy", "keras"])
@pytest.mark.parametrize(("key", "counter", "words_13", "words_20"), KNOWN_ANSWERS)
def test_threefry_gives_the_known_answers(xp, key, counter, words_13, words_20):
    words = [xp.array([word], dtype="uint32") for word in (*key, *counter)]
    for rounds, expected in ((13, words_13), (20, words_20)):
        actual = threefry2x32(xp, *words, rounds=rounds)
        assert tuple(int(word[0]) for word in actual) == expected


@given(st.lists(EVERYTHING, min_size=4, max_size=4))
def test_keras_and_numpy_draw_the_same_words(words):
    arrays = [np.full((2, 1), word, np.uint32) for word in words]
    arrays[2] = arrays[2] + np.arange(3, dtype=np.uint32)
    ours = threefry2x32(np, *arrays)
    theirs = threefry2x32(keras.ops, *map(keras.ops.convert_to_tensor, arrays))
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.dtype == np.uint32
        np.testing.assert_array_equal(mine, keras.ops.convert_to_numpy(other))


def test_streams_indices_and_seeds_have_keys_of_their_own():
    seeds = np.arange(50)
    keys = {
        (int(a), int(b))
        for stream in STREAMS
        for index in range(20)
        for a, b in zip(*stream_key(seeds, stream, index), strict=True)
    }
    assert len(keys) == len(STREAMS) * 20 * 50


def test_the_upper_half_of_a_long_seed_matters():
    seeds = np.array([1, 1 + 2**32, 1 + 2**62])
    assert len(np.unique(unit_uniform(seeds, "data", 0, 1))) == 3


def test_uniform_numbers_follow_the_uniform_distribution():
    sample = unit_uniform(np.arange(2_000), "initial", 3, 50)
    # One fixed sample: a true generator has a smaller p-value once in 1000 times.
    assert stats.kstest(sample.ravel(), "uniform").pvalue > 1e-3
    correlation = np.corrcoef(sample[:, 0], sample[:, 1])[0, 1]
    assert abs(correlation) < 4 / np.sqrt(len(sample))
    neighbors = np.corrcoef(sample[:-1, 0], sample[1:, 0])[0, 1]
    assert abs(neighbors) < 4 / np.sqrt(len(sample))
    assert 0 < sample.min()
    assert sample.max() < 1


def test_numbers_lie_on_midpoints_so_neither_end_can_occur():
    sample = unit_uniform(np.arange(100), "initial", 0, 100)
    cells = sample * 2.0**52 - 0.5
    np.testing.assert_array_equal(cells, np.round(cells))


@pytest.mark.parametrize("size", [1, 7, 20_000])
def test_a_seed_draws_the_same_alone_and_in_a_crowd(size):
    crowd = unit_uniform(np.arange(5_000 // size + 3), "initial", 1, size)
    for seed in (0, 2):
        alone = unit_uniform(np.array([seed]), "initial", 1, size)
        np.testing.assert_array_equal(crowd[seed], alone[0])


def test_a_shorter_draw_is_the_beginning_of_a_longer_one():
    long = unit_uniform(np.arange(3), "data", 0, 40_000)
    np.testing.assert_array_equal(long[:, :9], unit_uniform(np.arange(3), "data", 0, 9))


def test_no_seeds_and_no_numbers_give_empty_arrays():
    assert unit_uniform(np.array([], int), "data", 0, 3).shape == (0, 3)
    assert unit_uniform(np.arange(3), "data", 0, 0).shape == (3, 0)


def test_the_seed_of_a_layer_is_the_first_word_of_its_key():
    seeds = np.arange(4)
    first = layer_seed(seeds, "dropout", 2)
    assert first.dtype == np.uint32
    np.testing.assert_array_equal(first, stream_key(seeds, "dropout", 2)[0])


def test_a_name_always_has_the_same_index():
    # The check value that every CRC-32 publishes.
    assert name_index("123456789") == 0xCBF43926


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.array([-1]), "data", 0), "`seeds` must be from 0 to 2"),
        ((np.array([0.5]), "data", 0), "`seeds` must be integers"),
        ((np.array(3), "data", 0), "`seeds` must be one-dimensional"),
        ((np.array([2**63], np.uint64), "data", 0), "`seeds` must be from 0 to 2"),
        ((np.array([1]), "dat", 0), "Did you mean 'data'"),
        ((np.array([1]), "data", -1), "`index` must be from 0 to 2"),
        ((np.array([1]), "data", 2**32), "`index` must be from 0 to 2"),
    ],
)
def test_what_cannot_be_a_key_is_refused(arguments, message):
    with pytest.raises(ConfigError, match=message):
        stream_key(*arguments)
