import keras
import numpy as np
import pytest
import tensorflow as tf

from models.activations import FUNCTIONS, ActivationLayer
from models.config import ACTIVATIONS, ConfigError

# Around the bends of every function, and far out.
X = np.array(
    [[-20.0, -6.5, -1.0, -0.3], [0.0, 0.3, 1.0, 5.9], [6.1, 20.0, 1e-3, -1e-3]],
    np.float32,
)
ORACLES = {
    "linear": keras.activations.linear,
    "sigmoid": keras.activations.sigmoid,
    "hard_step": lambda x: np.heaviside(x, 0),
    "tanh": keras.activations.tanh,
    "relu": keras.activations.relu,
    "relu6": keras.activations.relu6,
    "leaky_relu": keras.activations.leaky_relu,
    "prelu": lambda x: keras.layers.PReLU()(x),
    "elu": keras.activations.elu,
    "selu": keras.activations.selu,
    "gelu": keras.activations.gelu,
    "swish": keras.activations.swish,
    "softplus": keras.activations.softplus,
    "softmax": keras.activations.softmax,
    "square": np.square,
    "cosine": np.cos,
}


def test_every_activation_of_the_configs_has_a_function_and_an_oracle():
    assert tuple(FUNCTIONS) == ACTIVATIONS == tuple(ORACLES)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_equals_its_oracle(name):
    actual = keras.ops.convert_to_numpy(ActivationLayer(name)(X))
    expected = keras.ops.convert_to_numpy(ORACLES[name](X))
    # float32 on both sides, with another order of operations.
    np.testing.assert_allclose(actual, expected, rtol=2e-6, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_an_activation_and_its_gradient_can_be_stacked_and_compiled(name):
    layer = ActivationLayer(name, input_scale=1.5, output_shift=0.25)
    layer.build((None, 4))
    scales = np.array([0.5, 2.0], np.float32)

    def apply(argument):
        scale, x = argument
        layer.input_scale = scale
        return layer(x)

    @tf.function(jit_compile=True, autograph=False)
    def stacked(scales, x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.vectorized_map(apply, (scales, x), fallback_to_while_loop=False)
            total = tf.reduce_sum(y * tf.constant([1.0, 2.0, 3.0, 4.0]))
        return y, tape.gradient(total, x)

    # At a kink itself compiled code may take another subgradient.
    x = tf.constant(np.stack([X + 0.05, X + 0.1]))
    y, gradient = stacked(tf.constant(scales), x)
    for run, scale in enumerate(scales):
        alone = ActivationLayer(name, input_scale=float(scale), output_shift=0.25)
        with tf.GradientTape() as tape:
            tape.watch(x)
            expected = alone(x[run])
            total = tf.reduce_sum(expected * tf.constant([1.0, 2.0, 3.0, 4.0]))
        # Compiled code contracts multiplications and additions.
        np.testing.assert_allclose(y[run], expected, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(
            gradient[run], tape.gradient(total, x)[run], rtol=1e-5, atol=1e-5
        )


def test_scales_and_shifts_act_on_both_sides():
    layer = ActivationLayer(
        "tanh", input_scale=0.5, input_shift=-1, output_scale=3, output_shift=2
    )
    expected = 3 * np.tanh(0.5 * X - 1) + 2
    np.testing.assert_allclose(layer(X), expected, rtol=1e-5, atol=1e-6)


def test_tanh_is_a_scaled_and_shifted_sigmoid():
    layer = ActivationLayer("sigmoid", input_scale=2, output_scale=2, output_shift=-1)
    np.testing.assert_allclose(layer(X), np.tanh(X), rtol=1e-5, atol=1e-6)


def test_a_hard_step_has_a_zero_gradient_and_not_none():
    x = tf.constant(X)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = ActivationLayer("hard_step")(x)
    np.testing.assert_array_equal(tape.gradient(y, x), np.zeros_like(X))


def test_not_a_number_stays_not_a_number():
    for name in ACTIVATIONS:
        y = ActivationLayer(name)(np.full((1, 3), np.nan, np.float32))
        assert np.isnan(y).all(), name


def test_prelu_learns_one_slope_per_unit_from_the_start_slope_on():
    layer = ActivationLayer("prelu", slope=0.25)
    y = layer(X)
    assert [w.path.split("/")[-1] for w in layer.trainable_weights] == ["alpha"]
    np.testing.assert_array_equal(layer.alpha, np.full(4, 0.25, np.float32))
    np.testing.assert_allclose(y, np.where(X > 0, X, 0.25 * X))
    layer.alpha.assign([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_allclose(layer(X), np.where(X > 0, X, [1, 2, 3, 4] * X))


@pytest.mark.parametrize(
    "settings",
    [
        {"activation": "leaky_relu", "slope": 0.1},
        {"activation": "prelu", "slope": 0.1},
        {"activation": "tanh", "input_scale": 2.0, "output_shift": 1.0},
    ],
)
def test_a_layer_is_the_same_after_saving(settings, tmp_path):
    model = keras.Sequential([keras.Input((4,)), ActivationLayer(**settings)])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded(X), model(X))
    assert loaded.layers[-1].get_config() == model.layers[-1].get_config()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"activation": "rleu"}, "Did you mean 'relu'"),
        ({"activation": "relu", "slope": 0.1}, "`slope` must be None for 'relu'"),
        ({"activation": "tanh", "input_scale": float("nan")}, "`input_scale` must be"),
    ],
)
def test_a_bad_layer_is_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        ActivationLayer(**settings)
