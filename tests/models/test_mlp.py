"""Networks from configs; run as a program, a sweep on the backend in use.

`python test_mlp.py FILE` writes `sweep()` into FILE, to compare backends.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import ops

from models.config import ACTIVATIONS, INITIALIZERS, ConfigError, MLPConfig
from models.initializers import initial_weights
from models.mlp import build_mlp, initializers_of

ROOT = Path(__file__).resolve().parents[2]
RNG = np.random.default_rng(0)
FEATURES = RNG.normal(size=(12, 5)).astype(np.float32)
TARGETS = RNG.normal(size=(12, 1)).astype(np.float32)

EVERYTHING = MLPConfig(
    input_units=5,
    hidden_units=(4, 3, 3),
    activation=(
        "leaky_relu",
        {"name": "tanh", "input_scale": 2.0, "output_shift": 0.5},
        "prelu",
    ),
    kernel_initializer=("he_normal", {"name": "orthogonal", "gain": 1.5}, "normal"),
    bias_start=0.1,
    output_bias_start=-0.2,
    input_dropout=0.1,
    dropout=(0.3, 0.0, 0.2),
    gaussian_noise=0.1,
    l1=1e-2,
    l2=2e-2,
    regularize_output=True,
    batch_norm="before",
    skip="residual",
    skip_every=2,
    branch_scale=0.5,
    input_skip=True,
    output_activation={"name": "sigmoid", "output_scale": 3.0},
)


def find_attribute(model, path):
    """Return the owner and the name of `layer.attribute` of a model."""
    layer, *names = path.split(".")
    owner = model.get_layer(layer)
    for name in names[:-1]:
        owner = getattr(owner, name)
    return owner, names[-1]


def sweep():
    """Train-mode losses, gradients and states of stacked runs; each changes one value.

    Run 0 has the values of the config; run i has the i-th continuous value halved.
    """
    values = EVERYTHING.continuous()
    swept = {
        path: np.where(np.arange(len(values) + 1) == i + 1, value / 2, value)
        for i, (path, value) in enumerate(values.items())
    }
    seeds = np.full(len(values) + 1, 3)
    model = build_mlp(EVERYTHING, stackable=True)
    trainable, fixed = initial_weights(model, seeds)

    def loss_of_run(trainable, fixed, values):
        for path, value in values.items():
            setattr(*find_attribute(model, path), value)
        outputs, fixed, penalties = model.stateless_call(
            trainable, fixed, FEATURES, training=True, return_losses=True
        )
        return ops.mean((outputs - TARGETS) ** 2) + sum(penalties), fixed

    swept = {path: np.float32(value) for path, value in swept.items()}
    arguments = trainable, fixed, swept
    if keras.backend.backend() == "jax":
        import jax

        def total(trainable, fixed, swept):
            losses, fixed = jax.vmap(loss_of_run)(trainable, fixed, swept)
            return losses.sum(), (losses, fixed)

        program = jax.jit(jax.value_and_grad(total, has_aux=True))
        (_, (losses, fixed)), gradients = program(
            *jax.tree.map(jax.numpy.asarray, arguments)
        )
    else:
        import tensorflow as tf

        @tf.function(jit_compile=True, autograph=False)
        def program(trainable, fixed, swept):
            with tf.GradientTape() as tape:
                tape.watch(trainable)
                losses, fixed = tf.vectorized_map(
                    lambda args: loss_of_run(*args),
                    (trainable, fixed, swept),
                    fallback_to_while_loop=False,
                )
                total = tf.reduce_sum(losses)
            return losses, fixed, tape.gradient(total, trainable)

        arguments = tf.nest.map_structure(tf.constant, arguments)
        losses, fixed, gradients = program(*arguments)
    found = {"losses": losses}
    found |= {f"gradient {i}": value for i, value in enumerate(gradients)}
    found |= {f"state {i}": ops.cast(v, "float32") for i, v in enumerate(fixed)}
    return {name: ops.convert_to_numpy(value) for name, value in found.items()}


@pytest.fixture(scope="module")
def swept():
    return sweep()


def test_every_continuous_value_can_be_swept_in_one_compiled_stack(swept):
    import tensorflow as tf

    values = EVERYTHING.continuous()
    assert len(values) == 26
    seen = [swept["losses"]]
    seen += [swept[name].reshape(len(values) + 1, -1).sum(1) for name in swept]
    model = build_mlp(EVERYTHING, seed=3, stackable=True)
    starts = [variable.numpy() for variable in model.variables]

    def alone():
        outputs = model(FEATURES, training=True)
        loss = ops.mean((outputs - TARGETS) ** 2) + sum(model.losses)
        return loss, [ops.cast(v, "float32") for v in model.non_trainable_variables]

    @tf.function(autograph=False)
    def alone_with(values):
        for path, value in values.items():
            setattr(*find_attribute(model, path), value)
        return alone()

    for run, (path, value) in enumerate([(None, 0.0), *values.items()]):
        for variable, start in zip(model.variables, starts, strict=True):
            variable.assign(start)
        if path is None:
            loss, states = alone()
        else:
            changed = {**values, path: value / 2}
            loss, states = alone_with(
                {name: tf.constant(each) for name, each in changed.items()}
            )
            changes = [abs(each[run] - each[0]) for each in seen]
            assert max(changes) > 1e-6, f"{path} changes nothing"
        # float32 with another order of sums in compiled code.
        np.testing.assert_allclose(swept["losses"][run], loss, rtol=2e-6, err_msg=path)
        for i, expected in enumerate(states):
            np.testing.assert_allclose(
                swept[f"state {i}"][run], expected, rtol=1e-5, atol=1e-6
            )


def test_a_sweep_is_the_same_on_tensorflow_and_jax(swept, tmp_path):
    if importlib.util.find_spec("jax") is None:
        pytest.skip("JAX is not installed.")
    path = tmp_path / "sweep.npz"
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
    with np.load(path) as other:
        assert set(other) == set(swept)
        for name in swept:
            # float32 with other kernels for products, roots and logarithms.
            np.testing.assert_allclose(
                swept[name], other[name], rtol=1e-4, atol=1e-5, err_msg=name
            )


@pytest.mark.parametrize(
    ("config", "total", "trainable"),
    [
        (MLPConfig(input_units=2, hidden_units=(2,)), "9", "9"),
        (
            MLPConfig(input_units=32, hidden_units=(128, 64), dropout=(0.3, 0.2)),
            "12,545",
            "12,545",
        ),
        (
            MLPConfig(input_units=20, hidden_units=(64, 32), batch_norm="after"),
            "3,841",
            "3,649",
        ),
    ],
)
def test_a_summary_counts_the_parameters(config, total, trainable):
    lines = []
    build_mlp(config).summary(print_fn=lambda line, **_: lines.append(line))
    text = "\n".join(lines)
    assert f"Total params: {total} " in text
    assert f"Trainable params: {trainable} " in text


@st.composite
def small_configs(draw):
    depth = draw(st.integers(0, 3))
    widths = st.tuples(*[st.integers(1, 3)] * depth)
    names = st.sampled_from(["relu", "prelu", "leaky_relu", "softmax"])
    convolution = {"filters": 2, "kernel_size": 2, "kernel_initializer": "he_normal"}
    convolution["activation"] = draw(names)
    return MLPConfig(
        input_units=2,
        convolutions=draw(st.sampled_from([(), (convolution,)])),
        hidden_units=draw(widths),
        activation=draw(st.tuples(*[names] * depth)),
        use_bias=draw(st.booleans()),
        dropout=draw(st.sampled_from([0.0, 0.1])),
        gaussian_noise=draw(st.sampled_from([0.0, 0.1])),
        l1=draw(st.sampled_from([0.0, 0.1])),
        l2=draw(st.sampled_from([0.0, 0.1])),
        batch_norm=draw(st.sampled_from([None, "before", "after"])),
        batch_norm_center=draw(st.booleans()),
        batch_norm_scale=draw(st.booleans()),
        skip=draw(st.sampled_from([None, "residual"])),
        skip_every=draw(st.integers(1, 2)),
        branch_scale=draw(st.sampled_from([1.0, 0.3])),
        input_skip=depth > 0 and draw(st.booleans()),
        output_units=draw(st.integers(1, 2)),
        output_activation=draw(names),
    )


@given(small_configs())
@settings(max_examples=25)
def test_a_config_tells_the_weights_and_values_of_its_model(config):
    model = build_mlp(config, stackable=True)
    shapes = {weight.path: tuple(weight.shape) for weight in model.weights}
    assert config.weight_shapes() == shapes
    assert list(config.weight_shapes()) == list(shapes)
    counted = [
        sum(int(np.prod(weight.shape)) for weight in weights)
        for weights in (model.weights, model.trainable_weights)
    ]
    assert config.parameter_count() == tuple(counted)
    for path, value in config.continuous().items():
        assert float(getattr(*find_attribute(model, path))) == pytest.approx(value)
    assert initializers_of(config).keys() == shapes.keys()
    stock = build_mlp(config)
    assert [(w.path, tuple(w.shape)) for w in stock.weights] == list(shapes.items())


def test_the_rules_of_a_config_are_those_of_its_model():
    model = build_mlp(EVERYTHING, stackable=True)
    seeds = np.arange(3)
    own = initial_weights(model, seeds)
    other = EVERYTHING.replace(
        kernel_initializer="zeros", bias_start=0.0, output_bias_start=5.0
    )
    assert other.structure() == EVERYTHING.structure()
    borrowed = initial_weights(
        build_mlp(other, stackable=True), seeds, initializers_of(EVERYTHING)
    )
    for one, same in zip(own[0] + own[1], borrowed[0] + borrowed[1], strict=True):
        np.testing.assert_array_equal(one, same)


def test_a_seeded_model_starts_as_its_slot_in_a_stack():
    keras.layers.Dense(1).build((None, 3))
    model = build_mlp(EVERYTHING, seed=4, stackable=True)
    trainable, fixed = initial_weights(model, np.arange(6))
    for variable, values in zip(
        model.trainable_variables + model.non_trainable_variables,
        trainable + fixed,
        strict=True,
    ):
        np.testing.assert_array_equal(np.asarray(variable), values[4])


@pytest.mark.parametrize("stackable", [False, True])
def test_a_seed_decides_weights_and_masks(stackable):
    outputs = [
        np.asarray(
            build_mlp(EVERYTHING, seed, stackable=stackable)(FEATURES, training=True)
        )
        for seed in (4, 4, 5)
    ]
    np.testing.assert_array_equal(outputs[0], outputs[1])
    assert not np.allclose(outputs[0], outputs[2])


def test_models_without_a_seed_differ():
    config = MLPConfig(input_units=5, hidden_units=(4,))
    first, second = (np.asarray(build_mlp(config)(FEATURES)) for _ in range(2))
    assert not np.allclose(first, second)


def test_hidden_and_output_layers_have_their_own_initializers_and_biases():
    config = MLPConfig(
        input_units=400,
        hidden_units=(300,),
        kernel_initializer="he_normal",
        bias_start=0.25,
        output_bias_start=-1.0,
        output_units=200,
    )
    model = build_mlp(config, seed=0)
    hidden, output = model.get_layer("hidden_1"), model.get_layer("output")
    # Five standard errors of a variance from 60,000 numbers or more: 3 %.
    assert np.var(hidden.kernel) == pytest.approx(2 / 400, rel=0.03)
    assert np.var(output.kernel) == pytest.approx(2 / 500, rel=0.03)
    np.testing.assert_array_equal(hidden.bias, 0.25)
    np.testing.assert_array_equal(output.bias, -1.0)


def test_a_network_without_hidden_layers_is_a_generalized_linear_model():
    config = MLPConfig(input_units=5, hidden_units=(), output_activation="sigmoid")
    model = build_mlp(config, seed=1)
    kernel, bias = (np.asarray(weight) for weight in model.weights)
    expected = 1 / (1 + np.exp(-(FEATURES @ kernel + bias)))
    np.testing.assert_allclose(model(FEATURES), expected, rtol=1e-5)


def test_a_residual_network_adds_the_entry_of_each_block():
    config = MLPConfig(
        input_units=5,
        hidden_units=(4, 4),
        activation="tanh",
        skip="residual",
        branch_scale=0.1,
    )
    model = build_mlp(config, seed=1)
    w = {weight.path: np.asarray(weight) for weight in model.weights}
    h1 = np.tanh(FEATURES @ w["hidden_1/kernel"])
    h1 = FEATURES @ w["skip_1_projection/kernel"] + 0.1 * h1
    h2 = h1 + 0.1 * np.tanh(h1 @ w["hidden_2/kernel"])
    expected = h2 @ w["output/kernel"]
    # float32 products in another order.
    np.testing.assert_allclose(model(FEATURES), expected, rtol=1e-4, atol=1e-5)


def test_batch_norm_stands_where_the_config_says():
    for place, expected in (
        ("before", ["hidden_1", "batch_norm_1", "activation_1"]),
        ("after", ["hidden_1", "activation_1", "batch_norm_1"]),
    ):
        config = MLPConfig(input_units=2, hidden_units=(2,), batch_norm=place)
        names = [layer.name for layer in build_mlp(config).layers]
        assert names == ["inputs", *expected, "output"]


def test_penalties_count_the_kernels_the_config_says():
    config = MLPConfig(input_units=5, hidden_units=(4,), l2=0.5)
    for with_output in (False, True):
        model = build_mlp(config.replace(regularize_output=with_output), seed=0)
        kernels = [w for w in model.weights if w.name == "kernel"]
        expected = sum(0.5 * np.sum(np.square(w)) for w in kernels[: 1 + with_output])
        assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-6)


def test_a_stackable_model_is_the_same_after_training_and_saving(tmp_path):
    model = build_mlp(EVERYTHING, seed=2, stackable=True)
    # Metrics, and what Adam remembers, would be made in a trace that is thrown away.
    model.compile("sgd", "mse")
    model.fit(FEATURES, TARGETS, batch_size=4, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(
        loaded.predict(FEATURES, verbose=0), model.predict(FEATURES, verbose=0)
    )
    for old, new in zip(model.layers, loaded.layers, strict=True):
        assert old.get_config() == new.get_config()


PLAIN = MLPConfig(input_units=5, hidden_units=(4, 4), output_units=2)
CONSTANT = {"name": "constant", "value": 0.1}
RULES = [CONSTANT if name == "constant" else name for name in INITIALIZERS]
BENT = [*ACTIVATIONS, {"name": "leaky_relu", "slope": 1.5}]
BENT += [{"name": "prelu", "slope": 0.3}]
MADE_OF_KERAS = {
    **{
        f"{one}, {other}": PLAIN.replace(
            activation=(one, other),
            kernel_initializer=(RULES[2 * k % 11], RULES[(2 * k + 1) % 11]),
        )
        for k, (one, other) in enumerate(zip(BENT[::2], BENT[1::2], strict=True))
    },
    "before": PLAIN.replace(batch_norm="before", batch_norm_momentum=0.9),
    "after, no bias": PLAIN.replace(batch_norm="after", use_bias=False),
    "skip": PLAIN.replace(hidden_units=(4, 3, 3), skip="residual", dropout=0.2),
    "one mask": PLAIN.replace(dropout=0.2, dropout_unit="batch", l2=1e-3),
    "factors of noise": PLAIN.replace(gaussian_noise=0.1, noise_kind="multiplicative"),
    "convolution": PLAIN.replace(
        convolutions=({"filters": 2, "stride": 2, "padding": "same"},), dropout=0.2
    ),
    "everything": EVERYTHING,
}
LOAD_ALL = """
import sys
from pathlib import Path
import keras, numpy as np
x = np.load(sys.argv[1])
for path in Path(sys.argv[1]).parent.glob("*.keras"):
    np.save(path.with_suffix(".npy"), keras.saving.load_model(path)(x))
