import keras
import numpy as np
import pytest
from keras import layers, ops

from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.stacked_model import (
    StackedModel,
    all_layers,
    check_stackable,
    find_attribute,
    layer_attributes,
)
from models.config import ConfigError, MLPConfig
from models.initializers import initial_weights
from models.layers import CounterDropout
from models.mlp import build_mlp

TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="sgd", learning_rate=0.1), num_steps=1
)


@pytest.fixture
def model() -> keras.Model:
    config = MLPConfig(
        input_units=3,
        hidden_units=(4,),
        activation="leaky_relu",
        dropout=0.25,
        l2=0.5,
    )
    return build_mlp(config, 0, stackable=True)


def values_of(model: keras.Model) -> tuple[float, float, float]:
    """Return three attributes of a network."""
    return (
        model.get_layer("dropout_1").rate,
        model.get_layer("activation_1").negative_slope,
        model.get_layer("hidden_1").kernel_regularizer.l2,
    )


NEW = {
    "dropout_1.rate": 0.5,
    "activation_1.negative_slope": 0.75,
    "hidden_1.kernel_regularizer.l2": 0.125,
}


def test_layers_read_other_values_inside_and_their_own_afterwards(model):
    before = values_of(model)
    with layer_attributes(model, NEW):
        assert values_of(model) == (0.5, 0.75, 0.125)
    assert values_of(model) == before


def test_layers_get_their_values_back_after_an_exception(model):
    before = values_of(model)

    def fail_inside() -> None:
        with layer_attributes(model, NEW):
            raise RuntimeError("inside")

    with pytest.raises(RuntimeError, match="inside"):
        fail_inside()
    assert values_of(model) == before


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("dropout_9.rate", "`attributes` must name `layer.attribute` of"),
        ("dropout_1", "`attributes` must name `layer.attribute` of"),
        ("dropout_1.speed", "`attributes` must name something that a layer has"),
        ("hidden_1.regularizer.l2", "`attributes` must name something"),
    ],
)
def test_an_unknown_attribute_changes_nothing(model, path, message):
    before = values_of(model)
    with (
        pytest.raises(ConfigError, match=message),
        layer_attributes(model, {**NEW, path: 0.5}),
    ):
        pass
    assert values_of(model) == before
    with pytest.raises(ConfigError, match=message):
        find_attribute(model, path)


def sequential(*middle: keras.layers.Layer) -> keras.Model:
    """Return a network from three inputs to one output."""
    return keras.Sequential([keras.Input((3,)), *middle, layers.Dense(1)])


def test_a_nested_layer_is_found():
    inner = keras.Sequential([layers.Dense(2), CounterDropout(0.5, name="deep")])
    names = {layer.name for layer in all_layers(sequential(inner))}
    assert "deep" in names


STOCK = [
    (layers.Dropout(0.5), "Use models.layers.CounterDropout"),
    (layers.GaussianNoise(0.5), "Use models.layers.CounterGaussianNoise"),
    (layers.GaussianDropout(0.5), r"CounterGaussianNoise\(kind='multiplicative'\)"),
    (layers.AlphaDropout(0.5), "Leave it out"),
    (
        keras.Sequential([layers.Dense(2), layers.Dropout(0.5, name="inside")]),
        "'inside'",
    ),
]


@pytest.mark.parametrize(("layer", "advice"), STOCK)
def test_a_random_layer_of_keras_is_refused_with_what_to_use_instead(layer, advice):
    network = sequential(layer)
    with pytest.raises(ConfigError, match=advice) as error:
        check_stackable(network, 3, 1)
    assert "cannot be stacked on TensorFlow" in str(error.value)
    assert layer.name in str(error.value) or "inside" in str(error.value)


def test_our_random_layers_and_a_dropout_that_is_off_are_fine():
    check_stackable(sequential(CounterDropout(0.5), layers.Dropout(0.0)), 3, 1)


def two_inputs() -> keras.Model:
    """Return a network with two inputs."""
    inputs = [keras.Input((3,)), keras.Input((3,))]
    return keras.Model(inputs, layers.Dense(1)(layers.Add()(inputs)))


def two_outputs() -> keras.Model:
    """Return a network with two outputs."""
    inputs = keras.Input((3,))
    return keras.Model(inputs, [layers.Dense(1)(inputs), layers.Dense(1)(inputs)])


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (two_inputs, "`model` must have one input. Received: 2 inputs"),
        (two_outputs, "`model` must have one output. Received: 2 outputs"),
        (lambda: keras.Sequential([layers.Dense(1)]), "`model` must be built"),
        (lambda: layers.Dense(1), "`model` must build a `keras.Model`"),
        (lambda: sequential(layers.Reshape((1, 3))), r"shape \[batch, 1\]"),
    ],
)
def test_a_model_that_cannot_be_stacked_is_refused(build, message):
    with pytest.raises(ConfigError, match=message):
        check_stackable(build(), 3, 1)


def test_outputs_and_gradients_are_those_of_each_model(model):
    x = np.random.default_rng(1).normal(size=(6, 3)).astype(np.float32)
    y = x[:, :1] ** 2
    stacked = StackedModel(model, TRAINING, per_run_data=False)
    seeds = np.array([1, 2, 3])
    weights, state = (
        [ops.convert_to_tensor(w) for w in group]
        for group in initial_weights(model, seeds)
    )
    l2 = np.array([0.1, 0.2, 0.0], np.float32)
    attributes = {"hidden_1.kernel_regularizer.l2": ops.convert_to_tensor(l2)}
    outputs, penalties = stacked.forward(
        weights, state, attributes, ops.convert_to_tensor(x)
    )
    run = {
        "attributes": attributes | {"dropout_1.rate": ops.zeros((3,))},
        "data": {"x": ops.convert_to_tensor(x), "y": ops.convert_to_tensor(y)},
    }
    losses, _, gradients = stacked.gradients(weights, state, run)
    for r, seed in enumerate(seeds):
        single = build_mlp(
            MLPConfig(input_units=3, hidden_units=(4,), activation="leaky_relu"),
            int(seed),
            stackable=True,
        )
        p = np.asarray(ops.convert_to_numpy(single(x)))
        # One network instead of three, float32.
        np.testing.assert_allclose(outputs[r], p, rtol=1e-5, atol=1e-6)
        kernel = single.trainable_variables[0].numpy()
        penalty = l2[r] * (kernel**2).sum()
        np.testing.assert_allclose(penalties[r], penalty, rtol=1e-5)
        loss = ((p - y) ** 2).mean() + penalty
        np.testing.assert_allclose(losses[r], loss, rtol=1e-5)
        bias_gradient = 2.0 * (p - y).mean(axis=0)
        np.testing.assert_allclose(gradients[-1][r], bias_gradient, rtol=1e-4)
