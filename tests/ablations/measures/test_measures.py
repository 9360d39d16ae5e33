"""Measurements are found by name and are the same each time."""

import numpy as np
import pytest

from ablations import measures
from ablations.measures.depth import threads
from ablations.measures.regularization import ensembles
from models.config import ConfigError

TIMINGS = {*ensembles.TIMINGS, *threads.MEASURES}


@pytest.mark.parametrize("name", sorted(set(measures.MEASURES) - TIMINGS))
def test_a_measurement_is_the_same_each_time(name):
    first, second = measures.measure(name), measures.measure(name)
    assert first.keys() == second.keys()
    for quantity, value in first.items():
        assert value.dtype == np.float64
        assert np.array_equal(value, second[quantity])


def test_an_unknown_measurement_is_refused_with_the_closest_name():
    with pytest.raises(ConfigError, match="Did you mean 'least_squares'"):
        measures.measure("least_square")
