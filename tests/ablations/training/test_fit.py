"""The oracle does what `compile` and `fit` do, and refuses what it cannot do."""

import keras
import numpy as np
import pytest

from ablations.rigs.xor import xor_arm
from ablations.tasks import CORNERS, FixedTask, TaskConfig, make_task
from ablations.training.config import (
    OPTIMIZERS,
    EarlyStoppingConfig,
    OptimizerConfig,
    ScheduleConfig,
    TrainingConfig,
)
from ablations.training.fit import keras_optimizer, train_by_fit
from models.config import ConfigError, MLPConfig
from models.mlp import build_mlp

XOR = make_task(xor_arm().task)
# Eight rows in two batches that differ, so that an epoch has two updates.
EIGHT = FixedTask(np.concatenate([CORNERS, 2.0 * CORNERS]), np.tile(XOR.y, (2, 1)))
NETWORK = MLPConfig(input_units=2, hidden_units=(3,), activation="tanh")
TRAINING = TrainingConfig(
    optimizer=OptimizerConfig(name="adam", learning_rate=0.05),
    num_steps=20,
    log_steps=(0, 10),
)


def plain_fit(model: MLPConfig, seed: int, task: FixedTask, **fit) -> float:
    """Return the final loss of an ordinary program."""
    network = build_mlp(model, seed=seed, stackable=True)
    # A compiler would take far longer over the network than these updates do.
    network.compile(keras.optimizers.Adam(0.05), "mse", jit_compile=False)
    network.fit(task.x, task.y, verbose=0, shuffle=False, **fit)
    return float(network.evaluate(task.x, task.y, verbose=0))


def test_every_seed_ends_where_its_own_plain_program_ends():
    arrays = train_by_fit(NETWORK, TRAINING, np.array([5, 3]), XOR)
    for row, seed in enumerate((5, 3)):
        expected = plain_fit(NETWORK, seed, XOR, epochs=20, batch_size=4)
        # The same operations, compiled in another order.
        assert arrays["curve.loss"][row, -1] == pytest.approx(expected, abs=1e-6)
    assert arrays["steps"].tolist() == [[0, 10, 20]] * 2


def test_a_seed_that_has_rows_of_its_own_is_trained_on_them():
    task = make_task(TaskConfig(name="iris", num_train=8, num_val=0))
    network = NETWORK.replace(input_units=4, output_units=3)
    arrays = train_by_fit(network, TRAINING, np.array([5, 3]), task)
    for row, seed in enumerate((5, 3)):
        data = task.rows([seed])
        mine = FixedTask(data.x[0], data.y[0])
        expected = plain_fit(network, seed, mine, epochs=20, batch_size=8)
        # The same operations, compiled in another order.
        assert arrays["curve.loss"][row, -1] == pytest.approx(expected, abs=1e-6)


def test_batches_in_stored_order_are_trained_on_in_turn():
    training = TRAINING.replace(batch_size=4, shuffle="none")
    arrays = train_by_fit(NETWORK, training, np.array([5]), EIGHT)
    expected = plain_fit(NETWORK, 5, EIGHT, epochs=10, batch_size=4)
    assert arrays["curve.loss"][0, -1] == pytest.approx(expected, abs=1e-6)


def test_a_run_starts_afresh_whatever_ran_before_it():
    # Moving statistics and moments must not pass from one run to the next.
    network = NETWORK.replace(batch_norm="before")
    alone = train_by_fit(network, TRAINING, np.array([7]), XOR)
    after = train_by_fit(network, TRAINING, np.array([1, 2, 7]), XOR)
    np.testing.assert_allclose(
        after["curve.loss"][-1], alone["curve.loss"][0], atol=1e-6
    )


def test_no_update_leaves_the_starting_weights():
    training = TRAINING.replace(num_steps=0, log_steps=())
    arrays = train_by_fit(NETWORK, training, np.array([5]), XOR)
    p = build_mlp(NETWORK, seed=5, stackable=True)(XOR.x).numpy()
    # One float32 rounding apart.
    expected = float(np.square(p - XOR.y).mean())
    assert arrays["curve.loss"][0].tolist() == pytest.approx([expected], rel=1e-5)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"early_stopping": EarlyStoppingConfig(monitor="loss")}, "early_stopping"),
        ({"clip_norm": 1.0}, "clip_norm"),
        ({"record_weights": True}, "record_weights"),
        ({"metrics": ("accuracy",)}, "metrics"),
        ({"batch_size": 3}, "shuffle"),
        ({"batch_norm_statistics": "training_rows"}, "batch_norm_statistics"),
        ({"batch_size": 2, "shuffle": "none", "num_steps": 21}, "log_steps"),
        (
            {"schedule": ScheduleConfig(name="step", decay_steps=1, factor=0.5)},
            "schedule",
        ),
    ],
)
def test_what_it_would_ignore_is_refused_by_name(changes, field):
    with pytest.raises(ConfigError, match=f"^`{field}` must"):
        train_by_fit(NETWORK, TRAINING.replace(**changes), np.array([0]), XOR)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_has_its_keras_form_or_none_that_means_the_same_weights(name):
    config = OptimizerConfig(name=name, learning_rate=0.125)
    if name == "schedule_free_adamw":
        with pytest.raises(ConfigError, match="`optimizer` must be one of which"):
            keras_optimizer(config)
    else:
        assert float(keras_optimizer(config).learning_rate) == 0.125


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("rmsprop", {"epsilon_inside_root": False}),
        ("adam", {"bias_correction": False}),
        ("adam", {"epsilon_corrected": True}),
    ],
)
def test_a_form_that_keras_lacks_is_refused(name, form):
    config = OptimizerConfig(name=name, learning_rate=0.1, **form)
    (field,) = form
    with pytest.raises(ConfigError, match=f"^`{field}` must be"):
        keras_optimizer(config)
