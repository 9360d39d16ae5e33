import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from ablations.training.config import OptimizerConfig, TrainingConfig
from ablations.training.probes import (
    MAX_PROBE_ROWS,
    PER_ACTIVATION,
    PER_KERNEL,
    PER_WEIGHT,
    PROBES,
    activation_layers,
    kernel_places,
)
from ablations.training.train import Data, StackResult, train_stack
from models.config import MLPConfig
from models.initializers import initial_weights
from models.mlp import build_mlp

generator = np.random.default_rng(4)
X = generator.normal(size=(30, 3)).astype(np.float32)
DATA = Data(X, np.tanh(X[:, :1]))
NETWORK = MLPConfig(input_units=3, hidden_units=(6, 5), activation="tanh", l2=0.01)
SEEDS = (2, 3, 4)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.01),
    num_steps=3,
    clip_global_norm=0.1,
    log_steps=(0, 1, 2),
    probes=PROBES,
)
# The same sums in another order, in float32.
TOLERANCE = {"rtol": 2e-4, "atol": 1e-6}


def norms(arrays: list[np.ndarray]) -> list[float]:
    """Return the Euclidean norm of every array."""
    return [float(np.linalg.norm(array)) for array in arrays]


@pytest.fixture(scope="module")
def probed() -> StackResult:
    """Three runs, probed before every update and after the last."""
    return train_stack(NETWORK, TRAINING, SEEDS, DATA)


@pytest.fixture(scope="module")
def path() -> list[list[np.ndarray]]:
    """The weights of these runs after 0, 1, 2 and 3 updates."""
    trainings = [
        TRAINING.replace(num_steps=steps, probes=(), log_steps=())
        for steps in range(4)
        for _ in SEEDS
    ]
    result = train_stack(NETWORK, trainings, SEEDS * 4, DATA)
    shaped = [w.reshape(4, len(SEEDS), *w.shape[1:]) for w in result.weights]
    return [[w[step] for w in shaped] for step in range(4)]


def network_with(weights: list[np.ndarray], run: int) -> keras.Model:
    """Return an ordinary network with the weights of a run."""
    model = build_mlp(NETWORK, stackable=True)
    for variable, weight in zip(model.trainable_variables, weights, strict=True):
        variable.assign(weight[run])
    return model


def test_every_probe_has_a_value_per_run_record_and_part(probed):
    sizes = {name: probe.shape for name, probe in probed.probes.items()}
    assert sizes == {
        **dict.fromkeys(PER_WEIGHT, (3, 4, 6)),
        **dict.fromkeys(PER_KERNEL, (3, 4, 3)),
        **dict.fromkeys(PER_ACTIVATION, (3, 4, 2)),
    }
    assert tuple(probed.probes) == PROBES


@pytest.mark.parametrize("names", [PER_KERNEL, PER_KERNEL[:1], PER_WEIGHT[:1]])
def test_a_probe_is_the_same_without_the_others(probed, names):
    start = TRAINING.replace(probes=names, num_steps=0, log_steps=())
    alone = train_stack(NETWORK, start, SEEDS, DATA)
    assert tuple(alone.probes) == names
    for name in names:
        np.testing.assert_allclose(
            alone.probes[name], probed.probes[name][:, :1], **TOLERANCE
        )


def test_kernels_are_probed_without_biases_norms_and_projections(probed):
    for name in ("gradient_norm", "update_ratio"):
        every, kernels = probed.probes[name], probed.probes[f"kernel_{name}"]
        np.testing.assert_array_equal(every[:, :, ::2], kernels)
    model = build_mlp(
        NETWORK.replace(batch_norm="before", skip="residual", activation="prelu"),
        stackable=True,
    )
    paths = [model.trainable_variables[place].path for place in kernel_places(model)]
    assert paths == ["hidden_1/kernel", "hidden_2/kernel", "output/kernel"]


