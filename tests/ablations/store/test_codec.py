import hashlib
import math
import zlib

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from ablations.store.codec import (
    DTYPES,
    Damage,
    Layout,
    canonical_json,
    run_key,
    spec_digest,
)
from models.config import ConfigError


def test_a_digest_is_the_sha256_of_sorted_json_without_spaces():
    text = b'{"a":[1,0.1,true,null],"b":"\\u00e9"}'
    expected = hashlib.sha256(text).hexdigest()
    assert spec_digest({"b": "é", "a": (1, 0.1, True, None)}) == expected


def test_a_run_key_is_the_sha256_of_digest_and_seed():
    assert run_key("ab", 7) == hashlib.sha256(b"ab:7").hexdigest()


def test_values_that_train_differently_have_different_digests():
    values = [1, 1.0, True, "1", [1], None, 0.1, math.nextafter(0.1, 1)]
    assert len({spec_digest({"a": value}) for value in values}) == len(values)


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"a": {"b": math.nan}}, "`spec.a.b` must be a finite number. Received: nan."),
        ({"a": [1, math.inf]}, r"`spec.a\[1\]` must be a finite number"),
        ({"a": {1: 2}}, "`spec.a` must have text as keys. Received: 1."),
        ({"a": np.float32(1)}, "`spec.a` must be a dict, list"),
        ({"a": np.zeros(2)}, "`spec.a` must be a dict, list"),
        ({"a": b"x"}, "`spec.a` must be a dict, list"),
        ({"a": "\ud800"}, "must be Unicode"),
        ({"\ud800": 1}, "must be Unicode"),
    ],
)
def test_what_is_no_plain_json_is_refused_by_its_place(spec, message):
    with pytest.raises(ConfigError, match=message) as caught:
        spec_digest(spec)
    str(caught.value).encode()


@hypothesis.given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_written_so_that_they_read_back_to_the_same_bits(value):
    read = float(canonical_json(value, "value"))
    assert np.float64(read).tobytes() == np.float64(value).tobytes()


@hypothesis.settings(max_examples=50)
@hypothesis.given(st.data())
def test_unpacking_undoes_packing_for_every_dtype_and_shape(data):
    num_runs = data.draw(st.integers(1, 3))
    arrays = {
        name: data.draw(
            arrays_of.arrays(
                data.draw(st.sampled_from(DTYPES)),
                (num_runs, *data.draw(arrays_of.array_shapes(min_dims=0, min_side=0))),
            )
        )
        for name in data.draw(st.lists(st.text(max_size=3), unique=True, max_size=3))
    }
    layout = Layout.of(arrays)
    assert Layout.parse(layout.to_json()) == layout
    unpacked = layout.unpack(layout.pack(arrays, num_runs))
    assert unpacked.keys() == arrays.keys()
    for name, array in arrays.items():
        assert unpacked[name].dtype == array.dtype
        assert unpacked[name].shape == array.shape
        assert unpacked[name].tobytes() == array.tobytes()


def test_noise_is_stored_as_it_is_and_the_rest_compressed():
    arrays = {"a": np.stack([np.random.default_rng(0).random(100), np.ones(100)])}
    layout = Layout.of(arrays)
    noise, ones = layout.pack(arrays, 2)
    assert noise == arrays["a"][0].tobytes()
    assert zlib.decompress(ones) == arrays["a"][1].tobytes()


@pytest.mark.parametrize(
    "payload",
    [b"", b"x", bytes(9), zlib.compress(bytes(7)), zlib.compress(bytes(10**7))[:100]],
)
def test_a_payload_that_does_not_fit_is_damage(payload):
    layout = Layout.of({"a": np.zeros((1, 1))})
    with pytest.raises(Damage, match="A payload"):
        layout.unpack([payload])


@pytest.mark.parametrize(
    "text",
    ["", "{", "3", "[3]", '[["a", "O", []]]', '[["a", "<f4", [-1]]]', '[["a", "x"]]'],
)
def test_a_text_that_is_no_layout_is_damage(text):
    with pytest.raises(Damage, match="no layout"):
        Layout.parse(text)
