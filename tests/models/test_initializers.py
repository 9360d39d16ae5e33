import copy

import keras
import numpy as np
import pytest
from keras import initializers, layers
from scipy import stats

from models.config import ConfigError, InitializerConfig
from models.initializers import draw, fans, initial_weights, to_keras
from models.layers import CounterDropout, CounterGaussianNoise
from models.randomness import layer_seed, name_index

SHAPE = (40, 25)
SEEDS = np.arange(40)
GAIN = 1.7
# Variance at gain 1 for a kernel of 40 inputs and 25 outputs, and the distribution.
VARIANCES = {
    "uniform": (0.05**2 / 3, "uniform"),
    "normal": (0.05**2, "normal"),
    "glorot_uniform": (2 / (40 + 25), "uniform"),
    "glorot_normal": (2 / (40 + 25), "truncated"),
    "he_uniform": (2 / 40, "uniform"),
    "he_normal": (2 / 40, "truncated"),
    "lecun_uniform": (1 / 40, "uniform"),
    "lecun_normal": (1 / 40, "truncated"),
}
SHAPES_WITH_UNIT_VARIANCE = {
    "uniform": stats.uniform(-np.sqrt(3), 2 * np.sqrt(3)),
    "normal": stats.norm(),
    "truncated": stats.truncnorm(-2, 2, scale=1 / stats.truncnorm(-2, 2).std()),
}


def sample(config, shape=SHAPE, seeds=SEEDS, index=0):
    return draw(to_keras(config), shape, seeds, index)


@pytest.mark.parametrize("gain", [1.0, GAIN])
@pytest.mark.parametrize("name", VARIANCES)
def test_weights_have_the_variance_and_distribution_of_theory(name, gain):
    variance, shape = VARIANCES[name]
    drawn = sample(InitializerConfig(name=name, gain=gain)).astype(float).ravel()
    expected = SHAPES_WITH_UNIT_VARIANCE[shape]
    kurtosis = float(expected.stats("k")) + 3
    # Five standard errors of a variance estimated from that many numbers.
    tolerance = 5 * np.sqrt((kurtosis - 1) / drawn.size)
    assert abs(drawn.var() / (gain**2 * variance) - 1) < tolerance
    assert abs(drawn.mean()) < 5 * np.sqrt(gain**2 * variance / drawn.size)
    # One fixed sample: a true generator has a smaller p-value once in 1000 times.
    scaled = drawn / (gain * np.sqrt(variance))
    assert stats.kstest(scaled, expected.cdf).pvalue > 1e-3
    low, high = expected.support()
    assert low - 1e-6 <= scaled.min()
    assert scaled.max() <= high + 1e-6


@pytest.mark.parametrize("name", [*VARIANCES, "orthogonal"])
def test_weights_are_distributed_as_keras_draws_them(name):
    config = InitializerConfig(name=name, gain=GAIN)
    theirs = np.asarray(to_keras(config, seed=3)((120, 80)))
    ours = sample(config, (120, 80), np.array([3]))
    # One fixed pair of samples, as above.
    assert stats.ks_2samp(ours.ravel(), theirs.ravel()).pvalue > 1e-3


@pytest.mark.parametrize("name", [*VARIANCES, "orthogonal"])
def test_a_seed_draws_the_same_weights_alone_and_in_a_crowd(name):
    config = InitializerConfig(name=name)
    crowd = sample(config)
    for seed in (0, 17):
        alone = sample(config, seeds=np.array([seed]))
        np.testing.assert_array_equal(crowd[seed], alone[0])
    assert len({weights.tobytes() for weights in crowd}) == len(SEEDS)
    assert not np.array_equal(crowd, sample(config, index=1))


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (InitializerConfig(name="zeros"), 0.0),
        (InitializerConfig(name="constant", value=0.3), 0.3),
        (InitializerConfig(name="constant", value=-0.3, gain=2.0), -0.6),
    ],
)
def test_constants_are_the_same_in_every_model(config, expected):
    np.testing.assert_array_equal(sample(config), np.full((40, *SHAPE), expected, "f"))


@pytest.mark.parametrize("shape", [(6, 6), (9, 4), (4, 9), (3, 2, 5), (1, 3)])
def test_orthogonal_weights_are_orthogonal_with_their_gain(shape):
    config = InitializerConfig(name="orthogonal", gain=GAIN)
    for weights in sample(config, shape, np.arange(5)):
        matrix = weights.reshape(-1, shape[-1]).astype(float)
        if matrix.shape[0] < matrix.shape[1]:
            matrix = matrix.T
        # Rounding of the weights to float32.
        np.testing.assert_allclose(
            matrix.T @ matrix, GAIN**2 * np.eye(matrix.shape[1]), atol=1e-6
        )


