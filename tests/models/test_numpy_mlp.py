"""Networks answer in NumPy as they do in Keras, and their slopes are derivatives."""

import keras
import numpy as np
import pytest

from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp
from models.numpy_mlp import (
    FUNCTIONS,
    Networks,
    crossentropy,
    moving,
    right_share,
    softmax,
)

X = np.random.default_rng(0).normal(size=(2, 11, 5)).astype(np.float32)
AFFINE = {"name": "tanh", "input_scale": 2.0, "output_scale": 0.5, "output_shift": 0.1}
NAMES = [*FUNCTIONS, "affine tanh"]
KINDS = {
    "deep": {"hidden_units": (7, 6)},
    "batch norm": {"hidden_units": (7, 6), "batch_norm": "before"},
    "linear": {"hidden_units": ()},
}


def networks(batch: bool = False, **fields) -> tuple[Networks, list[keras.Model]]:
    """Return two networks whose weights are all drawn, stacked and as Keras models.

    Args:
        batch: Take the statistics of batch norm from the rows.
        fields: Those of the config.
    """
    config = MLPConfig(input_units=5, output_units=3, **fields)
    rng = np.random.default_rng(3)
    models = []
    for _ in range(2):
        model = build_mlp(config, stackable=True)
        for variable in model.weights:
            if variable.dtype == "float32":
                drawn = rng.uniform(0.2, 1.5, variable.shape)
                sign = 1 if "variance" in variable.path else rng.choice([-1, 1])
                variable.assign(sign * drawn)
        models.append(model)
    weights, state = (
        [
            np.stack([keras.ops.convert_to_numpy(w) for w in same])
            for same in zip(*(getattr(m, names) for m in models), strict=True)
        ]
        for names in ("trainable_variables", "non_trainable_variables")
    )
    return Networks(config, weights, None if batch else moving(config, state)), models


def layers_and_outputs(model: keras.Model, x: np.ndarray, training: bool) -> list:
    """Return the outputs of all hidden layers of a Keras model, and its own."""
    names = [layer.name for layer in model.layers if "activation_" in layer.name]
    inside = [model.get_layer(name).output for name in names]
    whole = keras.Model(model.inputs[0], [*inside, model.outputs[0]])
    found = whole(x, training=training)
    many = found if isinstance(found, list) else [found]
    return [keras.ops.convert_to_numpy(each) for each in many]


@pytest.mark.parametrize("batch_norm", ["none", "moving", "batch"])
@pytest.mark.parametrize(
    ("activation", "depth"),
    [*((each, 3) for each in (*FUNCTIONS, AFFINE)), ("relu", 0), ("relu", 1)],
    ids=[*NAMES, "no layer", "one layer"],
)
def test_layers_and_outputs_are_those_of_keras(activation, batch_norm, depth):
    in_training = batch_norm == "batch"
    stacked, models = networks(
        in_training,
        activation=activation,
        hidden_units=(7, 6, 4)[:depth],
        batch_norm=None if batch_norm == "none" else "before",
        output_activation="sigmoid",
    )
    found = [layer.outputs for layer in stacked.layers(X)]
    found.append(stacked.outputs(X))
    for run, model in enumerate(models):
        expected = layers_and_outputs(model, X[run], in_training)
        assert len(found) == len(expected) == depth + 1
        for mine, theirs in zip(found, expected, strict=True):
            # float32 against float64.
            np.testing.assert_allclose(mine[run], theirs, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_are_the_softmax_of_the_answers(kind):
    stacked, models = networks(**KINDS[kind])
    for run, model in enumerate(models):
        answers = keras.ops.softmax(model(X[run], training=False))
        # float32 against float64.
        np.testing.assert_allclose(
            stacked.probabilities(X)[run], answers, rtol=1e-4, atol=1e-4
        )
    assert stacked.probabilities(X).sum(axis=-1) == pytest.approx(np.ones((2, 11)))


@pytest.mark.parametrize("activation", [*FUNCTIONS, AFFINE], ids=NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_roughness_is_the_derivative_of_the_probabilities(kind, activation):
    stacked, _ = networks(activation=activation, **KINDS[kind])
    x, step = X[0], 1e-6
    squares = np.zeros((2, 11))
    for column in range(5):
        aside = step * np.eye(5)[column]
        up, down = (stacked.probabilities(x + sign * aside) for sign in (1, -1))
        squares += (((up - down) / (2 * step)) ** 2).sum(axis=-1)
    expected = np.sqrt(squares.mean(axis=1))
    # Differences over 2e-6 keep some nine digits, and no kink lies that near.
    assert stacked.roughness(x) == pytest.approx(expected, rel=1e-5)


def test_slopes_are_not_taken_where_rows_give_the_statistics():
    stacked, _ = networks(batch=True, **KINDS["batch norm"])
    with pytest.raises(ConfigError, match="`state` must be given"):
        stacked.roughness(X)


def test_what_follows_from_a_layer_is_what_follows_from_the_inputs():
    stacked, _ = networks(**KINDS["batch norm"])
    logits = stacked.logits(X)
    for number, layer in enumerate(stacked.layers(X), 1):
        after = stacked.logits_after(number, layer.outputs)
        np.testing.assert_array_equal(after, logits)


def test_rows_may_differ_between_networks_or_be_shared():
    stacked, _ = networks(**KINDS["deep"])
    shared = stacked.logits(X[0])
    both = np.stack([X[0], X[0][::-1]])
    np.testing.assert_allclose(stacked.logits(both)[1], shared[1, ::-1])
    np.testing.assert_array_equal(stacked.logits(np.stack([X[0], X[0]])), shared)


def test_one_network_of_many_answers_alone():
    stacked, _ = networks(**KINDS["batch norm"])
    alone = stacked.select(1).logits(X[1])
    np.testing.assert_array_equal(alone, stacked.logits(X)[1:])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"activation": "gelu"}, "activation"),
        ({"skip": "residual"}, "skip"),
        ({"input_skip": True}, "skip"),
        ({"convolutions": ({"filters": 2},)}, "convolutions"),
        ({"batch_norm": "after"}, "batch_norm"),
        ({"use_bias": False}, "batch_norm"),
    ],
)
def test_parts_that_cannot_be_followed_are_refused_by_name(changes, field):
    config = MLPConfig(**{"input_units": 3, "hidden_units": (6, 4), **changes})
    with pytest.raises(ConfigError, match=f"`{field}`"):
        Networks(config, [])


def test_scores_of_probabilities_are_those_of_keras():
    rng = np.random.default_rng(1)
    p = softmax(rng.standard_normal((2, 9, 4)))
    y = np.eye(4)[rng.integers(4, size=(2, 9))]
    losses = keras.losses.categorical_crossentropy(y, p)
    expected = keras.ops.convert_to_numpy(losses).mean(axis=-1)
    assert crossentropy(p, y) == pytest.approx(expected, rel=1e-6)
    right = keras.metrics.categorical_accuracy(y, p)
    expected = keras.ops.convert_to_numpy(right).mean(axis=-1)
    assert right_share(p, y) == pytest.approx(expected)


def test_an_answer_that_is_surely_wrong_has_a_finite_loss():
    assert np.isfinite(crossentropy(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])))
