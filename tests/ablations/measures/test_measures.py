"""Measurements are found by name, and give here what was published."""

import functools

import numpy as np
import pytest

from ablations import measures
from ablations.judging.standing import published_verdicts
from ablations.protocol.kinds import ExactCheck
from models.config import ConfigError
from tests.every import every_claim

PUBLISHED = published_verdicts()

measured = functools.cache(measures.measure)


@every_claim
def test_every_exact_check_reads_what_was_published(claim):
    found = {outcome.key: outcome for outcome in PUBLISHED[claim.id].outcomes}
    for check in claim.claim.everything:
        if not isinstance(check, ExactCheck):
            continue
        said = found[check.key].estimate
        assert np.isfinite(said)
        # What is timed takes its time, and is another the next time.
        if not check.timed:
            value = measured(check.measurement)[check.quantity]
            assert value.size
            assert value.dtype == np.float64
            assert np.isfinite(value).all()
            # The farthest entry was published; another machine may round otherwise.
            assert np.isclose(value, said, rtol=1e-3, atol=1e-6).any(), check.key


def test_an_unknown_measurement_is_refused_with_the_closest_name():
    with pytest.raises(ConfigError, match="Did you mean 'least_squares'"):
        measures.measure("least_square")
