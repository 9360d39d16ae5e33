"""Drawn weights and fans, against what Keras counts."""

import itertools

import numpy as np
import pytest
from keras.src.initializers.random_initializers import compute_fans
from scipy import stats

from ablations.measures.depth.initial_weights import (
    FAR,
    dense_fans,
    fans_of_a_neuron,
    initial_weights,
)
from models.initializers import TRUNCATED_STDDEV, fans


def test_keras_and_the_stacks_draw_with_the_stated_deviations():
    found = initial_weights()
    for rule in ("glorot_normal", "he_normal", "he_uniform"):
        ratios = found[f"sd_ratio_{rule}"]
        assert ratios.shape == (2,)
        # Four standard errors of a million normal draws.
        assert ratios == pytest.approx([1.0, 1.0], abs=0.003)


def test_normal_weights_end_where_the_truncated_distribution_ends():
    found = initial_weights()
    edge = 2.0 / TRUNCATED_STDDEV
    assert edge < FAR
    assert found["far_share_over_normal"] == pytest.approx([0.0, 0.0], abs=0.0)
    # Of a million draws one lies within 1e-4 of the edge.
    assert found["largest_weight_in_sds"] == pytest.approx([edge, edge], abs=1e-3)
    assert stats.truncnorm(-2, 2).std() == pytest.approx(TRUNCATED_STDDEV, rel=1e-9)


@pytest.mark.parametrize("widths", [(6, 10, 4), (3, 1), (20, 5, 5, 2)])
def test_fans_of_dense_layers_are_those_that_keras_computes(widths):
    shapes = list(itertools.pairwise(widths))
    for shape, found in zip(shapes, dense_fans(widths), strict=True):
        # A float32 limit, squared.
        assert found == pytest.approx(compute_fans(shape), rel=1e-5)
        assert found == pytest.approx(fans(shape), rel=1e-5)


def test_fan_out_counts_the_units_of_the_layer_itself():
    found = fans_of_a_neuron()
    assert np.round([found["fan_in"], found["fan_out"]]).tolist() == [6.0, 10.0]
