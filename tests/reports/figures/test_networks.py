import keras
import numpy as np
import pytest

from ablations.rigs.xor import PRINTED, long_arm, single_neuron, width_arm, xor_arm
from ablations.tasks import CORNERS
from models.mlp import build_mlp
from reports.figures.networks import (
    HAND_MADE,
    corner_outputs,
    networks_of,
    without_symmetry,
)


@pytest.mark.parametrize("activation", ["relu", "leaky_relu", "elu", "tanh", "sigmoid"])
def test_outputs_equal_those_of_keras(activation):
    config = long_arm(activation=activation, hidden_units=(3,))
    model = build_mlp(config.model, seed=4)
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=w.shape) for w in model.trainable_variables]
    model.set_weights(weights)
    flat = np.concatenate([w.ravel() for w in weights])[None]
    networks = networks_of(config, flat)
    expected = keras.ops.convert_to_numpy(model(CORNERS))[:, 0]
    # Keras computes in single precision.
    np.testing.assert_allclose(corner_outputs(networks)[0], expected, rtol=1e-5)


def test_the_hand_made_network_solves_xor():
    np.testing.assert_array_equal(corner_outputs(HAND_MADE), [[0, 1, 1, 0]])


@pytest.mark.parametrize(
    "config",
    [
        single_neuron(),
        xor_arm(use_bias=False),
        xor_arm(input_skip=True),
        xor_arm(activation="gelu"),
    ],
)
def test_networks_that_cannot_be_computed_are_none(config):
    assert networks_of(config, np.zeros((3, 9))) is None


def test_weights_of_another_size_are_none():
    assert networks_of(PRINTED, np.zeros((3, 8))) is None
    assert networks_of(width_arm(4, "relu"), np.zeros((3, 17))) is not None


def test_networks_that_differ_by_a_symmetry_of_xor_agree():
    outputs = np.array([[0.1, 0.9, 0.8, 0.3]])
    exchanged = outputs[:, [0, 2, 1, 3]]
    opposite = outputs[:, [3, 2, 1, 0]]
    expected = [[0.1, 0.3, 0.8, 0.9]]
    for same in (outputs, exchanged, opposite):
        np.testing.assert_array_equal(without_symmetry(same), expected)