assert not {"models", "ablations", "reports"} & set(sys.modules)
"""


@pytest.mark.usefixtures("warm_python")
def test_saved_models_load_where_only_keras_is(tmp_path):
    np.save(tmp_path / "x.npy", FEATURES)
    said = {}
    for number, (name, config) in enumerate(MADE_OF_KERAS.items()):
        model = build_mlp(config, seed=number)
        model.save(tmp_path / f"{number}.keras")
        said[name] = np.asarray(model(FEATURES))
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", LOAD_ALL, str(tmp_path / "x.npy")],
        cwd=tmp_path,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    for number, (name, expected) in enumerate(said.items()):
        found = np.load(tmp_path / f"{number}.npy")
        np.testing.assert_allclose(found, expected, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("name", MADE_OF_KERAS)
def test_parts_of_keras_say_what_ours_say(name):
    config = MADE_OF_KERAS[name]
    stock, ours = (build_mlp(config, 3, stackable=s) for s in (False, True))
    for one, other in zip(stock.weights, ours.weights, strict=True):
        assert one.path == other.path
        np.testing.assert_array_equal(one, other)
    # float32 with another order of products and sums.
    np.testing.assert_allclose(
        stock(FEATURES), ours(FEATURES), rtol=1e-5, atol=1e-6, err_msg=name
    )
    penalties = [float(sum(map(float, model.losses))) for model in (stock, ours)]
    assert penalties[0] == pytest.approx(penalties[1], rel=1e-5)


def test_dropout_and_noise_of_keras_scatter_as_ours_do():
    x = np.ones((4000, 5), np.float32)
    for changes in (
        {"dropout": 0.4},
        {"gaussian_noise": 0.3},
        {"gaussian_noise": 0.3, "noise_kind": "multiplicative"},
    ):
        config = MLPConfig(
            input_units=5,
            hidden_units=(3,),
            kernel_initializer={"name": "constant", "value": 0.2},
            output_kernel_initializer={"name": "constant", "value": 1.0},
            **changes,
        )
        stock, ours = (
            np.asarray(build_mlp(config, 1, stackable=s)(x, training=True))
            for s in (False, True)
        )
        # Five standard errors of a mean and of a deviation from 4,000 rows.
        assert float(stock.mean()) == pytest.approx(
            float(ours.mean()), abs=float(ours.std()) / 12
        )
        assert float(stock.std()) == pytest.approx(float(ours.std()), rel=5 / 80)


def test_dropout_of_gradients_is_ours_and_says_where_it_is_from():
    config = PLAIN.replace(dropout=0.2, dropout_target="gradients")
    layer = build_mlp(config).get_layer("dropout_1")
    assert type(layer).__module__ == "models.layers"


def test_a_seed_that_is_no_seed_is_refused():
    with pytest.raises(ConfigError, match="`seeds` must be"):
        build_mlp(EVERYTHING, seed=-1)


if __name__ == "__main__":
    np.savez(sys.argv[1], **sweep())
