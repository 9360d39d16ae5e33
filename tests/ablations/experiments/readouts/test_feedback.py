"""Errors pass back through random weights, and nothing else is changed."""

import keras
import numpy as np
import pytest
from keras import ops

from ablations.experiments.engines.feedback import FeedbackDense, feedback_network
from ablations.experiments.engines.stacks import draw_start
from ablations.experiments.readouts.feedback import FeedbackAlignmentConfig
from ablations.protocol.experiment import checked
from ablations.tasks import TaskConfig
from ablations.training.backend import value_and_gradients
from ablations.training.config import OptimizerConfig, TrainingConfig
from models.config import ConfigError, MLPConfig
from models.initializers import initial_weights

TASK = TaskConfig(name="spirals", num_train=32, num_val=10, num_test=20)
MODEL = MLPConfig(
    input_units=2,
    hidden_units=(6, 5),
    kernel_initializer="he_normal",
    output_kernel_initializer=None,
    output_units=2,
)
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="sgd", learning_rate=0.1),
    loss="categorical_crossentropy",
    from_logits=True,
    num_steps=30,
    metrics=("loss", "accuracy"),
)
SEEDS = np.array([900_001, 900_002])


def test_a_layer_computes_what_a_dense_one_does_and_hands_errors_down_otherwise():
    layer, x = FeedbackDense(3), ops.convert_to_tensor(np.float32([[1.0, -2.0]]))
    layer.build((None, 2))
    rng = np.random.default_rng(0)
    layer.set_weights([rng.normal(size=w.shape) for w in layer.get_weights()])
    kernel, bias, feedback = (np.array(w) for w in layer.get_weights())
    np.testing.assert_allclose(layer(x), x @ kernel + bias, rtol=1e-6)
    error = np.float32([[0.5, -1.0, 2.0]])

    def down(arrays):
        sums = layer(arrays[0])
        return ops.sum(sums * error), sums

    _, (found,) = value_and_gradients(down, [x])
    np.testing.assert_allclose(found, error @ feedback.T, rtol=1e-5)
    assert np.abs(found - error @ kernel.T).max() > 0.1

    def own(arrays):
        sums, _ = layer.stateless_call(arrays, [layer.feedback], x)
        return ops.sum(sums * error), sums

    values = [ops.convert_to_tensor(kernel), ops.convert_to_tensor(bias)]
    _, gradients = value_and_gradients(own, values)
    np.testing.assert_allclose(gradients[0], np.array(x).T @ error, rtol=1e-5)
    np.testing.assert_allclose(gradients[1], error[0], rtol=1e-6)


def test_a_seed_starts_with_the_weights_of_the_plain_network():
    plain, _ = draw_start(MODEL, SEEDS)
    ours, feedback = initial_weights(feedback_network(MODEL), SEEDS)
    for one, other in zip(plain, ours, strict=True):
        np.testing.assert_array_equal(one, other)
    assert [f.shape[1:] for f in feedback] == [(6, 5), (5, 2)]
    assert np.abs(feedback[0] - ours[2]).max() > 0.1


def test_networks_learn_alone_as_in_a_crowd():
    config = FeedbackAlignmentConfig(task=TASK, model=MODEL, training=TRAINING)
    found, diverged_at = checked(config, SEEDS, config.run(SEEDS))
    assert (diverged_at == -1).all()
    start = config.replace(training=TRAINING.replace(num_steps=0)).run(SEEDS)
    assert (found["curve.loss"] < start["curve.loss"]).all()
    alone = config.run(SEEDS[1:])
    np.testing.assert_allclose(alone["curve.loss"], found["curve.loss"][1:], rtol=1e-5)


@pytest.mark.parametrize(
    "changes", [{"batch_norm": "before"}, {"use_bias": False}, {"hidden_units": ()}]
)
def test_other_parts_are_refused(changes):
    with pytest.raises(ConfigError, match="must be hidden layers with biases"):
        FeedbackAlignmentConfig(
            task=TASK,
            model=MODEL.replace(output_kernel_initializer="he_normal", **changes),
            training=TRAINING,
        )


def test_a_network_loads_again():
    model = feedback_network(MODEL)
    again = keras.Model.from_config(model.get_config())
    assert [type(layer) for layer in again.layers] == [
        type(layer) for layer in model.layers
    ]