def test_orthogonal_weights_prefer_no_sign():
    drawn = sample(InitializerConfig(name="orthogonal"), (3, 3), np.arange(4_000))
    # Without the correction of signs the diagonal would be mostly negative. An entry
    # of such a matrix has variance 1/3; five standard errors.
    assert abs(drawn.mean(axis=0)).max() < 5 * np.sqrt(1 / 3 / 4_000)
    assert abs(np.linalg.det(drawn.astype(float)).mean()) < 5 / np.sqrt(4_000)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ((), (1, 1)),
        ((7,), (7, 7)),
        ((3, 5), (3, 5)),
        ((3, 3, 4, 8), (36, 72)),
    ],
)
def test_fans_are_those_of_one_model(shape, expected):
    assert fans(shape) == expected


@pytest.mark.parametrize(
    ("initializer", "mean", "variance"),
    [
        (initializers.Ones(), 1.0, 0.0),
        (initializers.Identity(gain=2.0), 2.0 / 30, 4.0 / 30 - 4.0 / 900),
        (initializers.TruncatedNormal(0.5, 0.2), 0.5, 0.2**2 * 0.8796256610342398**2),
        (initializers.RandomUniform(-1.0, 3.0), 1.0, 16 / 12),
        (
            initializers.VarianceScaling(3.0, "fan_out", "untruncated_normal"),
            0.0,
            3.0 / 30,
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_rules_that_only_users_ask_for_are_followed(initializer, mean, variance):
    drawn = draw(initializer, (30, 30), np.arange(30), 0).astype(float)
    # Five standard errors with 27,000 numbers; fourth moments at most that of a normal.
    np.testing.assert_allclose(drawn.mean(), mean, atol=5 * np.sqrt(variance / 27e3))
    np.testing.assert_allclose(drawn.var(), variance, rtol=5 * np.sqrt(2 / 27e3))


class Shifted(initializers.RandomNormal):
    def __call__(self, shape, dtype=None):
        return super().__call__(shape, dtype=dtype) + 1


@pytest.mark.parametrize("initializer", [Shifted(), lambda shape, dtype=None: shape])
def test_an_unknown_rule_is_refused_by_name(initializer):
    name = type(initializer).__name__
    with pytest.raises(ConfigError, match=f"The initializer {name} cannot be drawn"):
        draw(initializer, (2, 2), SEEDS, 0)


@pytest.mark.parametrize(
    ("initializer", "shape"),
    [(initializers.Orthogonal(), (3,)), (initializers.Identity(), (3,))],
)
def test_a_rule_for_matrices_refuses_a_vector(initializer, shape):
    with pytest.raises(ConfigError, match=r"Received: shape \(3,\)"):
        draw(initializer, shape, SEEDS, 0)


def make_foreign_model():
    """Return a model with none of our layers, and automatic names."""
    inputs = keras.Input((6, 4))
    attention = layers.MultiHeadAttention(2, 3)
    x = layers.LayerNormalization()(attention(inputs, inputs))
    x = layers.Conv1D(5, 3, kernel_initializer="he_normal")(x)
    x = layers.GRU(7)(layers.BatchNormalization()(x))
    x = layers.Dropout(0.5)(layers.GaussianNoise(0.1)(x))
    twins = keras.Sequential([layers.Dense(7, name="twin"), layers.PReLU()])
    others = keras.Sequential([layers.Dense(7, name="twin"), layers.Dropout(0.1)])
    return keras.Model(inputs, layers.Dense(1)(others(twins(x))))


def as_dictionary(model, seeds):
    trainable, fixed = initial_weights(model, seeds)
    variables = model.trainable_variables + model.non_trainable_variables
    return variables, trainable + fixed


def test_any_keras_model_gets_weights_by_its_own_rules():
    model = make_foreign_model()
    rules = {
        id(getattr(layer, name)): getattr(layer, rule)
        for layer in model._flatten_layers()
        for name, rule in [
            ("kernel", "kernel_initializer"),
            ("recurrent_kernel", "recurrent_initializer"),
            ("gamma", "gamma_initializer"),
            ("moving_variance", "moving_variance_initializer"),
            ("alpha", "alpha_initializer"),
        ]
        if hasattr(layer, rule) and hasattr(layer, name)
    }
    assert len(rules) > 10
    for variable, ours in zip(*as_dictionary(model, np.arange(300)), strict=True):
        assert ours.shape == (300, *variable.shape), variable.path
        if id(variable) not in rules:
            continue
        rule = copy.copy(rules[id(variable)])
        theirs = []
        for seed in range(300):
            rule.seed = seed
            theirs.append(np.asarray(rule(variable.shape)))
        # Five standard errors of the ratio of two variances of normal numbers.
        tolerance = 5 * np.sqrt(2 * 2 / ours.size)
        np.testing.assert_allclose(
            ours.var(), np.var(theirs), rtol=tolerance, err_msg=variable.path
        )


def test_layers_that_look_alike_draw_different_weights():
    model = make_foreign_model()
    drawn = {}
    for variable, values in zip(*as_dictionary(model, np.arange(2)), strict=True):
        if "kernel" in variable.name or "seed" in variable.name:
            drawn.setdefault(tuple(variable.shape), []).append(values.tobytes())
    assert all(len(set(values)) == len(values) for values in drawn.values())
    assert max(map(len, drawn.values())) >= 3


def test_automatic_names_do_not_change_the_weights():
    first, second = make_foreign_model(), make_foreign_model()
    assert first.layers[-1].name != second.layers[-1].name
    _, weights = as_dictionary(first, np.arange(3))
    _, again = as_dictionary(second, np.arange(3))
    for one, other in zip(weights, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_layer_keeps_its_weights_when_others_come_or_go():
    def build(*middle):
        return keras.Sequential(
            [
                keras.Input((3,)),
                layers.Dense(4, name="first"),
                *middle,
                layers.Dense(4, name="last"),
            ]
        )

    plain = build()
    rich = build(layers.BatchNormalization(), layers.Dense(4, name="new"))
    weights = initial_weights(plain, SEEDS)[0]
    others = initial_weights(rich, SEEDS)[0]
    np.testing.assert_array_equal(weights[0], others[0])
    np.testing.assert_array_equal(weights[-2], others[-2])


def test_generators_start_from_the_seed_of_their_layer():
    model = keras.Sequential(
        [
            keras.Input((3,)),
            CounterDropout(0.5, name="drop"),
            CounterGaussianNoise(0.5, name="noise"),
        ]
    )
    states = initial_weights(model, SEEDS)[1]
    for state, stream, name in zip(
        states, ("dropout", "noise"), ("drop", "noise"), strict=True
    ):
        np.testing.assert_array_equal(
            state[:, 0], layer_seed(SEEDS, stream, name_index(name))
        )
        np.testing.assert_array_equal(state[:, 1], 0)
        assert state.dtype == model.non_trainable_variables[0].dtype


def test_overrides_replace_the_rule_of_a_weight():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, layers.Dense(4, name="only")(inputs))
    overrides = {
        "only/kernel": initializers.Constant(2.0),
        "only/bias": initializers.RandomNormal(),
    }
    (kernel, bias), _ = initial_weights(model, SEEDS, overrides)
    np.testing.assert_array_equal(kernel, np.full((40, 3, 4), 2.0))
    assert bias.std() > 0
    with pytest.raises(ConfigError, match="Received: 'only/weight'"):
        initial_weights(model, SEEDS, {"only/weight": initializers.Zeros()})


def test_statistics_that_were_adapted_are_kept():
    normalization = layers.Normalization()
    normalization.adapt(np.array([[1.0, 2.0], [3.0, 6.0]], np.float32))
    model = keras.Sequential([keras.Input((2,)), normalization, layers.Dense(1)])
    drawn = initial_weights(model, np.arange(2))[1]
    for variable, values in zip(model.non_trainable_variables, drawn, strict=True):
        np.testing.assert_array_equal(values[1], np.asarray(variable))


def test_training_before_makes_no_difference():
    model = keras.Sequential(
        [keras.Input((3,)), layers.Dense(4), CounterDropout(0.2), layers.Dense(1)]
    )
    before = initial_weights(model, SEEDS)
    model.compile("adam", "mse", metrics=["mae"])
    model.fit(np.ones((4, 3)), np.ones(4), verbose=0)
    after = initial_weights(model, SEEDS)
    for one, other in zip(before[0] + before[1], after[0] + after[1], strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_frozen_layer_is_drawn_too():
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Dense(1)])
    kernel = initial_weights(model, SEEDS)[0][0]
    model.layers[0].trainable = False
    np.testing.assert_array_equal(initial_weights(model, SEEDS)[1][0], kernel)


def test_a_model_that_is_not_built_is_refused():
    with pytest.raises(ConfigError, match="Build it or call it once"):
        initial_weights(keras.Sequential([layers.Dense(1)]), SEEDS)


def test_a_weight_without_a_rule_is_refused_by_name():
    class Gate(layers.Layer):
        def build(self, input_shape):
            self.gate = self.add_weight(shape=(), name="gate", initializer="ones")

        def call(self, inputs):
            return inputs * self.gate

    model = keras.Sequential([keras.Input((3,)), Gate(name="door")])
    with pytest.raises(ConfigError, match="door/gate' has no known initializer"):
        initial_weights(model, SEEDS)
