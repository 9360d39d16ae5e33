"""What is measured of the printed network, on other batches and with planted faults."""

import numpy as np
import pytest

from ablations.measures.batch_norm.demo import (
    best_on_labels,
    bias_over_kernel,
    change_by_shrinking,
    gradients,
    printed_data,
    printed_network,
    probabilities,
    set_hidden,
)


@pytest.fixture(scope="module")
def batch():
    return printed_data(6, seed=3)


def test_gradients_are_those_of_finite_differences(batch):
    x, y = batch
    model = printed_network(dropout=False, dtype="float64", epsilon=0.1)
    found = gradients(model, x, y)["output_layer/kernel"]
    layer = model.get_layer("output_layer")
    kernel, bias = layer.get_weights()
    losses = []
    for step in (1e-6, -1e-6):
        moved = kernel.copy()
        moved[4, 0] += step
        layer.set_weights([moved, bias])
        p = probabilities(model, x, training=True)
        losses.append(-np.mean(np.log(np.where(y == 1, p, 1 - p))))
    assert found[4, 0] == pytest.approx((losses[0] - losses[1]) / 2e-6, abs=1e-8)


def test_a_bias_that_learns_is_noticed(batch):
    assert bias_over_kernel(*batch, batch_norm=False).min() > 0.01


def test_a_change_of_the_network_is_noticed_and_none_is_none(batch):
    x, _ = batch
    assert change_by_shrinking(x, (3.0, 3.0)) == 0
    assert change_by_shrinking(x, (1.0, 0.0)) > 0.01
    assert change_by_shrinking(x, (4.0, 2.0), batch_norm=False) > 0.01


def test_kernels_and_biases_are_set_in_front_of_batch_norm_alone():
    model = printed_network(dropout=False)
    before = {layer.name: layer.get_weights() for layer in model.layers}
    set_hidden(model, times=5.0, bias=2.0)
    after = {layer.name: layer.get_weights() for layer in model.layers}
    for name in ("dense_1", "dense_2"):
        np.testing.assert_allclose(after[name][0], 5 * before[name][0], rtol=1e-6)
        assert 1 < after[name][1].std() < 3
    for old, new in zip(before["output_layer"], after["output_layer"], strict=True):
        np.testing.assert_array_equal(old, new)


def test_labels_that_follow_inputs_are_explained():
    x, _ = printed_data(300)
    y = np.float64(x[:, :1] > 0.5)
    explained, gained = best_on_labels(x, y, (x, y))
    assert explained > 0.5
    assert gained > 0.3
