"""Measurements are found by name and are the same each time."""

import functools

import numpy as np
import pytest

from ablations import measures
from ablations.claims.registry import all_claims
from ablations.measures.backpropagation import cost
from ablations.measures.depth import threads
from ablations.measures.regularization import ensembles
from ablations.protocol.kinds import ExactCheck
from models.config import ConfigError

TIMINGS = {*ensembles.TIMINGS, *threads.MEASURES, *cost.MEASURES}


measured = functools.cache(measures.measure)


@pytest.mark.parametrize("name", sorted(set(measures.MEASURES) - TIMINGS))
def test_a_measurement_is_the_same_each_time(name):
    first, second = measured(name), measures.measure(name)
    assert first.keys() == second.keys()
    for quantity, value in first.items():
        assert value.dtype == np.float64
        assert np.array_equal(value, second[quantity])


@pytest.mark.parametrize("claim", all_claims().values(), ids=lambda claim: claim.id)
def test_every_exact_check_reads_a_finite_quantity_that_is_measured(claim):
    for check in claim.claim.everything:
        if isinstance(check, ExactCheck):
            value = measured(check.measurement)[check.quantity]
            assert value.size
            assert np.isfinite(value).all()


def test_an_unknown_measurement_is_refused_with_the_closest_name():
    with pytest.raises(ConfigError, match="Did you mean 'least_squares'"):
        measures.measure("least_square")
