"""Networks answer in NumPy as they do in Keras, and their slopes are derivatives."""

import keras
import numpy as np
import pytest

from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp
from models.numpy_mlp import Networks, crossentropy, moving, right_share, softmax

KINDS = {
    "deep": {"hidden_units": (7, 6)},
    "batch norm": {"hidden_units": (7, 6), "batch_norm": "before"},
    "linear": {"hidden_units": ()},
}


def networks(kind: str) -> tuple[Networks, list[keras.Model], np.ndarray]:
    """Return two networks whose weights are all drawn, as Keras models and stacked."""
    config = MLPConfig(input_units=5, output_units=3, **KINDS[kind])
    rng = np.random.default_rng(3)
    models = []
    for _ in range(2):
        model = build_mlp(config)
        for variable in model.weights:
            if variable.dtype == "float32":
                drawn = rng.uniform(0.2, 1.5, variable.shape)
                sign = 1 if "variance" in variable.path else rng.choice([-1, 1])
                variable.assign(sign * drawn)
        models.append(model)
    stacked = [
        [
            np.stack([keras.ops.convert_to_numpy(w) for w in same])
            for same in zip(*(getattr(m, names) for m in models), strict=True)
        ]
        for names in ("trainable_variables", "non_trainable_variables")
    ]
    x = rng.standard_normal((11, 5)).astype(np.float32)
    return Networks(config, stacked[0], moving(config, stacked[1])), models, x


@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_those_of_keras(kind):
    stacked, models, x = networks(kind)
    expected = [
        keras.ops.convert_to_numpy(model(x, training=False)) for model in models
    ]
    # float32 against float64.
    np.testing.assert_allclose(stacked.logits(x), expected, rtol=1e-4, atol=1e-4)
    assert stacked.probabilities(x).sum(axis=-1) == pytest.approx(np.ones((2, 11)))


@pytest.mark.parametrize("kind", KINDS)
def test_roughness_is_the_derivative_of_the_probabilities(kind):
    stacked, _, x = networks(kind)
    step = 1e-6
    squares = np.zeros((2, 11))
    for column in range(5):
        aside = step * np.eye(5)[column]
        up, down = (stacked.probabilities(x + sign * aside) for sign in (1, -1))
        squares += (((up - down) / (2 * step)) ** 2).sum(axis=-1)
    expected = np.sqrt(squares.mean(axis=1))
    # Differences over 2e-6 keep some nine digits, and no kink lies that near.
    assert stacked.roughness(x) == pytest.approx(expected, rel=1e-5)


def test_rows_may_differ_between_networks():
    stacked, _, x = networks("deep")
    both = np.stack([x, x[::-1]])
    expected = stacked.logits(x)[1, ::-1]
    np.testing.assert_allclose(stacked.logits(both)[1], expected)


@pytest.mark.parametrize("field", [{"activation": "tanh"}, {"use_bias": False}])
def test_other_networks_are_refused(field):
    with pytest.raises(ConfigError, match="ReLU layers"):
        Networks(MLPConfig(input_units=2, hidden_units=(3,), **field), ())


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
