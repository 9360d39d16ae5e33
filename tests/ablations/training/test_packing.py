import numpy as np
import pytest

from ablations.training.packing import Packing

# Six variables: two layers with two each, between two that stand alone.
PACKING = Packing.of_blocks(6, [(1, 3), (2, 4)])
ARRAYS = [np.full((2, 3), float(place)) for place in range(6)]


def test_copies_follow_those_that_are_alone():
    packed = PACKING.pack(ARRAYS)
    assert [array.shape for array in packed] == [(2, 3)] * 2 + [(2, 2, 3)] * 2
    assert [array[0].ravel()[0] for array in packed] == [0.0, 5.0, 1.0, 2.0]
    np.testing.assert_array_equal(packed[2][:, 1], ARRAYS[3])
    assert PACKING.axes() == [1, 1, 2, 2]
    assert PACKING.sizes() == [1, 1, 2, 2]


@pytest.mark.parametrize("packing", [PACKING, Packing(tuple(range(6)))])
def test_unpacking_brings_everything_back(packing):
    for before, after in zip(ARRAYS, packing.unpack(packing.pack(ARRAYS)), strict=True):
        np.testing.assert_array_equal(before, after)


def test_numbers_of_packed_arrays_become_columns_in_the_order_of_the_model():
    numbers = [np.array([0.0, 10.0]), np.array([5.0, 15.0])]
    numbers += [np.array([[1.0, 3.0], [11.0, 13.0]])]
    numbers += [np.array([[2.0, 4.0], [12.0, 14.0]])]
    columns = PACKING.columns(np, numbers)
    np.testing.assert_array_equal(columns, [np.arange(6.0), np.arange(10.0, 16.0)])
