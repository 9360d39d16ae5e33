"""Convolutions slide as those of Keras do, and their configs know what they make."""

import keras
import numpy as np
import pytest

from models.config import ConfigError, ConvolutionConfig, MLPConfig
from models.mlp import build_mlp

RNG = np.random.default_rng(0)
SIGNAL = MLPConfig(
    input_units=11,
    hidden_units=(3,),
    activation="tanh",
    convolutions=(
        {"filters": 2, "kernel_size": 4, "stride": 2, "padding": "same"},
        {"filters": 3, "kernel_size": 2, "activation": "prelu"},
    ),
    bias_start=0.1,
    l2=0.1,
    output_units=2,
)
IMAGE = SIGNAL.replace(
    input_units=30,
    input_shape=(5, 6),
    hidden_units=(),
    convolutions=(
        {"filters": 2, "kernel_size": 3, "stride": 2, "padding": "same"},
        {"filters": 3, "kernel_size": 2, "activation": "softplus"},
    ),
)


@pytest.mark.parametrize(
    ("kernel_size", "stride", "padding"),
    [(1, 1, "valid"), (4, 2, "valid"), (5, 2, "same"), (2, 3, "same"), (3, 1, "same")],
)
def test_there_are_as_many_windows_as_in_keras(kernel_size, stride, padding):
    config = ConvolutionConfig(
        filters=2, kernel_size=kernel_size, stride=stride, padding=padding
    )
    theirs = keras.layers.Conv2D(2, kernel_size, stride, padding)
    for shape in ((7, 10, 3), (8, 9, 1)):
        expected = theirs.compute_output_shape((None, *shape))[1:]
        assert config.output_shape(shape) == expected


@pytest.mark.parametrize("config", [SIGNAL, IMAGE], ids=["signal", "image"])
def test_outputs_and_gradients_are_those_of_keras(config):
    x = RNG.normal(size=(6, config.input_units)).astype(np.float32)
    y = RNG.normal(size=(6, 2)).astype(np.float32)
    models = [build_mlp(config, seed=3, stackable=own) for own in (False, True)]
    kinds = {type(model.get_layer("conv_1")).__name__ for model in models}
    assert kinds == {f"Conv{len(config.feature_shapes()[0]) - 1}D", "PatchConvolution"}
    stock, ours = (np.asarray(model(x)) for model in models)
    # float32 with another order of products and sums, here and below.
    np.testing.assert_allclose(stock, ours, rtol=1e-5, atol=1e-6)
    changes = []
    for model in models:
        before = model.get_weights()
        # An update at rate 1 is the gradient.
        model.compile(keras.optimizers.SGD(1.0), "mse", jit_compile=False)
        model.train_on_batch(x, y)
        pairs = zip(model.get_weights(), before, strict=True)
        changes.append([after - start for after, start in pairs])
    for one, other in zip(*changes, strict=True):
        assert np.abs(one).max() > 1e-4
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


def test_a_kernel_is_moved_along_the_signal():
    config = MLPConfig(
        input_units=4,
        hidden_units=(),
        convolutions=({"filters": 1, "kernel_size": 2},),
        activation="linear",
        kernel_initializer="zeros",
    )
    model = build_mlp(config, seed=0, stackable=True)
    layer = model.get_layer("conv_1")
    layer.set_weights([np.array([1.0, 10.0]).reshape(2, 1, 1), np.array([0.5])])
    found = np.asarray(layer(np.array([[1.0, 2.0, 3.0, 4.0]], np.float32)))
    np.testing.assert_allclose(found, [[21.5, 32.5, 43.5]])


def test_a_convolution_takes_what_it_is_not_given_from_the_hidden_layers():
    first, second = SIGNAL.convolution_layers()
    assert (first.activation.name, second.activation.name) == ("tanh", "prelu")
    assert first.kernel_initializer.name == "glorot_uniform"
    mixed = SIGNAL.replace(hidden_units=(3, 3), activation=("elu", "relu"))
    assert mixed.convolution_layers()[0].activation.name == "elu"


def test_work_is_counted_in_windows():
    # 6 windows of 4 points, 5 of 2 x 2 numbers, 15 units to 3 to 2.
    assert SIGNAL.feature_shapes() == [(11, 1), (6, 2), (5, 3)]
    assert SIGNAL.layer_units() == (11, 24, 12, 20, 15, 3)
    total, _ = SIGNAL.parameter_count()
    assert total == (8 + 2) + (12 + 3 + 15) + (45 + 3) + (6 + 2)
    assert SIGNAL.multiplications() == total + 8 * 5 + 12 * 4


def test_a_config_without_convolutions_is_written_as_it_always_was():
    plain = MLPConfig(input_units=11, hidden_units=(3,))
    assert not {"convolutions", "input_shape"} & set(plain.model_dump())
    assert MLPConfig.model_validate_json(SIGNAL.model_dump_json()) == SIGNAL


def test_runs_of_one_stack_may_start_otherwise_but_have_one_graph():
    other = ({"filters": 2, "kernel_size": 4, "stride": 2, "padding": "same"},)
    given = tuple(
        layer.replace(kernel_initializer="he_normal") for layer in SIGNAL.convolutions
    )
    started = SIGNAL.replace(convolutions=given, bias_start=0.3, l2=0.2)
    assert started.structure() == SIGNAL.structure() == SIGNAL.structure().structure()
    assert SIGNAL.replace(convolutions=other).structure() != SIGNAL.structure()
    values = SIGNAL.continuous()
    assert values["conv_1.kernel_regularizer.l2"] == 0.1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"input_shape": (5, 5)}, "`input_shape` must be (points,) or (height, width)"),
        ({"input_shape": (11, 1, 1)}, "`input_shape` must be (points,) or (height, "),
        (
            {"convolutions": ({"filters": 1, "kernel_size": 12},)},
            "`convolutions[0].kernel_size` must be at most the 11 places that there"
            " are. Received: 12.",
        ),
        (
            {"hidden_units": (), "activation": ()},
            "`convolutions[0].activation` must be given where there is no hidden one",
        ),
        (
            {"convolutions": ({"filters": 0},)},
            "`convolutions[0].filters` must be a positive integer. Received: 0.",
        ),
    ],
)
def test_a_convolution_that_does_not_fit_is_refused(changes, message):
    with pytest.raises(ConfigError) as caught:
        SIGNAL.replace(**changes)
    assert str(caught.value).startswith(message)
