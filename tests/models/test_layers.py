"""Layers with counted randomness; run as a program, what the backend in use draws.

`python test_layers.py FILE` writes `outcomes()` into FILE, so that the tests can
compare TensorFlow, which they run on, with JAX, which needs a process of its own.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import ops
from scipy import stats

from models.config import ConfigError
from models.layers import CounterDropout, CounterGaussianNoise, ElasticNet, Scale
from models.randomness import threefry2x32

ROOT = Path(__file__).resolve().parents[2]
SEEDS = np.array([5, 6, 2**32 - 1])
RATES = np.array([0.2, 0.5, 0.0], np.float32)
SHAPE = (6, 5)

LAYERS = {
    "dropout": lambda seed: CounterDropout(0.4, seed=seed),
    "dropout of a batch": lambda seed: CounterDropout(0.4, unit="batch", seed=seed),
    "gradients": lambda seed: CounterDropout(0.4, target="gradients", seed=seed),
    "noise": lambda seed: CounterGaussianNoise(0.7, seed=seed),
    "product": lambda seed: CounterGaussianNoise(0.7, kind="multiplicative", seed=seed),
}


def differentiate(function, arguments):
    """Return outputs and the gradient of their sum by the first, stacked, compiled."""
    if keras.backend.backend() == "jax":
        import jax

        def total(first, *others):
            outputs = jax.vmap(function)(first, *others)
            return outputs[0].sum(), outputs

        program = jax.jit(jax.value_and_grad(total, has_aux=True))
        (_, outputs), gradient = program(*map(jax.numpy.asarray, arguments))
        return outputs, gradient
    import tensorflow as tf

    @tf.function(jit_compile=True, autograph=False)
    def program(first, *others):
        with tf.GradientTape() as tape:
            tape.watch(first)
            outputs = tf.vectorized_map(
                lambda args: function(*args),
                (first, *others),
                fallback_to_while_loop=False,
            )
            total = tf.reduce_sum(outputs[0])
        return outputs, tape.gradient(total, first)

    return program(*map(tf.constant, arguments))


def stack(layer, seeds, attribute=None, values=None):
    """Apply a layer once per seed, with one value of an attribute for each."""
    layer.build((None, SHAPE[1]))
    dtype = layer.seed_generator.state.dtype
    states = np.stack([seeds, np.ones_like(seeds)], axis=1).astype(dtype)
    x = np.ones((len(seeds), *SHAPE), np.float32)
    values = np.zeros(len(seeds), np.float32) if values is None else values

    def apply(x, state, value):
        if attribute is not None:
            setattr(layer, attribute, value)
        outputs, (state,) = layer.stateless_call([], [state], x, training=True)
        return outputs, state

    (outputs, states), gradient = differentiate(apply, (x, states, values))
    return [ops.convert_to_numpy(value) for value in (outputs, states, gradient)]


def outcomes():
    """Return what every layer draws, by name, on the backend in use."""
    found = {}
    x = np.ones(SHAPE, np.float32)
    for name, make in LAYERS.items():
        for seed in SEEDS:
            layer = make(int(seed))
            for call in range(2):
                y = layer(x, training=True)
                found[f"{name}, eager, {seed}, {call}"] = ops.convert_to_numpy(y)
        outputs, states, gradient = stack(make(0), SEEDS)
        found |= {f"{name}, stacked": outputs, f"{name}, gradient": gradient}
        found[f"{name}, state"] = states.astype(np.uint32)
    swept = stack(CounterDropout(0.5), SEEDS, "rate", RATES)
    found["rate, stacked"], _, found["rate, gradient"] = swept
    words = [np.arange(4, dtype=np.uint32) * 977 + k for k in range(4)]
    for rounds in (13, 20):
        drawn = threefry2x32(ops, *map(ops.convert_to_tensor, words), rounds=rounds)
        found[f"words, {rounds}"] = np.stack([ops.convert_to_numpy(w) for w in drawn])
    return found


@pytest.fixture(scope="module")
def here():
    return outcomes()


@pytest.fixture(scope="module")
def on_jax(tmp_path_factory):
    if importlib.util.find_spec("jax") is None:
        pytest.skip("JAX is not installed.")
    path = tmp_path_factory.mktemp("jax") / "outcomes.npz"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, __file__, str(path)],
        env={
            **os.environ,
            "KERAS_BACKEND": "jax",
            "JAX_PLATFORMS": "cpu",
            "PYTHONPATH": str(ROOT),
        },
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(path) as saved:
        return dict(saved)


def test_masks_are_the_same_on_tensorflow_and_jax(here, on_jax):
    names = [name for name in here if not name.startswith(("noise", "product"))]
    assert len(names) > 20
    for name in names:
        np.testing.assert_array_equal(here[name], on_jax[name], err_msg=name)


def test_noise_is_the_same_on_tensorflow_and_jax_to_the_last_digits(here, on_jax):
    assert here.keys() == on_jax.keys() - {"words of jax"}
    for name in here:
        # Logarithm and cosine differ by a few units in the last place.
        np.testing.assert_allclose(
            here[name], on_jax[name], rtol=1e-5, atol=1e-5, err_msg=name
        )


def test_our_words_are_those_of_the_generator_of_jax(here, on_jax):
    np.testing.assert_array_equal(here["words, 20"], on_jax["words of jax"])


@pytest.mark.parametrize("name", LAYERS)
def test_a_stack_draws_what_a_layer_alone_draws(here, name):
    # The stack starts at call 1, so it must equal the second eager call.
    for run, seed in enumerate(SEEDS):
        np.testing.assert_allclose(
            here[f"{name}, stacked"][run],
            here[f"{name}, eager, {seed}, 1"],
            rtol=1e-5,
            atol=1e-6,
            err_msg="compiled code may contract products",
        )


@pytest.mark.parametrize("name", LAYERS)
def test_a_call_advances_the_count_of_its_state(here, name):
    expected = np.stack([SEEDS, np.full_like(SEEDS, 2)], axis=1)
    np.testing.assert_array_equal(here[f"{name}, state"], expected)


@pytest.mark.parametrize("name", LAYERS)
def test_calls_and_seeds_draw_anew(here, name):
    drawn = [
        here[f"{name}, eager, {seed}, {call}"] for seed in SEEDS for call in (0, 1)
    ]
    if name == "gradients":
        drawn = list(here[f"{name}, gradient"])
    different = {value.tobytes() for value in drawn}
    assert len(different) == len(drawn)


def test_the_gradient_of_dropout_is_its_mask(here):
    np.testing.assert_array_equal(here["dropout, gradient"], here["dropout, stacked"])


def test_dropped_gradients_leave_the_units_whole(here):
    np.testing.assert_array_equal(here["gradients, stacked"], np.ones((3, *SHAPE)))
    np.testing.assert_array_equal(here["gradients, gradient"], here["dropout, stacked"])


def test_the_rate_may_be_a_tensor_per_run(here):
    swept = here["rate, stacked"]
    for run, (seed, rate) in enumerate(zip(SEEDS, RATES, strict=True)):
        layer = CounterDropout(float(rate), seed=int(seed))
        layer(np.ones(SHAPE, np.float32), training=True)
        expected = layer(np.ones(SHAPE, np.float32), training=True)
        np.testing.assert_allclose(swept[run], expected, rtol=1e-6)
    np.testing.assert_array_equal(swept[2], np.ones(SHAPE))


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_dropout_drops_its_share_of_units_independently(rate):
    y = np.asarray(CounterDropout(rate, seed=3)(np.ones((2_000, 50)), training=True))
    dropped = y == 0
    np.testing.assert_allclose(y[~dropped], 1 / (1 - rate), rtol=1e-6)
    # Five standard errors of a share of 100,000 units.
    assert abs(dropped.mean() - rate) < 5 * np.sqrt(rate * (1 - rate) / dropped.size)
    per_sample = dropped.sum(axis=1)
    expected = stats.binom(50, rate)
    # Variance of the counts: relative standard error sqrt(2 / 2000), five of them.
    assert abs(per_sample.var() / expected.var() - 1) < 5 * np.sqrt(2 / 2_000)
    per_unit = np.corrcoef(dropped.T)
    off_diagonal = per_unit[~np.eye(50, dtype=bool)]
    assert abs(off_diagonal).max() < 5 / np.sqrt(2_000)


def test_dropout_of_a_batch_draws_one_mask_for_all_samples():
    import tensorflow as tf

    layer = CounterDropout(0.5, unit="batch", seed=3)
    draw = tf.function(lambda x: layer(x, training=True), autograph=False)
    shares = []
    for _ in range(100):
        y = np.asarray(draw(np.ones((8, 50), np.float32)))
        assert len(np.unique(y, axis=0)) == 1
        shares.append((y[0] == 0).mean())
    # Five standard errors of a share of 5,000 units, and of its variance.
    assert abs(np.mean(shares) - 0.5) < 5 * np.sqrt(0.25 / 5_000)
    assert abs(np.var(shares) / (0.25 / 50) - 1) < 5 * np.sqrt(2 / 100)


def test_rows_do_not_depend_on_how_many_there_are():
    few, many = (
        np.asarray(CounterDropout(0.5, seed=1)(np.ones((n, 7)), training=True))
        for n in (3, 10)
    )
    np.testing.assert_array_equal(few, many[:3])


def test_noise_is_normal_with_the_standard_deviation_asked_for():
    layer = CounterGaussianNoise(2.0, seed=3)
    noise = np.asarray(layer(np.zeros((2_000, 51)), training=True)).ravel()
    # One fixed sample: a true generator has a smaller p-value once in 1000 times.
    assert stats.kstest(noise / 2.0, "norm").pvalue > 1e-3


def test_multiplicative_noise_grows_with_the_unit():
    x = np.tile(np.array([0.0, 1.0, 10.0], np.float32), (5_000, 1))
    layer = CounterGaussianNoise(0.3, kind="multiplicative", seed=3)
    deviation = np.asarray(layer(x, training=True)).std(axis=0)
    # Five standard errors of a standard deviation from 5,000 samples: 5 %.
    np.testing.assert_allclose(deviation, [0.0, 0.3, 3.0], rtol=0.05)


@pytest.mark.parametrize("name", LAYERS)
def test_inference_is_the_identity_and_draws_nothing(name):
    layer = LAYERS[name](3)
    x = np.random.default_rng(0).normal(size=SHAPE).astype(np.float32)
    np.testing.assert_array_equal(layer(x), x)
    assert int(layer.seed_generator.state[1]) == 0


@pytest.mark.parametrize("name", ["dropout", "noise"])
def test_inputs_of_more_axes_are_drawn_element_by_element(name):
    x = np.ones((4, 3, 5), np.float32)
    flat = np.asarray(LAYERS[name](3)(x.reshape(4, 15), training=True))
    y = np.asarray(LAYERS[name](3)(x, training=True))
    np.testing.assert_array_equal(y, flat.reshape(4, 3, 5))


def test_half_precision_inputs_give_half_precision_outputs():
    for make in LAYERS.values():
        layer = make(3)
        layer.dtype_policy = "float16"
        assert layer(np.ones(SHAPE, np.float16), training=True).dtype == "float16"


def test_layers_train_in_an_ordinary_fit_and_survive_saving(tmp_path):
    layers = [make(7) for make in LAYERS.values()]
    inputs = keras.Input((5,))
    x = inputs
    for layer in [*layers, Scale(0.5)]:
        x = layer(x)
    kernel = keras.layers.Dense(1, kernel_regularizer=ElasticNet(1e-3, 1e-2))
    model = keras.Model(inputs, kernel(x))
    model.compile("sgd", "mse", jit_compile=True)
    features = np.random.default_rng(0).normal(size=(32, 5))
    model.fit(features, features.sum(axis=1), batch_size=8, epochs=2, verbose=0)
    assert [int(layer.seed_generator.state[1]) for layer in layers] == [8] * len(layers)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        loaded.predict(features, verbose=0), model.predict(features, verbose=0)
    )
    for old, new in zip(model.layers, loaded.layers, strict=True):
        assert type(old) is type(new)
        assert old.get_config() == new.get_config()
    assert model.count_params() == 6


def test_the_penalty_equals_that_of_keras():
    w = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    expected = keras.regularizers.L1L2(0.3, 0.7)(w)
    np.testing.assert_allclose(ElasticNet(0.3, 0.7)(w), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CounterDropout(1.0), "`rate` must be at least 0 and less than 1"),
        (lambda: CounterDropout(float("nan")), "`rate` must be at least 0"),
        (lambda: CounterDropout(0.1, unit="layer"), "`unit` must be one of"),
        (lambda: CounterDropout(0.1, target="unit"), "`target` must be one of"),
        (lambda: CounterGaussianNoise(-1), "`stddev` must be a non-negative number"),
        (lambda: CounterGaussianNoise(1, kind="aditive"), "Did you mean 'additive'"),
        (lambda: Scale(float("inf")), "`value` must be a finite number"),
    ],
)
def test_a_bad_setting_is_refused(make, message):
    with pytest.raises(ConfigError, match=message):
        make()


def test_inputs_without_a_known_size_are_refused():
    layer = CounterDropout(0.5)
    with pytest.raises(ValueError, match="whose other sizes are known"):
        layer(np.ones(3, np.float32), training=True)


if __name__ == "__main__":
    from jax.extend.random import threefry_2x32

    numbers = np.arange(4, dtype=np.uint32) * 977
    lanes = [
        np.concatenate(
            threefry_2x32(
                np.array([numbers[i], numbers[i] + 1], np.uint32),
                np.array([numbers[i] + 2, numbers[i] + 3], np.uint32),
            )[:, None]
        )
        for i in range(4)
    ]
    np.savez(sys.argv[1], **outcomes(), **{"words of jax": np.stack(lanes, axis=1)})