def test_gradient_norms_are_those_of_a_gradient_tape(probed, path):
    for step, weights in enumerate(path):
        for run in range(len(SEEDS)):
            model = network_with(weights, run)
            with tf.GradientTape() as tape:
                p = model(DATA.x, training=True)
                loss = tf.reduce_mean((p - DATA.y) ** 2) + sum(model.losses)
            gradients = tape.gradient(loss, model.trainable_variables)
            np.testing.assert_allclose(
                probed.probes["gradient_norm"][run, step],
                norms([g.numpy() for g in gradients]),
                **TOLERANCE,
            )


def test_weight_norms_and_update_ratios_are_those_of_the_path(probed, path):
    for step in range(3):
        for run in range(len(SEEDS)):
            here = [w[run] for w in path[step]]
            moved = [w[run] - h for w, h in zip(path[step + 1], here, strict=True)]
            np.testing.assert_allclose(
                probed.probes["weight_norm"][run, step], norms(here), **TOLERANCE
            )
            # A bias that is still 0 has no ratio.
            started = np.array(norms(here)) > 0
            ratios = np.array(norms(moved))[started] / np.array(norms(here))[started]
            np.testing.assert_allclose(
                probed.probes["update_ratio"][run, step][started],
                ratios,
                # A difference of weights loses what a step has less than they have.
                rtol=1e-3,
            )


def test_activation_moments_are_those_of_the_layers(probed, path):
    for step, weights in enumerate(path):
        for run in range(len(SEEDS)):
            model = network_with(weights, run)
            hidden = [model.get_layer(f"activation_{k}").output for k in (1, 2)]
            outputs = keras.Model(model.input, hidden)(DATA.x)
            for name, moment in (("mean", np.mean), ("variance", np.var)):
                np.testing.assert_allclose(
                    probed.probes[f"activation_{name}"][run, step],
                    [moment(output.numpy()) for output in outputs],
                    **TOLERANCE,
                )


def test_second_moments_are_those_of_what_enters_and_leaves_the_layers(probed, path):
    for step, weights in enumerate(path):
        for run in range(len(SEEDS)):
            model = network_with(weights, run)
            layers_ = [model.get_layer(f"activation_{k}") for k in (1, 2)]
            view = keras.Model(model.input, [layer.input for layer in layers_])
            z = [tensor.numpy() for tensor in view(DATA.x)]
            expected = {
                "preactivation_second_moment": z,
                "activation_second_moment": [np.tanh(one) for one in z],
                "slope_second_moment": [1.0 - np.tanh(one) ** 2 for one in z],
            }
            for name, signals in expected.items():
                np.testing.assert_allclose(
                    probed.probes[name][run, step],
                    [np.mean(signal**2) for signal in signals],
                    **TOLERANCE,
                )
            np.testing.assert_allclose(
                probed.probes["saturated_share"][run, step],
                [np.mean(slopes < 0.1) for slopes in expected["slope_second_moment"]],
                **TOLERANCE,
            )


def first_layer(
    activation: object, scale: float
) -> tuple[dict[str, float], np.ndarray]:
    """Return the probes of one activation layer, and what enters it."""
    config = MLPConfig(input_units=3, hidden_units=(8,), activation=activation)
    training = TRAINING.replace(num_steps=0, log_steps=(), probes=PER_ACTIVATION)
    weights, state = initial_weights(build_mlp(config, stackable=True), np.arange(2))
    weights[0] *= scale
    result = train_stack(config, training, range(2), DATA, weights=(weights, state))
    z = DATA.x @ weights[0][1]
    return {name: float(probe[1, 0, 0]) for name, probe in result.probes.items()}, z


SLOPES = {
    "relu": ("relu", lambda z: 1.0 * (z > 0), 1.0),
    "sigmoid": ("sigmoid", lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2, 0.25),
    "softplus": ("softplus", lambda z: 1 / (1 + np.exp(-z)), 1.0),
    "leaky_relu": (
        {"name": "leaky_relu", "slope": 0.05},
        lambda z: np.where(z > 0, 1, 0.05),
        1.0,
    ),
    "prelu": (
        {"name": "prelu", "slope": 20.0},
        lambda z: np.where(z > 0, 1, 20.0),
        20.0,
    ),
    "affine": (
        {"name": "tanh", "input_scale": 3.0, "output_scale": 0.5},
        lambda z: 1.5 * (1 - np.tanh(3 * z) ** 2),
        1.5,
    ),
    "linear": ("linear", np.ones_like, 1.0),
    "hard_step": ("hard_step", np.zeros_like, 0.0),
}


