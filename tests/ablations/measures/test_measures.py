"""Measurements are found by name, and give here what was published.

Those that take seconds are asked here for everything, so that they are made once.
"""

import functools

import numpy as np
import pytest

from ablations import measures
from ablations.judging.standing import published_verdicts
from ablations.measures.depth.signals import PAIRS
from ablations.measures.regularization.penalties import (
    DECAY_L2,
    NOISE_SCALES,
    TRACED,
)
from ablations.measures.regularization.stopping import NUM_CURVES
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


def test_the_published_sizes_are_predicted_within_five_percent():
    found = measured("signal_propagation")
    errors = {k: v for k, v in found.items() if k.startswith("error_")}
    assert len(errors) == 2 * len(PAIRS) + 2
    assert max(errors.values()) < 0.05
    assert found["smallest_error_without_the_activation"] > 0.05
    assert found["factor_forward_relu_he"] == pytest.approx(1.0, abs=0.02)


def test_clipping_never_raises_a_gradient():
    found = measured("gradient_clipping")
    for kind in ("value", "norm", "global_norm"):
        # float32 rounds the norm that is divided by.
        assert found[f"ratio_by_{kind}"] <= 1.0 + 1e-6
        small = found[f"ratio_of_small_gradients_by_{kind}"]
        assert small == pytest.approx(1.0, abs=1e-6)
    assert found["excess_over_the_bound"] < 1e-6
    assert found["gap_of_a_large_gradient_to_the_bound"] < 1e-6


def test_weights_shrink_at_every_step_only_without_data():
    found = measured("decay_trace")
    assert found["share_that_shrinks_without_data"] == 1.0
    for l2 in TRACED:
        name = f"{l2:g}".replace(".", "_")
        assert found[f"share_that_shrinks_at_{name}"] < 0.5
        assert found[f"norm_ratio_at_{name}"] > 2.0
    assert found["error_of_the_pull_under_sgd"] < 1e-4
    assert found["error_of_the_pull_under_adam"] > 1.0


def test_both_paths_are_one_under_gradient_descent_alone():
    found = measured("decay_trajectories")
    assert found["distance_under_sgd"] < 1e-6
    for name in ("momentum", "rmsprop", "adam"):
        assert found[f"distance_under_{name}"] > 0.01
    assert found["ratio_of_pulls_by_decay"] == pytest.approx(1.0, abs=1e-3)
    # In the limit the pulls are as the gradients' sizes; Adam's second moment forgets
    # the penalty's share of small gradients slowly.
    sizes = NOISE_SCALES[1] / NOISE_SCALES[0]
    assert 2.0 < found["ratio_of_pulls_by_l2"] < sizes
    assert DECAY_L2 > 0


def test_weights_left_alone_are_as_late_as_the_patience():
    found = measured("restored_weights")
    assert found["restored_stopped"] == found["restored_out_of_epochs"] == 0
    assert found["left_stopped"] == 3
    assert found["num_stopped"] > 20
    assert found["num_out_of_epochs"] == NUM_CURVES
