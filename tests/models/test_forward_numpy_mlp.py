"""Rows followed through a network in NumPy are those that Keras follows."""

import keras
import numpy as np
import pytest
from keras import ops

from models.config import ConfigError, MLPConfig
from models.initializers import initial_weights
from models.mlp import build_mlp, initializers_of
from models.numpy_mlp import FUNCTIONS, hidden_layers

SEEDS = np.array([5, 2])
X = np.random.default_rng(0).normal(size=(2, 12, 3)).astype(np.float32)


def network(**changes) -> MLPConfig:
    return MLPConfig(**{"input_units": 3, "hidden_units": (6, 4), **changes})


@pytest.mark.parametrize("batch_norm", [None, "before"])
@pytest.mark.parametrize("activation", FUNCTIONS)
def test_every_layer_is_that_of_keras_in_training(activation, batch_norm):
    config = network(activation=activation, batch_norm=batch_norm)
    model = build_mlp(config)
    weights, state = initial_weights(model, SEEDS, initializers_of(config))
    found = hidden_layers(config, weights, X)
    inside = keras.Model(
        model.inputs[0], [model.get_layer(f"activation_{k}").output for k in (1, 2)]
    )
    for run in range(len(SEEDS)):
        for variable, values in zip(model.trainable_variables, weights, strict=True):
            variable.assign(values[run])
        for variable, values in zip(model.non_trainable_variables, state, strict=True):
            variable.assign(values[run])
        for mine, keras_layer in zip(found, inside(X[run], training=True), strict=True):
            # Float64 here, float32 there.
            np.testing.assert_allclose(
                mine[run], ops.convert_to_numpy(keras_layer), rtol=1e-4, atol=1e-5
            )


def test_rows_that_all_runs_share_are_followed_for_each():
    config = network()
    weights, _ = initial_weights(build_mlp(config), SEEDS, initializers_of(config))
    shared = hidden_layers(config, weights, X[0])
    own = hidden_layers(config, weights, np.stack([X[0], X[0]]))
    for one, other in zip(shared, own, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"activation": "gelu"}, "activation"),
        ({"activation": {"name": "tanh", "output_scale": 2.0}}, "activation"),
        ({"skip": "residual"}, "skip"),
        ({"batch_norm": "after"}, "batch_norm"),
        ({"use_bias": False}, "batch_norm"),
    ],
)
def test_parts_that_cannot_be_followed_are_refused_by_name(changes, field):
    with pytest.raises(ConfigError, match=f"`{field}`"):
        hidden_layers(network(**changes), [], X)