@pytest.mark.parametrize("name", SLOPES)
def test_slopes_are_exact_and_saturation_is_counted_against_the_largest(name):
    activation, slope, largest = SLOPES[name]
    found, z = first_layer(activation, 4.0)
    slopes = slope(z.astype(np.float64))
    # Float32 in another order.
    np.testing.assert_allclose(
        found["slope_second_moment"], np.mean(slopes**2), rtol=1e-4
    )
    np.testing.assert_allclose(
        found["preactivation_second_moment"], np.mean(z**2), rtol=1e-4
    )
    np.testing.assert_allclose(
        found["saturated_share"], np.mean(slopes < 0.1 * largest), atol=1e-6
    )


@pytest.mark.parametrize(
    ("activation", "bias", "without", "hardly"),
    [
        ("relu", -10.0, 1, 1),
        ("elu", -10.0, 0, 1),
        ("elu", -50.0, 1, 1),  # exp(-50) is lost in float32 beside the 1 of ELU.
        ({"name": "prelu", "slope": 0.05}, -50.0, 0, 0),
    ],
)
def test_units_without_a_gradient_are_counted(activation, bias, without, hardly):
    """Units are shut by a bias far below all that their inputs add up to."""
    config = MLPConfig(input_units=3, hidden_units=(4, 5), activation=activation)
    names = ("dead_share", "zero_slope_share", "flat_share")
    training = TRAINING.replace(num_steps=0, log_steps=(), probes=names)
    model = build_mlp(config, stackable=True)
    weights, state = initial_weights(model, np.arange(3))
    paths = [v.path for v in model.trainable_variables]
    named = {path: np.copy(w) for path, w in zip(paths, weights, strict=True)}
    for k in (1, 2):
        named[f"hidden_{k}/kernel"][:], named[f"hidden_{k}/bias"][:] = 0.01, 10.0
    named["hidden_1/bias"][1, :3] = bias  # run 1: three of four units of layer 1
    named["hidden_2/bias"][2] = bias - 1.0  # run 2: all of layer 2
    shut = list(named.values())
    result = train_stack(config, training, range(3), DATA, weights=(shut, state))
    shares = np.array([[0, 0], [0.75, 0], [0, 1]])
    for name, share in zip(names, (1, without, hardly), strict=True):
        np.testing.assert_allclose(result.probes[name][:, 0], share * shares)
    for variable, weight in zip(model.trainable_variables, shut, strict=True):
        variable.assign(weight[1])
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((model(DATA.x) - DATA.y) ** 2)
    gradient = tape.gradient(loss, model.get_layer("hidden_1").kernel).numpy()
    assert ((gradient == 0).all(axis=0) == [without] * 3 + [False]).all()


def test_gradients_too_small_to_be_squared_keep_their_norm():
    # Each of 20 layers lets about 1e-3 through: 1e-3 ** 10 squared is 0 in float32.
    config = MLPConfig(
        input_units=3,
        hidden_units=(4,) * 10,
        activation="sigmoid",
        kernel_initializer={"name": "normal", "scale": 0.003},
        output_kernel_initializer="glorot_uniform",
    )
    training = TrainingConfig(
        optimizer=OptimizerConfig(name="sgd", learning_rate=0.1),
        num_steps=0,
        probes=("kernel_gradient_norm",),
    )
    x = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)
    result = train_stack(config, training, [1, 2], Data(x, x[:, :1]))
    norms = np.log10(result.probes["kernel_gradient_norm"][:, 0, :-1])
    assert (norms[:, 0] < -23).all()
    steps = np.diff(norms, axis=1)
    assert np.isfinite(norms).all()
    # What is lost per layer is about the same everywhere, down to the first.
    assert steps.min() > 1.5
    assert steps.max() < 4.5


def test_watching_does_not_change_a_training():
    config = NETWORK.replace(hidden_units=(4,), dropout=0.3, batch_norm="after")
    quiet = TRAINING.replace(batch_size=10, num_steps=10, log_steps=(), probes=())
    watched = quiet.replace(
        probes=PROBES, metrics=("loss", "accuracy"), log_steps=(0, 2, 5)
    )
    one = train_stack(config, quiet, SEEDS, DATA)
    other = train_stack(config, watched, SEEDS, DATA)
    for first, second in zip(
        [*one.weights, *one.state], [*other.weights, *other.state], strict=True
    ):
        # Another program may fuse, and so round, in another way.
        np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-6)


def test_only_the_first_rows_are_probed():
    x = generator.normal(size=(MAX_PROBE_ROWS + 100, 3)).astype(np.float32)
    training = TRAINING.replace(num_steps=0, log_steps=())
    network = NETWORK.replace(hidden_units=(4,))

    def probes(x: np.ndarray) -> dict[str, np.ndarray]:
        return train_stack(network, training, SEEDS, Data(x, x[:, :1])).probes

    found, last, beyond = probes(x), x.copy(), x.copy()
    last[MAX_PROBE_ROWS - 1] *= -3.0
    beyond[MAX_PROBE_ROWS:] *= -3.0
    for name, same in probes(beyond).items():
        np.testing.assert_array_equal(same, found[name])
    assert np.abs(probes(last)["gradient_norm"] / found["gradient_norm"] - 1).min() > 0
    weights, _ = initial_weights(build_mlp(network, stackable=True), np.array(SEEDS))
    np.testing.assert_allclose(
        found["preactivation_second_moment"][:, 0, 0],
        np.square(x[:MAX_PROBE_ROWS] @ weights[0]).mean(axis=(1, 2)),
        **TOLERANCE,
    )


def test_a_network_without_hidden_layers_has_no_activations():
    linear = NETWORK.replace(hidden_units=())
    training = TRAINING.replace(num_steps=0, log_steps=())
    result = train_stack(linear, training, SEEDS, DATA)
    assert result.probes["dead_share"].shape == (3, 1, 0)
    assert result.probes["gradient_norm"].shape == (3, 1, 2)


def fused() -> keras.Model:
    """Build a network whose activations are fused into its dense layers."""
    return keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4, activation="relu", name="first"),
            layers.Dense(5, activation="relu", name="second"),
            layers.Dense(1, activation="sigmoid", name="last"),
        ]
    )


def separate() -> keras.Model:
    """Build a network whose activations are layers."""
    return keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(4),
            layers.ReLU(name="first"),
            layers.Dense(1),
            layers.Activation("sigmoid", name="last"),
        ]
    )


AT_THE_START = TRAINING.replace(num_steps=0, log_steps=())
APART = MLPConfig(input_units=3, hidden_units=(4, 5), output_activation="sigmoid")


def test_hidden_activations_are_probed_fused_or_not():
    assert [layer.name for layer in activation_layers(fused())] == ["first", "second"]
    assert [layer.name for layer in activation_layers(separate())] == ["first"]
    ours = build_mlp(NETWORK.replace(output_activation="sigmoid"), stackable=True)
    names = [layer.name for layer in activation_layers(ours)]
    assert names == ["activation_1", "activation_2"]


@pytest.fixture(scope="module")
def start() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """The same weights for networks whose activations are fused or not."""
    return initial_weights(build_mlp(APART, stackable=True), np.arange(3))


@pytest.fixture(scope="module")
def of_the_user(start) -> StackResult:
    """What is seen of a network of the user."""
    return train_stack(fused, AT_THE_START, SEEDS, DATA, weights=start)


def test_fused_activations_have_the_signals_of_separate_ones(of_the_user, start):
    other = train_stack(APART, AT_THE_START, SEEDS, DATA, weights=start)
    for name in PROBES:
        np.testing.assert_allclose(
            of_the_user.probes[name], other.probes[name], **TOLERANCE
        )


def test_a_network_of_the_user_is_probed(of_the_user):
    assert of_the_user.probes["dead_share"].shape == (3, 1, 2)
    assert of_the_user.probes["gradient_norm"].shape == (3, 1, 6)
    assert np.all(of_the_user.probes["activation_mean"] > 0.0)
